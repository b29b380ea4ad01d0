"""Parties of a case, their sealed fields, repeats and merges. The caller commits and audits.

Whom an asker finds is decided by the database's row security: only parties of cases within reach.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Select, and_, delete, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session, aliased

from api.cases.models import Case, LegalHold
from api.parties.domain import (
    STRUCK_SHOWN,
    Correction,
    Draft,
    Identity,
    IdentityField,
    Link,
    Outcome,
    PartyKind,
    PartyRole,
    Repeat,
    Side,
    Standing,
    masked,
    ranked,
    require_telling,
    shown_as,
)
from api.parties.models import (
    OPEN_PLACE,
    PROTECTED_PLACE,
    Party,
    PartyIdentity,
    PartyMerge,
    merged_cases,
    respondents,
    same_phone_and_name,
)
from api.refusals import BadInput, Conflict, Fault, Missing
from api.sealing import Keyring, context
from gis.wording import Wording

HIDDEN = "****"
MOST_FOUND = 50

Links = dict[UUID, Link]


class By(NamedTuple):
    """Who does something, when and why."""

    person_id: UUID
    at: datetime
    reason: str = ""


class Appearance(NamedTuple):
    """A party in a case."""

    party: Party
    case: Case


def add(session: Session, keyring: Keyring, case: Case, draft: Draft, by: By) -> Party:
    """Add a party to a case. Raises BadInput, and Conflict where it is a party already."""
    hidden = {"protected": draft.protected, "anonymous": draft.anonymous}
    require_telling(**hidden, role=draft.role, given=draft.identity)
    # Adding to one case takes turns, so that a form sent twice adds one party.
    session.refresh(case, with_for_update={"key_share": True})
    _refuse_twice(session, keyring, case, draft)
    told = {"side": draft.side.value, "role": draft.role.value, "kind": draft.kind.value}
    name = draft.identity.get(IdentityField.NAME)
    shown = shown_as(**hidden, kind=draft.kind, name=name)
    added = {"shown": shown, "added_by": by.person_id, "added_at": by.at}
    party = Party(id=uuid4(), case_id=case.id, **told, **hidden, **added)
    session.add(party)
    session.flush()
    for field, text in draft.identity.items():
        _keep(session, keyring, party, field, text)
    session.flush()
    return party


def _refuse_twice(session: Session, keyring: Keyring, case: Case, draft: Draft) -> None:
    telling = {IdentityField.IDENTITY_NUMBER}
    if IdentityField.IDENTITY_NUMBER not in draft.identity:
        telling = {IdentityField.NAME, IdentityField.PHONE}
    if draft.protected or not all(field in draft.identity for field in telling):
        return
    identity = {field: draft.identity[field] for field in telling}
    same = _with(keyring, identity).where(Party.case_id == case.id, Party.role == draft.role.value)
    if session.execute(same.limit(1)).first() is not None:
        what = Wording("此人已是本案当事人", "this party is in the case already")
        mend = Wording("更正已有的当事人", "correct the one that is there")
        raise Conflict(what, Fault("name", what, mend))


def _keep(
    session: Session, keyring: Keyring, party: Party, field: IdentityField, text: str
) -> None:
    blind = None if party.protected else keyring.blind(text, field.value)
    sealed = keyring.seal(text, _place(party, field))
    row = PartyIdentity(party_id=party.id, field=field.value, sealed=sealed, blind=blind)
    session.merge(row)


def _place(party: Party, field: str) -> str:
    """What a sealed field is bound to; `api.parties.models.SEALED` says the same in SQL."""
    return context(PROTECTED_PLACE if party.protected else OPEN_PLACE, field, party.id)


def of_case(session: Session, case: Case) -> Sequence[Party]:
    """The parties of a case in the order in which they were added."""
    query = select(Party).where(Party.case_id == case.id).order_by(Party.added_at, Party.id)
    return session.scalars(query).all()


def masks(
    session: Session, keyring: Keyring, parties: Sequence[Party]
) -> Mapping[UUID, Mapping[str, str]]:
    """What is known of each party, masked; of a protected one only which fields there are."""
    found = opened(session, keyring, [party for party in parties if not party.protected])
    hidden = _identities(session, [party.id for party in parties if party.protected])
    kinds = {party.id: PartyKind(party.kind) for party in parties}
    shown = {
        party_id: {
            field: masked(IdentityField(field), kinds[party_id], text)
            for field, text in fields.items()
        }
        for party_id, fields in found.items()
    }
    return shown | {
        party_id: {row.field: HIDDEN for row in rows} for party_id, rows in hidden.items()
    }


def opened(
    session: Session, keyring: Keyring, parties: Iterable[Party]
) -> Mapping[UUID, Mapping[str, str]]:
    """All that is known of each party, in the clear."""
    by_id = {party.id: party for party in parties}
    return {
        party_id: {row.field: _opened(keyring, by_id[party_id], row) for row in rows}
        for party_id, rows in _identities(session, by_id).items()
    }


def _identities(session: Session, ids: Iterable[UUID]) -> Mapping[UUID, list[PartyIdentity]]:
    wanted = list(ids)
    found: dict[UUID, list[PartyIdentity]] = {party_id: [] for party_id in wanted}
    query = select(PartyIdentity).where(PartyIdentity.party_id.in_(wanted))
    for row in session.scalars(query.order_by(PartyIdentity.field)):
        found[row.party_id].append(row)
    return found


def _opened(keyring: Keyring, party: Party, row: PartyIdentity) -> str:
    return keyring.open(row.sealed, _place(party, row.field))


def find(session: Session, party_id: UUID, *, lock: bool = False) -> Appearance:
    """A party with its case. Raises Missing, also for a party out of reach."""
    query = select(Party, Case).join(Case, Case.id == Party.case_id).where(Party.id == party_id)
    if lock:
        query = query.with_for_update(of=Party)
    found = session.execute(query).one_or_none()
    if found is None:
        raise Missing(Wording("没有这个当事人", "there is no such party"), f"party:{party_id}")
    return Appearance(*found)


def reveal(session: Session, keyring: Keyring, party: Party, field: IdentityField) -> str:
    """One field in the clear. Raises Missing where it is not known."""
    row = session.get(PartyIdentity, (party.id, field.value))
    if row is None:
        raise Missing(Wording("没有登记这一项", "this field is not known"))
    return _opened(keyring, party, row)


def correct(session: Session, keyring: Keyring, party: Party, change: Correction) -> list[str]:
    """Correct a party; answers what changed. What was wrong is not kept. Raises BadInput."""
    fields = {IdentityField(row.field) for row in _identities(session, [party.id])[party.id]}
    fields |= {field for field, text in change.identity.items() if text is not None}
    fields -= {field for field, text in change.identity.items() if text is None}
    side, role = change.side or Side(party.side), change.role or PartyRole(party.role)
    hidden = {"protected": party.protected, "anonymous": party.anonymous}
    require_telling(**hidden, role=role, given=fields)
    for field, text in change.identity.items():
        _rewrite(session, keyring, party, field, text)
    told = {"side": side.value != party.side, "role": role.value != party.role}
    party.side, party.role = side.value, role.value
    session.flush()
    return [*change.identity, *(name for name, changed in told.items() if changed)]


def _rewrite(
    session: Session, keyring: Keyring, party: Party, field: IdentityField, text: str | None
) -> None:
    if text is None:
        row = session.get(PartyIdentity, (party.id, field.value))
        if row is not None:
            session.delete(row)
        return
    _keep(session, keyring, party, field, text)
    if field is IdentityField.NAME:
        kind = PartyKind(party.kind)
        party.shown = shown_as(protected=party.protected, anonymous=False, kind=kind, name=text)


def protect(session: Session, keyring: Keyring, party: Party, *, protected: bool) -> None:
    """Protect a reporter from now on, or no longer. Raises BadInput, and Conflict where held.

    The fields are sealed anew for their place; merges of a protected one are taken away.
    """
    fields = opened(session, keyring, [party])[party.id]
    known = {IdentityField(field): text for field, text in fields.items()}
    hidden = {"protected": protected, "anonymous": party.anonymous}
    require_telling(**hidden, role=PartyRole(party.role), given=known)
    if protected:
        require_not_held(session, party)
        _unmerge(session, [party.id])
    party.protected = protected
    kind, name = PartyKind(party.kind), known.get(IdentityField.NAME)
    party.shown = shown_as(**hidden, kind=kind, name=name)
    for field, text in known.items():
        _keep(session, keyring, party, field, text)
    session.flush()


def require_not_held(session: Session, party: Party) -> None:
    """Raises Conflict where a legal hold keeps the party's case, or a merge with a held case."""
    linked = LegalHold.case_id.in_(merged_cases(party.id))
    held = exists().where(or_(LegalHold.case_id == party.case_id, linked))
    if session.scalar(select(held)):
        raise Conflict(Wording("案件在法律保全中", "a legal hold keeps the case"))


