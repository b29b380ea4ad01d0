"""A process of the product or of a wrong variant: python -m tests.chaos.process VARIANT WORD….

The words are those of the command line (`serve --port 8733`), or `carry` for the deliveries alone.
"""

import sys
from time import sleep

from sqlalchemy.exc import SQLAlchemyError

from api.cli import main
from api.cli.console import settings
from api.cli.serving import ready_database
from api.notices.door import Deliveries
from tests.chaos.variants import VARIANTS

ROUND_S = 1.0


def carry() -> None:
    """Carry from the outbox for ever, round by round."""
    with ready_database(settings()) as database:
        deliveries = Deliveries(database, settings())
        while True:
            try:
                busy = deliveries.work()
            except SQLAlchemyError:
                busy = False
            if not busy:
                sleep(ROUND_S)


if __name__ == "__main__":
    VARIANTS[sys.argv[1]]()
    sys.argv = ["fengqiao", *sys.argv[2:]]
    if sys.argv[1:] == ["carry"]:
        carry()
    else:
        main()
