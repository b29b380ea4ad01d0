"""Sub-categories of disputes, the statistics they count for, and what is asked of each. Pure.

The tree has two levels: a sub-category is named ``category.sub``. All of it is our own choice, but
for the sixteen items of the mediation statistics (人民调解 16 类), which are published.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from api.refusals import BadInput, Fault
from api.reports.domain import CATEGORY_TITLES, Category
from gis.wording import Wording


class Item(StrEnum):
    """An item of the statistics of people's mediation."""

    FAMILY = "family"
    NEIGHBOUR = "neighbour"
    HOUSING = "housing"
    CONTRACT = "contract"
    BUSINESS = "business"
    DAMAGES = "damages"
    LAND = "land"
    DEMOLITION = "demolition"
    ENVIRONMENT = "environment"
    MIGRANT_WAGES = "migrant_wages"
    TOURISM = "tourism"
    E_COMMERCE = "e_commerce"
    MEDICAL = "medical"
    TRAFFIC = "traffic"
    PROPERTY = "property"
    OTHER = "other"


ITEM_TITLES = {
    Item.FAMILY: Wording("婚姻家庭", "Marriage and family"),
    Item.NEIGHBOUR: Wording("邻里", "Neighbours"),
    Item.HOUSING: Wording("房屋宅基地", "Housing and homesteads"),
    Item.CONTRACT: Wording("合同", "Contracts"),
    Item.BUSINESS: Wording("生产经营", "Production and business"),
    Item.DAMAGES: Wording("损害赔偿", "Damages"),
    Item.LAND: Wording("山林土地", "Forests and land"),
    Item.DEMOLITION: Wording("征地拆迁", "Expropriation and demolition"),
    Item.ENVIRONMENT: Wording("环境保护", "Environment"),
    Item.MIGRANT_WAGES: Wording("拖欠农民工工资", "Wage arrears of migrant workers"),
    Item.TOURISM: Wording("旅游", "Tourism"),
    Item.E_COMMERCE: Wording("电子商务", "Electronic commerce"),
    Item.MEDICAL: Wording("医疗", "Medical"),
    Item.TRAFFIC: Wording("道路交通", "Road traffic"),
    Item.PROPERTY: Wording("物业", "Property management"),
    Item.OTHER: Wording("其他", "Other"),
}

ITEM_CODES = {item.value for item in Item}
OF_CATEGORY = {code: Item(code.value) for code in Category if code.value in ITEM_CODES} | {
    Category.LABOUR: Item.OTHER,
    Category.CONSUMER: Item.OTHER,
}
"""What a category counts for unless its sub-category says otherwise."""


@dataclass(frozen=True)
class Subcategory:
    """A branch of the tree. ``item``: what it counts for in the statistics."""

    code: str
    category: Category
    title: Wording
    item: Item


_C, _I = Category, Item