def alike(session: Session, party: Party) -> Links:
    """Other parties that are the same person, and why.

    The same identity number, or a reviewed merge, and whoever is the same as those. Beyond that the
    same phone and name, where not both have an identity number; from there it does not go on, since
    two people may share them. Protected and anonymous reporters are like nobody.
    """
    found: Links = {}
    new = {party.id}
    while new:
        sure = _by_number(session, new) | _merged(session, new)
        new = {each for each in sure if each not in found and each != party.id}
        found |= {each: sure[each] for each in new}
    for each in session.scalars(same_phone_and_name({party.id, *found})):
        found.setdefault(each, Link.PHONE_AND_NAME)
    found.pop(party.id, None)
    return found


def _by_number(session: Session, ids: Iterable[UUID]) -> Links:
    own, other = aliased(PartyIdentity), aliased(PartyIdentity)
    query = (
        select(other.party_id)
        .join(own, and_(own.field == other.field, own.blind == other.blind))
        .where(own.party_id.in_(ids), own.field == IdentityField.IDENTITY_NUMBER.value)
    )
    return dict.fromkeys(session.scalars(query), Link.IDENTITY_NUMBER)


def _merged(session: Session, ids: Iterable[UUID]) -> Links:
    merge, wanted = PartyMerge, list(ids)
    query = select(merge.first_id, merge.second_id).where(
        merge.outcome == Outcome.MERGED.value,
        or_(merge.first_id.in_(wanted), merge.second_id.in_(wanted)),
    )
    return {each: Link.MERGE for pair in session.execute(query) for each in pair}


