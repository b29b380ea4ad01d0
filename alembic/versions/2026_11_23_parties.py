"""parties

Who a party is lies in `party_identity` alone, sealed; row security is in the next migration.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "d30c5e7f9013"
down_revision: str | Sequence[str] | None = "c20b4d6e8f02"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make what this revision adds."""
    op.create_table(
        "party",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('person', 'organisation')", name=op.f("ck_party_known_kind")),
        sa.CheckConstraint(
            "role = 'reporter' OR NOT (protected OR anonymous)",
            name=op.f("ck_party_only_reporters_hidden"),
        ),
        sa.CheckConstraint(
            "role IN ('applicant', 'respondent', 'third_party', 'guardian', 'representative', 'witness', 'reporter')",
            name=op.f("ck_party_known_role"),
        ),
        sa.CheckConstraint(
            "side IN ('applicant', 'respondent', 'other')", name=op.f("ck_party_known_side")
        ),
        sa.CheckConstraint(
            "NOT (protected AND anonymous)", name=op.f("ck_party_protected_or_anonymous")
        ),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_party_added_by")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_file.id"],
            name=op.f("fk_party_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
    )
    op.create_index(op.f("ix_party_case_id"), "party", ["case_id"], unique=False)
    op.create_table(
        "party_identity",
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("blind", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "field IN ('name', 'phone', 'identity_number', 'address')",
            name=op.f("ck_party_identity_known_field"),
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_party_identity_party_id")
        ),
        sa.PrimaryKeyConstraint("party_id", "field", name=op.f("pk_party_identity")),
    )
    op.create_index(op.f("ix_party_identity_blind"), "party_identity", ["blind"], unique=False)
    op.create_table(
        "party_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("review_reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('merged', 'rejected')", name=op.f("ck_party_merge_known_outcome")
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (reviewed_by IS NULL) AND (outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL) = (review_reason IS NULL)",
            name=op.f("ck_party_merge_decided_as_a_whole"),
        ),
        sa.CheckConstraint(
            "first_id < second_id", name=op.f("ck_party_merge_two_parties_in_order")
        ),
        sa.CheckConstraint(
            "reviewed_by <> proposed_by", name=op.f("ck_party_merge_reviewed_by_another")
        ),
        sa.ForeignKeyConstraint(["first_id"], ["party.id"], name=op.f("fk_party_merge_first_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_party_merge_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["person.id"], name=op.f("fk_party_merge_reviewed_by")
        ),
        sa.ForeignKeyConstraint(["second_id"], ["party.id"], name=op.f("fk_party_merge_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_merge")),
    )
    op.create_index(op.f("ix_party_merge_first_id"), "party_merge", ["first_id"], unique=False)
    op.create_index(op.f("ix_party_merge_second_id"), "party_merge", ["second_id"], unique=False)
    op.create_index(
        "uq_party_merge_undecided",
        "party_merge",
        ["first_id", "second_id"],
        unique=True,
        postgresql_where=sa.text("outcome IS NULL"),
    )


def downgrade() -> None:
    """Take away what this revision adds."""
    op.drop_index(
        "uq_party_merge_undecided",
        table_name="party_merge",
        postgresql_where=sa.text("outcome IS NULL"),
    )
    op.drop_index(op.f("ix_party_merge_second_id"), table_name="party_merge")
    op.drop_index(op.f("ix_party_merge_first_id"), table_name="party_merge")
    op.drop_table("party_merge")
    op.drop_index(op.f("ix_party_identity_blind"), table_name="party_identity")
    op.drop_table("party_identity")
    op.drop_index(op.f("ix_party_case_id"), table_name="party")
    op.drop_table("party")
