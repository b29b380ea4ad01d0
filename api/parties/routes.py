"""Parties of cases: masked by default, opened field by field with a reason, each look on record."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from sqlalchemy.orm import Session

from api.assignments.service import assignments
from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.cases.models import Case
from api.cases.service import find_case, history
from api.parties import schemas, service, sheet
from api.parties.domain import PROTECTED_OPENERS, Link, Outcome, PartyKind, require_reason
from api.parties.models import Party
from api.parties.service import By
from api.refusals import Forbidden
from api.reports.service import find as find_report
from api.rights.gate import Asker, Asking
from api.schemas import PROBLEMS
from gis.wording import Wording

Number = Annotated[str, Path(max_length=32)]

NOBODY_IN_PARTICULAR = "parties"


def _kept_nowhere(response: Response) -> None:
    """No browser and no proxy keeps a copy of an answer."""
    response.headers["Cache-Control"] = "no-store"


router = APIRouter(tags=["parties"], responses=PROBLEMS, dependencies=[Depends(_kept_nowhere)])


@router.post("/v1/cases/{number}/parties", status_code=201, response_model=schemas.PartyAnswer)
def add(number: Number, body: schemas.PartyRequest, asker: Asker) -> schemas.PartyAnswer:
    """Add a party to a case. Who it is is sealed; the answer is masked."""
    draft, keyring = body.draft(), asker.given.keyring
    with asker.transaction() as session:
        case = find_case(session, number)
        party = service.add(session, keyring, case, draft, _by(asker))
        answer = schemas.PartyAnswer.of(party, _masks(session, asker, [party])[party.id])
        content = {"case": number, "role": party.role, "fields": sorted(draft.identity)}
        _note(session, asker, Deed.PARTY_ADDED, [party.id], content)
    return answer


@router.get("/v1/cases/{number}/parties", response_model=schemas.PartyList)
def of_case(number: Number, asker: Asker) -> schemas.PartyList:
    """The parties of a case, masked."""
    with asker.transaction() as session:
        parties = service.of_case(session, find_case(session, number))
        items = schemas.party_list(parties, _masks(session, asker, parties))
        ids = [party.id for party in parties]
        _note(session, asker, Deed.PARTY_READ, ids, {"case": number})
    return schemas.PartyList(items=items)


@router.patch("/v1/parties/{party_id}", response_model=schemas.PartyAnswer)
def correct(party_id: UUID, body: schemas.CorrectionRequest, asker: Asker) -> schemas.PartyAnswer:
    """Correct a party (right of correction). What was wrong is not kept."""
    require_reason(body.reason)
    _require_opener(asker, party_id)
    with asker.transaction() as session:
        party, case = service.find(session, party_id, lock=True)
        change = body.correction(PartyKind(party.kind))
        changed = service.correct(session, asker.given.keyring, party, change)
        answer = schemas.PartyAnswer.of(party, _masks(session, asker, [party])[party_id])
        content = {"case": case.number, "changed": sorted(changed)}
        _note(session, asker, Deed.PARTY_CHANGED, [party_id], content, reason=body.reason)
    return answer


@router.post("/v1/parties/{party_id}/protect", response_model=schemas.PartyAnswer)
def protect(party_id: UUID, body: schemas.ProtectRequest, asker: Asker) -> schemas.PartyAnswer:
    """Protect a reporter, or no longer; the latter is for those who may open a protected one."""
    require_reason(body.reason)
    _require_opener(asker, party_id)
    with asker.transaction() as session:
        party, case = service.find(session, party_id, lock=True)
        service.protect(session, asker.given.keyring, party, protected=body.protected)
        answer = schemas.PartyAnswer.of(party, _masks(session, asker, [party])[party_id])
        content = {"case": case.number, "protected": body.protected}
        _note(session, asker, Deed.PARTY_CHANGED, [party_id], content, reason=body.reason)
    return answer


@router.delete("/v1/parties/{party_id}", status_code=204)
def remove(party_id: UUID, body: schemas.RemovalRequest, asker: Asker) -> None:
    """Take a wrongly added party away for good, with all that is known of it and its merges."""
    require_reason(body.reason)
    _require_opener(asker, party_id)
    with asker.transaction() as session:
        party, case = service.find(session, party_id, lock=True)
        service.require_not_held(session, party)
        service.remove(session, [party_id])
        content = {"case": case.number, "role": party.role}
        _note(session, asker, Deed.PARTY_REMOVED, [party_id], content, reason=body.reason)


@router.post("/v1/parties/{party_id}/reveal", response_model=schemas.RevealAnswer)
def reveal(party_id: UUID, body: schemas.RevealRequest, asker: Asker) -> schemas.RevealAnswer:
    """One field in the clear, with a reason of at least five characters."""
    require_reason(body.reason)
    _require_opener(asker, party_id)
    with asker.transaction() as session:
        party, case = service.find(session, party_id)
        value = service.reveal(session, asker.given.keyring, party, body.field)
        content = {"case": case.number, "field": body.field.value}
        _note(session, asker, Deed.PARTY_REVEALED, [party_id], content, reason=body.reason)
    return schemas.RevealAnswer(field=body.field.value, value=value)


@router.get("/v1/parties/{party_id}/repeats", response_model=schemas.RepeatsAnswer)
def repeats(party_id: UUID, asker: Asker) -> schemas.RepeatsAnswer:
    """The other cases within reach with the same person as a party; not who it is."""
    with asker.transaction() as session:
        party, case = service.find(session, party_id)
        links = service.alike(session, party)
        found = service.appearances(session, links)
        elsewhere = [each for each in found if each.case.id != case.id]
        items = [schemas.RepeatItem.of(each, links[each.party.id]) for each in elsewhere]
        many = len({each.case.id for each in elsewhere})
        content = {"case": case.number, "repeats": many}
        _note(session, asker, Deed.PARTY_SEARCHED, [party_id], content)
    return schemas.RepeatsAnswer(cases=many, items=items)


@router.post("/v1/parties/search", response_model=schemas.SearchAnswer)
def search(body: schemas.SearchRequest, asker: Asker) -> schemas.SearchAnswer:
    """Parties with exactly this name, phone or identity number, masked. Nothing is in the URL."""
    wanted = body.wanted()
    with asker.transaction() as session:
        found = service.search(session, asker.given.keyring, wanted)
        parties = [each.party for each in found]
        answers = schemas.party_list(parties, _masks(session, asker, parties))
        items = [
            schemas.FoundParty(case_number=each.case.number, party=answer)
            for each, answer in zip(found, answers, strict=True)
        ]
        content = {"by": sorted(wanted), "found": len(items)}
        ids = [party.id for party in parties]
        _note(session, asker, Deed.PARTY_SEARCHED, ids or [None], content)
    return schemas.SearchAnswer(items=items)


@router.get("/v1/parties/repeat-respondents", response_model=schemas.RepeatRespondents)
def repeat_respondents(
    asker: Asker,
    at_least: Annotated[int, Query(ge=2, le=1000)] = 2,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> schemas.RepeatRespondents:
    """Respondents of several cases within reach, by masked name, most cases first."""
    with asker.transaction() as session:
        ranking = service.repeat_respondents(session, at_least, limit)
        content = {"respondents": len(ranking), "at_least": at_least}
        _note(session, asker, Deed.PARTY_SEARCHED, [None], content)
    return schemas.RepeatRespondents(items=[schemas.RepeatRespondent.of(each) for each in ranking])


@router.post("/v1/parties/{party_id}/export", response_model=sheet.ExportAnswer)
def export(party_id: UUID, body: schemas.ExportRequest, asker: Asker) -> sheet.ExportAnswer:
    """All data held on one person in the cases within reach (right of access)."""
    require_reason(body.reason)
    _require_opener(asker, party_id)
    with asker.transaction() as session:
        party = service.find(session, party_id).party
        links = service.alike(session, party)
        sure = [each for each, link in links.items() if link is not Link.PHONE_AND_NAME]
        found = service.appearances(session, [party_id, *sure])
        fields = service.opened(session, asker.given.keyring, [each.party for each in found])
        ids = [each.party.id for each in found]
        items = [
            sheet.ExportedParty.of(each, fields[each.party.id], _told(session, each.case, ids))
            for each in found
        ]
        content = {"parties": len(found)}
        _note(session, asker, Deed.DATA_EXPORTED, ids, content, reason=body.reason)
    unsure = len(links) - len(sure)
    return sheet.ExportAnswer(made_at=asker.now, unsure=unsure, items=items)


@router.post("/v1/party-merges", status_code=201, response_model=schemas.MergeAnswer)
def propose(body: schemas.MergeRequest, asker: Asker) -> schemas.MergeAnswer:
    """Propose that two parties are one person; another person decides."""
    require_reason(body.reason)
    with asker.transaction() as session:
        first = service.find(session, body.first).party
        second = service.find(session, body.second).party
        merge = service.propose(session, first, second, _by(asker, body.reason))
        content = {"merge": str(merge.id), "proposed": True}
        ids = [first.id, second.id]
        _note(session, asker, Deed.PARTY_CHANGED, ids, content, reason=body.reason)
        return schemas.MergeAnswer.of(merge)


@router.get("/v1/party-merges", response_model=schemas.MergeList)
def waiting(asker: Asker) -> schemas.MergeList:
    """The merges that wait for a review, oldest first."""
    with asker.transaction() as session:
        items = [schemas.MergeAnswer.of(each) for each in service.waiting_merges(session)]
    return schemas.MergeList(items=items)


@router.post("/v1/party-merges/{merge_id}/review", response_model=schemas.MergeAnswer)
def review(merge_id: UUID, body: schemas.ReviewRequest, asker: Asker) -> schemas.MergeAnswer:
    """Decide on a merge that another person proposed."""
    require_reason(body.reason)
    with asker.transaction() as session:
        by = _by(asker, body.reason)
        merge = service.review(session, merge_id, body.outcome, by)
        deed = Deed.PARTY_MERGED if body.outcome is Outcome.MERGED else Deed.PARTY_CHANGED
        content = {"merge": str(merge_id), "outcome": body.outcome.value}
        _note(session, asker, deed, [merge.first_id, merge.second_id], content, reason=body.reason)
        return schemas.MergeAnswer.of(merge)


def _told(session: Session, case: Case, own: Sequence[UUID]) -> sheet.ExportedCase:
    """A case as a party may have it; what was said stays with a reporter who is somebody else."""
    others = [each for each in service.of_case(session, case) if each.id not in own]
    withheld = any(each.protected or each.anonymous for each in others)
    sent, lines = assignments(session, case.id), history(session, case.id)
    report = find_report(session, case.report_id)[0]
    return sheet.ExportedCase.of(sheet.Told(case, report, sent, lines), withheld=withheld)


def _masks(
    session: Session, asker: Asking, parties: Sequence[Party]
) -> Mapping[UUID, Mapping[str, str]]:
    return service.masks(session, asker.given.keyring, parties)


def _by(asker: Asking, reason: str = "") -> By:
    return By(asker.who.id, asker.now, reason)


def _require_opener(asker: Asking, party_id: UUID) -> None:
    """A protected reporter is opened by few roles only. Raises Forbidden, and writes it down."""
    if asker.who.roles & PROTECTED_OPENERS:
        return
    with asker.transaction() as session:
        protected = service.find(session, party_id).party.protected
    if protected:
        with asker.system() as session:
            _note(session, asker, Deed.DENIED, [party_id], {"protected": True})
        raise Forbidden(
            Wording("受保护的举报人只有研判员和单位负责人可以查看", "this reporter is protected")
        )


def _note(
    session: Session,
    asker: Asking,
    deed: Deed,
    parties: Iterable[UUID | None],
    content: dict[str, Any],
    *,
    reason: str = "",
) -> None:
    """Write a deed down for each party; it comes last in the transaction."""
    who = asker.who
    entries = [
        Entry(deed, str(who.id), who.name, _subject(party_id), content, reason)
        for party_id in parties
    ]
    record(session, entries, asker.now)


def _subject(party_id: UUID | None) -> str:
    return NOBODY_IN_PARTICULAR if party_id is None else f"party:{party_id}"
