"""How often somebody may try, counted in memory before anything costly is done.

A fixed window for each name that is counted. Times are instants of the caller's clock.
"""

import threading
from datetime import datetime, timedelta

MOST_NAMES = 10_000


class Throttle:
    """Lets ``most`` attempts of one name through in each ``window``. Threads may share it.

    Memory is bounded: when too many names are counted, those whose window has passed are dropped,
    and if none has, all of them: an attacker with so many names gains one more window.
    """

    def __init__(self, most: int, window: timedelta) -> None:
        self._most = most
        self._window = window
        self._counts: dict[str, tuple[datetime, int]] = {}
        self._turn = threading.Lock()

    def wait(self, name: str, now: datetime) -> timedelta:
        """Count an attempt; zero where it may go on, else how long to wait."""
        with self._turn:
            began, count = self._counts.get(name, (now, 0))
            if now - began >= self._window:
                began, count = now, 0
            if count >= self._most:
                return began + self._window - now
            self._make_room(now)
            self._counts[name] = began, count + 1
            return timedelta()

    def _make_room(self, now: datetime) -> None:
        if len(self._counts) < MOST_NAMES:
            return
        alive = {name: c for name, c in self._counts.items() if now - c[0] < self._window}
        self._counts = alive if len(alive) < MOST_NAMES else {}
