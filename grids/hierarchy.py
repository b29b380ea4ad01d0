"""District ▸ street ▸ community ▸ grid, and the three jurisdictions that only share the district.

Police, justice and court areas lie within the district but do not nest in streets, and their names
need not match: each kind is a layer of its own.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class AreaKind(StrEnum):
    """What an area is. The value is what the database, the files and the API say."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    POLICE = "police"
    JUSTICE = "justice"
    COURT = "court"
    CUSTOM = "custom"


TITLES: Mapping[AreaKind, tuple[str, str]] = {
    AreaKind.DISTRICT: ("区", "district"),
    AreaKind.STREET: ("街道", "street"),
    AreaKind.COMMUNITY: ("社区（村）", "community"),
    AreaKind.GRID: ("网格", "grid cell"),
    AreaKind.POLICE: ("派出所辖区", "police station area"),
    AreaKind.JUSTICE: ("司法所辖区", "justice office area"),
    AreaKind.COURT: ("法庭辖区", "court area"),
    AreaKind.CUSTOM: ("自定义区域", "custom area"),
}

PARENTS: Mapping[AreaKind, AreaKind] = {
    AreaKind.STREET: AreaKind.DISTRICT,
    AreaKind.COMMUNITY: AreaKind.STREET,
    AreaKind.GRID: AreaKind.COMMUNITY,
    AreaKind.POLICE: AreaKind.DISTRICT,
    AreaKind.JUSTICE: AreaKind.DISTRICT,
    AreaKind.COURT: AreaKind.DISTRICT,
}

# The kinds whose code says where they stand: every other kind may bear any code.
ADMINISTRATIVE = (AreaKind.DISTRICT, AreaKind.STREET, AreaKind.COMMUNITY, AreaKind.GRID)

# The kinds that must cover their ground without gap or overlap; custom areas may do as they like.
COVERING = tuple(kind for kind in AreaKind if kind is not AreaKind.CUSTOM)


def parent_kind(kind: AreaKind) -> AreaKind | None:
    """The kind that areas of this kind lie in; None for districts and custom areas."""
    return PARENTS.get(kind)


def from_the_top(kinds: Iterable[AreaKind]) -> list[AreaKind]:
    """The kinds in the order in which a parent comes before its children."""
    order = list(AreaKind)
    return sorted(set(kinds), key=order.index)


def ancestors(kind: AreaKind) -> list[AreaKind]:
    """The kinds above this one, nearest first: grid → community, street, district."""
    above = parent_kind(kind)
    return [] if above is None else [above, *ancestors(above)]
