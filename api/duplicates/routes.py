"""Near-duplicates, shown while a report is typed."""

from collections import Counter

from fastapi import APIRouter

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.duplicates import schemas
from api.duplicates.domain import Sketch
from api.duplicates.service import near_duplicates, same_parties
from api.intake.domain import place_of
from api.reports.domain import (
    Category,
    Filing,
    Method,
    Place,
    ReportKind,
    Source,
    require_plausible_time,
)
from api.rights.gate import Asker, Asking
from api.schemas import PROBLEMS

router = APIRouter(tags=["duplicates"], responses=PROBLEMS)


@router.post("/v1/duplicates/search", response_model=schemas.DuplicatesAnswer)
def search(body: schemas.DuplicatesRequest, asker: Asker) -> schemas.DuplicatesAnswer:
    """Cases within reach that may tell of the same matter, each with its reasons.

    It shows no more of a case than a list of reports does. Names and phones given are compared by
    the keyed index, neither kept nor answered; looking for them is written down.
    """
    place = _place(body, asker)
    occurred_at = body.occurred_at or asker.now
    require_plausible_time(occurred_at, asker.now)
    vague_m = place.radius_m or 0.0
    asked = Sketch(body.category, body.text, occurred_at, body.people_involved, vague_m)
    wanted = [each.wanted() for each in body.parties]
    with asker.transaction() as session:
        same = same_parties(session, asker.given.keyring, wanted) if wanted else Counter()
        found = near_duplicates(session, asked, place, same)
        answer = [schemas.NearAnswer.of(each) for each in found]
        if wanted:
            content = {"by": sorted({field for each in wanted for field in each})}
            who = asker.who
            entry = Entry(Deed.PARTY_SEARCHED, str(who.id), who.name, "duplicates", content)
            record(session, [entry], asker.now)
    return schemas.DuplicatesAnswer(items=answer)


def _place(body: schemas.DuplicatesRequest, asker: Asking) -> Place:
    """Where the report will lie, as far as it can be told now. Raises BadCoordinate."""
    if body.place is None:
        return Place({}, Method.NONE)
    filing = Filing(
        kind=ReportKind.DISPUTE,
        category=body.category or Category.OTHER,
        text=body.text,
        occurred_at=body.occurred_at or asker.now,
        source=Source.WINDOW,
        position=body.place.position(),
        address=body.place.address,
    )
    return place_of(filing, asker.given.places.current())
