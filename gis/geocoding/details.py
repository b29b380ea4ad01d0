"""What stands behind the name of an estate or a house number: building, unit, floor, room."""

import re
from dataclasses import dataclass
from functools import lru_cache

from gis.geocoding.writing import written_alike


@dataclass(frozen=True, slots=True)
class Details:
    """Building, unit, floor and room without their marks; None where nothing is said."""

    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    room: str | None = None

    @property
    def key(self) -> str:
        """The same for every way of writing: '3-2-501' for 3栋2单元501室 and for 3-2-5-1."""
        return "-".join(part or "" for part in (self.building, self.unit, self.room))


NOTHING = Details()

_MARK = "号楼|号院|栋|幢|座|单元|门|层|楼|室|户|房|#|号"
_BUILDING_MARK = re.compile("(?:号楼|栋|幢|座|楼|#|号)$")
_BLOCK = "(?=号楼|栋|幢|座)"
_PART = re.compile(rf"([A-Z]?\d+[A-Z]?|[A-Z甲乙丙丁]{_BLOCK})({_MARK})?")
_START = re.compile(
    rf"(?:[A-Z]?\d+[A-Z]?(?:{_MARK}|-\d|$)|[A-Z](?:-\d)|[A-Z甲乙丙丁]{_BLOCK})(?!线)"
)
_SLOT = {
    **dict.fromkeys(("号楼", "号院", "栋", "幢", "座", "#", "号"), "building"),
    **dict.fromkeys(("单元", "门"), "unit"),
    **dict.fromkeys(("层", "楼"), "floor"),
    **dict.fromkeys(("室", "户", "房"), "room"),
}
# What parts without a mark mean, by how many there are (A3-2-6-1: building, unit, floor, room).
_BEHIND_PLACE: tuple[tuple[str, ...], ...] = (
    (),
    ("building",),
    ("building", "room"),
    ("building", "unit", "room"),
    ("building", "unit", "floor", "room"),
)
_BEHIND_NUMBER: tuple[tuple[str, ...], ...] = ((), ("room",), ("unit", "room"), *_BEHIND_PLACE[3:])
_BEHIND_BUILDING: tuple[tuple[str, ...], ...] = (
    (),
    ("room",),
    ("unit", "room"),
    ("unit", "floor", "room"),
)
# A room that has its mark (3-2-501室) leaves these to what stands before it.
_BEFORE_ROOM: tuple[tuple[str, ...], ...] = (
    (),
    ("building",),
    ("building", "unit"),
    ("building", "unit", "floor"),
)
_BETWEEN: tuple[tuple[str, ...], ...] = ((), ("unit",), ("unit", "floor"))
# Behind a house number 2-6-1 is unit, floor, door; 2-6-101 is building, unit, room.
_UNIT_FLOOR_DOOR = ([1, 1, 1], [1, 2, 1])
_BEHIND_UNIT: tuple[tuple[str, ...], ...] = ((), ("room",), ("floor", "room"))


@lru_cache(maxsize=4096)
def building_mark(text: str) -> str:
    """A building without its mark: '3号楼' → '3', 'Ａ3栋' → 'A3'."""
    return _BUILDING_MARK.sub("", written_alike(text))


def details_start(text: str) -> int:
    """Where the details begin in a text that starts with a name; its length if there are none."""
    match = _START.search(text)
    return match.start() if match else len(text)


def details(tail: str, *, behind_number: bool = False) -> Details:
    """Read the parts by their marks, the unmarked ones by their order.

    `behind_number`: the tail follows a house number, so that a single part is a room and
    12号2-6-1 is unit, floor, room as usual in Shenyang.
    """
    slots: dict[str, str] = {}
    unmarked: list[str] = []
    for value, mark in _PART.findall(tail):
        slot = None if mark == "号" and slots else _SLOT.get(mark)  # 2楼1号 is a room
        if slot and slot not in slots:
            slots[slot] = value
        else:
            unmarked.append(value)
    if list(slots)[:2] == ["floor", "unit"] and "building" not in slots:
        slots["building"] = slots.pop("floor")  # 3楼2单元: the third building
    order = _meanings(slots, unmarked, behind_number=behind_number)
    slots |= dict(zip(order, unmarked, strict=False))
    return Details(**_with_floor_in_room(slots))


def _meanings(
    slots: dict[str, str], unmarked: list[str], *, behind_number: bool
) -> tuple[str, ...]:
    """The names of the unmarked parts, in their order."""
    count = len(unmarked)
    behind_building = "building" in slots or (
        behind_number and [len(part) for part in unmarked] in _UNIT_FLOOR_DOOR
    )
    if "room" in slots:
        table = _BETWEEN if behind_building or behind_number else _BEFORE_ROOM
    elif "unit" in slots:
        table = _BEHIND_UNIT if behind_building or behind_number else _BEHIND_PLACE
    elif behind_building:
        table = _BEHIND_BUILDING
    else:
        table = _BEHIND_NUMBER if behind_number else _BEHIND_PLACE
    return table[min(count, len(table) - 1)]


def _with_floor_in_room(slots: dict[str, str]) -> dict[str, str]:
    """The sixth floor's room 1 is room 601."""
    floor, room = slots.get("floor"), slots.get("room")
    if floor and room and room.isdigit() and len(room) < len("601"):
        slots["room"] = f"{floor}{room:0>2}"
    return slots