def appearances(session: Session, ids: Iterable[UUID]) -> list[Appearance]:
    """Parties with their cases, the latest case first."""
    query = (
        select(Party, Case)
        .join(Case, Case.id == Party.case_id)
        .where(Party.id.in_(list(ids)))
        .order_by(Case.opened_at.desc(), Case.number.desc(), Party.added_at)
    )
    return [Appearance(*row) for row in session.execute(query)]


def search(session: Session, keyring: Keyring, identity: Identity) -> list[Appearance]:
    """The parties with exactly these fields, the latest first; of protected ones none."""
    query = _with(keyring, identity).join(Case, Case.id == Party.case_id).add_columns(Case)
    query = query.order_by(Case.opened_at.desc(), Party.id).limit(MOST_FOUND)
    return [Appearance(*row) for row in session.execute(query)]


def _with(keyring: Keyring, identity: Identity) -> Select[Party]:
    query = select(Party)
    for field, text in identity.items():
        known = aliased(PartyIdentity)
        blind = keyring.blind(text, field.value)
        on = and_(known.party_id == Party.id, known.field == field.value, known.blind == blind)
        query = query.join(known, on)
    return query


def repeat_respondents(session: Session, at_least: int, most: int) -> list[Repeat]:
    """Respondents of ``at_least`` cases or more within reach, by masked name, most cases first.

    Of one person are equal identity numbers, else equal phone and name, and what was merged.
    """
    pairs = select(PartyMerge.first_id, PartyMerge.second_id)
    merges = session.execute(pairs.where(PartyMerge.outcome == Outcome.MERGED.value)).all()
    each = respondents()
    merged = {party_id for pair in merges for party_id in pair}
    often = and_(each.c.key.is_not(None), each.c.many >= at_least)
    query = select(each).where(or_(often, each.c.id.in_(merged)))
    standings = [Standing(*row[:-1]) for row in session.execute(query)]
    return ranked(standings, merges, at_least)[:most]


