"""Texts of the assessment, Chinese first."""

ASSESSMENT_TEXTS: dict[str, tuple[str, str]] = {
    "assessment": ("研判", "Assessment"),
    "assess_waiting": ("待研判", "To assess"),
    "assess_second": ("待复核", "To confirm"),
    "assess_calibration": ("校准", "Calibration"),
    "assess_none": ("没有待研判的案件", "Nothing waits to be assessed"),
    "assess_none_second": ("没有待复核的等级", "Nothing waits for a second person"),
    "assess_first": ("只显示前 {shown} 件，共 {total} 件", "The first {shown} of {total}"),
    "assess_choose": ("从左侧选择一个案件", "Choose a case on the left"),
    "assess_choose_how": (
        "红色在先，其次是等待最久的。按 Ctrl+Enter 定级并转到下一件。",
        "Red ones first, then those that wait longest. Ctrl+Enter grades and goes on to the next.",
    ),
    "assess_open_file": ("打开案件档案", "Open the file"),
    "assess_found": (
        "标出的词来自评分词表；划去的是文中否认的。",
        "Marked words are of the form; those struck through are denied in the text.",
    ),
    "assess_signs": ("风险迹象", "Signs"),
    "assess_from_report": ("报告所述 {number}", "the report says {number}"),
    "assess_red_at_once": ("直接定红", "red at once"),
    "assess_result": ("按评分表", "By the form"),
    "assess_remark": ("备注（可不填）", "Remark, if any"),
    "assess_grade": ("定级", "Grade"),
    "assess_override": ("改定为其他等级", "Give another grade"),
    "assess_override_how": (
        "与评分表不同，须写明理由；改为或改出红色须第二人复核。",
        "Against the form, with a reason; to or from red a second person confirms.",
    ),
    "assess_given": ("等级", "Grade"),
    "assess_confirm": ("同意", "Agree"),
    "assess_decline": ("不同意", "Do not agree"),
    "assess_own": ("您提议的，须由另一人复核", "Yours: somebody else has to confirm it"),
    "assess_proposed": ("{by} 提议：{before} → {after}", "{by} proposes {before} → {after}"),
    "assess_done": ("{number} 已定为{grade}", "{number} is {grade} now"),
    "assess_pending": ("{number}：等待第二人复核", "{number} waits for a second person"),
    "assess_declined": ("{number}：保持原等级", "{number} keeps its grade"),
    "assess_from": ("立案自", "Opened from"),
    "assess_to": ("至", "to"),
    "assess_cases": ("案件数", "Cases"),
    "assess_escalated": ("后来升级", "Escalated"),
    "assess_share": ("占比（95% 区间）", "Share (95 % interval)"),
    "assess_overridden": ("人工改定", "Overridden"),
    "assess_few": ("少于 5", "below 5"),
    "assess_meaning": (
        "按案件最初的等级统计；“升级”指后来得黄红牌、移送、重办、升级或成为群体事件。处置得好的红色案件不会升级。",
        (
            "By the grade that a case began with; escalated is a later card, move, reopening, "
            "higher grade or group. A red case that was handled well did not escalate."
        ),
    ),
    "assess_agreement": ("系统初评与首次人工评定", "The system's grade and the first person's"),
    "assess_no_agreement": ("还没有人工评定", "Nobody has graded yet"),
}
