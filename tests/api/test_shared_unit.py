"""One unit that answers for two kinds of area is sent once."""

from dataclasses import replace
from datetime import UTC, date, datetime

from api.clocks.service import read_timetable
from api.intake.preparation import Ground, prepare
from api.intake.schemas import ReportRequest
from api.intake.service import Office, receive
from gis.database import Database
from gis.geocoding.geocoder import Geocoder
from grids.editions import Editions
from grids.hierarchy import AreaKind
from grids.importer import Draft, apply, plan
from tests.api.conftest import a_report
from tests.api.district import drafts
from tests.api.test_intake import rows

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SHARED = {"unit_code": "ORG-1", "unit_name": "综合服务中心"}


def shared_drafts() -> list[Draft]:
    return [
        replace(draft, areas=tuple(replace(area, **SHARED) for area in draft.areas))
        if draft.kind in (AreaKind.STREET, AreaKind.JUSTICE)
        else draft
        for draft in drafts()
    ]


def test_a_unit_of_two_kinds_is_sent_once_for_its_first(database: Database) -> None:
    with database.transaction() as session:
        change = plan(session, shared_drafts(), valid_from=date(2025, 1, 1), author="测试")
        apply(session, change)
    ground = Ground(Editions(database).at(NOW.date()), Geocoder(()))
    filing = ReportRequest.model_validate(a_report(), strict=False).filing()
    prepared = prepare(filing, ground, NOW)
    assert [each.unit_code for each in prepared.plan.sent] == ["ORG-1", "police:P-1"]
    with database.transaction() as session:
        receive(session, [prepared], Office("DD", read_timetable(session)))
    assert rows(database)["assignment"] == 2
