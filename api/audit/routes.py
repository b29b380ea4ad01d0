"""The audit, for its administrator alone: search, check, and who looked at whom."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from api.audit import schemas, service
from api.audit.domain import Deed, Entry
from api.rights.gate import Asker, Asking
from api.schemas import PROBLEMS

router = APIRouter(tags=["audit"], responses=PROBLEMS)


@router.get("/v1/audit", response_model=schemas.EntriesAnswer)
def search(asked: Annotated[schemas.SearchRequest, Query()], asker: Asker) -> schemas.EntriesAnswer:
    """The latest entries that fit. The search itself is written down."""
    with asker.system() as session:
        rows = service.search(session, asked.wanted(), asked.limit, asked.after)
        page = schemas.EntriesAnswer.of(rows, asked.limit)
        service.record(session, [_looked(asker, asked.traced())], asker.now)
    return page


@router.get("/v1/audit/subjects/{subject}", response_model=schemas.EntriesAnswer)
def seen_by(
    subject: Annotated[schemas.Code, Path()],
    asked: Annotated[schemas.PageRequest, Query()],
    asker: Asker,
) -> schemas.EntriesAnswer:
    """Who saw the data of a subject, such as ``party:…``. The question itself is written down."""
    with asker.system() as session:
        rows = service.seen_by(session, subject, asked.limit, asked.after)
        page = schemas.EntriesAnswer.of(rows, asked.limit)
        service.record(session, [_looked(asker, {"subject": subject})], asker.now)
    return page


@router.get("/v1/audit/verification", response_model=schemas.VerificationAnswer)
def verify(asker: Asker) -> schemas.VerificationAnswer:
    """Check the whole chain against its head and the anchors outside of the database."""
    anchors = service.anchored(asker.given.settings.anchors_file)
    with asker.system() as session:
        found = service.verify(session, anchors)
    if found.sound:  # an entry in a broken chain could take the place of one that was cut off
        entry = _entry(asker, Deed.AUDIT_VERIFIED, {"entries": found.entries})
        with asker.system() as session:
            service.record(session, [entry], asker.now)
    return schemas.VerificationAnswer.of(found)


def _looked(asker: Asking, content: dict[str, Any]) -> Entry:
    return _entry(asker, Deed.AUDIT_SEARCHED, content)


def _entry(asker: Asking, deed: Deed, content: dict[str, Any]) -> Entry:
    return Entry(deed, str(asker.who.id), asker.who.name, "audit", content)