_TREE: Mapping[Category, tuple[tuple[str, str, str] | tuple[str, str, str, Item], ...]] = {
    _C.FAMILY: (
        ("support", "赡养", "Support of elders"),
        ("divorce", "离婚", "Divorce"),
        ("custody", "子女抚养", "Custody and support of children"),
        ("inheritance", "继承", "Inheritance"),
        ("violence", "家庭暴力", "Domestic violence"),
    ),
    _C.NEIGHBOUR: (
        ("leak", "漏水", "Leaks"),
        ("noise", "噪声", "Noise"),
        ("shared_space", "占用公共部位", "Use of shared space"),
        ("pets", "宠物", "Pets"),
        ("boundary", "相邻通行采光", "Passage and light"),
    ),
    _C.PROPERTY: (
        ("fees", "物业费", "Fees"),
        ("repairs", "维修", "Repairs"),
        ("heating", "供暖", "Heating"),
        ("parking", "停车", "Parking"),
        ("committee", "业主委员会", "Owners' committee"),
        ("withdrawal", "物业撤离", "The manager withdrew"),
    ),
    _C.HOUSING: (
        ("rent", "租赁", "Rent"),
        ("quality", "房屋质量", "Quality of the building"),
        ("papers", "办证", "Title papers"),
        ("homestead", "宅基地", "Homesteads"),
        ("farmland", "土地承包", "Contracted land", _I.LAND),
    ),
    _C.CONTRACT: (
        ("loan", "民间借贷", "Private loans"),
        ("goods", "货款", "Payment for goods", _I.BUSINESS),
        ("partnership", "合伙经营", "Partnerships", _I.BUSINESS),
        ("decoration", "装修", "Decoration"),
        ("service", "服务合同", "Services"),
    ),
    _C.LABOUR: (
        ("arrears", "欠薪", "Wage arrears", _I.MIGRANT_WAGES),
        ("injury", "工伤", "Injury at work", _I.DAMAGES),
        ("dismissal", "辞退", "Dismissal"),
        ("insurance", "社会保险", "Social insurance"),
        ("no_contract", "未签合同", "No written contract"),
    ),
    _C.DAMAGES: (
        ("injury", "人身伤害", "Injury"),
        ("falling", "高空坠物", "Falling objects"),
        ("premises", "场所摔伤", "Falls on premises"),
        ("animal", "动物伤人", "Harm by animals"),
        ("property", "财产损坏", "Damage to things"),
    ),
    _C.DEMOLITION: (
        ("compensation", "补偿标准", "Compensation"),
        ("resettlement", "安置过渡", "Resettlement"),
        ("measuring", "面积认定", "Measured area"),
    ),
    _C.ENVIRONMENT: (
        ("smoke", "油烟", "Kitchen smoke"),
        ("noise", "施工噪声", "Noise of works"),
        ("waste", "垃圾", "Waste"),
        ("water", "污水", "Waste water"),
    ),
    _C.MEDICAL: (
        ("treatment", "诊疗损害", "Harm by treatment"),
        ("fees", "诊疗费用", "Fees"),
        ("beauty", "医疗美容", "Cosmetic medicine"),
    ),
    _C.TRAFFIC: (
        ("injury", "人伤事故", "Accident with injuries"),
        ("damage", "车损事故", "Accident with damage"),
        ("parking", "占道停车", "Obstructive parking"),
    ),
    _C.CONSUMER: (
        ("prepaid", "预付卡", "Prepaid cards"),
        ("goods", "商品质量", "Quality of goods"),
        ("training", "培训退费", "Refunds of courses"),
        ("online", "网络购物", "Online shopping", _I.E_COMMERCE),
        ("travel", "旅游", "Travel", _I.TOURISM),
        ("catering", "餐饮服务", "Catering"),
    ),
    _C.OTHER: (
        ("advice", "政策咨询", "Advice"),
        ("facilities", "公共设施", "Public facilities"),
        ("signs", "矛盾苗头", "First signs of a dispute"),
    ),
}


def _branch(category: Category, sub: str, zh: str, en: str, item: Item | None) -> Subcategory:
    counted = item or OF_CATEGORY[category]
    return Subcategory(f"{category.value}.{sub}", category, Wording(zh, en), counted)


SUBCATEGORIES: Mapping[str, Subcategory] = {
    found.code: found
    for category, subs in _TREE.items()
    for sub, zh, en, *item in subs
    for found in (_branch(category, sub, zh, en, item[0] if item else None),)
}
"""Every branch by its code, in the order in which they are offered."""


def item_of(category: Category, subcategory: str | None) -> Item:
    """What a dispute counts for in the statistics of sixteen items."""
    found = SUBCATEGORIES.get(subcategory or "")
    return found.item if found else OF_CATEGORY[category]


def require_branch(category: Category, subcategory: str | None) -> None:
    """Refuse a sub-category of another category, or an unknown one. Raises BadInput."""
    if subcategory is None:
        return
    found = SUBCATEGORIES.get(subcategory)
    if found is None or found.category is not category:
        title = CATEGORY_TITLES[category]
        what = Wording(f"不是“{title.zh}”的子类", f"is no sub-category of {title.en}")
        mine = [each.code for each in SUBCATEGORIES.values() if each.category is category]
        mend = Wording(f"可选：{'、'.join(mine)}", f"one of: {', '.join(mine)}")
        raise BadInput(Fault("subcategory", what, mend))


class AnswerKind(StrEnum):
    """What an answer to an extra question is."""

    YES_NO = "yes_no"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True)
class Question:
    """An extra question. A number is whole, from 0 to ``most``; a choice is one of ``choices``."""

    code: str
    title: Wording
    kind: AnswerKind
    most: int = 0
    choices: Mapping[str, Wording] | None = None


def _yes_no(code: str, zh: str, en: str) -> Question:
    return Question(code, Wording(zh, en), AnswerKind.YES_NO)


def _number(code: str, zh: str, en: str, most: int) -> Question:
    return Question(code, Wording(zh, en), AnswerKind.NUMBER, most)


