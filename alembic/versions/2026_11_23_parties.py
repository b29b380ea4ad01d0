"""parties"""

from collections.abc import Sequence

revision: str = "d30c5e7f9013"
down_revision: str | Sequence[str] | None = "c20b4d6e8f02"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make what this revision adds."""


def downgrade() -> None:
    """Take away what this revision adds."""
