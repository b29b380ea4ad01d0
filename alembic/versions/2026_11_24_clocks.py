"""clocks

The working calendar, limits, running clocks and their cards, and the worker's sign of life.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a20f4c2e5b02"
down_revision: str | Sequence[str] | None = "a70f4c2e5b07"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OF_A_SEEN_CASE = "EXISTS (SELECT FROM case_file WHERE case_file.id = case_id)"

# Table: what an asker may do with the rows seen, and which rows are seen.
SEEN = {
    "clock": ("SELECT, INSERT, UPDATE", OF_A_SEEN_CASE),
    "card": ("SELECT", OF_A_SEEN_CASE),
    "clock_extension": ("SELECT, INSERT, UPDATE", OF_A_SEEN_CASE),
}


def upgrade() -> None:
    """Make what this revision adds."""
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "worker_beat",
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_worker_beat")),
    )
    op.create_table(
        "time_limit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("whistle", sa.Text(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column(
            "set_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('accept', 'custody', 'sign', 'contact', 'report_in', 'feedback', 'mediation', 'confirmation', 'visit', 'petition_accept', 'petition_finish')",
            name=op.f("ck_time_limit_known_kind"),
        ),
        sa.CheckConstraint(
            "unit IN ('minutes', 'office_minutes', 'days', 'working_days')",
            name=op.f("ck_time_limit_known_unit"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_time_limit_amount_positive")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_time_limit_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_limit")),
    )
    op.create_table(
        "clock",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("red_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("card", sa.Text(), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "card IN ('reminder', 'yellow', 'red')", name=op.f("ck_clock_known_card")
        ),
        sa.CheckConstraint(
            "kind IN ('accept', 'custody', 'sign', 'contact', 'report_in', 'feedback', 'mediation', 'confirmation', 'visit', 'petition_accept', 'petition_finish')",
            name=op.f("ck_clock_known_kind"),
        ),
        sa.CheckConstraint("outcome IN ('met', 'late')", name=op.f("ck_clock_known_outcome")),
        sa.CheckConstraint(
            "unit IN ('minutes', 'office_minutes', 'days', 'working_days')",
            name=op.f("ck_clock_known_unit"),
        ),
        sa.CheckConstraint(
            "(stopped_at IS NULL) = (outcome IS NULL)", name=op.f("ck_clock_stopped_with_outcome")
        ),
        sa.CheckConstraint(
            "next_at IS NULL OR (stopped_at IS NULL AND paused_at IS NULL)",
            name=op.f("ck_clock_looked_at"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_file.id"],
            name=op.f("fk_clock_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
    )
    op.create_index(op.f("ix_clock_case_id"), "clock", ["case_id"], unique=False)
    op.create_index(
        "ix_clock_due",
        "clock",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.create_index(
        "ix_clock_next",
        "clock",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_table(
        "card",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("clock_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "card IN ('reminder', 'yellow', 'red')", name=op.f("ck_card_known_card")
        ),
        sa.CheckConstraint(
            "tier IN ('community', 'street', 'district')", name=op.f("ck_card_known_tier")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_file.id"],
            name=op.f("fk_card_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_card_clock_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint(
            "clock_id", "card", "due_at", name=op.f("uq_card_clock_id_card_due_at")
        ),
    )
    op.create_index(op.f("ix_card_at"), "card", ["at"], unique=False)
    op.create_index(op.f("ix_card_case_id"), "card", ["case_id"], unique=False)
    op.create_table(
        "clock_extension",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("clock_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (granted IS NULL)",
            name=op.f("ck_clock_extension_decided_by_somebody"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_clock_extension_amount_positive")),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_clock_extension_two_people")),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["person.id"], name=op.f("fk_clock_extension_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_file.id"],
            name=op.f("fk_clock_extension_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["clock_id"], ["clock.id"], name=op.f("fk_clock_extension_clock_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_clock_extension_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_extension")),
    )
    op.create_index(
        op.f("ix_clock_extension_case_id"), "clock_extension", ["case_id"], unique=False
    )
    op.create_index(
        op.f("ix_clock_extension_clock_id"), "clock_extension", ["clock_id"], unique=False
    )
    op.create_index(
        "ix_clock_extension_open",
        "clock_extension",
        ["clock_id"],
        unique=True,
        postgresql_where=sa.text("granted IS NULL"),
    )
    for table, (rights, seen) in SEEN.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY house ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY asker ON {table} TO fengqiao_asker USING ({seen})")
        op.execute(f"GRANT {rights} ON {table} TO fengqiao_asker")
    # Limits and calendar are nobody's secret.
    op.execute("GRANT SELECT ON calendar_day, time_limit TO fengqiao_asker")


def downgrade() -> None:
    """Take back what this revision added."""
    for table in ("clock_extension", "card", "clock", "worker_beat", "time_limit", "calendar_day"):
        op.drop_table(table)
