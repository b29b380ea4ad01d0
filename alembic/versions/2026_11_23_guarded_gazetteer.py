"""guarded gazetteer"""

from collections.abc import Sequence

from alembic import op

revision: str = "5d1f0b7a93ce"
down_revision: str | Sequence[str] | None = "c6095b072514"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "ck_gazetteer_entry_geom_in_frame"
IN_FRAME = "NOT ST_IsEmpty(geom) AND ST_X(geom) BETWEEN 73 AND 136 AND ST_Y(geom) BETWEEN 3 AND 54"


def upgrade() -> None:
    """Make what this revision adds."""
    op.create_check_constraint(op.f(NAME), "gazetteer_entry", IN_FRAME)


def downgrade() -> None:
    """Take back what this revision added."""
    op.drop_constraint(op.f(NAME), "gazetteer_entry", type_="check")
