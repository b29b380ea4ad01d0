"""accounts"""

from collections.abc import Sequence

revision: str = "b10a3c5d7e91"
down_revision: str | Sequence[str] | None = "a0039d151db8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make what this revision adds."""


def downgrade() -> None:
    """Take away what this revision adds."""
