"""Whether Chinese words deny what follows: 没有想要自杀. Pure.

The rule is short of grammar on purpose and errs to one side: what it does not understand denies
nothing, so that a threat is rather shown once too often than overlooked.
"""

from collections.abc import Mapping

# A denial counts only where nothing but these stands between it and the word: 没有想要自杀 is
# one, 没钱看病要自杀 and 别逼我跳楼 are none. What may mean either counts as found.
DENIALS = ("不", "没", "没去", "没有去", "未", "无", "否认", "并非")
LINKS = (
    *("有", "任何", "想", "想要", "想过", "有过", "要", "会", "敢", "能", "打算", "准备", "计划"),
    *("说", "说过", "提到", "提出", "扬言", "是", "再", "拿", "带", "携带", "持有", "发生"),
    *("发生过", "发现", "出现", "存在", "涉及", "采取", "进行"),
)
UNCLEAR = (
    *("有没有", "会不会", "是不是", "要不要", "想不想", "敢不敢", "能不能", "不得不", "恨不能"),
    *("差点没", "为什么不", "怎么不", "何不", "要不", "再不", "若不", "如不"),
    *("都没", "也没", "都没有", "也没有"),
)
JOINTS = ("、", "和", "或", "或者", "及", "以及")


def denied_before(text: str, end: int, earlier: Mapping[int, bool]) -> bool:
    """Whether what stands right before ``end`` denies what follows; two denials assert it.

    ``earlier``: where words end that were looked at before, and whether they are denied; what is
    joined to one of them is denied with it: 没有上访、堵路.
    """
    denied = False
    while not text.endswith(UNCLEAR, 0, end):
        joined = end - _last(JOINTS, text, end)
        if joined in earlier:
            return denied or earlier[joined]
        denial = _last(DENIALS, text, end)
        step = denial or _last(LINKS, text, end)
        if not step:
            return denied
        denied ^= bool(denial)
        end -= step
    return False


def _last(words: tuple[str, ...], text: str, end: int) -> int:
    """The length of the longest of the words that ends there; 0 without one."""
    if not text.endswith(words, 0, end):
        return 0
    return max(len(word) for word in words if text.endswith(word, 0, end))
