"""Work that is done again and again beside the server, in a thread of its own."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

STOP_WITHIN_S = 10


@contextmanager
def beside(name: str, waits: Iterable[float], work: Callable[[], None]) -> Iterator[None]:
    """Do ``work`` after each of ``waits`` (seconds) while the block runs. It must not raise."""
    stopped = Event()

    def repeat() -> None:
        for wait in waits:
            if stopped.wait(wait):
                return
            work()

    thread = Thread(target=repeat, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(STOP_WITHIN_S)
