"""Cases closed at different times, with a canary's name in every place for words."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from api.accounts.models import Person
from api.cases.models import Case
from api.cases.service import find_case
from api.parties import service as parties
from api.parties.domain import Draft, IdentityField, PartyKind, PartyRole, Side
from api.parties.models import Party
from api.parties.service import By
from api.sealing import Keyring
from gis.database import Database
from tests.api.conftest import NOW, Filer, a_report

CANARY = "金丝雀阿芳"
STAFF, OTHER = UUID(int=7), UUID(int=8)

WORKED_ON = (
    "UPDATE report SET filed_by = :staff WHERE id = :report",
    """INSERT INTO case_event (case_id, happening, actor, content)
    VALUES (:case, 'confirmed', :name, jsonb_build_object('reason', cast(:name AS text)))""",
    """UPDATE assignment SET actor = :name, reason_zh = :name, reason_en = :name
    WHERE case_id = :case""",
    """INSERT INTO placement (case_id, doubts, questions, confirmed_at, person, reason)
    VALUES (:case, jsonb_build_array(cast(:name AS text)), '[]', now(), :name, :name)
    ON CONFLICT DO NOTHING""",
    """INSERT INTO outbox_event (topic, subject, content)
    VALUES ('case.dispatched', cast(:case AS text), jsonb_build_object('who', cast(:name AS text)))
    """,
    """INSERT INTO grading
    (case_id, by, actor, form_version, factors, points, grade, reasons, reason, second_reason)
    VALUES (:case, :staff, :name, 0, '{}', 0, 'blue', '[]', :name, :name)""",
    """UPDATE custody_link SET holder_id = :staff, holder_name = :name, offered_at = now(),
    to_id = :staff, to_name = :name, reason = :name WHERE case_id = :case""",
    """INSERT INTO case_member (case_id, person_id, added_by, added_at)
    VALUES (:case, :staff, :staff, now())""",
)


@dataclass
class Archive:
    """Makes cases, and looks at what is left of them."""

    database: Database
    file: Filer
    keyring: Keyring
    numbers: list[str] = field(default_factory=list)

    def close(self, days_ago: float | None, place: dict[str, Any] | None = None) -> str:
        """A case closed so long ago (None: not closed); answers its number."""
        told = {"title": f"{CANARY}讨薪", "text": f"{CANARY}被拖欠工资"}
        answer = self.file(a_report(**told, **({"place": place} if place else {})))
        assert answer.status_code == 201, answer.text
        number: str = answer.json()["case_number"]
        with self.database.transaction() as session:
            case = find_case(session, number)
            if days_ago is not None:
                case.closed_at = NOW - timedelta(days=days_ago)
            words = {"case": case.id, "report": case.report_id, "name": CANARY, "staff": STAFF}
            for statement in WORKED_ON:
                session.execute(text(statement), words)
            self._involve(session, case)
        return number

    def _involve(self, session: Any, case: Case) -> None:
        identity = {IdentityField.NAME: CANARY, IdentityField.PHONE: "13800005678"}
        draft = Draft(Side.RESPONDENT, PartyRole.RESPONDENT, PartyKind.PERSON, identity)
        parties.add(session, self.keyring, case, draft, By(STAFF, NOW))

    def party_of(self, number: str) -> UUID:
        query = "SELECT party.id FROM party JOIN case_file c ON c.id = case_id WHERE number = :n"
        return UUID(str(self.value(query, n=number)))

    def merge(self, first: str, second: str) -> None:
        """Say of the parties of two cases that they are one person."""
        with self.database.transaction() as session:
            pair = [session.get_one(Party, self.party_of(each)) for each in (first, second)]
            parties.propose(session, *pair, By(STAFF, NOW, f"{CANARY}本人陈述"))

    def value(self, query: str, **words: Any) -> Any:
        with self.database.transaction() as session:
            return session.execute(text(query), words).scalar()

    def told_in(self, needle: str) -> set[str]:
        """The tables that hold a word anywhere in a row."""
        tables = "SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'"
        with self.database.transaction() as session:
            found = {
                table: session.scalar(
                    text(f"SELECT count(*) FROM {table} t WHERE strpos(t::text, :needle) > 0"),
                    {"needle": needle},
                )
                for table in session.scalars(text(tables))
            }
        return {table for table, many in found.items() if many}


@pytest.fixture
def archive(file: Filer, district: Database, tmp_path: Path) -> Archive:
    with district.transaction() as session:
        for person_id in (STAFF, OTHER):
            name = f"staff{person_id.int}"
            session.add(Person(id=person_id, sign_in_name=name, full_name=name))
    return Archive(district, file, Keyring.create(tmp_path / "retention-keys.json"))
