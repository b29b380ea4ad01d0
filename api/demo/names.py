"""What the demonstration's areas are called, and about where they are put. EPSG:4326.

Names and codes of the district, streets and communities are public facts (national statistics
list of 30 June 2023). All places are guesses for show; police stations and justice offices have no
public areas: theirs, and their codes, are invented.
"""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

DISTRICT = ("210104000000", "大东区（示意）")
CENTRE = "大东区综治中心（示意）"

# Drawn by hand for this demonstration, coarse on purpose.
OUTLINE = (
    *((123.447, 41.796), (123.459, 41.787), (123.474, 41.784), (123.488, 41.777)),
    *((123.505, 41.778), (123.514, 41.788), (123.515, 41.803), (123.512, 41.816)),
    *((123.526, 41.823), (123.545, 41.838), (123.566, 41.848), (123.562, 41.866)),
    *((123.550, 41.880), (123.551, 41.900), (123.544, 41.914), (123.553, 41.930)),
    *((123.556, 41.945), (123.530, 41.946), (123.512, 41.928), (123.495, 41.918)),
    *((123.482, 41.908), (123.474, 41.885), (123.468, 41.862), (123.459, 41.842)),
    *((123.448, 41.826), (123.443, 41.811)),
)


class Seat(NamedTuple):
    """A code, a name, and the point around which its ground is drawn."""

    code: str
    name: str
    lon: float
    lat: float


STREETS = (
    Seat("210104002000", "大北街道", 123.4560, 41.8200),
    Seat("210104003000", "万泉街道", 123.4700, 41.7925),
    Seat("210104006000", "文官街道", 123.4900, 41.8780),
    Seat("210104007000", "二台子街道", 123.4790, 41.8500),
    Seat("210104008000", "津桥街道", 123.4580, 41.8050),
    Seat("210104009000", "东站街道", 123.4990, 41.8230),
    Seat("210104012000", "长安街道", 123.4810, 41.8040),
    Seat("210104015000", "东塔街道", 123.5010, 41.7960),
    Seat("210104017000", "上园街道", 123.4780, 41.8290),
    Seat("210104018000", "前进街道", 123.5300, 41.8900),
)

POLICE = (
    Seat("SYN-P01", "大北派出所", 123.4530, 41.8160),
    Seat("SYN-P02", "津桥派出所", 123.4590, 41.8010),
    Seat("SYN-P03", "万泉派出所", 123.4740, 41.7890),
    Seat("SYN-P04", "长安派出所", 123.4800, 41.7990),
    Seat("SYN-P05", "新东派出所", 123.4970, 41.7990),
    Seat("SYN-P06", "东塔派出所", 123.5060, 41.7850),
    Seat("SYN-P07", "东站派出所", 123.4920, 41.8170),
    Seat("SYN-P08", "辽沈派出所", 123.4690, 41.8130),
    Seat("SYN-P09", "上园派出所", 123.4690, 41.8300),
    Seat("SYN-P10", "合作派出所", 123.4890, 41.8330),
    Seat("SYN-P11", "二台子派出所", 123.4740, 41.8540),
    Seat("SYN-P12", "观泉派出所", 123.5120, 41.8440),
    Seat("SYN-P13", "文官派出所", 123.4900, 41.8720),
    Seat("SYN-P14", "望花派出所", 123.5270, 41.8700),
    Seat("SYN-P15", "前进派出所", 123.5200, 41.9120),
)

JUSTICE = (
    Seat("SYN-J01", "大北司法所", 123.4560, 41.8240),
    Seat("SYN-J02", "津桥司法所", 123.4600, 41.8060),
    Seat("SYN-J03", "万泉司法所", 123.4690, 41.7900),
    Seat("SYN-J04", "长安司法所", 123.4840, 41.8060),
    Seat("SYN-J05", "东塔司法所", 123.4990, 41.7910),
    Seat("SYN-J06", "东站司法所", 123.5020, 41.8150),
    Seat("SYN-J07", "上园司法所", 123.4800, 41.8310),
    Seat("SYN-J08", "二台子司法所", 123.4830, 41.8480),
    Seat("SYN-J09", "观泉司法所", 123.5200, 41.8500),
    Seat("SYN-J10", "文官司法所", 123.4830, 41.8790),
    Seat("SYN-J11", "前进司法所", 123.5380, 41.8770),
    Seat("SYN-J12", "榆林司法所", 123.5240, 41.9150),
)


@cache
def communities() -> dict[str, list[tuple[str, str]]]:
    """Code and name of each community, by the code of its street."""
    found: dict[str, list[tuple[str, str]]] = {street.code: [] for street in STREETS}
    with (Path(__file__).parent / "data" / "communities.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["code"][:9] + "000"].append((row["code"], row["name"]))
    return found
