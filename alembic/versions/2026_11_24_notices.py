"""notices

Who was told what (`notice`), deliveries by outside channels, and how these are set up. Of notices
an asker sees those to their unit, to themselves, and to a role of theirs within their area; the
other tables are the house's. `fengqiao.roles` joins what `api.rights.rows` says of an asker.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "a30f4c2e5b03"
down_revision: str | Sequence[str] | None = "a20f4c2e5b02"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT = sa.DateTime(timezone=True)
HOLDS = """
    CREATE FUNCTION fengqiao_holds(role text) RETURNS boolean LANGUAGE sql
    STABLE SET search_path = pg_catalog, public AS $$
        SELECT role = ANY (string_to_array(current_setting('fengqiao.roles', true), ','))
    $$
"""
# A notice about a case without a place is seen by whoever answers for a whole district (six digits).
SEEN = """
    ((SELECT fengqiao_reaches('unit'))
        AND unit_code = (SELECT nullif(current_setting('fengqiao.unit', true), '')))
    OR ((SELECT fengqiao_reaches('own')) AND person_id = (SELECT fengqiao_person()))
    OR ((SELECT fengqiao_reaches('area')) AND fengqiao_holds(role) AND (
        starts_with(area, (SELECT fengqiao_area()))
        OR (area = '' AND length((SELECT fengqiao_area())) = 6)))
"""


def upgrade() -> None:
    """Make what this revision adds."""
    op.create_table(
        "delivery",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("next_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("failing", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "channel IN ('in_app', 'email', 'webhook', 'sms')",
            name=op.f("ck_delivery_known_channel"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'dead')", name=op.f("ck_delivery_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["outbox_event.id"], name=op.f("fk_delivery_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "event_id", "channel", "recipient", name=op.f("uq_delivery_event_id_channel_recipient")
        ),
    )
    op.create_index(
        "ix_delivery_due",
        "delivery",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "channel_setting",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('email', 'webhook', 'sms')", name=op.f("ck_channel_setting_known_channel")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_channel_setting_changed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_setting")),
    )
    op.create_index(
        "ix_channel_setting_latest",
        "channel_setting",
        ["channel", sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_table(
        "unit_address",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('email', 'webhook', 'sms')", name=op.f("ck_unit_address_known_channel")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_unit_address_changed_by")
        ),
        sa.ForeignKeyConstraint(
            ["unit_code"], ["unit.code"], name=op.f("fk_unit_address_unit_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_address")),
    )
    op.create_index(
        "ix_unit_address_latest",
        "unit_address",
        ["unit_code", "channel", sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.Column("read_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(read_at IS NULL) = (read_by IS NULL)", name=op.f("ck_notice_read_by_somebody")
        ),
        sa.CheckConstraint(
            "(role IS NULL) = (area IS NULL)", name=op.f("ck_notice_a_role_has_an_area")
        ),
        sa.CheckConstraint(
            "num_nonnulls(unit_code, person_id, role) = 1", name=op.f("ck_notice_one_recipient")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_file.id"],
            name=op.f("fk_notice_case_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["outbox_event.id"], name=op.f("fk_notice_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.ForeignKeyConstraint(["read_by"], ["person.id"], name=op.f("fk_notice_read_by")),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_notice_unit_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("event_id", "recipient", name=op.f("uq_notice_event_id_recipient")),
    )
    op.create_index(op.f("ix_notice_case_id"), "notice", ["case_id"], unique=False)
    op.create_index(op.f("ix_notice_person_id"), "notice", ["person_id"], unique=False)
    op.create_index(op.f("ix_notice_role"), "notice", ["role"], unique=False)
    op.create_index(op.f("ix_notice_unit_code"), "notice", ["unit_code"], unique=False)
    op.create_index(
        "ix_notice_unread_person_id",
        "notice",
        ["person_id", "id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL AND person_id IS NOT NULL"),
    )
    op.create_index(
        "ix_notice_unread_role",
        "notice",
        ["role", "id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL AND role IS NOT NULL"),
    )
    op.create_index(
        "ix_notice_unread_unit_code",
        "notice",
        ["unit_code", "id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL AND unit_code IS NOT NULL"),
    )
    op.execute(HOLDS)
    op.execute("REVOKE ALL ON FUNCTION fengqiao_holds FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION fengqiao_holds TO fengqiao_asker")
    op.execute("ALTER TABLE notice ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notice FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY house ON notice TO CURRENT_USER USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY asker ON notice TO fengqiao_asker USING ({SEEN})")
    op.execute("GRANT SELECT, UPDATE (read_at, read_by) ON notice TO fengqiao_asker")


def downgrade() -> None:
    """Take away what this revision adds."""
    for table in ("notice", "delivery", "unit_address", "channel_setting"):
        op.drop_table(table)
    op.execute("DROP FUNCTION fengqiao_holds")
