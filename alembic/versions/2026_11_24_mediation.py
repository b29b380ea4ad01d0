"""mediation

What was done to settle a case, agreements with their instalments, and tasks.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a70f4c2e5b07"
down_revision: str | Sequence[str] | None = "a10f4c2e5b01"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OF_A_SEEN_CASE = "EXISTS (SELECT FROM case_file WHERE case_file.id = case_id)"
OF_A_SEEN_AGREEMENT = "EXISTS (SELECT FROM agreement WHERE agreement.id = agreement_id)"
# Who was asked to do something sees that, and not the case.
FOR_THE_ASKER = (
    "for_person = (SELECT fengqiao_person())"
    " OR for_unit = nullif(current_setting('fengqiao.unit', true), '')"
)

# Table: what an asker may do with the rows seen, and which rows are seen.
SEEN = {
    "measure": ("SELECT, INSERT", OF_A_SEEN_CASE),
    "agreement": ("SELECT, INSERT, UPDATE", OF_A_SEEN_CASE),
    "instalment": ("SELECT, INSERT, UPDATE", OF_A_SEEN_AGREEMENT),
    "task": ("SELECT, INSERT, UPDATE", f"{OF_A_SEEN_CASE} OR {FOR_THE_ASKER}"),
}


def upgrade() -> None:
    """Make what this revision adds."""
    op.create_table(
        "agreement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_person", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("form IN ('written', 'oral')", name=op.f("ck_agreement_known_form")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_agreement_amount_positive")),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_agreement_by_person")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_file.id"],
            name=op.f("fk_agreement_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    op.create_index(op.f("ix_agreement_case_id"), "agreement", ["case_id"], unique=False)
    op.create_index(
        "ix_agreement_in_force",
        "agreement",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "measure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_person", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('order_kept', 'statute_explained', 'shuttle', 'family_meeting', 'pledge', 'enforcement', 'aid', 'counselling', 'home_visit', 'other')",
            name=op.f("ck_measure_known_kind"),
        ),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_measure_by_person")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_file.id"],
            name=op.f("fk_measure_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_measure_unit_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
    )
    op.create_index(op.f("ix_measure_case_id"), "measure", ["case_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("for_person", sa.Uuid(), nullable=True),
        sa.Column("for_unit", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('ledger', 'visit', 'watch', 'papers', 'other')",
            name=op.f("ck_task_known_kind"),
        ),
        sa.CheckConstraint(
            "(done_at IS NULL) = (result IS NULL)", name=op.f("ck_task_done_with_a_result")
        ),
        sa.CheckConstraint("num_nonnulls(for_person, for_unit) = 1", name=op.f("ck_task_for_one")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_file.id"],
            name=op.f("fk_task_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"], name=op.f("fk_task_done_by")),
        sa.ForeignKeyConstraint(["for_person"], ["person.id"], name=op.f("fk_task_for_person")),
        sa.ForeignKeyConstraint(["for_unit"], ["unit.code"], name=op.f("fk_task_for_unit")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_task_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_case_id"), "task", ["case_id"], unique=False)
    op.create_index(op.f("ix_task_for_person"), "task", ["for_person"], unique=False)
    op.create_index(op.f("ix_task_for_unit"), "task", ["for_unit"], unique=False)
    op.create_table(
        "instalment",
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("paid", sa.Numeric(precision=14, scale=2), server_default="0", nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_instalment_amount_positive")),
        sa.CheckConstraint(
            "paid BETWEEN 0 AND amount", name=op.f("ck_instalment_paid_within_amount")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_instalment_agreement_id")
        ),
        sa.PrimaryKeyConstraint("agreement_id", "position", name=op.f("pk_instalment")),
    )
    for table, (rights, seen) in SEEN.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY house ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY asker ON {table} TO fengqiao_asker USING ({seen})")
        op.execute(f"GRANT {rights} ON {table} TO fengqiao_asker")


def downgrade() -> None:
    """Take back what this revision added."""
    for table in ("instalment", "task", "measure", "agreement"):
        op.drop_table(table)
