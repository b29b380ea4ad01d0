"""capacity of units

How many cases a unit can work on at a time; not said for those that are there.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "95fc7c9f3097"
down_revision: str | Sequence[str] | None = "a61f4c2e5b06"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make what this revision adds."""
    op.add_column("unit", sa.Column("capacity", sa.BigInteger(), nullable=True))
    op.create_check_constraint("capacity_positive", "unit", "capacity > 0")


def downgrade() -> None:
    """Take back what this revision added."""
    op.drop_column("unit", "capacity")  # and its check with it
