"""Every text of the screens, Chinese first. Codes, not texts, travel in the API."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from gis.wording import Wording
from maps.account_texts import ACCOUNT_TEXTS
from maps.assessment_texts import ASSESSMENT_TEXTS
from maps.audit_texts import AUDIT_TEXTS
from maps.case_file_texts import CASE_FILE_TEXTS
from maps.cooperation_texts import COOPERATION_TEXTS
from maps.dispatch_texts import DISPATCH_TEXTS
from maps.inbox_texts import INBOX_TEXTS
from maps.notices_texts import NOTICES_TEXTS
from maps.people_texts import PEOPLE_TEXTS
from maps.planner_texts import PLANNER_TEXTS
from maps.reception_texts import RECEPTION_TEXTS
from maps.rules_texts import RULES_TEXTS
from maps.supervision_texts import SUPERVISION_TEXTS


class Language(StrEnum):
    """A language of the screens, by its BCP 47 tag."""

    ZH = "zh-CN"
    EN = "en"

    @classmethod
    def spoken(cls, text: str) -> "Language | None":
        """The language meant by a tag such as `zh`, `zh-Hans` or `en-GB`; None for any other."""
        first = text.strip().lower().split("-")[0]
        return {"zh": cls.ZH, "en": cls.EN}.get(first)

    def says(self, words: Wording) -> str:
        """One half of words in both languages."""
        return words.zh if self is Language.ZH else words.en


CONSOLE_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # header
        "name": ("枫桥", "Fengqiao"),
        "purpose": ("网格化管理与精准调度", "Grid management and dispatch"),
        "synthetic": ("合成数据 · 示意", "Synthetic data"),
        "synthetic_why": (
            "边界、地址与报告均为演示而生成，不是真实数据",
            "Limits, addresses and reports are made up for show, not real",
        ),
        "language": ("语言", "Language"),
        "theme_day": ("日间", "Day"),
        "theme_night": ("夜间", "Night"),
        "theme": ("明暗", "Light"),
        "no_script": (
            "此页面需要 JavaScript",
            "This page needs JavaScript",
        ),
        "skip": ("跳到报送表单", "Skip to the report form"),
        # freshness
        "connecting": ("正在连接", "Connecting"),
        "as_of": ("数据截至 {time}", "Data as of {time}"),
        "stale": (
            "与服务器失去联系，画面停留在 {time} 的数据，正在重试。",
            "The server cannot be reached. You see the data of {time}; trying again.",
        ),
        "stale_from_start": (
            "连接不上服务器，还没有数据，正在重试。",
            "The server cannot be reached and there is no data yet; trying again.",
        ),
        "retry_now": ("立即重试", "Try now"),
        # map
        "map": ("辖区地图", "Map of the areas"),
        "map_keys": (
            "方向键移动，加减键缩放，回车查询地图中心由谁负责",
            "Arrows move, plus and minus zoom, Enter asks who is responsible at the middle",
        ),
        "layers": ("图层", "Layers"),
        "zoom_in": ("放大", "Zoom in"),
        "zoom_out": ("缩小", "Zoom out"),
        "whole_district": ("回到全区", "Whole district"),
        "no_areas": ("尚未导入区域", "No areas imported yet"),
        "no_areas_how": (
            "请先导入区域：fengqiao areas import",
            "Import areas first: fengqiao areas import",
        ),
        "no_webgl": ("此浏览器画不出地图", "This browser cannot draw the map"),
        "no_webgl_how": (
            "地图需要 WebGL 2（显卡加速）。请更新浏览器或开启硬件加速；搜索、查询和报送照常可用。",
            (
                "The map needs WebGL 2 (graphics acceleration). Update the browser or switch "
                "acceleration on; search, look-up and reporting work without it."
            ),
        ),
        "layer_failed": ("图层没有取到：{layer}", "Layer not loaded: {layer}"),
        # search
        "search": ("查找地址", "Find an address"),
        "search_hint": (
            "地址、路口或案件编号",
            "Address or case no.",
        ),
        "search_more": (
            "也可输入案件编号或“经度,纬度”；按 / 键跳到这里",
            "Or a case number, or “lon,lat”; the / key brings you here",
        ),
        "search_go": ("查找", "Find"),
        "search_none": ("没有找到这个地址", "No such address found"),
        "search_mend": (
            "换一种写法，或在地图上点选位置",
            "Write it another way, or click the place on the map",
        ),
        "within": ("误差 {radius} 米以内", "within {radius} m"),
        "score": ("匹配度 {percent}%", "match {percent}%"),
        "level_room": ("户", "Room"),
        "level_door": ("门牌", "Door"),
        "level_building": ("楼栋", "Building"),
        "level_estate": ("小区", "Estate"),
        "level_poi": ("地点", "Place"),
        "level_intersection": ("路口", "Crossing"),
        "level_road": ("道路", "Road"),
        "level_community": ("社区", "Community"),
        "level_street": ("街道", "Street"),
        # tabs
        "views": ("栏目", "Sections"),
        "reports": ("最新报告", "Latest reports"),
        "reports_short": ("报告", "Reports"),
        "placements": ("待确认归属", "To confirm"),
        "placements_short": ("待确认", "Confirm"),
        "answer": ("由谁负责", "Who is responsible"),
        "answer_short": ("归属", "Who"),
        "filing": ("报送", "File a report"),
        "filing_short": ("报送", "File"),
        # latest reports
        "reports_none": ("还没有报告", "No reports yet"),
        "reports_none_how": (
            "报送的第一件事项会立即出现在这里",
            "The first report filed will appear here at once",
        ),
        "reports_failed": ("报告列表没有取到", "The reports could not be loaded"),
        "kind_dispute": ("矛盾纠纷", "Dispute"),
        "kind_patrol": ("巡查", "Patrol"),
        "unplaced": ("位置待确认", "To be placed"),
        "made_up": ("合成", "synthetic"),
        # case
        "case_back": ("返回", "Back"),
        "case_failed": ("案件没有取到", "The case could not be loaded"),
        "occurred": ("发生时间", "Occurred"),
        "received": ("接报时间", "Received"),
        "category": ("类别", "Category"),
        "source": ("来源", "Source"),
        "people": ("涉及人数", "People involved"),
        "people_count": ("{count} 人", "{count}"),
        "what_happened": ("情况", "What happened"),
        "position": ("位置", "Place"),
        "sent": ("派往单位", "Units sent"),
        "role_lead": ("主责", "leads"),
        "role_assist": ("协同", "assists"),
        "decided_by": ("由 {person} 确认", "Confirmed by {person}"),
        "history": ("办理经过", "What was done"),
        "happening_opened": ("立案", "Opened"),
        "happening_assigned": ("按归属派单", "Units sent by jurisdiction"),
        "happening_held": ("归属存疑，转由人确认", "Held for a person to confirm"),
        "happening_place_corrected": ("更正地点", "Place corrected"),
        "happening_confirmed": ("确认归属并派单", "Units confirmed and sent"),
        "method_coordinate": ("按坐标", "by coordinate"),
        "method_address": ("按地址", "by address"),
        "method_person": ("由人指定", "named by a person"),
        # who is responsible
        "who": ("这里由谁负责？", "Who is responsible here?"),
        "who_how": (
            "在地图上点一下，或查找一个地址，就能看到这个地点归哪个街道、派出所和司法所。",
            (
                "Click the map or find an address to see which street office, police station and "
                "justice office answer for the place."
            ),
        ),
        "who_failed": ("没有查到", "No answer"),
        "asking": ("正在查询…", "Asking…"),
        "needs_person": ("须由人确认", "A person must confirm"),
        "clear": ("归属明确", "Clear"),
        "layer_street": ("街道", "Street office"),
        "layer_police": ("派出所", "Police station"),
        "layer_justice": ("司法所", "Justice office"),
        "layer_community": ("社区", "Community"),
        "layer_grid": ("网格", "Grid cell"),
        "layer_court": ("法庭", "Court"),
        "layer_district": ("区", "District"),
        "layer_custom": ("自定义区域", "Custom area"),
        "nobody": ("无归属单位", "No unit"),
        "to_the_line": ("距界线 {distance}", "{distance} to the line"),
        "runner_up": ("界线另一侧：{name}", "Across the line: {name}"),
        "confidence_inside": ("界内", "Inside"),
        "confidence_near_line": ("临近界线", "Near the line"),
        "confidence_on_line": ("在界线上", "On the line"),
        "confidence_gap": ("空白地带", "Gap"),
        "confidence_overlap": ("重叠地带", "Overlap"),
        "confidence_outside": ("区外", "Outside"),
        "confidence_override": ("人工指定", "Named by a person"),
        "confidence_person": ("人工确认", "Confirmed by a person"),
        "confidence_open": ("待确认", "To be confirmed"),
        "by_edition": (
            "依据 {on} 有效的边界，第 {edition} 版",
            "By limits of {on}, edition {edition}",
        ),
        "file_here": ("在此报送", "File a report here"),
        # filing
        "file": ("报送矛盾纠纷或巡查情况", "File a dispute or a patrol report"),
        "kind": ("事项", "Kind"),
        "choose": ("请选择", "Choose"),
        "text": ("情况说明", "What happened"),
        "text_hint": (
            "何事、何人、诉求。请勿填写身份证号。",
            "What, who, and what is asked for. No identity numbers, please.",
        ),
        "where": ("发生地点", "Where"),
        "where_map": ("地图点选", "On the map"),
        "where_address": ("填写地址", "By address"),
        "where_pick": (
            "在地图上点一下发生地点",
            "Click the place on the map",
        ),
        "where_picked": ("已选 {lon}, {lat}", "Chosen {lon}, {lat}"),
        "accuracy": ("误差约 {radius} 米", "within about {radius} m"),
        "address": ("地址", "Address"),
        "address_hint": ("如：东塔街12号", "e.g. 东塔街12号"),
        "occurred_hint": ("北京时间", "Beijing time"),
        "submit": ("提交", "Submit"),
        "submitting": ("正在提交…", "Submitting…"),
        "submitted": ("已受理", "Received"),
        "another": ("再报一件", "File another"),
        "open_case": ("查看案件", "Open the case"),
        "in_queue": (
            "归属须由人确认，已进入待确认队列。",
            "A person must confirm who is responsible; it is in the queue.",
        ),
        "must_mend": ("请改正以下内容", "Please mend the following"),
        "must_fill": ("必填", "Required"),
        "must_choose_place": ("请选定发生地点", "Choose a place"),
        "safe_to_retry": (
            "网络中断，不知道是否已收到。可以放心再次提交，不会重复立案。",
            (
                "The connection broke, so receipt is unknown. Submitting again is safe: "
                "no second case will be opened."
            ),
        ),
        "changed_since": (
            "这份报送先前可能已被受理，而内容后来有改动。请先核对最新报告；确是另一件事，再按“作为新的一件”。",
            (
                "This report may have been received before you changed it. Look at the latest "
                "reports first; if it is another matter, choose “As a new report”."
            ),
        ),
        "as_new": ("作为新的一件", "As a new report"),
        # placements
        "placements_none": ("没有待确认的归属", "Nothing to be confirmed"),
        "placements_none_how": (
            "临近界线、空白地带和区外的报告会列在这里，由人确认归属。",
            "Reports near a line, in a gap or outside are listed here for a person to decide.",
        ),
        "placements_part": (
            "显示 {shown} 件，共 {total} 件",
            "{shown} of {total} shown",
        ),
        "placements_more": ("显示更多", "Show more"),
        "decide": ("去确认归属", "Decide"),
        "decide_which": ("由哪个{kind}负责？", "{kind}: which one is responsible?"),
        "decide_other": ("其他{kind}…", "{kind}: another …"),
        "besides": ("另有存疑，不影响派单", "Also uncertain, without holding the dispatch"),
        "decide_how": ("怎样确认", "How to decide"),
        "decide_units": ("选定单位", "Choose units"),
        "decide_place": ("更正地点", "Correct place"),
        "decide_reason": ("确认理由", "Reason"),
        "decide_reason_hint": (
            "如：现场核实在路东侧",
            "e.g. seen on site, on the road's east side",
        ),
        "decide_not": ("由调度员确认", "A dispatcher decides this"),
        "decide_confirm": ("确认", "Confirm"),
        "decided": ("已确认：{number}", "Confirmed: {number}"),
        "corrected": ("地点已更正：{number}", "Place corrected: {number}"),
        # errors
        "unreachable": ("连接不上服务器", "The server cannot be reached"),
        "unreachable_mend": ("请检查网络后再试", "Check the network and try again"),
        "too_slow": ("服务器没有及时答复", "The server did not answer in time"),
        "server_error": ("服务器出错（{status}）", "Server error ({status})"),
        "try_later": (
            "请稍后再试；若再次出现，请告知管理员",
            "Try later; tell the administrator if it stays",
        ),
    }
)


CATALOGUES = (
    CONSOLE_TEXTS,
    RECEPTION_TEXTS,
    ACCOUNT_TEXTS,
    ASSESSMENT_TEXTS,
    AUDIT_TEXTS,
    PEOPLE_TEXTS,
    PLANNER_TEXTS,
    NOTICES_TEXTS,
    CASE_FILE_TEXTS,
    COOPERATION_TEXTS,
    DISPATCH_TEXTS,
    INBOX_TEXTS,
    RULES_TEXTS,
    SUPERVISION_TEXTS,
)
TEXTS = MappingProxyType({key: both for catalogue in CATALOGUES for key, both in catalogue.items()})


class UnknownText(KeyError):
    """A page asks for a text that the catalogue does not hold."""


def texts(language: Language) -> dict[str, str]:
    """All texts in one language, by key."""
    place = list(Language).index(language)
    return {key: both[place] for key, both in TEXTS.items()}


def text(key: str, language: Language, **words: str) -> str:
    """One text with its ``{words}`` filled in. Raises UnknownText."""
    if key not in TEXTS:
        raise UnknownText(key)
    said = TEXTS[key][list(Language).index(language)]
    return said.format_map(words) if words else said
