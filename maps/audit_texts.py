"""Texts of the audit, Chinese first."""

AUDIT_TEXTS: dict[str, tuple[str, str]] = {
    "audit": ("审计", "Audit"),
    "audit_chain": ("审计链", "The chain"),
    "audit_verify": ("校验全部记录", "Check every entry"),
    "audit_sound": (
        "完好：{entries} 条记录、{anchors} 个锚点，未发现改动",
        "Sound: {entries} entries, {anchors} anchors, no change found",
    ),
    "audit_damaged": (
        "发现 {found} 处问题（共 {entries} 条记录、{anchors} 个锚点）",
        "{found} flaws in {entries} entries and {anchors} anchors",
    ),
    "audit_search": ("查询", "Search"),
    "audit_find": ("查询", "Search"),
    "audit_any": ("全部", "any"),
    "audit_deed": ("行为", "Deed"),
    "audit_subject": ("对象", "Subject"),
    "audit_subject_hint": ("如 case:DD-2026-000001", "such as case:DD-2026-000001"),
    "audit_actor": ("行为人编号", "Id of who did it"),
    "audit_actor_hint": ("人员编号或 system", "a person's id, or system"),
    "audit_from": ("从（北京时间）", "From (Beijing)"),
    "audit_until": ("到（不含）", "Until (not included)"),
    "audit_lookers": ("谁看过这个对象", "Who looked at this subject"),
    "audit_traced": ("每次查询本身也会记入审计", "Every search stands in the audit itself"),
    "audit_number": ("序号", "No."),
    "audit_when": ("时间", "When"),
    "audit_who": ("行为人", "Who"),
    "audit_content": ("理由与内容", "Reason and content"),
    "audit_none": ("没有符合条件的记录", "Nothing fits"),
    "audit_more": ("更早的记录", "Earlier entries"),
}
