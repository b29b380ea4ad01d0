"""What had to be taken for granted in reading a file."""

from gis.wording import Wording


class Remarks:
    """Lines in both languages, none of them twice."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def note(self, zh: str, en: str) -> None:
        line = str(Wording(zh, en))
        if line not in self.lines:
            self.lines.append(line)
