"""rules

Sub-categories and answers of reports, the rule by which a report was routed, and the versions of
the routing rules, of which one is in force. What was saved of a version stays as it is.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "a40f4c2e5b04"
down_revision: str | Sequence[str] | None = "a50f4c2e5b05"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT = sa.DateTime(timezone=True)
JSON = postgresql.JSONB(astext_type=sa.Text())
BRANCH = "starts_with(subcategory, category || '.')"

# Only putting a version in force and superseding it may touch a row that was saved.
FROZEN = """
CREATE FUNCTION routing_rules_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.id, OLD.rules, OLD.author, OLD.made_at, OLD.reason)
        IS DISTINCT FROM (NEW.id, NEW.rules, NEW.author, NEW.made_at, NEW.reason)
        OR OLD.made_by IS DISTINCT FROM NEW.made_by
        OR OLD.in_force_from IS NOT NULL AND OLD.in_force_from IS DISTINCT FROM NEW.in_force_from
        OR OLD.superseded_at IS NOT NULL
    THEN
        RAISE EXCEPTION 'version % of the routing rules is history', OLD.id;
    END IF;
    RETURN NEW;
END $$
"""
GUARD = """
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON routing_rules
FOR EACH ROW EXECUTE FUNCTION routing_rules_frozen()
"""


def upgrade() -> None:
    """Make what this revision adds."""
    op.add_column("report", sa.Column("subcategory", sa.Text(), nullable=True))
    op.add_column(
        "report",
        sa.Column("answers", JSON, server_default=sa.text("'{}'::jsonb"), nullable=False),
    )
    op.add_column("report", sa.Column("ruling", JSON, nullable=True))
    op.create_check_constraint(op.f("ck_report_branch_of_category"), "report", BRANCH)
    op.create_table(
        "routing_rules",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("rules", JSON, nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("in_force_from", INSTANT, nullable=True),
        sa.Column("activated_by", sa.Uuid(), nullable=True),
        sa.Column("activator", sa.Text(), nullable=True),
        sa.Column("activation_reason", sa.Text(), nullable=True),
        sa.Column("superseded_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "jsonb_array_length(rules) > 0", name=op.f("ck_routing_rules_some_rules")
        ),
        sa.CheckConstraint(
            "superseded_at >= in_force_from",
            name=op.f("ck_routing_rules_superseded_after_in_force"),
        ),
        sa.CheckConstraint(
            "superseded_at IS NULL OR in_force_from IS NOT NULL",
            name=op.f("ck_routing_rules_in_force_before_superseded"),
        ),
        sa.CheckConstraint(
            "activated_by IS NULL OR activated_by <> made_by",
            name=op.f("ck_routing_rules_a_second_pair_of_eyes"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_routing_rules_made_by")),
        sa.ForeignKeyConstraint(
            ["activated_by"], ["person.id"], name=op.f("fk_routing_rules_activated_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rules")),
    )
    op.create_index(
        "ix_routing_rules_one_in_force",
        "routing_rules",
        [sa.text("(true)")],
        unique=True,
        postgresql_where=sa.text("in_force_from IS NOT NULL AND superseded_at IS NULL"),
    )
    op.execute(FROZEN)
    op.execute(GUARD)


def downgrade() -> None:
    """Take away what this revision adds."""
    op.drop_table("routing_rules")
    op.execute("DROP FUNCTION routing_rules_frozen()")
    op.drop_constraint(op.f("ck_report_branch_of_category"), "report", type_="check")
    for column in ("ruling", "answers", "subcategory"):
        op.drop_column("report", column)
