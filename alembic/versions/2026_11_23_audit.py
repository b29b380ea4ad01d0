"""audit

Entries are added only, each with the hash of the one before it. The trigger that chains them runs
as the tables' owner, so that an asker may add an entry and reads neither entries nor head.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "c20b4d6e8f02"
down_revision: str | Sequence[str] | None = "b10a3c5d7e91"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# The bytes that are hashed are those in which binary COPY sends the row: see api/audit/chain.py.
CHAIN = """
CREATE FUNCTION fengqiao_audit_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    head public.audit_head;
BEGIN
    SELECT * INTO STRICT head FROM public.audit_head FOR UPDATE;
    NEW.id := head.id + 1;
    NEW.previous := head.hash;
    NEW.hash := sha256(
        int4send(8) || int8send(NEW.id)
        || int4send(8) || timestamptz_send(NEW.at)
        || int4send(octet_length(textsend(NEW.deed))) || textsend(NEW.deed)
        || int4send(octet_length(textsend(NEW.actor))) || textsend(NEW.actor)
        || int4send(octet_length(textsend(NEW.actor_name))) || textsend(NEW.actor_name)
        || int4send(octet_length(textsend(NEW.subject))) || textsend(NEW.subject)
        || int4send(octet_length(textsend(NEW.content::text))) || textsend(NEW.content::text)
        || int4send(octet_length(textsend(NEW.reason))) || textsend(NEW.reason)
        || int4send(32) || NEW.previous
    );
    UPDATE public.audit_head SET id = NEW.id, hash = NEW.hash;
    RETURN NEW;
END $$
"""
REFUSE = """
CREATE FUNCTION fengqiao_audit_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '审计记录只能追加 / the audit is append-only: % on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$
"""
# ALWAYS: also where session_replication_role would let a change pass without triggers.
TRIGGERS = (
    """CREATE TRIGGER chain BEFORE INSERT ON audit_entry
        FOR EACH ROW EXECUTE FUNCTION fengqiao_audit_chain()""",
    """CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION fengqiao_audit_refuse()""",
    """CREATE TRIGGER one_row BEFORE DELETE OR TRUNCATE ON audit_head
        FOR EACH STATEMENT EXECUTE FUNCTION fengqiao_audit_refuse()""",
    "ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER chain",
    "ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER append_only",
    "ALTER TABLE audit_head ENABLE ALWAYS TRIGGER one_row",
)
# Nobody writes in another's name: the gate puts the asker's id into the transaction.
RIGHTS = (
    """CREATE POLICY asker ON audit_entry FOR INSERT TO fengqiao_asker
        WITH CHECK (actor = current_setting('fengqiao.person', true))""",
    """GRANT INSERT (at, deed, actor, actor_name, subject, content, reason)
        ON audit_entry TO fengqiao_asker""",
)


def upgrade() -> None:
    """Make what this revision adds."""
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("octet_length(hash) = 32", name=op.f("ck_audit_entry_hash_is_a_hash")),
        sa.CheckConstraint(
            "octet_length(previous) = 32", name=op.f("ck_audit_entry_previous_is_a_hash")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])
    op.create_index("ix_audit_entry_subject_id", "audit_entry", ["subject", "id"])
    op.create_index("ix_audit_entry_actor_id", "audit_entry", ["actor", "id"])
    op.create_table(
        "audit_head",
        sa.Column("sole", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("sole", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("sole", name=op.f("pk_audit_head")),
    )
    op.execute("INSERT INTO audit_head VALUES (true, 0, decode(repeat('00', 32), 'hex'))")
    for statement in (CHAIN, REFUSE, *TRIGGERS):
        op.execute(statement)
    for table in ("audit_entry", "audit_head"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY house ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
    for statement in RIGHTS:
        op.execute(statement)


def downgrade() -> None:
    """Take away what this revision adds."""
    op.drop_table("audit_head")
    op.drop_table("audit_entry")
    op.execute("DROP FUNCTION fengqiao_audit_chain()")
    op.execute("DROP FUNCTION fengqiao_audit_refuse()")
