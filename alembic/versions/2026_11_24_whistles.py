"""whistles

Whistles, the units and the experts that they call, and their scores.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a61f4c2e5b06"
down_revision: str | Sequence[str] | None = "a80f4c2e5b08"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OF_A_SEEN_WHISTLE = "EXISTS (SELECT FROM whistle WHERE whistle.id = whistle_id)"
SEEN = {
    "whistle": "EXISTS (SELECT FROM case_file WHERE case_file.id = case_id)",
    "whistle_call": OF_A_SEEN_WHISTLE,
    "whistle_expert": OF_A_SEEN_WHISTLE,
}


def upgrade() -> None:
    """Make what this revision adds."""
    _make_whistles()
    _make_calls()
    _make_experts()
    for table, seen in SEEN.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY house ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY asker ON {table} TO fengqiao_asker USING ({seen})")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO fengqiao_asker")


def _make_whistles() -> None:
    op.create_table(
        "whistle",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("blown_by", sa.Uuid(), nullable=False),
        sa.Column("blown_by_name", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("blown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_words", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(kind = 'emergency') = (ground = 'emergency')",
            name=op.f("ck_whistle_emergency_for_emergencies"),
        ),
        sa.CheckConstraint(
            "ending IN ('done', 'stood_down')", name=op.f("ck_whistle_known_ending")
        ),
        sa.CheckConstraint(
            "ground IN ('one_unit_cannot', 'joint_enforcement', 'emergency', 'consultation')",
            name=op.f("ck_whistle_known_ground"),
        ),
        sa.CheckConstraint(
            "kind IN ('work', 'hard', 'emergency')", name=op.f("ck_whistle_known_kind")
        ),
        sa.CheckConstraint(
            "tier IN ('community', 'street', 'district')", name=op.f("ck_whistle_known_tier")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ending IS NULL)", name=op.f("ck_whistle_ended_in_a_way")
        ),
        sa.ForeignKeyConstraint(["blown_by"], ["person.id"], name=op.f("fk_whistle_blown_by")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_file.id"],
            name=op.f("fk_whistle_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_whistle_unit_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whistle")),
    )
    op.create_index(op.f("ix_whistle_case_id"), "whistle", ["case_id"], unique=False)
    op.create_index(
        "ix_whistle_running",
        "whistle",
        ["blown_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _make_calls() -> None:
    op.create_table(
        "whistle_call",
        sa.Column("whistle_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("score_words", sa.Text(), server_default="", nullable=False),
        sa.Column("justified", sa.BigInteger(), nullable=True),
        sa.Column("justified_words", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "role IN ('lead', 'assist', 'inform')", name=op.f("ck_whistle_call_known_role")
        ),
        sa.CheckConstraint(
            "justified BETWEEN 1 AND 5", name=op.f("ck_whistle_call_justified_of_five")
        ),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_whistle_call_score_of_five")),
        sa.ForeignKeyConstraint(
            ["unit_code"], ["unit.code"], name=op.f("fk_whistle_call_unit_code")
        ),
        sa.ForeignKeyConstraint(
            ["whistle_id"], ["whistle.id"], name=op.f("fk_whistle_call_whistle_id")
        ),
        sa.PrimaryKeyConstraint("whistle_id", "unit_code", name=op.f("pk_whistle_call")),
    )
    op.create_index(op.f("ix_whistle_call_unit_code"), "whistle_call", ["unit_code"], unique=False)


def _make_experts() -> None:
    op.create_table(
        "whistle_expert",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("whistle_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("profession", sa.Text(), nullable=False),
        sa.Column("opinion", sa.Text(), server_default="", nullable=False),
        sa.Column("opinion_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "profession IN ('mediator', 'lawyer', 'counsellor', 'other')",
            name=op.f("ck_whistle_expert_known_profession"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_whistle_expert_entered_by")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_whistle_expert_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["whistle_id"], ["whistle.id"], name=op.f("fk_whistle_expert_whistle_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whistle_expert")),
    )
    op.create_index(
        op.f("ix_whistle_expert_whistle_id"), "whistle_expert", ["whistle_id"], unique=False
    )


def downgrade() -> None:
    """Take back what this revision added."""
    for table in ("whistle_expert", "whistle_call", "whistle"):
        op.drop_table(table)
