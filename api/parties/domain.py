"""Sides and roles in a conflict, identity numbers, and how each field is masked. Pure.

Masks. GB/T 35273-2020, 7.2 asks that personal data be shown de-identified and leaves the form
open. A name keeps its surname, compound ones too, as published judgments do (法释〔2016〕19号,
article 9, which writes 某 where we write *); one star stands for any length. Numbers keep what is
commonly kept: 138****5678, 210104********1234. Only a masked name is ever stored; the other masks
are made when they are shown: seven digits of a phone number in the clear would soon give the rest.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from api.refusals import BadInput, Fault
from api.rights.roles import Role
from gis.wording import Wording


class Side(StrEnum):
    """On which side of a conflict a party stands."""

    APPLICANT = "applicant"
    RESPONDENT = "respondent"
    OTHER = "other"


class PartyRole(StrEnum):
    """What a party is in a conflict."""

    APPLICANT = "applicant"
    RESPONDENT = "respondent"
    THIRD_PARTY = "third_party"
    GUARDIAN = "guardian"
    REPRESENTATIVE = "representative"
    WITNESS = "witness"
    REPORTER = "reporter"


class PartyKind(StrEnum):
    """What a party is."""

    PERSON = "person"
    ORGANISATION = "organisation"


class IdentityField(StrEnum):
    """What tells who a party is. Sealed."""

    NAME = "name"
    PHONE = "phone"
    IDENTITY_NUMBER = "identity_number"
    ADDRESS = "address"


class Outcome(StrEnum):
    """What a second person decided on a merge."""

    MERGED = "merged"
    REJECTED = "rejected"


class Link(StrEnum):
    """Why two parties are held to be the same person."""

    IDENTITY_NUMBER = "identity_number"
    PHONE_AND_NAME = "phone_and_name"
    MERGE = "merge"


SIDE_TITLES: Mapping[Side, Wording] = {
    Side.APPLICANT: Wording("申请方", "Applicant's side"),
    Side.RESPONDENT: Wording("被申请方", "Respondent's side"),
    Side.OTHER: Wording("其他", "Neither"),
}
ROLE_TITLES: Mapping[PartyRole, Wording] = {
    PartyRole.APPLICANT: Wording("申请人", "Applicant"),
    PartyRole.RESPONDENT: Wording("被申请人", "Respondent"),
    PartyRole.THIRD_PARTY: Wording("第三人", "Third party"),
    PartyRole.GUARDIAN: Wording("监护人", "Guardian"),
    PartyRole.REPRESENTATIVE: Wording("代理人", "Representative"),
    PartyRole.WITNESS: Wording("证人", "Witness"),
    PartyRole.REPORTER: Wording("举报人", "Reporter"),
}
KIND_TITLES: Mapping[PartyKind, Wording] = {
    PartyKind.PERSON: Wording("自然人", "Person"),
    PartyKind.ORGANISATION: Wording("单位", "Organisation"),
}
FIELD_TITLES: Mapping[IdentityField, Wording] = {
    IdentityField.NAME: Wording("姓名（名称）", "Name"),
    IdentityField.PHONE: Wording("电话", "Phone"),
    IdentityField.IDENTITY_NUMBER: Wording("证件号码", "Identity number"),
    IdentityField.ADDRESS: Wording("住址", "Address"),
}
LINK_TITLES: Mapping[Link, Wording] = {
    Link.IDENTITY_NUMBER: Wording("证件号码相同", "The same identity number"),
    Link.PHONE_AND_NAME: Wording("电话和姓名相同", "The same phone and name"),
    Link.MERGE: Wording("经复核合并", "Merged after review"),
}

PROTECTED_SHOWN = "受保护的举报人"
ANONYMOUS_SHOWN = "匿名举报人"
STRUCK_SHOWN = "（已匿名化）"

Identity = Mapping[IdentityField, str]

PROTECTED_OPENERS = frozenset({Role.ASSESSOR, Role.LEADER})
"""Who may open a protected reporter's identity: whoever judges the report, and whoever answers for
the unit that handles it. Reception, grid workers, mediators and handlers deal with the people who
were reported, or may know them."""


class Draft(NamedTuple):
    """A party to be added; its identity is in the standard form."""

    side: Side
    role: PartyRole
    kind: PartyKind
    identity: Identity
    protected: bool = False
    anonymous: bool = False


class Correction(NamedTuple):
    """What is to be corrected: None leaves side and role, and takes an identity field away."""

    identity: Mapping[IdentityField, str | None]
    side: Side | None = None
    role: PartyRole | None = None


class Standing(NamedTuple):
    """A respondent in a case. ``key`` is equal for equal identities; None: too little is known."""

    party_id: UUID
    case_number: str
    shown: str
    kind: str
    added_at: datetime
    key: bytes | None


class Repeat(NamedTuple):
    """A respondent of several cases, by masked name only."""

    shown: str
    kind: str
    case_numbers: tuple[str, ...]


# GB 11643-1999 with ISO 7064, MOD 11-2; GB 32100-2015, MOD 31.
ID_WEIGHTS = tuple(2**power % 11 for power in range(17, 0, -1))
ID_CHECKS = "10X98765432"
USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = tuple(3**power % 31 for power in range(17))

SHORTEST_REASON = 5
LONGEST_NAME = 100
LONGEST_ADDRESS = 200
HAN_ONLY = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·]+")
MIDDLE_DOTS = str.maketrans(dict.fromkeys("•・･‧∙⋅", "·"))
# China's code is left out; behind it a fixed line lacks the 0 that it has within the country.
MOBILE_BEFORE = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")
LINE_BEFORE = re.compile(r"^(?:\+|00)86(?=[2-9]\d{8,10}$)")
PHONE_SEPARATORS = re.compile(r"[\s\-()/.]")
PHONE = re.compile(r"\+?\d{7,15}")
MOBILE_DIGITS = 11

COMPOUND_SURNAME = re.compile(
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|司空|令狐|夏侯|长孙|宇文|轩辕|端木|百里|呼延|南宫|"
    "西门|独孤|澹台|公冶|宗政|濮阳|淳于|单于|太叔|申屠|公羊|赫连|钟离|闻人|万俟|鲜于|闾丘|拓跋|夹谷|谷梁|"
    "东郭|南门|第五|东里|左丘|梁丘|完颜|纳兰|那拉|爱新觉罗"
)
ORGANISATION_END = re.compile(
    "(?:物业服务有限公司|物业管理有限公司|建筑工程有限公司|房地产开发有限公司|有限责任公司|股份有限公司|"
    "有限公司|公司|业主委员会|居民委员会|村民委员会|委员会|合作社|律师事务所|事务所|幼儿园|学校|医院|诊所|"
    "银行|协会|饭店|酒店|超市|商店|经营部|服务部|中心|工厂|厂|店|局|所)$"
)
PLACE_BEFORE = re.compile(r"(?:辽宁省?)?(?:沈阳市?)?(?:[\u4e00-\u9fff]{2}区)?")
TO_DISTRICT = re.compile(r"^.*?[区县旗]")


def standard(field: IdentityField, kind: PartyKind, text: str) -> str:
    """The one way in which a field is kept and compared. Raises BadInput where it cannot be right.

    Full-width letters become plain (NFKC). Names of Han characters lose white space; phone numbers
    lose separators and China's +86; identity numbers are in capitals, their check digit is right.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    return STANDARDS[field](plain, kind)


