"""row_security"""

from collections.abc import Sequence

revision: str = "e40d6f8a0124"
down_revision: str | Sequence[str] | None = "d30c5e7f9013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make what this revision adds."""


def downgrade() -> None:
    """Take away what this revision adds."""
