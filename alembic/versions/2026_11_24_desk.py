"""desk

Drafts, which only their owner sees, and receipts; indexes by which near-duplicates are found under
row security, where PostgreSQL uses an index for equality and order only.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a80f4c2e5b08"
down_revision: str | Sequence[str] | None = "a40f4c2e5b04"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT = sa.DateTime(timezone=True)
KINDS = "kind IN ('identity', 'case', 'idempotency_key', 'session')"
WITH_DRAFTS = "kind IN ('identity', 'case', 'idempotency_key', 'session', 'draft')"
SEEN = {
    "draft": ("SELECT, INSERT, UPDATE, DELETE", "owner_id = (SELECT fengqiao_person())"),
    "receipt": (
        "SELECT, INSERT, DELETE",
        "EXISTS (SELECT FROM case_file WHERE case_file.id = case_id)",
    ),
}


def upgrade() -> None:
    """Make what this revision adds."""
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint("kind IN ('report')", name=op.f("ck_draft_known_kind")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_draft_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index(op.f("ix_draft_owner_id"), "draft", ["owner_id"], unique=False)
    op.create_index(op.f("ix_draft_updated_at"), "draft", ["updated_at"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_file.id"],
            name=op.f("fk_receipt_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_receipt_made_by")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_receipt")),
    )
    op.create_index(op.f("ix_receipt_case_id"), "receipt", ["case_id"], unique=False)
    for table, (rights, seen) in SEEN.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY house ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY asker ON {table} TO fengqiao_asker USING ({seen})")
        op.execute(f"GRANT {rights} ON {table} TO fengqiao_asker")
    op.create_index(op.f("ix_report_h3_10"), "report", ["h3_10"], unique=False)
    op.create_index(
        "ix_report_unplaced",
        "report",
        ["occurred_at"],
        unique=False,
        postgresql_where=sa.text("geom IS NULL"),
    )
    _known_kinds(WITH_DRAFTS)


def downgrade() -> None:
    """Take back what this revision added."""
    op.execute("DELETE FROM retention_period WHERE kind = 'draft'")
    _known_kinds(KINDS)
    op.drop_index("ix_report_unplaced", table_name="report")
    op.drop_index(op.f("ix_report_h3_10"), table_name="report")
    op.drop_table("receipt")
    op.drop_table("draft")


def _known_kinds(rule: str) -> None:
    name = op.f("ck_retention_period_known_kind")
    op.drop_constraint(name, "retention_period", type_="check")
    op.create_check_constraint(name, "retention_period", rule)
