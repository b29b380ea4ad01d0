"""Why a file is not read."""

import zlib
from pathlib import Path
from zipfile import BadZipFile

from gis.wording import Wording

# What zipfile raises for a file that is no whole zip, at opening or at any byte.
BROKEN_ZIP = (BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)


class UnreadableFile(ValueError):
    """A file that cannot be read as what it is said to be: which, why, and how to mend it."""

    def __init__(self, path: Path, reason: Wording, mend: Wording) -> None:
        super().__init__(f"{path.name}: {reason}. 处理 / Mend: {mend}")
        self.path = path
        self.reason = reason
        self.mend = mend


def require_file(path: Path) -> None:
    """Raise UnreadableFile unless there is a file with something in it."""
    if not path.exists():
        reason = Wording("没有这个文件", "there is no such file")
        raise UnreadableFile(path, reason, Wording("检查路径", "check the path"))
    if path.is_dir():
        reason = Wording("是文件夹", "is a folder")
        raise UnreadableFile(path, reason, Wording("选择其中的文件", "choose a file in it"))
    if path.is_file() and path.stat().st_size == 0:
        reason = Wording("文件是空的", "the file is empty")
        raise UnreadableFile(path, reason, Wording("重新导出", "export it again"))


def require_encoding(path: Path, name: str) -> None:
    """Raise UnreadableFile unless `name` is that of an encoding of text."""
    try:
        "".encode(name)
    except LookupError as error:
        reason = Wording(f"不认识编码 {name}", f"unknown encoding {name}")
        mend = Wording("例如 GBK 或 UTF-8", "give GBK or UTF-8 for example")
        raise UnreadableFile(path, reason, mend) from error
