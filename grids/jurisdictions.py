"""Who answers for a place on a day: street office, police station, justice office, and the cell.

The three are looked up each in its own layer: their areas do not nest. Only a point that is certain
in all three may be dispatched by itself; in every other case the route says why a person must look.

A point is near a line when it is not further from it than its own accuracy, or than 25 m, whichever
is more: published outlines of one district differ by 14 m in the median. An override replaces the
unit, not the area; of several on one place the newest (highest id) holds, and its line is a line
like any other: near it a person must look.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from gis.wording import Wording
from grids import reasons
from grids.areas import UnitRecord
from grids.hierarchy import AreaKind
from grids.locate import Locator, PointAnswer, Position
from grids.overrides import Override, Reached, reached

NEAR_M = 25.0

# A dispatch goes to these three; the other two only say where in the street the place is.
DISPATCHED = (AreaKind.STREET, AreaKind.POLICE, AreaKind.JUSTICE)
INFORMATIVE = (AreaKind.GRID, AreaKind.COMMUNITY)


class Confidence(StrEnum):
    """How sure a jurisdiction is."""

    INSIDE = "inside"
    NEAR_LINE = "near_line"
    ON_LINE = "on_line"
    GAP = "gap"
    OVERLAP = "overlap"
    OUTSIDE = "outside"
    OVERRIDE = "override"


CERTAIN = (Confidence.INSIDE, Confidence.OVERRIDE)


class BadAccuracy(ValueError):
    """An accuracy or a nearness that is no distance."""


@dataclass(frozen=True)
class EditionIndex:
    """All that is needed to route by one edition.

    `units` and `names` are by (kind, area code).
    """

    edition_id: int
    valid_from: date
    locator: Locator
    units: Mapping[tuple[AreaKind, str], UnitRecord]
    names: Mapping[tuple[AreaKind, str], str]
    overrides: Sequence[Override] = ()


@dataclass(frozen=True)
class Jurisdiction:
    """What one kind of area says of the point.

    `area_code` is None in a gap and outside: nothing is guessed; the nearest area is then the
    runner-up. `distance_m`: to the nearest line of the kind (of the override, where that decides),
    None where there is no line. Across the line of an override that holds the point the runner-up
    is the area beneath; across the line of one that does not, the override's unit.
    """

    kind: AreaKind
    area_code: str | None
    area_name: str | None
    unit_code: str | None
    unit_name: str | None
    confidence: Confidence
    distance_m: float | None
    runner_up_code: str | None
    runner_up_name: str | None
    reason_zh: str
    reason_en: str
    override_author: str | None = None

    @property
    def certain(self) -> bool:
        """Whether it may be acted on without a person."""
        return self.confidence in CERTAIN

    @property
    def reason(self) -> Wording:
        return Wording(self.reason_zh, self.reason_en)


@dataclass(frozen=True)
class Route:
    """Who answers for a point (EPSG:4326) on a day, by which edition, and what is doubtful.

    `why`: in Chinese and English, each doubt; one sentence when there is none.
    """

    lon: float
    lat: float
    on: date
    edition_id: int
    grid: Jurisdiction
    community: Jurisdiction
    street: Jurisdiction
    police: Jurisdiction
    justice: Jurisdiction
    needs_person: bool
    why: tuple[Wording, ...]

    @property
    def layers(self) -> dict[AreaKind, Jurisdiction]:
        """The five jurisdictions by kind, the cell first."""
        return {each.kind: each for each in (self.grid, self.community, *self.dispatched)}

    @property
    def dispatched(self) -> tuple[Jurisdiction, Jurisdiction, Jurisdiction]:
        """The three whose units are sent."""
        return self.street, self.police, self.justice


def route(
    index: EditionIndex,
    lon: float,
    lat: float,
    on: date,
    *,
    accuracy_m: float | None = None,
    near_m: float = NEAR_M,
) -> Route:
    """Who answers for the point (degrees, EPSG:4326) on the day; `index` is the day's edition.

    `accuracy_m`: how far the true place may be from the point. Raises BadAccuracy, and ValueError
    for coordinates that are no finite numbers.
    """
    place = _Place(index, lon, lat, on, _nearness(accuracy_m, near_m))
    answers = index.locator.at(lon, lat)
    found = {kind: place.jurisdiction(kind, answers) for kind in (*INFORMATIVE, *DISPATCHED)}
    held = [found[kind] for kind in DISPATCHED if not found[kind].certain]
    return Route(
        lon,
        lat,
        on,
        index.edition_id,
        grid=found[AreaKind.GRID],
        community=found[AreaKind.COMMUNITY],
        street=found[AreaKind.STREET],
        police=found[AreaKind.POLICE],
        justice=found[AreaKind.JUSTICE],
        needs_person=bool(held),
        why=_why(held, [found[kind] for kind in INFORMATIVE if not found[kind].certain]),
    )


def _nearness(accuracy_m: float | None, near_m: float) -> float:
    for name, value in (("accuracy_m", accuracy_m or 0.0), ("near_m", near_m)):
        if not (math.isfinite(value) and value >= 0):
            raise BadAccuracy(f"{name} must be a number of metres, 0 or more, not {value}")
    return max(accuracy_m or 0.0, near_m)


def _why(held: Sequence[Jurisdiction], noted: Sequence[Jurisdiction]) -> tuple[Wording, ...]:
    doubts = [reasons.to_confirm(each.kind, each.reason) for each in held]
    notes = [reasons.to_note(each.kind, each.reason) for each in noted]
    return (*(doubts or [reasons.ALL_CERTAIN]), *notes)


@dataclass(frozen=True)
class _Place:
    """A point on a day, to be judged kind by kind."""

    index: EditionIndex
    lon: float
    lat: float
    on: date
    near_m: float

    def jurisdiction(self, kind: AreaKind, answers: Mapping[str, PointAnswer]) -> Jurisdiction:
        answer = answers.get(kind.value)
        base = self._missing(kind) if answer is None else self._answered(kind, answer)
        holding = [
            each for each in self.index.overrides if each.kind is kind and each.holds_on(self.on)
        ]
        return _ruled(base, reached(holding, self.lon, self.lat, self.near_m), self.near_m)

    def _missing(self, kind: AreaKind) -> Jurisdiction:
        reason = reasons.no_layer(kind, self.index.edition_id)
        nothing = (None, None, None, None)
        return Jurisdiction(
            kind, *nothing, Confidence.OUTSIDE, None, None, None, reason.zh, reason.en
        )

    def _answered(self, kind: AreaKind, answer: PointAnswer) -> Jurisdiction:
        confidence = _confidence(answer, self.near_m)
        distance = answer.distance_m if math.isfinite(answer.distance_m) else None
        beyond = _beyond(answer)
        unit = self._unit(kind, answer.code)
        reason = self._reason(kind, answer, confidence, distance)
        return Jurisdiction(
            kind,
            answer.code,
            self._name(kind, answer.code),
            unit.code if unit else None,
            unit.name if unit else None,
            confidence,
            distance,
            beyond,
            self._name(kind, beyond),
            reason.zh,
            reason.en,
        )

    def _reason(
        self, kind: AreaKind, answer: PointAnswer, confidence: Confidence, distance: float | None
    ) -> Wording:
        beyond = self._called(kind, _beyond(answer))
        if confidence is Confidence.GAP:
            return reasons.gap(kind, beyond, distance)
        area = self._called(kind, answer.code)
        if area is None:
            return reasons.outside(kind, beyond, distance)
        if confidence is Confidence.OVERLAP:
            every = [self._called(kind, code) for code in answer.overlapping]
            return reasons.overlap([each for each in every if each])
        if confidence is Confidence.ON_LINE:
            return reasons.on_line(area, beyond)
        if confidence is Confidence.NEAR_LINE:
            return reasons.near_line(area, beyond, answer.distance_m, self.near_m)
        return reasons.inside(area, answer.distance_m)

    def _called(self, kind: AreaKind, code: str | None) -> Wording | None:
        name, unit = self._name(kind, code), self._unit(kind, code)
        return reasons.called(kind, name, unit.name if unit else None) if name else None

    def _name(self, kind: AreaKind, code: str | None) -> str | None:
        return None if code is None else self.index.names[kind, code]

    def _unit(self, kind: AreaKind, code: str | None) -> UnitRecord | None:
        return None if code is None else self.index.units[kind, code]


def _confidence(answer: PointAnswer, near_m: float) -> Confidence:
    if answer.position is Position.INSIDE and answer.distance_m <= near_m:
        return Confidence.NEAR_LINE
    return Confidence(answer.position.value)


def _beyond(answer: PointAnswer) -> str | None:
    """The other area in question: the nearest one, the second claimant, or across the line."""
    if answer.code is None:
        return answer.nearest
    if answer.overlapping:
        return next(code for code in answer.overlapping if code != answer.code)
    return answer.runner_up


def _ruled(beneath: Jurisdiction, decrees: Sequence[Reached], near_m: float) -> Jurisdiction:
    """The jurisdiction under the overrides, the newest first."""
    if not decrees:
        return beneath
    newest, *older = decrees
    if newest.depth_m > near_m:
        return _decreed(beneath, newest)
    inside, without = newest.depth_m >= 0, _ruled(beneath, older, near_m)
    if newest.override.unit.code == without.unit_code:
        # The same unit on both sides of the line: the line decides nothing.
        return _decreed(without, newest) if inside and without.certain else without
    return _beside(without, newest) if inside or without.certain else without


def _decreed(beneath: Jurisdiction, decree: Reached) -> Jurisdiction:
    """The override's unit answers, for certain."""
    override = decree.override
    reason = reasons.override(override.unit.name, override.author, override.reason)
    return replace(
        _within(beneath, decree),
        confidence=Confidence.OVERRIDE,
        reason_zh=reason.zh,
        reason_en=reason.en,
    )


def _beside(without: Jurisdiction, decree: Reached) -> Jurisdiction:
    """Near the line of an override: its unit on one side, another one on the other."""
    override, inside = decree.override, decree.depth_m >= 0
    reason = reasons.near_override(
        override.unit.name, override.author, abs(decree.depth_m), inside=inside
    )
    return replace(
        _within(without, decree) if inside else _without(without, decree),
        confidence=Confidence.NEAR_LINE,
        reason_zh=reason.zh,
        reason_en=reason.en,
    )


def _within(beneath: Jurisdiction, decree: Reached) -> Jurisdiction:
    unit = decree.override.unit
    return replace(
        beneath,
        unit_code=unit.code,
        unit_name=unit.name,
        distance_m=decree.depth_m,
        runner_up_code=beneath.area_code or beneath.runner_up_code,
        runner_up_name=beneath.area_name or beneath.runner_up_name,
        override_author=decree.override.author,
    )


def _without(beside: Jurisdiction, decree: Reached) -> Jurisdiction:
    unit = decree.override.unit
    return replace(
        beside,
        distance_m=-decree.depth_m,
        runner_up_code=unit.code,
        runner_up_name=unit.name,
        override_author=decree.override.author,
    )