def _standard_name(text: str, _: PartyKind) -> str:
    words = " ".join(text.translate(MIDDLE_DOTS).split())
    joined = words.replace(" ", "")
    name = joined if HAN_ONLY.fullmatch(joined) else words
    if not 1 <= len(name) <= LONGEST_NAME:
        raise _fault(
            IdentityField.NAME,
            Wording("姓名为空或超过 100 字", "the name is empty or longer than 100 characters"),
            Wording("填写姓名或单位名称", "give the name of the person or organisation"),
        )
    return name


def _standard_phone(text: str, _: PartyKind) -> str:
    digits = PHONE_SEPARATORS.sub("", text)
    number = LINE_BEFORE.sub("0", MOBILE_BEFORE.sub("", digits))
    if not PHONE.fullmatch(number):
        raise _fault(
            IdentityField.PHONE,
            Wording("电话号码应为 7 至 15 位数字", "a phone number has 7 to 15 digits"),
            Wording("例如 13912345678 或 024-24328888", "such as 13912345678 or 024-24328888"),
        )
    return number


def _standard_number(text: str, kind: PartyKind) -> str:
    number = "".join(text.upper().split())
    if kind is PartyKind.PERSON and not is_identity_number(number):
        raise _fault(
            IdentityField.IDENTITY_NUMBER,
            Wording("公民身份号码不正确", "this is no citizen's identity number"),
            Wording(
                "核对 18 位号码及末位校验码", "check the 18 characters; the last one is a check"
            ),
        )
    if kind is PartyKind.ORGANISATION and not is_credit_code(number):
        raise _fault(
            IdentityField.IDENTITY_NUMBER,
            Wording("统一社会信用代码不正确", "this is no unified social credit code"),
            Wording(
                "核对 18 位代码及末位校验码", "check the 18 characters; the last one is a check"
            ),
        )
    return number


