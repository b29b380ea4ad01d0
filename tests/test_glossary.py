"""Every code that a user may meet is explained in docs/glossary.md."""

from enum import StrEnum
from pathlib import Path

import pytest

from api.assignments.domain import Means, Move, Role, Stage
from api.cases.domain import ClockKind, Grade, Happening, State, Tier
from api.clocks.domain import Card, TimeUnit
from api.custody.domain import Gap, How
from api.duplicates.domain import Dimension
from api.intake.domain import DraftKind
from api.life.domain import Action, Because, Destination, Resolution
from api.mediation.domain import Form, MeasureKind, Standing, TaskKind
from api.notices.domain import Channel, Failing, Progress
from api.parties.domain import (
    IdentityField,
    Link,
    Outcome,
    PartyKind,
    PartyRole,
    Side,
)
from api.reports.domain import (
    CATEGORY_TITLES,
    SOURCE_TITLES,
    Category,
    Method,
    ReportKind,
    Source,
)
from api.retention.domain import Kind
from api.risk.domain import Measure, Sign, Validity
from api.whistles.domain import Ground, Profession, WhistleKind
from gis.datum import Datum
from gis.geocoding.entry import Level
from grids.hierarchy import TITLES, AreaKind
from grids.importer import FaultKind
from grids.jurisdictions import Confidence

GLOSSARY = (Path(__file__).parents[1] / "docs" / "glossary.md").read_text("utf-8")
EXPLAINED: tuple[type[StrEnum], ...] = (
    Action,
    AreaKind,
    Because,
    Card,
    Category,
    Channel,
    ClockKind,
    Confidence,
    Datum,
    Destination,
    Dimension,
    DraftKind,
    Failing,
    FaultKind,
    Form,
    Gap,
    Grade,
    Ground,
    Happening,
    How,
    IdentityField,
    Kind,
    Level,
    Link,
    Means,
    Measure,
    MeasureKind,
    Method,
    Move,
    Outcome,
    PartyKind,
    PartyRole,
    Profession,
    Progress,
    ReportKind,
    Resolution,
    Role,
    Side,
    Sign,
    Source,
    Stage,
    Standing,
    State,
    TaskKind,
    Tier,
    TimeUnit,
    Validity,
    WhistleKind,
)


def chapter(codes: type[StrEnum]) -> list[str]:
    """The first cells of the table under the heading that names the enumeration."""
    (text,) = [part for part in GLOSSARY.split("\n#") if f"(`{codes.__name__}`" in part]
    return [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| `")]


@pytest.mark.parametrize("codes", EXPLAINED, ids=lambda codes: codes.__name__)
def test_a_table_explains_every_code_and_no_other(codes: type[StrEnum]) -> None:
    assert chapter(codes) == [f"`{code.value}`" for code in codes]


def test_titles_stand_as_the_pages_say_them() -> None:
    titles = [wording.zh for wording in (*CATEGORY_TITLES.values(), *SOURCE_TITLES.values())]
    for title in [*titles, *(zh for zh, _ in TITLES.values())]:
        assert f"| {title} |" in GLOSSARY
