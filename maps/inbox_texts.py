"""Texts of a unit's inbox, Chinese first."""

INBOX_TEXTS: dict[str, tuple[str, str]] = {
    "inbox": ("单位收件", "Inbox"),
    "inbox_filters": ("筛选", "Which ones"),
    "inbox_all": ("全部", "All"),
    "inbox_unsigned": ("待签收", "Unsigned"),
    "inbox_late": ("已超时", "Late"),
    "inbox_lead": ("我方主办", "We lead"),
    "inbox_none": ("没有待办的案件", "Nothing to do"),
    "inbox_none_how": (
        "新派来的案件会立即出现在这里，不必刷新。",
        "What is sent to your unit appears here at once.",
    ),
    "inbox_no_unit": ("您不属于任何单位", "You belong to no unit"),
    "inbox_left": ("还有 {time}", "{time} left"),
    "inbox_over": ("已超时 {time}", "{time} late"),
    "inbox_no_due": ("没有时限", "no clock"),
    "inbox_more": ("更多办理", "More"),
    "inbox_not_sent": ("没有送出：{why}", "Not sent: {why}"),
    "inbox_whistle_by": ("{at} 前报到", "report in by {at}"),
    "inbox_whistle_came": ("{came}/{all} 已报到", "{came} of {all} have come"),
    "inbox_whistle_leads": ("{unit}牵头", "{unit} leads"),
    "spot_attach": ("附上我的位置", "Attach my position"),
    "spot_asking": ("正在定位…", "Finding the position…"),
    "spot_within": ("已定位，精度 {metres} 米", "Found, to {metres} m"),
    "spot_none": ("没有取得位置，可以不附位置报到", "No position: you can report in without it"),
}
