"""What the audit's routes take and answer."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from api.audit.chain import Flaw, Verification
from api.audit.domain import DEED_TITLES, Deed
from api.audit.models import AuditEntry
from api.audit.service import Wanted
from api.schemas import Line, Said
from gis.wording import Wording

LARGEST_ID = 2**63 - 1

PRINTABLE_ASCII = r"^[\x21-\x7e][ -~]{0,199}$"
Code = Annotated[str, StringConstraints(strip_whitespace=True, pattern=PRINTABLE_ASCII)]
"""Ids and codes, which are ASCII. Searches are written down, and no name belongs there."""


class PageRequest(BaseModel):
    """Which page: ``after`` is ``next`` of the page before."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=500)
    after: int | None = Field(default=None, ge=1, le=LARGEST_ID)


class SearchRequest(PageRequest):
    """What to search for; what is left out does not matter. ``until`` itself is not included."""

    deed: Deed | None = None
    actor: Code | None = None
    subject: Code | None = None
    first: AwareDatetime | None = Field(default=None, alias="from")
    until: AwareDatetime | None = None
    reason: Line | None = None

    def wanted(self) -> Wanted:
        """The filters."""
        return Wanted(self.deed, self.actor, self.subject, self.first, self.until, self.reason)

    def traced(self) -> dict[str, Any]:
        """The search as it is written down; words of a reason could name somebody."""
        asked = {"deed", "actor", "subject", "first", "until", "after"}
        told = self.model_dump(mode="json", include=asked, exclude_none=True)
        return told | {"by_reason": self.reason is not None}


class EntryAnswer(BaseModel):
    """One deed, with its place in the chain (hashes in hexadecimal)."""

    id: int
    at: datetime
    deed: str
    title: Said
    actor: str
    actor_name: str
    subject: str
    content: dict[str, Any]
    reason: str
    previous: str
    hash: str

    @classmethod
    def of(cls, row: AuditEntry) -> "EntryAnswer":
        """The answer for a stored entry."""
        names = ("id", "at", "deed", "actor", "actor_name", "subject", "content", "reason")
        known = Deed(row.deed) if row.deed in set(Deed) else None  # it may have been tampered with
        title = DEED_TITLES[known] if known else Wording(row.deed, row.deed)
        return cls(
            **{name: getattr(row, name) for name in names},
            title=Said(**title._asdict()),
            previous=row.previous.hex(),
            hash=row.hash.hex(),
        )


class EntriesAnswer(BaseModel):
    """A page of entries, the latest first; ``next`` is None on the last one."""

    items: list[EntryAnswer]
    next: int | None

    @classmethod
    def of(cls, rows: list[AuditEntry], limit: int) -> "EntriesAnswer":
        """The page for stored entries."""
        last = rows[-1].id if len(rows) == limit else None
        return cls(items=[EntryAnswer.of(row) for row in rows], next=last)


class FlawAnswer(BaseModel):
    """One thing that is wrong with entries ``first`` to ``last``."""

    damage: str
    first: int
    last: int
    what: Said

    @classmethod
    def of(cls, flaw: Flaw) -> "FlawAnswer":
        """The answer for a finding."""
        what = Said(**flaw.told()._asdict())
        return cls(damage=flaw.damage.value, first=flaw.first, last=flaw.last, what=what)


class VerificationAnswer(BaseModel):
    """What a check of the whole chain found; ``flaws`` are the first hundred of ``found``."""

    sound: bool
    entries: int
    anchors: int
    found: int
    flaws: list[FlawAnswer]

    @classmethod
    def of(cls, found: Verification) -> "VerificationAnswer":
        """The answer for a verification."""
        return cls(
            sound=found.sound,
            entries=found.entries,
            anchors=found.anchors,
            found=found.found,
            flaws=[FlawAnswer.of(flaw) for flaw in found.flaws],
        )
