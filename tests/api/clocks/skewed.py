"""One worker whose own clock is wrong: ``python -m tests.api.clocks.skewed URL DAYS right|wrong``.

``wrong`` reads what is due, thinks, and writes: without the lock, as one does who has not met two
workers yet. In a database without the UNIQUE of the cards it gives them twice.
"""

import sys
import time
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy.orm import Session

import api.tables
from api import worker
from api.clocks import door
from gis.database import Database

FLOORS = ("gis", "grids", "layers", "maps", "api")
THINKING_S = 0.05
_right = time.time


def go_wrong(days: int) -> None:
    """From now on, all code of ours that asks this computer for the time is told a wrong one."""

    class Skewed(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return datetime.now(tz) + timedelta(days=days)

    time.time = lambda: _right() + days * 86_400.0
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in FLOORS and vars(module).get("datetime") is datetime:
            module.datetime = Skewed  # type: ignore[attr-defined]


def fire_wrong(session: Session, many: int = 100) -> int:
    """`api.clocks.door.fire`, read first and written later."""
    unlocked = door.DUE.limit(many).with_for_update(of=None)
    unlocked._for_update_arg = None
    due = session.execute(unlocked).all()
    time.sleep(THINKING_S)
    door._give(session, due, door.instant(session))
    return len(due)


def main() -> None:
    url, days, how = sys.argv[1:]
    go_wrong(int(days))
    if how == "wrong":
        worker.fire = fire_wrong  # type: ignore[attr-defined]
    one = worker.Worker(Database(url))
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    for wait in one.waits():
        time.sleep(min(wait, 0.2))
        one.round()


if __name__ == "__main__":
    assert api.tables.METADATA
    main()
