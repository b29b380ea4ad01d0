"""Password hashes by argon2id, a bounded number at a time: each costs a fifth of a second."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.refusals import TooMany
from gis.wording import Wording

AT_ONCE = 1
WAITING = 8
PLACES = AT_ONCE + WAITING
WAIT_AT_MOST_S = 5.0
BUSY = Wording("登录请求过多，请稍后再试", "too many sign-ins at the moment, try again soon")


def full() -> TooMany:
    """The refusal of whoever finds the queue full."""
    return TooMany(BUSY, WAIT_AT_MOST_S)


class Hashing:
    """Hashes and checks passwords. Threads may share it; beyond a short queue it refuses.

    One lane and 64 MiB (RFC 9106, second recommended option, with one lane instead of four), so
    that a storm of sign-ins keeps one processor busy and no more.
    """

    def __init__(self) -> None:
        hasher = Argon2Hasher(time_cost=3, memory_cost=65_536, parallelism=1)
        self._hash = PasswordHash((hasher,))
        self._places = threading.BoundedSemaphore(PLACES)
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._nobody = self._hash.hash("nobody")

    def of(self, password: str) -> str:
        """What is kept of a password. Raises TooMany."""
        with self._turn():
            return self._hash.hash(password)

    def fits(self, password: str, kept: str | None) -> bool:
        """Whether a password is the kept one; as slow where there is none. Raises TooMany."""
        with self._turn():
            return self._hash.verify(password, kept or self._nobody) and kept is not None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise full()
        try:
            if not self._turns.acquire(timeout=WAIT_AT_MOST_S):
                raise full()
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._places.release()
