"""The key file: several keys by id, one of them current, and the secret of the blind index.

JSON, readable by its owner only. It is replaced as a whole and never written in place, so a crash
leaves the old file or the new one.
"""

import fcntl
import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.sealing.ciphers import Algorithm
from api.sealing.errors import KeyFileBroken, KeyFileExists, KeyFileExposed, KeyFileMissing

ID_BYTES = 4
INDEX_BYTES = 32
OWNER_ONLY = 0o600
OTHERS = 0o077


@dataclass(frozen=True, repr=False)
class Key:
    """One sealing key. Its id is drawn by lot, so that keys of two files are not mistaken."""

    id: str
    algorithm: Algorithm
    made_at: datetime
    secret: bytes

    def __repr__(self) -> str:
        return f"Key({self.id}, {self.algorithm.value})"

    @classmethod
    def new(cls, algorithm: Algorithm) -> "Key":
        """A key drawn by lot."""
        secret = secrets.token_bytes(algorithm.key_bytes)
        return cls(secrets.token_hex(ID_BYTES), algorithm, datetime.now(UTC), secret)


@dataclass(frozen=True, repr=False)
class Keys:
    """What a key file holds."""

    current: str
    by_id: Mapping[str, Key]
    index: bytes

    @classmethod
    def new(cls, algorithm: Algorithm) -> "Keys":
        """One key, and a secret for the blind index."""
        key = Key.new(algorithm)
        return cls(key.id, {key.id: key}, secrets.token_bytes(INDEX_BYTES))

    def with_current(self, key: Key) -> "Keys":
        """With one more key, which is current."""
        return replace(self, current=key.id, by_id={**self.by_id, key.id: key})

    def without(self, key_id: str) -> "Keys":
        """Without a key."""
        return replace(self, by_id={k: v for k, v in self.by_id.items() if k != key_id})


def read(path: Path) -> Keys:
    """The keys of a file. Raises KeyFileMissing, KeyFileExposed, KeyFileBroken."""
    try:
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode & 0o777
            if mode & OTHERS:
                raise KeyFileExposed(path, mode)
            return _keys(json.load(file))
    except FileNotFoundError:
        raise KeyFileMissing(path) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        # Without the cause: it could repeat a part of the file.
        raise KeyFileBroken(path) from None


def write_new(path: Path, keys: Keys) -> None:
    """Write a key file where there is none. Raises KeyFileExists."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = _written_beside(path, keys)
    try:
        os.link(beside, path)
    except FileExistsError:
        raise KeyFileExists(path) from None
    finally:
        beside.unlink()
    _settle(path.parent)


def change(path: Path, changed: Callable[[Keys], Keys]) -> Keys:
    """Replace a key file by what ``changed`` makes of it; whoever else changes it waits.

    Raises as :func:`read` does, and what ``changed`` raises; the file then stays as it is.
    """
    handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        keys = changed(read(path))
        _written_beside(path, keys).replace(path)
        os.fsync(handle)
    finally:
        os.close(handle)  # gives the lock back as well
    return keys


def _written_beside(path: Path, keys: Keys) -> Path:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(ID_BYTES)}")
    file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OWNER_ONLY)
    with os.fdopen(file, "w", encoding="utf-8") as stream:
        json.dump(_content(keys), stream, indent=2)
        stream.flush()
        os.fsync(stream.fileno())
    return beside


def _settle(folder: Path) -> None:
    """Wait until the disk knows the folder's new entry."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _content(keys: Keys) -> dict[str, Any]:
    listed = [
        {
            "id": key.id,
            "algorithm": key.algorithm.value,
            "made_at": key.made_at.isoformat(),
            "secret": b64encode(key.secret).decode(),
        }
        for key in keys.by_id.values()
    ]
    index = b64encode(keys.index).decode()
    return {"version": 1, "current": keys.current, "index": index, "keys": listed}


def _keys(content: dict[str, Any]) -> Keys:
    by_id = {each["id"]: _key(each) for each in content["keys"]}
    index = b64decode(content["index"], validate=True)
    if content["version"] != 1 or content["current"] not in by_id or len(index) != INDEX_BYTES:
        raise ValueError
    return Keys(content["current"], by_id, index)


def _key(content: dict[str, str]) -> Key:
    algorithm = Algorithm(content["algorithm"])
    secret = b64decode(content["secret"], validate=True)
    if len(bytes.fromhex(content["id"])) != ID_BYTES or len(secret) != algorithm.key_bytes:
        raise ValueError
    return Key(content["id"], algorithm, datetime.fromisoformat(content["made_at"]), secret)
