"""The PostgreSQL programs on this machine, and the system account they may run under."""

import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

DISTRIBUTION = Path("/usr/lib/postgresql")
SYSTEM_ACCOUNT = "postgres"
INSTALL = "apt-get install postgresql postgresql-NN-postgis-3"


class ClusterError(Exception):
    """Something keeps the embedded database from running: what, and how to mend it."""

    def __init__(self, zh: str, en: str, mend: str) -> None:
        super().__init__(f"{zh} / {en}. 处理 / Mend: {mend}")
        self.zh = zh
        self.en = en
        self.mend = mend


class ServerMissing(ClusterError):
    """No PostgreSQL with PostGIS, or not the one that wrote this data directory."""


class AccountMissing(ClusterError):
    """PostgreSQL refuses to run as root and there is no account to lend it."""


@dataclass(frozen=True)
class Server:
    """One installed PostgreSQL that has PostGIS."""

    major: int
    programs: Path

    def program(self, name: str) -> str:
        return str(self.programs / name)


@dataclass(frozen=True)
class Account:
    """Whom the server runs as: ourselves, or for root the distribution's own account."""

    name: str
    uid: int
    gid: int

    @property
    def is_borrowed(self) -> bool:
        return self.uid != os.geteuid()

    def may_enter(self, folder: Path) -> bool:
        """Whether the account may pass through the folder, by its permission bits."""
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & 0o100)
        return bool(status.st_mode & (0o010 if status.st_gid == self.gid else 0o001))


def account() -> Account:
    """Ourselves; for root, which PostgreSQL refuses, the system account `postgres`.

    Raises AccountMissing where root finds no such account.
    """
    if os.geteuid() != 0:
        return Account("", os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwnam(SYSTEM_ACCOUNT)
    except KeyError:
        raise AccountMissing(
            "PostgreSQL 不能以 root 运行,且系统没有 postgres 账户",
            "PostgreSQL does not run as root and there is no system account `postgres`",
            f"{INSTALL},或以普通用户运行 / or run as an ordinary user",
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def is_ready() -> bool:
    """Whether a cluster could be made here: a server with PostGIS, and an account to run it."""
    try:
        server_for(None)
        account()
    except ClusterError:
        return False
    return True


def servers() -> list[Server]:
    """Every installed PostgreSQL that has PostGIS, newest first."""
    found = {server.major: server for server in [*_on_path(), *_from_distribution()]}
    return sorted(found.values(), key=lambda server: server.major, reverse=True)


def server_for(major: int | None) -> Server:
    """The server of that major version, or the newest for a cluster yet to be created.

    Raises ServerMissing.
    """
    for server in servers():
        if major in (None, server.major):
            return server
    wanted = f"PostgreSQL {major}" if major else "PostgreSQL"
    raise ServerMissing(
        f"本机没有带 PostGIS 的 {wanted}",
        f"{wanted} with PostGIS is not installed on this machine",
        INSTALL.replace("NN", str(major)) if major else f"{INSTALL} (NN = 主版本 / major version)",
    )


def _from_distribution() -> list[Server]:
    return [
        Server(int(folder.name), folder / "bin")
        for folder in DISTRIBUTION.glob("[0-9]*")
        if (folder / "bin" / "initdb").exists()
        and _has_postgis(Path("/usr/share/postgresql") / folder.name)
    ]


def _on_path() -> list[Server]:
    """The server that `pg_config` on PATH speaks of, for machines not laid out as Debian's."""
    if not (program := shutil.which("pg_config")):
        return []
    command = [program, "--bindir", "--sharedir", "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
    if answer.returncode != 0:
        return []
    programs, share, version = answer.stdout.splitlines()[:3]
    major = re.search(r"\d+", version)
    if not major or not (Path(programs) / "initdb").exists() or not _has_postgis(Path(share)):
        return []
    return [Server(int(major.group()), Path(programs))]


def _has_postgis(share: Path) -> bool:
    return (share / "extension" / "postgis.control").exists()
