"""risk and custody

Versions of the scored form, every grading of a case, and the chain of who is answerable for it. The
form is nobody's secret; of gradings and chains an asker sees those of the cases within reach.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "a50f4c2e5b05"
down_revision: str | Sequence[str] | None = "a60f4c2e5b06"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT = sa.DateTime(timezone=True)
SEEN = "EXISTS (SELECT FROM case_file WHERE case_file.id = case_id)"
# Cases from before this table: whoever filed them, else the system of the channel.
BEGUN = """
    INSERT INTO custody_link (case_id, seq, holder_id, holder_name, taken_at)
    SELECT case_file.id, 1, person.id, coalesce(person.full_name, 'system'), opened_at
    FROM case_file JOIN report ON report.id = report_id LEFT JOIN person ON person.id = filed_by
"""


def upgrade() -> None:
    """Make what this revision adds."""
    op.create_table(
        "risk_form",
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_risk_form_after_the_default")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_risk_form_made_by")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_risk_form")),
    )
    op.create_table(
        "custody_link",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "before",
            sa.BigInteger(),
            sa.Computed("nullif(seq, 1) - 1", persisted=True),
            nullable=True,
        ),
        sa.Column("after", sa.BigInteger(), sa.Computed("seq + 1", persisted=True), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("holder_name", sa.Text(), nullable=False),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.Column("offered_at", INSTANT, nullable=True),
        sa.Column("offered_by", sa.Uuid(), nullable=True),
        sa.Column("offered_how", sa.Text(), nullable=True),
        sa.Column("to_id", sa.Uuid(), nullable=True),
        sa.Column("to_unit", sa.Text(), nullable=True),
        sa.Column("to_name", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("given_at", INSTANT, nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_how", sa.Text(), nullable=True),
        sa.Column("alarmed_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "offered_how IN ('in_person', 'phone', 'system')",
            name=op.f("ck_custody_link_known_offered_how"),
        ),
        sa.CheckConstraint(
            "signed_how IN ('in_person', 'phone', 'system')",
            name=op.f("ck_custody_link_known_signed_how"),
        ),
        sa.CheckConstraint(
            "(given_at IS NULL) = (signed_how IS NULL)",
            name=op.f("ck_custody_link_signature_whole"),
        ),
        sa.CheckConstraint(
            "(offered_at IS NULL) = (to_name IS NULL)", name=op.f("ck_custody_link_offer_whole")
        ),
        sa.CheckConstraint("given_at >= taken_at", name=op.f("ck_custody_link_forward")),
        sa.CheckConstraint(
            "num_nonnulls(holder_id, unit_code) <= 1", name=op.f("ck_custody_link_one_holder")
        ),
        sa.CheckConstraint(
            "num_nonnulls(to_id, to_unit) <= 1", name=op.f("ck_custody_link_one_receiver")
        ),
        sa.CheckConstraint("seq > 0", name=op.f("ck_custody_link_counted_from_one")),
        sa.ForeignKeyConstraint(
            ["case_id", "after", "given_at"],
            ["custody_link.case_id", "custody_link.seq", "custody_link.taken_at"],
            name="fk_custody_link_after",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["case_id", "before", "taken_at"],
            ["custody_link.case_id", "custody_link.seq", "custody_link.given_at"],
            name="fk_custody_link_before",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_file.id"],
            name=op.f("fk_custody_link_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["person.id"], name=op.f("fk_custody_link_holder_id")
        ),
        sa.ForeignKeyConstraint(
            ["offered_by"], ["person.id"], name=op.f("fk_custody_link_offered_by")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["person.id"], name=op.f("fk_custody_link_signed_by")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_custody_link_to_id")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_custody_link")),
        sa.UniqueConstraint("case_id", "seq", "given_at", name="uq_custody_link_given_at"),
        sa.UniqueConstraint("case_id", "seq", "taken_at", name="uq_custody_link_taken_at"),
    )
    op.create_index(
        "ix_custody_link_open",
        "custody_link",
        ["case_id"],
        unique=True,
        postgresql_where="given_at IS NULL",
    )
    op.create_index(
        "ix_custody_link_unnamed",
        "custody_link",
        ["taken_at"],
        unique=False,
        postgresql_where="given_at IS NULL AND alarmed_at IS NULL AND holder_id IS NULL AND unit_code IS NULL",
    )
    op.create_index(
        "ix_custody_link_waiting",
        "custody_link",
        ["offered_at"],
        unique=False,
        postgresql_where="given_at IS NULL AND alarmed_at IS NULL AND offered_at IS NOT NULL",
    )
    op.create_table(
        "grading",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("form_version", sa.BigInteger(), nullable=False),
        sa.Column("factors", postgresql.JSONB(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.Column("override", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("standing", sa.Text(), server_default=sa.text("'valid'"), nullable=False),
        sa.Column("second_by", sa.Uuid(), nullable=True),
        sa.Column("second_at", INSTANT, nullable=True),
        sa.Column("second_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "grade IN ('red', 'orange', 'yellow', 'blue')", name=op.f("ck_grading_known_grade")
        ),
        sa.CheckConstraint(
            "override IN ('red', 'orange', 'yellow', 'blue')",
            name=op.f("ck_grading_known_override"),
        ),
        sa.CheckConstraint(
            "standing IN ('valid', 'pending', 'declined', 'replaced')",
            name=op.f("ck_grading_known_standing"),
        ),
        sa.CheckConstraint(
            "(second_by IS NULL) = (second_at IS NULL)", name=op.f("ck_grading_second_whole")
        ),
        sa.CheckConstraint(
            "override IS NULL OR reason IS NOT NULL", name=op.f("ck_grading_override_with_reason")
        ),
        sa.CheckConstraint("second_by <> by", name=op.f("ck_grading_two_people")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_grading_by")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_file.id"],
            name=op.f("fk_grading_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["second_by"], ["person.id"], name=op.f("fk_grading_second_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grading")),
    )
    op.create_index("ix_grading_case_id", "grading", ["case_id", "id"], unique=False)
    op.create_index(
        "ix_grading_pending",
        "grading",
        ["case_id"],
        unique=True,
        postgresql_where="standing = 'pending'",
    )
    op.execute(BEGUN)
    op.execute("GRANT SELECT ON risk_form TO fengqiao_asker")
    for table in ("grading", "custody_link"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY house ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY asker ON {table} TO fengqiao_asker USING ({SEEN})")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO fengqiao_asker")


def downgrade() -> None:
    """Take away what this revision adds."""
    for table in ("grading", "custody_link", "risk_form"):
        op.drop_table(table)
