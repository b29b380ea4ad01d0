"""Is the server of a data directory alive, and where does it listen? Asked of Linux itself."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

SOCKET_LINE = 5  # of postmaster.pid, counted from 1
PROGRAM = "postgres"


class Postmaster:
    """The server process of one data directory, told by its pid file and by /proc.

    The number in a pid file proves nothing: after a crash or a reboot another process may bear it.
    Every server process has its data directory as working folder, and that does prove it.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.pid_file = data / "postmaster.pid"

    def pid(self) -> int | None:
        """The living server's number, or None."""
        lines = self._lines()
        pid = int(lines[0]) if lines and lines[0].isdigit() else 0
        return pid if pid in self.processes() else None

    def socket_folder(self) -> Path | None:
        """Where the server listens, as its pid file says; None before it has said so."""
        lines = self._lines()
        return Path(lines[SOCKET_LINE - 1]) if len(lines) >= SOCKET_LINE else None

    def processes(self) -> set[int]:
        """All server processes of this data directory, backends included."""
        folder = self.data.resolve()
        return {pid for pid in _pids() if _working_folder(pid) == folder}

    def kill(self, *, within_s: float) -> None:
        """End a server that does not even hear an immediate stop; what it committed is kept."""
        pid = self.pid()
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        self.bury(within_s=within_s)

    def bury(self, *, within_s: float) -> None:
        """After a kill -9: end the backends that lost their server, and drop its pid file.

        PostgreSQL refuses to start while such a backend lives, or while some other process of the
        same user bears the number in the pid file.
        """
        until = time.monotonic() + within_s
        while orphans := self.processes():
            if time.monotonic() > until:
                return  # PostgreSQL will say in its log what it waits for
            for pid in orphans:
                _quit(pid)
            time.sleep(0.1)
        self.pid_file.unlink(missing_ok=True)

    def _lines(self) -> list[str]:
        try:
            return self.pid_file.read_text().splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []


def _pids() -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            name = (entry / "comm").read_text().strip()
        except OSError:  # it ended while we looked
            continue
        if name == PROGRAM:
            yield int(entry.name)


def _working_folder(pid: int) -> Path | None:
    try:
        return Path(f"/proc/{pid}/cwd").readlink()
    except OSError:  # it ended, or belongs to another user
        return None


def _quit(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGQUIT)
    except ProcessLookupError:  # it ended by itself
        return
