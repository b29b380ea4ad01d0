"""Why a unit answers for a place, in words a clerk can read out: Chinese and English."""

from collections.abc import Sequence

from gis.wording import Wording
from grids.hierarchy import TITLES, AreaKind

# Kinds whose areas go by the name of the unit that answers for them: "inside 新东派出所".
NAMED_BY_UNIT = (AreaKind.POLICE, AreaKind.JUSTICE, AreaKind.COURT)

# From here on a distance is said in whole metres.
WHOLE_FROM_M = 9.95


def called(kind: AreaKind, area_name: str, unit_name: str | None) -> Wording:
    """What an area is called in a sentence: 新东派出所辖区 / 新东派出所."""
    if kind not in NAMED_BY_UNIT:
        return Wording(area_name, area_name)
    name = unit_name or area_name
    return Wording(name if name.endswith("辖区") else f"{name}辖区", name)


def metres(distance_m: float) -> str:
    """A distance to be read: whole metres from ten on, else with one decimal."""
    return f"{distance_m:.0f}" if distance_m >= WHOLE_FROM_M else f"{distance_m:.1f}"


def inside(area: Wording, distance_m: float) -> Wording:
    away = metres(distance_m)
    return Wording(
        f"位于{area.zh}内，距界线 {away} 米", f"Inside {area.en}, {away} m from the line"
    )


def near_line(area: Wording, beyond: Wording | None, distance_m: float, near_m: float) -> Wording:
    away, near = metres(distance_m), metres(near_m)
    line = f"与{beyond.zh}的界线" if beyond else "外边界"
    line_en = f"the line to {beyond.en}" if beyond else "the outer boundary"
    return Wording(
        f"位于{area.zh}内，但距{line}只有 {away} 米，不超过 {near} 米",
        f"Inside {area.en}, but only {away} m from {line_en}, not more than {near} m",
    )


def on_line(area: Wording, beyond: Wording | None) -> Wording:
    if beyond is None:
        return Wording(f"正在{area.zh}的外边界上", f"On the outer boundary of {area.en}")
    return Wording(
        f"正在{area.zh}与{beyond.zh}的界线上，按规则取编码较小者",
        f"On the line between {area.en} and {beyond.en}; by rule the lower code answers",
    )


def overlap(areas: Sequence[Wording]) -> Wording:
    return Wording(
        f"{'、'.join(area.zh for area in areas)}在此重叠",
        f"{', '.join(area.en for area in areas)} overlap here",
    )


def gap(kind: AreaKind, nearest: Wording | None, distance_m: float | None) -> Wording:
    title, title_en = TITLES[kind]
    return _with_nearest(
        f"位于{title}之间的空隙，不属于任何{title}",
        f"In a gap: no {title_en} holds the point",
        nearest,
        distance_m,
    )


def outside(kind: AreaKind, nearest: Wording | None, distance_m: float | None) -> Wording:
    title, title_en = TITLES[kind]
    return _with_nearest(f"在所有{title}之外", f"Outside every {title_en}", nearest, distance_m)


def _with_nearest(zh: str, en: str, nearest: Wording | None, distance_m: float | None) -> Wording:
    if nearest is None or distance_m is None:
        return Wording(zh, en)
    away = metres(distance_m)
    return Wording(
        f"{zh}；最近的是{nearest.zh}，相距 {away} 米",
        f"{en}; the nearest is {nearest.en}, {away} m away",
    )


def no_layer(kind: AreaKind, edition_id: int) -> Wording:
    title, title_en = TITLES[kind]
    return Wording(
        f"第 {edition_id} 版区划没有{title}图层，无法判断",
        f"Edition {edition_id} has no {title_en} layer: nothing can be said",
    )


def override(unit_name: str, author: str, reason: str) -> Wording:
    return Wording(
        f"{author}指定此处由{unit_name}负责：{reason}",
        f"{author} assigned this ground to {unit_name}: {reason}",
    )


def near_override(unit_name: str, author: str, distance_m: float, *, inside: bool) -> Wording:
    away = metres(distance_m)
    side, side_en = ("内", "inside") if inside else ("外", "outside")
    return Wording(
        f"位于{author}指定由{unit_name}负责的范围{side}，距其边线只有 {away} 米",
        f"Only {away} m {side_en} the line of the ground that {author} assigned to {unit_name}",
    )


def to_confirm(kind: AreaKind, reason: Wording) -> Wording:
    return Wording(
        f"{TITLES[kind][0]}须人工确认：{reason.zh}",
        f"A person must confirm the {TITLES[kind][1]}: {reason.en}",
    )


def to_note(kind: AreaKind, reason: Wording) -> Wording:
    return Wording(
        f"{TITLES[kind][0]}不确定，不影响派单：{reason.zh}",
        f"The {TITLES[kind][1]} is uncertain, which does not hold the dispatch: {reason.en}",
    )


ALL_CERTAIN = Wording(
    "街道、派出所、司法所均已确定", "Street office, police station and justice office are certain"
)