def _standard_address(text: str, _: PartyKind) -> str:
    address = " ".join(text.split())
    if not 1 <= len(address) <= LONGEST_ADDRESS:
        raise _fault(
            IdentityField.ADDRESS,
            Wording("住址为空或超过 200 字", "the address is empty or longer than 200 characters"),
            Wording("填写住址，或不填此项", "give the address, or leave it out"),
        )
    return address


STANDARDS: Mapping[IdentityField, Callable[[str, PartyKind], str]] = {
    IdentityField.NAME: _standard_name,
    IdentityField.PHONE: _standard_phone,
    IdentityField.IDENTITY_NUMBER: _standard_number,
    IdentityField.ADDRESS: _standard_address,
}


def _fault(field: IdentityField, what: Wording, mend: Wording) -> BadInput:
    return BadInput(Fault(field.value, what, mend))


def is_identity_number(number: str) -> bool:
    """Whether this is a citizen's number of 18 characters: GB 11643-1999, with a real birthday."""
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number, re.ASCII):
        return False
    try:
        date.fromisoformat(number[6:14])
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, ID_WEIGHTS, strict=False))
    return ID_CHECKS[total % 11] == number[17]


def is_credit_code(code: str) -> bool:
    """Whether these are 18 characters of a unified social credit code: GB 32100-2015."""
    if not re.fullmatch(rf"[1-9A-Y][{USCC_SIGNS}]\d{{6}}[{USCC_SIGNS}]{{10}}", code, re.ASCII):
        return False
    if code[0] not in USCC_SIGNS:
        return False
    signs = zip(code, USCC_WEIGHTS, strict=False)
    total = sum(USCC_SIGNS.index(sign) * weight for sign, weight in signs)
    return USCC_SIGNS[-total % 31] == code[17]


def masked(field: IdentityField, kind: PartyKind, text: str) -> str:
    """A field in its standard form as everybody who sees the case may see it."""
    if field is IdentityField.NAME:
        return masked_name(text, kind)
    if field is IdentityField.PHONE:
        return _masked_phone(text)
    if field is IdentityField.IDENTITY_NUMBER:
        return f"{text[:6]}{'*' * 8}{text[14:]}"
    district = TO_DISTRICT.match(text)
    return f"{district.group() if district else ''}****"


def masked_name(name: str, kind: PartyKind) -> str:
    """张三 as 张*, 欧阳修 as 欧阳*; an organisation keeps place and kind: 沈阳某某有限公司."""
    if kind is PartyKind.ORGANISATION:
        return _masked_organisation(name)
    surname = COMPOUND_SURNAME.match(name)
    if surname is None or surname.group() == name:
        return f"{name[0]}*"
    return f"{surname.group()}*"


