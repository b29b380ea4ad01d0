"""accounts"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "b10a3c5d7e91"
down_revision: str | Sequence[str] | None = "a0039d151db8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Roles belong to the server, not to one database: another database may have made it already.
ASKER_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fengqiao_asker') THEN
        BEGIN
            CREATE ROLE fengqiao_asker NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
    IF NOT pg_has_role(current_user, 'fengqiao_asker', 'MEMBER') THEN
        EXECUTE format('GRANT fengqiao_asker TO %I', current_user);
    END IF;
END $$
"""


def upgrade() -> None:
    """Make what this revision adds."""
    op.execute(ASKER_ROLE)
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sign_in_name", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("area_prefix", sa.Text(), nullable=True),
        sa.Column("provider_subject", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "area_prefix ~ '^[0-9]{6,15}$'", name=op.f("ck_person_area_prefix_digits")
        ),
        sa.CheckConstraint("btrim(full_name) <> ''", name=op.f("ck_person_full_name_given")),
        sa.CheckConstraint(
            "sign_in_name ~ '^[a-z0-9][a-z0-9._-]{1,63}$'",
            name=op.f("ck_person_sign_in_name_plain"),
        ),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_person_unit_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("provider_subject", name=op.f("uq_person_provider_subject")),
        sa.UniqueConstraint("sign_in_name", name=op.f("uq_person_sign_in_name")),
    )
    op.create_index(op.f("ix_person_unit_code"), "person", ["unit_code"], unique=False)
    op.create_table(
        "credential",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_credential_failures_counted")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_credential_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_credential")),
    )
    op.create_table(
        "role_grant",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column(
            "granted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "role IN ('clerk', 'assessor', 'dispatcher', 'unit_handler', 'unit_leader', 'mediator', 'counsellor', 'grid_worker', 'planner', 'wall', 'service', 'system_admin', 'security_admin', 'audit_admin')",
            name=op.f("ck_role_grant_known_role"),
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["person.id"], name=op.f("fk_role_grant_granted_by")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_role_grant")),
    )
    op.create_table(
        "service_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_service_token_made_by")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_service_token_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_service_token_token_hash")),
    )
    op.create_index(
        op.f("ix_service_token_person_id"), "service_token", ["person_id"], unique=False
    )
    op.create_table(
        "account_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("token_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "device IN ('desk', 'phone', 'wall')", name=op.f("ck_account_session_known_device")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_account_session_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["token_id"], ["service_token.id"], name=op.f("fk_account_session_token_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_session_token_hash")),
    )
    op.create_index(
        op.f("ix_account_session_ends_at"), "account_session", ["ends_at"], unique=False
    )
    op.create_index(
        op.f("ix_account_session_person_id"), "account_session", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_account_session_token_id"), "account_session", ["token_id"], unique=False
    )
    op.create_table(
        "case_member",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_case_member_added_by")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_file.id"],
            name=op.f("fk_case_member_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_case_member_person_id")
        ),
        sa.PrimaryKeyConstraint("case_id", "person_id", name=op.f("pk_case_member")),
    )
    op.create_index(op.f("ix_case_member_person_id"), "case_member", ["person_id"], unique=False)
    op.add_column("report", sa.Column("filed_by", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_report_filed_by"), "report", ["filed_by"], unique=False)
    op.create_foreign_key(op.f("fk_report_filed_by"), "report", "person", ["filed_by"], ["id"])


def downgrade() -> None:
    """Take away what this revision adds."""
    op.drop_constraint(op.f("fk_report_filed_by"), "report", type_="foreignkey")
    op.drop_index(op.f("ix_report_filed_by"), table_name="report")
    op.drop_column("report", "filed_by")
    op.drop_index(op.f("ix_case_member_person_id"), table_name="case_member")
    op.drop_table("case_member")
    op.drop_index(op.f("ix_account_session_token_id"), table_name="account_session")
    op.drop_index(op.f("ix_account_session_person_id"), table_name="account_session")
    op.drop_index(op.f("ix_account_session_ends_at"), table_name="account_session")
    op.drop_table("account_session")
    op.drop_index(op.f("ix_service_token_person_id"), table_name="service_token")
    op.drop_table("service_token")
    op.drop_table("role_grant")
    op.drop_table("credential")
    op.drop_index(op.f("ix_person_unit_code"), table_name="person")
    op.drop_table("person")
