"""Texts of the dispatcher's queue, Chinese first."""

DISPATCH_TEXTS: dict[str, tuple[str, str]] = {
    "queue": ("待办队列", "Queue"),
    "queue_short": ("待办", "Queue"),
    "queue_parts": ("范围", "Part"),
    "queue_part_all": ("全部在办", "All open"),
    "queue_part_undispatched": ("待分派", "To dispatch"),
    "queue_part_late": ("已超时", "Late"),
    "queue_part_mine": ("我的", "Mine"),
    "queue_none": ("这里没有案件", "Nothing here"),
    "queue_none_how": (
        "有时限在走的案件按到期先后排列在这里。",
        "Cases whose clocks run stand here, what is due first first.",
    ),
    "queue_more": ("再显示一些", "Show more"),
    "queue_due": ("{clock}：{at} 到期", "{clock} due {at}"),
    "queue_late": ("{clock}：{at} 已到期", "{clock} was due {at}"),
    "queue_no_lead": ("尚无主责单位", "No unit in the lead"),
    "queue_claim": ("认领", "Take"),
    "queue_release": ("放开", "Give up"),
    "queue_mine": ("在我手中", "in my hands"),
    "queue_claimed": ("{name} 自 {at} 在处理", "{name} has it since {at}"),
    "nearby": ("附近人员", "Who is near"),
    "nearby_none": (
        "近 12 小时没有人在附近报到并提供位置",
        "Nobody gave a position when reporting in, in the last 12 hours",
    ),
    "nearby_failed": ("附近人员没有取到", "Who is near could not be loaded"),
    "nearby_now": ("刚刚", "just now"),
    "nearby_ago": ("{minutes} 分钟前的位置", "seen {minutes} minutes ago"),
    "nearby_hours": ("{hours} 小时前的位置", "seen {hours} hours ago"),
}