def propose(session: Session, first: Party, second: Party, by: By) -> PartyMerge:
    """Propose that two parties are one person. Raises BadInput, Conflict."""
    _refuse_unlike(first, second)
    if second.id in alike_for_sure(session, first):
        raise Conflict(Wording("两者已是同一人", "they are one person already"))
    ids = sorted((first.id, second.id))
    row = {
        "id": uuid4(),
        "first_id": ids[0],
        "second_id": ids[1],
        "proposed_by": by.person_id,
        "proposed_at": by.at,
        "reason": by.reason,
    }
    made = upsert(PartyMerge).values(row).on_conflict_do_nothing().returning(PartyMerge)
    merge = session.scalars(made).one_or_none()
    if merge is None:
        raise Conflict(Wording("已有待复核的合并", "this merge waits for its review already"))
    return merge


def alike_for_sure(session: Session, party: Party) -> Links:
    """Whoever is the same person by number or by a reviewed merge."""
    sure = alike(session, party).items()
    return {party_id: link for party_id, link in sure if link is not Link.PHONE_AND_NAME}


def _refuse_unlike(first: Party, second: Party) -> None:
    if first.id == second.id or first.kind != second.kind:
        what = Wording("需要两个不同的同类当事人", "two different parties of one kind are needed")
        raise BadInput(Fault("second", what, Wording("另选一个", "choose another one")))
    for where, party in (("first", first), ("second", second)):
        if party.protected or party.anonymous:
            what = Wording("匿名或受保护的举报人不能合并", "a hidden reporter is never merged")
            raise BadInput(Fault(where, what, Wording("另选一个", "choose another one")))


def waiting_merges(session: Session) -> Sequence[PartyMerge]:
    """The merges that wait for a review, oldest first."""
    query = select(PartyMerge).where(PartyMerge.outcome.is_(None))
    return session.scalars(query.order_by(PartyMerge.proposed_at).limit(MOST_FOUND)).all()


def review(session: Session, merge_id: UUID, outcome: Outcome, by: By) -> PartyMerge:
    """Decide on a merge that another person proposed. Raises Missing, Conflict."""
    merge = session.get(PartyMerge, merge_id, with_for_update=True)
    if merge is None:
        raise Missing(Wording("没有这个合并申请", "there is no such merge"), f"merge:{merge_id}")
    if merge.outcome is not None:
        raise Conflict(Wording("已经复核", "it was decided already"))
    if merge.proposed_by == by.person_id:
        raise Conflict(
            Wording("须由申请人以外的人复核", "another person than the proposer decides")
        )
    merge.outcome, merge.reviewed_by = outcome.value, by.person_id
    merge.review_reason, merge.decided_at = by.reason, by.at
    session.flush()
    return merge


def strike(session: Session, ids: Collection[UUID]) -> None:
    """Take who parties are away for good, and the merges that say it; their parts stay."""
    _unmerge(session, ids)
    session.execute(delete(PartyIdentity).where(PartyIdentity.party_id.in_(ids)))
    session.execute(update(Party).where(Party.id.in_(ids)).values(shown=STRUCK_SHOWN))


def remove(session: Session, ids: Collection[UUID]) -> None:
    """Take parties away for good with all that is known of them."""
    strike(session, ids)
    session.execute(delete(Party).where(Party.id.in_(ids)))


def _unmerge(session: Session, ids: Collection[UUID]) -> None:
    merge = PartyMerge
    session.execute(delete(merge).where(or_(merge.first_id.in_(ids), merge.second_id.in_(ids))))
