"""Why something is refused: what is wrong, where, and how to mend it. Plain values, no HTTP.

Every feature's own errors grow from :class:`Refusal`; `api.errors` gives each its status.
"""

from dataclasses import dataclass

from gis.wording import Wording


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. ``where`` is a field as the asker wrote it: ``place.lon``."""

    where: str
    what: Wording
    mend: Wording


class Refusal(Exception):
    """Something asked for is not done, and nothing of it is kept."""

    def __init__(self, detail: Wording, *faults: Fault) -> None:
        super().__init__(str(detail))
        self.detail = detail
        self.faults = faults

    def __str__(self) -> str:
        told = [f"{fault.where}: {fault.what}. {fault.mend}" for fault in self.faults]
        return "; ".join(told) or str(self.detail)


class BadInput(Refusal):
    """What was given cannot be right."""

    def __init__(self, *faults: Fault) -> None:
        first = faults[0]
        detail = Wording(f"{first.where}：{first.what.zh}", f"{first.where}: {first.what.en}")
        super().__init__(detail, *faults)


class Missing(Refusal):
    """What was asked for does not exist, or not for the asker, who is not told which.

    ``subject`` names it for the audit: ``case:DD-2026-000001``.
    """

    def __init__(self, detail: Wording, subject: str = "") -> None:
        super().__init__(detail)
        self.subject = subject


class Conflict(Refusal):
    """Somebody else was quicker, or the state does not allow it."""


class NotSignedIn(Refusal):
    """Nobody is signed in, or the session has ended."""


class Forbidden(Refusal):
    """The asker may not do this. ``subject`` names to what, for the audit."""

    def __init__(self, detail: Wording, subject: str = "") -> None:
        super().__init__(detail)
        self.subject = subject


class Elsewhere(Refusal):
    """A page that is not for the asker, or not yet; the browser is led to ``path``."""

    def __init__(self, path: str) -> None:
        super().__init__(Wording("请到另一页面", "go to another page"))
        self.path = path


class Away(Refusal):
    """Another system that is needed does not answer, or not soundly."""


class TooMany(Refusal):
    """Asked too often; ``wait_s`` seconds later it may go on."""

    def __init__(self, detail: Wording, wait_s: float) -> None:
        super().__init__(detail)
        self.wait_s = wait_s
