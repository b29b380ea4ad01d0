"""A command of the product or of a wrong variant: python -m tests.chaos.process VARIANT WORD…."""

import sys

from api.cli import main
from tests.chaos.variants import VARIANTS

if __name__ == "__main__":
    VARIANTS[sys.argv[1]]()
    sys.argv = ["fengqiao", *sys.argv[2:]]
    main()
