"""By direct SQL, as each kind of asker: no row of another jurisdiction, through no door."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from api.accounts.service import Newcomer, add
from api.rights import rows
from api.rights.policy import Reach
from api.rights.roles import Who
from gis.database import Database
from tests.api.conftest import Filer

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
CASES = ("report", "case_file", "case_event", "assignment")
HIDDEN = ("person", "credential", "account_session", "service_token", "role_grant", "submission")


@pytest.fixture
def filed(file: Filer, district: Database) -> Iterator[Session]:
    """The house's session after one report in the western cell."""
    assert file().status_code == 201
    with district.transaction() as session:
        yield session


def asker(**words: str) -> Who:
    return Who(uuid4(), "测试", frozenset(), **words)


def counts(database: Database, who: Who, *reach: Reach) -> list[int]:
    with database.transaction() as session:
        rows.assume(session, who, reach)
        return [session.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in CASES]


def value(session: Session, query: str) -> str:
    found: str = session.execute(text(query)).scalars().first()
    return found


def test_the_own_area_and_all_below_it_is_seen(filed: Session, district: Database) -> None:
    cell = value(filed, "SELECT grid_code FROM report")
    for length in (6, 9, 12, len(cell)):
        assert all(counts(district, asker(area_prefix=cell[:length]), Reach.AREA))


def test_no_row_of_another_area_is_seen(filed: Session, district: Database) -> None:
    cell = value(filed, "SELECT grid_code FROM report")
    other = cell[:-1] + str((int(cell[-1]) + 1) % 10)
    for prefix in (other, "999999", "210199"):
        assert not any(counts(district, asker(area_prefix=prefix), Reach.AREA))


def test_an_area_without_the_right_to_reach_it_shows_nothing(
    filed: Session, district: Database
) -> None:
    cell = value(filed, "SELECT grid_code FROM report")
    assert not any(counts(district, asker(area_prefix=cell[:6]), Reach.NONE))
    assert not any(counts(district, asker(area_prefix=cell[:6])))


@pytest.mark.usefixtures("filed")
def test_nobody_without_an_area_sees_what_no_area_holds(district: Database) -> None:
    assert not any(counts(district, asker(), Reach.AREA, Reach.UNIT, Reach.CASE, Reach.OWN))


def test_a_unit_sees_the_cases_to_which_it_was_sent(filed: Session, district: Database) -> None:
    unit = value(filed, "SELECT unit_code FROM assignment ORDER BY id")
    assert all(counts(district, asker(unit_code=unit), Reach.UNIT))
    assert not any(counts(district, asker(unit_code="ANOTHER"), Reach.UNIT))
    assert not any(counts(district, asker(unit_code=unit), Reach.AREA))


@pytest.mark.usefixtures("filed")
def test_a_mediator_sees_the_own_cases_only(district: Database) -> None:
    with district.transaction() as session:
        mediator = add(session, Newcomer("zhao.min", "赵敏"), NOW).id
        join = "INSERT INTO case_member SELECT id, :person, :person, now() FROM case_file"
        session.execute(text(join), {"person": mediator})
    own = Who(mediator, "赵敏", frozenset())
    assert all(counts(district, own, Reach.CASE))
    assert not any(counts(district, asker(), Reach.CASE))
    assert not any(counts(district, own, Reach.UNIT))


@pytest.mark.usefixtures("filed")
def test_who_filed_a_report_sees_it(district: Database) -> None:
    with district.transaction() as session:
        worker = add(session, Newcomer("sun.yu", "孙玉"), NOW).id
        session.execute(text("UPDATE report SET filed_by = :person"), {"person": worker})
    assert all(counts(district, Who(worker, "孙玉", frozenset()), Reach.OWN))
    assert not any(counts(district, asker(), Reach.OWN))


@pytest.mark.parametrize("table", HIDDEN)
def test_an_asker_reads_no_accounts(district: Database, table: str) -> None:
    with district.transaction() as session:
        rows.assume(session, asker(), [Reach.ALL])
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(text(f"SELECT * FROM {table}"))
        session.rollback()


def test_nothing_of_an_asker_stays_on_a_pooled_connection(
    filed: Session, district: Database
) -> None:
    cell = value(filed, "SELECT grid_code FROM report")
    filed.commit()
    for _ in range(40):
        assert all(counts(district, asker(area_prefix=cell[:6]), Reach.AREA))
        with district.transaction() as session:
            left = "SELECT coalesce(current_setting('fengqiao.area', true), '') || current_user"
            assert session.scalar(text(left)) == session.scalar(text("SELECT session_user"))


def test_a_transaction_that_is_rolled_back_leaves_nothing_either(district: Database) -> None:
    who = asker(area_prefix="210104")
    with district.transaction() as session:
        rows.assume(session, who, [Reach.ALL])
        session.rollback()
    with district.transaction() as session:
        assert session.scalar(text("SELECT current_user = session_user"))


def test_every_view_asks_with_the_rights_of_whoever_asks(district: Database) -> None:
    views = """
        SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE relkind IN ('v', 'm') AND nspname = 'public'
          AND relname NOT IN ('geometry_columns', 'geography_columns')
          AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)
    """
    with district.transaction() as session:
        assert session.scalars(text(views)).all() == []


def test_a_view_shows_no_more_than_its_tables(filed: Session, district: Database) -> None:
    cell = value(filed, "SELECT grid_code FROM report")
    filed.commit()
    with district.transaction() as session:
        session.execute(text("CREATE VIEW seen WITH (security_invoker) AS SELECT * FROM report"))
        session.execute(text("GRANT SELECT ON seen TO fengqiao_asker"))
    for prefix, many in ((cell[:6], 1), ("999999", 0)):
        with district.transaction() as session:
            rows.assume(session, asker(area_prefix=prefix), [Reach.AREA])
            assert session.scalar(text("SELECT count(*) FROM seen")) == many


def test_an_asker_changes_no_row_out_of_reach(filed: Session, district: Database) -> None:
    cell = value(filed, "SELECT grid_code FROM report")
    filed.commit()
    change = text("UPDATE case_file SET state = 'registered' RETURNING id")
    for prefix, many in (("999999", 0), (cell[:6], 1)):
        with district.transaction() as session:
            rows.assume(session, asker(area_prefix=prefix), [Reach.AREA])
            assert len(session.execute(change).all()) == many


def test_an_asker_writes_no_history_of_a_case_out_of_reach(
    filed: Session, district: Database
) -> None:
    case = UUID(str(filed.execute(text("SELECT id FROM case_file")).scalar_one()))
    filed.commit()
    columns = "(case_id, happening, actor, content)"
    line = text(f"INSERT INTO case_event {columns} VALUES (:case, 'x', 'x', '{{}}')")
    with district.transaction() as session:
        rows.assume(session, asker(area_prefix="999999"), [Reach.AREA])
        with pytest.raises(ProgrammingError, match="row-level security"):
            session.execute(line, {"case": case})
        session.rollback()
