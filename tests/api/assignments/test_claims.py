"""Eight dispatchers reach for the same cases at once: each is won once; the wrong way fails."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from api.cases.domain import Acting
from api.cases.models import Case
from api.dispatch.service import claim
from api.refusals import Conflict
from api.rights.roles import Role
from gis.database import Database
from gis.wording import Wording
from tests.api.conftest import NOW
from tests.api.life.test_random_lives import a_case
from tests.api.people import enter

pytestmark = pytest.mark.database

DISPATCHERS, CASES, ROUNDS = 8, 10, 30
Way = Callable[[Session, Case, Acting], None]


def read_then_write(session: Session, case: Case, acting: Acting) -> None:
    """The wrong way: look whether it is free, and take it then."""
    if session.scalar(select(Case.claimed_by).where(Case.id == case.id)) is not None:
        raise Conflict(Wording("已被认领", "is taken"))
    time.sleep(0.001)
    words = {"me": acting.person_id, "id": case.id}
    session.execute(text("UPDATE case_file SET claimed_by = :me WHERE id = :id"), words)


def contest(database: Database, way: Way, rounds: int) -> list[int]:
    """How often each contested case was won, by eight who begin at the same moment."""
    people = [enter(database, Role.DISPATCHER, now=NOW).person_id for _ in range(DISPATCHERS)]
    cases = [a_case(database)[0] for _ in range(CASES)]
    begin, won = Barrier(DISPATCHERS), []

    def reach(person_id: UUID, case_id: UUID) -> bool:
        begin.wait()
        try:
            with database.transaction() as session:
                case = session.get_one(Case, case_id)
                way(session, case, Acting("某人", NOW, person_id, frozenset({Role.DISPATCHER})))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(DISPATCHERS) as pool:
        for _ in range(rounds):
            won += [sum(pool.map(reach, people, [case_id] * DISPATCHERS)) for case_id in cases]
            with database.transaction() as session:
                session.execute(text("UPDATE case_file SET claimed_by = NULL"))
    return won


def test_300_contested_claims_of_8_dispatchers_are_each_won_once(database: Database) -> None:
    assert contest(database, claim, ROUNDS) == [1] * (CASES * ROUNDS)


def test_reading_first_and_writing_then_doubles_claims_in_the_same_contest(
    database: Database,
) -> None:
    assert max(contest(database, read_then_write, 1)) > 1
