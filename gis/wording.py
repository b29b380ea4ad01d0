"""A text in both languages of the product, Chinese first."""

from typing import NamedTuple


class Wording(NamedTuple):
    """The same said twice: for the screen's language, and side by side where there is no choice."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"
