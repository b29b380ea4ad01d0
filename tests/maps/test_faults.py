"""The fault map is one file that asks nobody for anything."""

import re
from html.parser import HTMLParser

import pytest
import shapely

from gis.wording import Wording
from grids.hierarchy import AreaKind
from grids.importer import Draft, FaultKind, Wishes, check
from grids.importer.report import Fault, Report
from maps.faults import fault_map, path
from tests.grids.districts import EASTERN, WESTERN, draft, small_district
from tests.grids.shapes import box


class Page(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def faulty() -> list[Draft]:
    rows = [(WESTERN, "西<b>", box(0, 0, 510, 1000)), (EASTERN, "东", box(500, 0, 990, 1000))]
    others = [each for each in small_district() if each.kind is not AreaKind.COMMUNITY]
    return [*others, draft(AreaKind.COMMUNITY, rows)]


def drawn(drafts: list[Draft], wishes: Wishes | None = None) -> tuple[Report, str]:
    report = check(drafts, wishes)
    return report, fault_map(report, [area for each in drafts for area in each.areas], title="检查")


def test_each_fault_is_numbered_and_told_in_both_languages() -> None:
    report, text = drawn(faulty())
    page = Page(text)
    said = "".join(page.words)
    assert [fault.kind for fault in report.faults] == [FaultKind.OVERLAP, FaultKind.GAP]
    items = [attrs["id"] for tag, attrs in page.tags if tag == "li"]
    assert items == ["fault-1", "fault-2"]
    for fault in report.faults:
        assert fault.what.zh in said
        assert fault.what.en in said
        assert fault.mend.zh in said


def test_the_map_makes_no_outside_request() -> None:
    _, text = drawn(faulty())
    assert not re.findall(r"https?://|//[a-z]+\.|@import|url\(", text)
    page = Page(text)
    assert not [tag for tag, attrs in page.tags if attrs.keys() & {"src", "href"}]
    policy = [attrs["content"] for tag, attrs in page.tags if "http-equiv" in attrs]
    assert policy
    assert str(policy[0]).startswith("default-src 'none'")


def test_names_from_the_file_cannot_write_into_the_page() -> None:
    _, text = drawn(faulty())
    assert "西<b>" not in text
    assert "西&lt;b&gt;" in text


def test_every_area_is_drawn_under_the_faults() -> None:
    _, text = drawn(faulty())
    groups = re.findall(r'<g id="(\w+)">', text)
    assert groups == ["district", "street", "community", "police", "faults"]
    assert text.count("<path ") == 5 + 2


def test_a_fault_without_a_place_is_told_without_a_pin() -> None:
    fault = Fault(
        AreaKind.POLICE, FaultKind.UNREADABLE, Wording("坏", "bad"), Wording("换", "change")
    )
    text = fault_map(Report(faults=(fault,)), [], title="检查")
    assert 'class="pin"' not in text.split("<script>")[0]
    assert "坏" in text


def test_accepted_faults_and_repairs_are_told_too() -> None:
    _, accepted = drawn(faulty(), Wishes(accept=frozenset({FaultKind.GAP, FaultKind.OVERLAP})))
    assert "没有阻止导入的错误" in accepted
    assert accepted.count("（已接受 accepted）") == 2
    _, mended = drawn(small_district(), Wishes(mend_within_m=2.0))
    assert "已修补" not in mended


@pytest.mark.parametrize(
    ("wkt", "moves"),
    [
        ("POINT (1 2)", 0),
        ("LINESTRING (0 0, 1 1)", 1),
        ("POLYGON ((0 0, 9 0, 9 9, 0 0), (5 1, 6 1, 6 2, 5 1))", 2),
        ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))", 2),
    ],
)
def test_every_line_of_a_geometry_is_drawn(wkt: str, moves: int) -> None:
    assert path(shapely.from_wkt(wkt)).count("M") == moves
