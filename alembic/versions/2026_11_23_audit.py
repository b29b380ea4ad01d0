"""audit"""

from collections.abc import Sequence

revision: str = "c20b4d6e8f02"
down_revision: str | Sequence[str] | None = "b10a3c5d7e91"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make what this revision adds."""


def downgrade() -> None:
    """Take away what this revision adds."""
