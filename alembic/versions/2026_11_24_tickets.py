"""tickets"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "7c1e94ab20d3"
down_revision: str | Sequence[str] | None = "f50e7a901235"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make what this revision adds."""
    op.add_column("service_token", sa.Column("used_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take away what this revision adds."""
    op.drop_column("service_token", "used_at")
