"""row security

People's requests run as `fengqiao_asker` with settings that are local to their transaction
(`api.rights.rows`). The house itself runs as the tables' owner, which has a policy of its own, since
FORCE binds the owner too.
"""

from collections.abc import Iterator, Sequence

from alembic import op

revision: str = "e40d6f8a0124"
down_revision: str | Sequence[str] | None = "d30c5e7f9013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FIXED = "STABLE SET search_path = pg_catalog, public"

FUNCTIONS = {
    "fengqiao_reaches(reach text)": """
        RETURNS boolean LANGUAGE sql AS $$
            SELECT reach = ANY (string_to_array(current_setting('fengqiao.reach', true), ','))
        $$""",
    "fengqiao_person()": """
        RETURNS uuid LANGUAGE sql AS $$
            SELECT nullif(current_setting('fengqiao.person', true), '')::uuid
        $$""",
    "fengqiao_area()": """
        RETURNS text LANGUAGE sql AS $$
            SELECT nullif(current_setting('fengqiao.area', true), '')
        $$""",
    # They read behind the policies, else the policy of the report would ask itself.
    "fengqiao_reports_of_unit()": """
        RETURNS SETOF uuid LANGUAGE sql SECURITY DEFINER AS $$
            SELECT case_file.report_id FROM assignment
            JOIN case_file ON case_file.id = assignment.case_id
            WHERE assignment.unit_code = nullif(current_setting('fengqiao.unit', true), '')
        $$""",
    "fengqiao_reports_of_member()": """
        RETURNS SETOF uuid LANGUAGE sql SECURITY DEFINER AS $$
            SELECT case_file.report_id FROM case_member
            JOIN case_file ON case_file.id = case_member.case_id
            WHERE case_member.person_id = fengqiao_person()
        $$""",
}

# A report without any place is seen by whoever answers for a whole district (six digits).
REPORT_SEEN = """
    (SELECT fengqiao_reaches('all'))
    OR ((SELECT fengqiao_reaches('area')) AND (
        starts_with(grid_code, (SELECT fengqiao_area()))
        OR starts_with(street_code, (SELECT fengqiao_area()))
        OR (street_code IS NULL AND length((SELECT fengqiao_area())) = 6)))
    OR ((SELECT fengqiao_reaches('own')) AND filed_by = (SELECT fengqiao_person()))
    OR ((SELECT fengqiao_reaches('unit')) AND id IN (SELECT fengqiao_reports_of_unit()))
    OR ((SELECT fengqiao_reaches('case')) AND id IN (SELECT fengqiao_reports_of_member()))
"""
OF_A_SEEN_REPORT = "EXISTS (SELECT FROM report WHERE report.id = report_id)"
OF_A_SEEN_CASE = "EXISTS (SELECT FROM case_file WHERE case_file.id = case_id)"
OF_A_SEEN_PARTY = "EXISTS (SELECT FROM party WHERE party.id = party_id)"
OF_TWO_SEEN_PARTIES = """
    EXISTS (SELECT FROM party WHERE party.id = first_id)
    AND EXISTS (SELECT FROM party WHERE party.id = second_id)
"""

# Table: what an asker may do with the rows seen, and which rows are seen.
SEEN = {
    "report": ("SELECT", REPORT_SEEN),
    "case_file": ("SELECT, UPDATE", OF_A_SEEN_REPORT),
    "case_event": ("SELECT, INSERT", OF_A_SEEN_CASE),
    "case_member": ("SELECT, INSERT, DELETE", OF_A_SEEN_CASE),
    "assignment": ("SELECT, INSERT, UPDATE", OF_A_SEEN_CASE),
    "placement": ("SELECT, UPDATE", OF_A_SEEN_CASE),
    "party": ("SELECT, INSERT, UPDATE", OF_A_SEEN_CASE),
    "party_identity": ("SELECT, INSERT, UPDATE, DELETE", OF_A_SEEN_PARTY),
    "party_merge": ("SELECT, INSERT, UPDATE", OF_TWO_SEEN_PARTIES),
}
# The map and the addresses are nobody's secret.
OPEN = ("edition", "unit", "area", "area_lineage", "jurisdiction_override", "gazetteer_entry")


def _policies() -> Iterator[str]:
    for table, (rights, seen) in SEEN.items():
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        yield f"CREATE POLICY house ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)"
        yield f"CREATE POLICY asker ON {table} TO fengqiao_asker USING ({seen})"
        yield f"GRANT {rights} ON {table} TO fengqiao_asker"


def upgrade() -> None:
    """Make what this revision adds."""
    for head, body in FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION {head} {body} {FIXED}")
        name = head.split("(")[0]
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO fengqiao_asker")
    for statement in _policies():
        op.execute(statement)
    op.execute(f"GRANT SELECT ON {', '.join(OPEN)} TO fengqiao_asker")
    op.execute("GRANT INSERT ON outbox_event TO fengqiao_asker")


def downgrade() -> None:
    """Take away what this revision adds."""
    op.execute(f"REVOKE ALL ON outbox_event, {', '.join(OPEN)} FROM fengqiao_asker")
    for table in reversed(SEEN):
        op.execute(f"REVOKE ALL ON {table} FROM fengqiao_asker")
        op.execute(f"DROP POLICY asker ON {table}")
        op.execute(f"DROP POLICY house ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for head in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {head.replace('reach text', 'text')}")
