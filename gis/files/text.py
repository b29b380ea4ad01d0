"""The text of a file whose encoding is told or found."""

from pathlib import Path

from gis.files.refusing import UnreadableFile, require_encoding
from gis.wording import Wording

ENCODINGS = ("utf-8-sig", "gb18030")
EITHER = Wording("UTF-8 或 GBK", "UTF-8 or GBK")
BYTE_ORDER_MARK = "\ufeff"
MEND = Wording("另存为 UTF-8 的 CSV", "save it as CSV in UTF-8")


def read_text(path: Path, encoding: str | None) -> tuple[str, str]:
    """The whole text and its encoding: UTF-8 if it is valid, else GB18030 (which holds GBK).

    Nothing is guessed at: a byte that does not fit is a reason to refuse the file, with its line.
    Raises UnreadableFile.
    """
    if encoding:
        require_encoding(path, encoding)
    content = path.read_bytes()
    farthest = 0
    for name in (encoding,) if encoding else ENCODINGS:
        try:
            text = content.decode(name)
        except UnicodeDecodeError as error:
            farthest = max(farthest, error.start)
        else:
            return _without_nul(path, text.removeprefix(BYTE_ORDER_MARK)), name
    line = _line(content[:farthest])
    wanted = Wording(encoding, encoding) if encoding else EITHER
    zh, en = f"第 {line} 行不是 {wanted.zh} 文本", f"line {line} is no text in {wanted.en}"
    raise UnreadableFile(path, Wording(zh, en), MEND)


def _without_nul(path: Path, text: str) -> str:
    at = text.find("\0")
    if at < 0:
        return text
    line = _line(text[:at].encode())
    raise UnreadableFile(path, Wording(f"第 {line} 行有空字符", f"line {line} holds a NUL"), MEND)


def _line(head: bytes) -> int:
    """The number of the line on which the next byte is."""
    return len((head + b".").splitlines())
