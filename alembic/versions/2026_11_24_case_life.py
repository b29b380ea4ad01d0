"""case life

The states of a case's life, its grade and tier, who has claimed it, and links between cases.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a10f4c2e5b01"
down_revision: str | Sequence[str] | None = "f51e7a9b1235"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT = sa.DateTime(timezone=True)
STATES = (
    "'registered', 'assessed', 'dispatched', 'returned', 'handling', 'mediating', 'suspended',"
    " 'agreed', 'not_agreed', 'confirming', 'performing', 'settled', 'visited', 'closed',"
    " 'refused', 'moved', 'merged', 'archived'"
)
CHECKS = {
    "known_state": f"state IN ({STATES})",
    "known_grade": "grade IN ('red', 'orange', 'yellow', 'blue')",
    "known_tier": "tier IN ('community', 'street', 'district')",
}
BOTH_SEEN = """
    EXISTS (SELECT FROM case_file WHERE case_file.id = case_id)
    AND EXISTS (SELECT FROM case_file WHERE case_file.id = other_id)
"""


def upgrade() -> None:
    """Make what this revision adds."""
    for name in ("grade", "tier"):
        op.add_column("case_file", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("case_file", sa.Column("claimed_by", sa.Uuid(), nullable=True))
    op.add_column("case_file", sa.Column("claimed_at", INSTANT, nullable=True))
    op.create_index(op.f("ix_case_file_claimed_by"), "case_file", ["claimed_by"])
    op.create_foreign_key(
        op.f("fk_case_file_claimed_by"), "case_file", "person", ["claimed_by"], ["id"]
    )
    op.drop_constraint(op.f("ck_case_file_known_state"), "case_file", type_="check")
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_case_file_{name}"), "case_file", rule)
    op.create_table(
        "case_link",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("case_id <> other_id", name=op.f("ck_case_link_two_cases")),
        sa.CheckConstraint(
            "kind IN ('part_of', 'related', 'merged_into')", name=op.f("ck_case_link_known_kind")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_file.id"],
            name=op.f("fk_case_link_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["case_file.id"],
            name=op.f("fk_case_link_other_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_case_link_made_by")),
        sa.PrimaryKeyConstraint("case_id", "other_id", "kind", name=op.f("pk_case_link")),
    )
    op.create_index(op.f("ix_case_link_other_id"), "case_link", ["other_id"])
    op.execute("ALTER TABLE case_link ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE case_link FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY house ON case_link TO CURRENT_USER USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY asker ON case_link TO fengqiao_asker USING ({BOTH_SEEN})")
    op.execute("GRANT SELECT, INSERT ON case_link TO fengqiao_asker")


def downgrade() -> None:
    """Take back what this revision added. Cases in new states go back to the one they came from."""
    op.drop_table("case_link")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_case_file_{name}"), "case_file", type_="check")
    op.execute(
        "UPDATE case_file SET state = CASE WHEN state IN ('registered', 'assessed', 'returned')"
        " THEN 'registered' ELSE 'dispatched' END"
    )
    op.create_check_constraint(
        op.f("ck_case_file_known_state"), "case_file", "state IN ('registered', 'dispatched')"
    )
    op.drop_constraint(op.f("fk_case_file_claimed_by"), "case_file", type_="foreignkey")
    op.drop_index(op.f("ix_case_file_claimed_by"), table_name="case_file")
    for name in ("claimed_at", "claimed_by", "tier", "grade"):
        op.drop_column("case_file", name)
