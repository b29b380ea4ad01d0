"""Sealing, opening, and the blind index, with the keys of one file.

A sealed value is

    version (1 byte) · algorithm (1) · key id (4) · nonce (12, by lot) · ciphertext · tag (16)

The tag also covers the first three and the context, which names the value's place
(:func:`context`): a value that is moved to another row or column does not open. Nonces by lot allow
2³² values for each key (NIST SP 800-38D, 8.3): rotate long before.

The blind index is a keyed hash (HMAC-SHA-256): the same text gives the same hash, by which it is
found without being opened. Its secret is **not** rotated with the keys: hashes by the old and the
new secret would not match, and until the last row is hashed anew the same person would be taken for
two. Nothing can be opened with it, but whoever holds it can try names: guard it like the keys.
"""

import hashlib
import hmac
import os
import secrets
import threading
import unicodedata
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from api.sealing import keyfile
from api.sealing.ciphers import MARKS, NONCE_BYTES, TAG_BYTES, Algorithm, decrypt, encrypt
from api.sealing.errors import KeyNeeded, Tampered, UnknownKey
from api.sealing.keyfile import ID_BYTES, Key, Keys

VERSION = 1
HEADER_BYTES = 2 + ID_BYTES
LEAST_BYTES = HEADER_BYTES + NONCE_BYTES + TAG_BYTES


def context(table: str, field: str, row: UUID | str | int) -> str:
    """The place of a value, to which it is bound."""
    return f"{table}/{field}/{row}"


def key_of(sealed: bytes) -> str:
    """The id of the key that sealed a value."""
    return sealed[2:HEADER_BYTES].hex()


class Keyring:
    """The keys of a file. Threads may share it.

    A file that was replaced, as by `fengqiao keys rotate`, is read again before the next use, so
    running servers follow a rotation without a restart.
    """

    def __init__(self, path: Path) -> None:
        """Raises KeyFileMissing, KeyFileExposed, KeyFileBroken."""
        self.path = path
        # First the stamp: a file that is replaced meanwhile is read again.
        self._stamp = _stamp(path)
        self._keys = keyfile.read(path)
        self._turn = threading.Lock()

    @classmethod
    def load(cls, path: Path) -> "Keyring":
        """Raises KeyFileMissing, KeyFileExposed, KeyFileBroken."""
        return cls(path)

    @classmethod
    def create(cls, path: Path, algorithm: Algorithm = Algorithm.AES_256_GCM) -> "Keyring":
        """A new key file with one key. Raises KeyFileExists, CipherMissing."""
        keys = Keys.new(algorithm)
        _require_cipher(keys.by_id[keys.current])
        keyfile.write_new(path, keys)
        return cls(path)

    @property
    def current(self) -> Key:
        """The key that seals now."""
        keys = self._fresh()
        return keys.by_id[keys.current]

    @property
    def keys(self) -> tuple[Key, ...]:
        """All keys, the oldest first."""
        return tuple(sorted(self._fresh().by_id.values(), key=lambda key: key.made_at))

    def seal(self, plain: str, context: str) -> bytes:
        """The text sealed with the current key, bound to its place."""
        key = self.current
        header = bytes([VERSION, MARKS[key.algorithm]]) + bytes.fromhex(key.id)
        nonce = secrets.token_bytes(NONCE_BYTES)
        bound = header + context.encode()
        return header + nonce + encrypt(key.algorithm, key.secret, nonce, plain.encode(), bound)

    def open(self, sealed: bytes, context: str) -> str:
        """The text of a sealed value in this place. Raises UnknownKey, Tampered."""
        if len(sealed) < LEAST_BYTES or sealed[0] != VERSION:
            raise Tampered
        header, rest = sealed[:HEADER_BYTES], sealed[HEADER_BYTES:]
        key = self._fresh().by_id.get(key_of(sealed))
        if key is None:
            raise UnknownKey(key_of(sealed))
        if header[1] != MARKS[key.algorithm]:
            raise Tampered
        nonce, cipher = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
        try:
            bound = header + context.encode()
            return decrypt(key.algorithm, key.secret, nonce, cipher, bound).decode()
        except InvalidTag:
            raise Tampered from None

    def blind(self, text: str, purpose: str) -> bytes:
        """The keyed hash (32 bytes) of a text for a purpose, such as one field.

        Letters of one width (NFKC) and no white space: what else is the same, as a phone number
        with and without +86, the caller has to write the same. Two purposes share no hash.
        """
        plain = "".join(unicodedata.normalize("NFKC", text).split())
        key = _index_key(self._fresh().index, purpose)
        return hmac.digest(key, plain.encode(), hashlib.sha256)

    def rotate(self, algorithm: Algorithm) -> Key:
        """Add a key, now current; what is sealed stays as it is. Raises CipherMissing."""
        key = Key.new(algorithm)
        _require_cipher(key)
        keyfile.change(self.path, lambda keys: keys.with_current(key))
        return key

    def remove(self, key_id: str) -> None:
        """Remove a key for ever. Raises KeyNeeded for the current one, and UnknownKey."""

        def without(keys: Keys) -> Keys:
            if key_id == keys.current:
                raise KeyNeeded(key_id)
            if key_id not in keys.by_id:
                raise UnknownKey(key_id)
            return keys.without(key_id)

        keyfile.change(self.path, without)

    def _fresh(self) -> Keys:
        """The keys as the file has them now; as they were, while there is no file."""
        stamp = _stamp(self.path)
        if stamp is not None and stamp != self._stamp:
            with self._turn:
                self._keys, self._stamp = keyfile.read(self.path), stamp
        return self._keys


def _stamp(path: Path) -> tuple[int, int] | None:
    """What differs after the file was replaced."""
    try:
        found = os.stat(path)  # noqa: PTH116 - asked at every use, and pathlib takes twice as long
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def _require_cipher(key: Key) -> None:
    encrypt(key.algorithm, key.secret, bytes(NONCE_BYTES), b"", b"")


@lru_cache(maxsize=32)
def _index_key(index: bytes, purpose: str) -> bytes:
    """The key of one purpose, derived by HKDF (RFC 5869)."""
    info = f"fengqiao blind index {purpose}".encode()
    return HKDF(SHA256(), 32, salt=None, info=info).derive(index)