def _choice(code: str, zh: str, en: str, **choices: tuple[str, str]) -> Question:
    offered = {key: Wording(*words) for key, words in choices.items()}
    return Question(code, Wording(zh, en), AnswerKind.CHOICE, choices=offered)


_AMOUNT = _number("amount", "涉及金额（元）", "Amount at stake, yuan", 10_000_000_000)
_MONTHS = _number("months", "持续几个月", "For how many months", 600)
_INJURED = _yes_no("injured", "是否有人受伤", "Was anybody hurt")
_JUDGMENT = _yes_no("judgment", "是否已有法院判决", "Is there a judgment")
_TRADES = _choice(
    "trade",
    "用人单位行业",
    "The employer's line of business",
    construction=("建筑施工", "Construction"),
    logistics=("物流运输", "Logistics"),
    manufacture=("生产制造", "Manufacture"),
    catering=("餐饮住宿", "Catering and hotels"),
    service=("其他服务", "Other services"),
    other=("其他", "Other"),
)
_MINOR = _yes_no("minor", "是否涉及未成年人", "Are minors involved")
_ILL = _yes_no("ill", "是否有重病或失能", "Is anybody gravely ill or disabled")

QUESTIONS: Mapping[Category, tuple[Question, ...]] = {
    _C.FAMILY: (_ILL, _JUDGMENT, _MINOR),
    _C.NEIGHBOUR: (_MONTHS, _INJURED),
    _C.PROPERTY: (
        _yes_no("manager", "是否有物业公司", "Is there a property manager"),
        _number("households", "涉及户数", "How many households", 100_000),
        _MONTHS,
    ),
    _C.HOUSING: (_AMOUNT, _yes_no("contract", "是否有书面合同", "Is there a written contract")),
    _C.CONTRACT: (
        _AMOUNT,
        _yes_no("contract", "是否有书面合同", "Is there a written contract"),
        _JUDGMENT,
    ),
    _C.LABOUR: (_TRADES, _number("months", "拖欠几个月", "Months owed", 600), _AMOUNT),
    _C.DAMAGES: (_INJURED, _AMOUNT),
    _C.DEMOLITION: (_number("households", "涉及户数", "How many households", 100_000),),
    _C.ENVIRONMENT: (_MONTHS, _yes_no("at_night", "是否在夜间", "Is it at night")),
    _C.MEDICAL: (_AMOUNT, _yes_no("death", "是否有人死亡", "Did anybody die")),
    _C.TRAFFIC: (_INJURED, _AMOUNT),
    _C.CONSUMER: (_AMOUNT, _yes_no("closed", "商家是否已停业", "Has the business closed")),
    _C.OTHER: (),
}
"""What is asked beyond the report; questions of one code are of one kind everywhere."""

Answer = bool | int | str


def questions_of(category: Category) -> Mapping[str, Question]:
    """The questions of a category by code."""
    return {question.code: question for question in QUESTIONS[category]}


def require_answers(category: Category, answers: Mapping[str, Any]) -> None:
    """Refuse answers to what is not asked, and of another kind. None has to be answered.

    Raises BadInput with every fault.
    """
    asked = questions_of(category)
    faults = [
        fault for code, given in answers.items() if (fault := _fault(asked.get(code), code, given))
    ]
    if faults:
        raise BadInput(*faults)


def _fault(question: Question | None, code: str, given: object) -> Fault | None:
    where = f"answers.{code}"
    if question is None:
        what = Wording("这一类别没有这个问题", "is not asked in this category")
        return Fault(where, what, Wording("去掉这一项", "leave it out"))
    if fits(question, given):
        return None
    what = Wording(f"“{question.title.zh}”的回答不合格式", "is no answer to this question")
    return Fault(where, what, wanted(question))


def fits(question: Question, given: object) -> bool:
    """Whether something is an answer of the question's kind."""
    if question.kind is AnswerKind.YES_NO:
        return isinstance(given, bool)
    if question.kind is AnswerKind.NUMBER:
        return (
            isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= question.most
        )
    return given in (question.choices or {})


def wanted(question: Question) -> Wording:
    """How a question is answered, in words."""
    if question.kind is AnswerKind.YES_NO:
        return Wording("填写 true 或 false", "give true or false")
    if question.kind is AnswerKind.NUMBER:
        return Wording(f"填写 0 到 {question.most} 的整数", f"a whole number up to {question.most}")
    names = list(question.choices or {})
    return Wording(f"可选：{'、'.join(names)}", f"one of: {', '.join(names)}")
