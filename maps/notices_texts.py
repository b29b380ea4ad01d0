"""Texts of the bell that stands on every page, Chinese first."""

NOTICES_TEXTS: dict[str, tuple[str, str]] = {
    "bell": ("通知", "Notices"),
    "bell_unread": ("通知：{count} 条未读", "Notices: {count} unread"),
    "bell_many": ("99+", "99+"),
    "bell_none": ("没有通知", "No notices"),
    "bell_none_how": (
        "派给您单位或需要您处理的事项会出现在这里",
        "What is sent to your unit or asks for you appears here",
    ),
    "bell_new": ("未读", "unread"),
    "bell_stale": (
        "连接不上服务器，通知可能不是最新的",
        "The server cannot be reached; this may be out of date",
    ),
}
