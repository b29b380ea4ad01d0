"""One case and everybody who works on it, over HTTP."""

from typing import Any

from api.rights.roles import Role
from tests.api.conftest import Filer, a_report
from tests.api.life.conftest import LEAD, People

POLICE, JUSTICE = "police:P-1", "justice:J-1"
UNITS = (LEAD, POLICE, JUSTICE)


class Journey:
    """One case, and people of every role who work on it."""

    def __init__(self, people: People, number: str) -> None:
        self.people, self.number = people, number

    def ask(self, part: str = "", role: Role = Role.DISPATCHER) -> Any:
        """What somebody reads of the case."""
        answer = self.people(role).get(f"/v1/cases/{self.number}{part}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def do(self, part: str, role: Role = Role.LEADER, unit: str | None = LEAD, **body: Any) -> Any:
        """What somebody does in the case."""
        return self.post(f"/v1/cases/{self.number}/{part}", role, unit, **body)

    def post(self, path: str, role: Role, unit: str | None, **body: Any) -> Any:
        answer = self.people(role, unit=unit).post(path, json=body)
        assert answer.status_code < 300, (path, answer.text)
        return answer.json() if answer.content else None

    @property
    def state(self) -> str:
        return str(self.ask("/steps")["state_code"])

    def come(self, *units: str) -> None:
        """Let units sign, contact the party and report in."""
        for unit in units:
            for move in ("sign", "contact", "report-in"):
                self.do(f"assignments/{unit}/{move}", unit=unit)

    def finish(self, resolution: str) -> None:
        """Settle, visit, close and archive."""
        self.do("steps", action="settle", resolution=resolution)
        self.do("steps", Role.CLERK, None, action="visit", satisfaction=5)
        self.do("steps", Role.DISPATCHER, None, action="close", reason="履行完毕，当事人满意")
        self.do("steps", Role.DISPATCHER, None, action="archive")

    def running_clocks(self) -> list[Any]:
        """What still has to happen by a time."""
        return [each for each in self.ask("/clocks")["items"] if each["stopped_at"] is None]


def filed(people: People, file: Filer, **told: Any) -> Journey:
    """A clerk files what was told; the place is certain."""
    people(Role.CLERK)
    answer = file(a_report(**told))
    assert answer.status_code == 201, answer.text
    return Journey(people, answer.json()["case_number"])
