"""What is written around a name weighs on it: the office in front, the relation behind."""

from collections.abc import Sequence
from dataclasses import dataclass

from gis.geocoding import match
from gis.geocoding.address import Address
from gis.geocoding.district import District
from gis.geocoding.entry import Candidate, GazetteerEntry, Level, Note
from gis.geocoding.match import Finding, decided

WIDE_M = 300.0
"""From this radius on, the answer is said to be an area rather than a spot."""

UNREADABLE = Note(
    "没有可识别的地名：请写明路名和门牌号、小区和楼栋，或一个地标",
    "no place name in the text: write road and number, estate and building, or a landmark",
)


def outside(address: Address, district: District) -> Note:
    """Why a text that names another area has no candidate."""
    return Note(
        f"“{address.outside}”不在{district.name}内，不作匹配；如写错，请改正区名",
        f"“{address.outside}” is not in {district.name}: nothing is matched; mend it if mistaken",
    )


@dataclass(frozen=True, slots=True)
class Context:
    """An address with the codes that its street office and community stand for."""

    address: Address
    district: District
    street_codes: frozenset[str]
    community_codes: frozenset[str]

    def weigh(self, finding: Finding, entry: GazetteerEntry) -> Finding:
        """The finding, worth less or wider where the words around it say so."""
        written = self.address
        finding = _checked(finding, written.street, self.street_codes, entry.street_code)
        finding = _checked(finding, written.community, self.community_codes, entry.community_code)
        return self._among_namesakes(self._related(finding), entry)

    def _related(self, finding: Finding) -> Finding:
        relation = self.address.relation
        if not relation or finding.text == self.address.text:
            return finding
        zh = f"位置写作“{relation.words}”，半径放宽{relation.metres:.0f}米"
        en = f"said as “{relation.words}”: the radius is {relation.metres:.0f} m wider"
        return finding.weighed(match.RELATIVE, zh, en, widen=relation.metres)

    def _among_namesakes(self, finding: Finding, entry: GazetteerEntry) -> Finding:
        elsewhere = self.district.namesakes.get(entry.name)
        in_front = self.address.street if finding.level is Level.COMMUNITY else None
        said = self.address.district or in_front
        if not elsewhere or said or finding.level not in (Level.COMMUNITY, Level.STREET):
            return finding
        others = "、".join(elsewhere)
        zh = f"未写区名，{others}也有“{entry.name}”，按{self.district.name}匹配"
        en = f"no district given; “{entry.name}” exists in {others} too: {self.district.name} taken"
        return finding.weighed(match.NAMESAKE, zh, en)


def _checked(
    finding: Finding, written: str | None, codes: frozenset[str], code: str | None
) -> Finding:
    if not codes or code is None or code in codes:
        return finding
    zh, en = f"该处不在文中所写的“{written}”", f"it does not lie in “{written}” as written"
    return finding.weighed(match.CONTRADICTED, zh, en)


def notes(candidates: Sequence[Candidate]) -> tuple[Note, ...]:
    """What a reader must know about these candidates as a whole."""
    if not candidates:
        return (Note("地名库中没有相近的名称", "the gazetteer holds no similar name"),)
    first = candidates[0]
    found = []
    if first.radius_m >= WIDE_M:
        zh = f"首选结果是一片区域（半径{first.radius_m:.0f}米），不是一个点"
        en = f"the best answer is an area of {first.radius_m:.0f} m radius, not a spot"
        found.append(Note(zh, en))
    if decided(candidates) is None:
        zh, en = "没有足够确定的唯一结果，须由人确认", "not sure enough: a person must confirm"
        found.append(Note(zh, en))
    return tuple(found)
