"""Texts of the clerk's desk and of receipts, Chinese first."""

RECEPTION_TEXTS: dict[str, tuple[str, str]] = {
    # what the holder of a receipt sees
    "receipt": ("办理进度", "Progress"),
    "receipt_step": ("当前环节", "Step"),
    "receipt_unit": ("承办单位", "Unit"),
    "receipt_left": ("办理时限", "Time left"),
    "receipt_no_unit": ("正在确定", "Being decided"),
    "receipt_no_clock": ("本环节没有时限", "No time limit at this step"),
    "receipt_as_of": ("数据时间 {at}", "As of {at}"),
    "receipt_only": (
        "本页只显示环节、单位和时限，不显示任何个人信息。",
        "This page shows step, unit and time only, and nothing about any person.",
    ),
    "receipt_none": ("回执无效或已失效", "This receipt is not valid, or no longer"),
    "receipt_none_how": (
        "请核对二维码是否完整，或到综治中心窗口重新打印。",
        "Check that the whole code was read, or ask for a new one at the centre's window.",
    ),
    "receipt_busy": ("查询过于频繁，请一分钟后再试", "Too many requests; try again in a minute"),
}
