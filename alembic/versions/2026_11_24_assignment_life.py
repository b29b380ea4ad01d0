"""assignment life

How far each unit of a case has come, what was done with its assignment, and who may be called.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a60f4c2e5b06"
down_revision: str | Sequence[str] | None = "a30f4c2e5b03"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OF_A_SEEN_CASE = "EXISTS (SELECT FROM case_file WHERE case_file.id = case_id)"
STAGES = (
    "stage IN ('offered', 'signed', 'contacted', 'reported_in', 'delivered', 'accepted',"
    " 'returned', 'transferred', 'withdrawn', 'stood_down')"
)
OPEN = "stage IN ('offered', 'signed', 'contacted', 'reported_in', 'delivered')"
MOVES = (
    "move IN ('sign', 'contact', 'report-in', 'deliver', 'accept', 'send-back', 'return',"
    " 'transfer', 'withdraw', 'stand-down', 'offer')"
)


def upgrade() -> None:
    """Make what this revision adds."""
    op.add_column(
        "assignment", sa.Column("stage", sa.Text(), server_default="offered", nullable=False)
    )
    op.drop_constraint(op.f("ck_assignment_known_role"), "assignment", type_="check")
    op.create_check_constraint(
        op.f("ck_assignment_known_role"), "assignment", "role IN ('lead', 'assist', 'inform')"
    )
    op.create_check_constraint(op.f("ck_assignment_known_stage"), "assignment", STAGES)
    op.drop_constraint(op.f("uq_assignment_case_id_kind"), "assignment", type_="unique")
    op.create_index(
        "ix_assignment_one_of_a_kind",
        "assignment",
        ["case_id", "kind"],
        unique=True,
        postgresql_where=sa.text("kind IN ('street', 'police', 'justice')"),
    )
    op.create_index(
        "ix_assignment_one_lead",
        "assignment",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text(f"role = 'lead' AND {OPEN}"),
    )
    op.create_index(
        "ix_assignment_inbox", "assignment", ["unit_code"], postgresql_where=sa.text(OPEN)
    )
    _make_steps()


def _make_steps() -> None:
    op.create_table(
        "assignment_step",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("assignment_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("said_by", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.CheckConstraint(MOVES, name=op.f("ck_assignment_step_known_move")),
        sa.CheckConstraint(
            "channel IN ('phone', 'radio', 'in_person')",
            name=op.f("ck_assignment_step_known_channel"),
        ),
        sa.CheckConstraint(
            "(channel IS NULL) = (said_by IS NULL)", name=op.f("ck_assignment_step_on_a_named_word")
        ),
        sa.CheckConstraint(
            "num_nonnulls(lon, lat) IN (0, 2) AND lon BETWEEN 73 AND 136 AND lat BETWEEN 3 AND 54",
            name=op.f("ck_assignment_step_somewhere_in_china"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_step_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_file.id"],
            name=op.f("fk_assignment_step_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_assignment_step_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_step")),
    )
    for column in ("assignment_id", "case_id"):
        op.create_index(op.f(f"ix_assignment_step_{column}"), "assignment_step", [column])
    op.execute("ALTER TABLE assignment_step ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE assignment_step FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY house ON assignment_step TO CURRENT_USER USING (true) WITH CHECK (true)"
    )
    op.execute(f"CREATE POLICY asker ON assignment_step TO fengqiao_asker USING ({OF_A_SEEN_CASE})")
    op.execute("GRANT SELECT, INSERT ON assignment_step TO fengqiao_asker")


def downgrade() -> None:
    """Take back what this revision added; units that were called go with it."""
    op.drop_table("assignment_step")
    for name in ("inbox", "one_lead", "one_of_a_kind"):
        op.drop_index(f"ix_assignment_{name}", table_name="assignment")
    op.execute("DELETE FROM assignment WHERE kind NOT IN ('street', 'police', 'justice')")
    op.execute("UPDATE assignment SET role = 'assist' WHERE role = 'inform'")
    op.create_unique_constraint(
        op.f("uq_assignment_case_id_kind"), "assignment", ["case_id", "kind"]
    )
    op.drop_constraint(op.f("ck_assignment_known_stage"), "assignment", type_="check")
    op.drop_constraint(op.f("ck_assignment_known_role"), "assignment", type_="check")
    op.create_check_constraint(
        op.f("ck_assignment_known_role"), "assignment", "role IN ('lead', 'assist')"
    )
    op.drop_column("assignment", "stage")