def _masked_organisation(name: str) -> str:
    place = PLACE_BEFORE.match(name)
    begin = place.group() if place else ""
    end = ORGANISATION_END.search(name, len(begin) + 1)
    return f"{begin}某某{end.group() if end else ''}"


def _masked_phone(number: str) -> str:
    if len(number) == MOBILE_DIGITS and not number.startswith("0"):
        return f"{number[:3]}****{number[-4:]}"
    return f"{'*' * (len(number) - 4)}{number[-4:]}"


def require_telling(
    *, protected: bool, anonymous: bool, role: PartyRole, given: Collection[IdentityField]
) -> None:
    """What a party has to tell, the fields given. Raises BadInput.

    Only a reporter may be protected or anonymous, and of an anonymous one nothing at all is kept.
    """
    if (protected or anonymous) and role is not PartyRole.REPORTER:
        what = Wording(
            "只有举报人可以匿名或受保护", "only a reporter may be anonymous or protected"
        )
        raise BadInput(Fault("role", what, Wording("角色改为举报人", "make the role reporter")))
    if protected and anonymous:
        what = Wording("不能既匿名又受保护", "a reporter is either anonymous or protected")
        raise BadInput(Fault("anonymous", what, Wording("二选一", "choose one of them")))
    if anonymous and given:
        what = Wording("匿名举报人不留任何身份信息", "nothing is kept of an anonymous reporter")
        raise BadInput(Fault("anonymous", what, Wording("去掉身份信息", "leave the identity out")))
    if not anonymous and IdentityField.NAME not in given:
        what = Wording("缺少姓名", "the name is missing")
        mend = Wording("填写姓名，或登记为匿名举报人", "give it, or add an anonymous reporter")
        raise BadInput(Fault("name", what, mend))


def require_reason(reason: str) -> None:
    """A look at somebody needs a reason that says something. Raises BadInput."""
    if len("".join(reason.split())) < SHORTEST_REASON:
        what = Wording("理由至少 5 个字", "the reason has fewer than 5 characters")
        mend = Wording("写明为什么需要", "say what it is needed for")
        raise BadInput(Fault("reason", what, mend))


def shown_as(*, protected: bool, anonymous: bool, kind: PartyKind, name: str | None) -> str:
    """What stands for a party wherever the case is seen."""
    if protected:
        return PROTECTED_SHOWN
    if anonymous or name is None:
        return ANONYMOUS_SHOWN
    return masked_name(name, kind)


def ranked(
    standings: Iterable[Standing], merges: Iterable[tuple[UUID, UUID]], at_least: int
) -> list[Repeat]:
    """Who stands as respondent in ``at_least`` cases or more, most cases first.

    Standings are of one person where their keys are equal or where they were merged.
    """
    each = list(standings)
    above: dict[UUID | bytes, UUID | bytes] = {}
    links: list[tuple[UUID | bytes, UUID | bytes]] = [*merges]
    links += [(one.party_id, one.key) for one in each if one.key is not None]
    for first, second in links:
        above[_top(above, first)] = _top(above, second)
    groups: dict[UUID | bytes, list[Standing]] = {}
    for one in each:
        groups.setdefault(_top(above, one.party_id), []).append(one)
    repeats = [_repeat(group) for group in groups.values()]
    enough = [repeat for repeat in repeats if len(repeat.case_numbers) >= at_least]
    return sorted(enough, key=lambda repeat: (-len(repeat.case_numbers), repeat.case_numbers))


def _top(above: dict[UUID | bytes, UUID | bytes], one: UUID | bytes) -> UUID | bytes:
    while (over := above.get(one, one)) != one:
        above[one] = one = above.get(over, over)
    return one


def _repeat(group: list[Standing]) -> Repeat:
    latest = max(group, key=lambda one: (one.added_at, one.case_number))
    numbers = sorted({one.case_number for one in group})
    return Repeat(latest.shown, latest.kind, tuple(numbers))
