"""sessions of people for whom an identity provider vouches"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "f51e7a9b1235"
down_revision: str | Sequence[str] | None = "7c1e94ab20d3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    vouched = sa.Column("vouched", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column("account_session", vouched)


def downgrade() -> None:
    op.drop_column("account_session", "vouched")
