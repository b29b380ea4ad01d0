"""The demonstration as `./fengqiao demo` puts it into a database, looked at through the API."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from api.custody.service import gaps
from api.demo.enrolment import enrol
from api.demo.golden import GOLDEN_A, GOLDEN_B
from api.demo.roads import OLD_ESTATES
from gis.database import Database
from tests.api.conftest import NOW
from tests.api.test_intake import rows
from tests.conftest import copied, opened

HOT = """
SELECT count(*) FILTER (WHERE near) AS hot, count(*) AS every
FROM (
    SELECT EXISTS (
        SELECT FROM unnest(CAST(:lons AS float8[]), CAST(:lats AS float8[])) AS old (lon, lat)
        WHERE ST_DWithin(
            geom::geography, ST_SetSRID(ST_MakePoint(old.lon, old.lat), 4326)::geography, 200)
    ) AS near
    FROM report WHERE category = 'property' AND geom IS NOT NULL
) AS placed
"""


def demo(monkeypatch: pytest.MonkeyPatch, url: str) -> Any:
    monkeypatch.setenv("FENGQIAO_DATABASE_URL", url)
    # Late clocks give their cards while the server runs; that is not the loading's.
    monkeypatch.setenv("FENGQIAO_WORKER", "false")
    result = CliRunner().invoke(app, ["demo", "--no-serve", "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def loaded(migrated_url: str) -> Iterator[tuple[Database, Any]]:
    """The demonstration and what the command printed."""
    with pytest.MonkeyPatch.context() as patch, copied(migrated_url) as url, opened(url) as made:
        yield made, demo(patch, url)


def test_golden_case_a_is_printed_with_its_number_and_its_three_units(
    loaded: tuple[Database, Any],
) -> None:
    _, printed = loaded
    assert printed["units"] == ["东塔街道", "新东派出所", "东塔司法所"]
    assert printed["case_number"].startswith("DD-")
    assert printed["synthetic"]


def test_both_golden_cases_reach_the_units_of_their_story(loaded: tuple[Database, Any]) -> None:
    _, printed = loaded
    for golden in (GOLDEN_A, GOLDEN_B):
        assert printed["golden"][golden.name]["units"] == golden.units


def test_the_golden_cases_came_through_the_public_door(loaded: tuple[Database, Any]) -> None:
    made, printed = loaded
    with made.transaction() as session:
        query = "SELECT number FROM submission JOIN case_file ON case_file.id = submission.case_id"
        numbers = set(session.scalars(text(query)))
    assert numbers == {each["case_number"] for each in printed["golden"].values()}


def test_a_second_start_changes_nothing_and_prints_the_same(
    loaded: tuple[Database, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, printed = loaded
    before = rows(made)
    again = demo(monkeypatch, made.engine.url.render_as_string(hide_password=False))
    assert again["golden"] == printed["golden"]
    assert rows(made) == before


def test_every_report_is_marked_synthetic_and_most_are_dispatched(
    loaded: tuple[Database, Any],
) -> None:
    made, _ = loaded
    with made.transaction() as session:
        many = session.execute(text("SELECT count(*) FROM report")).scalar_one()
        real = session.execute(text("SELECT count(*) FROM report WHERE NOT synthetic"))
        held = session.execute(text("SELECT count(*) FROM placement")).scalar_one()
    assert 11_000 <= many <= 14_000
    assert real.scalar_one() == 0
    assert 0 < held / many < 0.15


def test_what_was_held_long_ago_has_been_decided_in_its_time(loaded: tuple[Database, Any]) -> None:
    made, _ = loaded
    with made.transaction() as session:
        waiting, old = session.execute(
            text(
                "SELECT count(*), count(*) FILTER (WHERE opened_at < now() - interval '3 days')"
                " FROM placement JOIN case_file ON case_file.id = case_id"
                " WHERE confirmed_at IS NULL AND jsonb_path_exists(questions, '$[*].candidates[0]')"
            )
        ).one()
        late = session.execute(
            text(
                "SELECT count(*) FROM assignment JOIN case_file ON case_file.id = case_id"
                " WHERE assigned_at > opened_at + interval '1 day'"
            )
        ).scalar_one()
    assert 0 < waiting < 60
    assert (old, late) == (0, 0)


def test_units_have_signed_for_what_is_open_but_for_a_few_cases(
    loaded: tuple[Database, Any],
) -> None:
    made, _ = loaded
    with made.transaction() as session:
        handled, unsigned, late = session.execute(
            text(
                "SELECT count(*) FILTER (WHERE state = 'handling'),"
                " count(*) FILTER (WHERE state = 'dispatched'),"
                " count(*) FILTER (WHERE EXISTS (SELECT FROM clock WHERE case_id = case_file.id"
                "  AND stopped_at IS NULL AND due_at < now())) FROM case_file"
            )
        ).one()
    assert handled > 100
    assert 0 < unsigned < handled / 4
    assert 0 < late < handled / 4


def test_whoever_leads_an_open_case_has_it_in_hand_since_it_came(
    loaded: tuple[Database, Any],
) -> None:
    made, _ = loaded
    with made.transaction() as session:
        wrong = session.execute(
            text(
                "SELECT count(*) FROM case_file AS held JOIN custody_link AS link"
                " ON link.case_id = held.id LEFT JOIN assignment AS lead"
                " ON lead.case_id = held.id AND lead.role = 'lead'"
                " WHERE state = 'handling' AND (link.unit_code IS DISTINCT FROM lead.unit_code"
                " OR link.taken_at <> opened_at OR link.given_at IS NOT NULL)"
            )
        ).scalar_one()
    assert wrong == 0


def test_no_case_is_in_nobodys_hands_once_the_people_are_there(
    loaded: tuple[Database, Any],
) -> None:
    made, _ = loaded
    with made.transaction() as session:
        enrol(session, "no real hash", NOW)
        assert gaps(session) == []


def test_the_centre_has_its_resident_and_on_call_units(loaded: tuple[Database, Any]) -> None:
    made, _ = loaded
    with made.transaction() as session:
        query = text("SELECT kind, count(*) FROM unit WHERE code LIKE 'dept:%' GROUP BY kind")
        assert dict(session.execute(query).all()) == {"resident": 6, "on_call": 29}


def test_case_numbers_of_a_year_have_no_gap(loaded: tuple[Database, Any]) -> None:
    made, _ = loaded
    query = """
        SELECT substr(number, 4, 4) AS year, count(*), max(substr(number, 9)::int)
        FROM case_file GROUP BY 1
    """
    with made.transaction() as session:
        for _, count, last in session.execute(text(query)):
            assert count == last


def test_the_old_estates_stand_out_among_property_disputes(loaded: tuple[Database, Any]) -> None:
    made, _ = loaded
    words = {"lons": [each[1] for each in OLD_ESTATES], "lats": [each[2] for each in OLD_ESTATES]}
    with made.transaction() as session:
        hot, every = session.execute(text(HOT), words).one()
    assert hot / every > 0.25, "four estates of 304"


def test_imported_areas_are_never_mixed_with_the_demonstration(
    district: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(district)
    url = district.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("FENGQIAO_DATABASE_URL", url)
    result = CliRunner().invoke(app, ["demo", "--no-serve"])
    assert result.exit_code == 2
    assert "真实区划" in result.stderr
    assert rows(district) == before
