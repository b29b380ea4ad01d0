"""Sealing: published vectors, places, key files, and the blind index."""

import json
from pathlib import Path

import pytest

from api.sealing import Algorithm, Keyring, ciphers, context
from api.sealing.ciphers import decrypt, encrypt
from api.sealing.errors import (
    CipherMissing,
    KeyFileBroken,
    KeyFileExists,
    KeyFileExposed,
    KeyFileMissing,
    KeyNeeded,
    Tampered,
    UnknownKey,
)
from api.sealing.keyring import HEADER_BYTES, LEAST_BYTES, key_of

HERE = context("party_identity", "name", 1)
CANARY = "金丝雀阿芳"

# Algorithm, key, nonce, associated data, plain text, ciphertext, tag.
VECTORS = {
    "McGrew and Viega, The Galois/Counter Mode of Operation, test case 16 (NIST submission)": (
        Algorithm.AES_256_GCM,
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
        "cafebabefacedbaddecaf888",
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        (
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
        ),
        (
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        ),
        "76fc6ece0f4e1768cddf8853bb2d551b",
    ),
    "RFC 8998, appendix A.1": (
        Algorithm.SM4_GCM,
        "0123456789abcdeffedcba9876543210",
        "00001234567800000000abcd",
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        (
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
            "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
        ),
        (
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
            "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        ),
        "83de3541e4c2b58177e065a9bf7b62ec",
    ),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "keys.json"


@pytest.fixture(params=list(Algorithm))
def keyring(request: pytest.FixtureRequest, path: Path) -> Keyring:
    return Keyring.create(path, request.param)


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_both_ciphers_give_the_published_text_and_tag(vector: tuple[Algorithm, str]) -> None:
    algorithm, *words = vector
    key, nonce, bound, plain, cipher, tag = (bytes.fromhex(word) for word in words)
    assert encrypt(algorithm, key, nonce, plain, bound) == cipher + tag
    assert decrypt(algorithm, key, nonce, cipher + tag, bound) == plain


def test_what_was_sealed_opens_in_its_place(keyring: Keyring) -> None:
    for text in (CANARY, "", "𠮷" * 500, "210104199001011234"):
        assert keyring.open(keyring.seal(text, HERE), HERE) == text


def test_a_sealed_value_has_the_form_that_is_described(keyring: Keyring) -> None:
    sealed = keyring.seal(CANARY, HERE)
    mark = 1 if keyring.current.algorithm is Algorithm.AES_256_GCM else 2
    assert sealed[:2] == bytes([1, mark])
    assert key_of(sealed) == sealed[2:6].hex() == keyring.current.id
    assert len(sealed) == LEAST_BYTES + len(CANARY.encode())
    assert CANARY.encode() not in sealed


def test_the_same_text_is_never_sealed_twice_the_same(keyring: Keyring) -> None:
    assert len({keyring.seal(CANARY, HERE) for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    "elsewhere",
    [
        context("party_identity", "name", 2),
        context("party_identity", "phone", 1),
        context("protected", "name", 1),
    ],
)
def test_a_value_moved_to_another_place_does_not_open(keyring: Keyring, elsewhere: str) -> None:
    with pytest.raises(Tampered):
        keyring.open(keyring.seal(CANARY, HERE), elsewhere)


def test_no_byte_can_be_changed_unnoticed(keyring: Keyring) -> None:
    sealed = keyring.seal(CANARY, HERE)
    for place in range(len(sealed)):
        other = bytearray(sealed)
        other[place] ^= 1
        with pytest.raises((Tampered, UnknownKey)):
            keyring.open(bytes(other), HERE)


def test_no_byte_can_be_cut_or_added_unnoticed(keyring: Keyring) -> None:
    sealed = keyring.seal(CANARY, HERE)
    for other in (b"", sealed[:HEADER_BYTES], *(sealed[:many] for many in range(7, len(sealed)))):
        with pytest.raises(Tampered):
            keyring.open(other, HERE)
    with pytest.raises(Tampered):
        keyring.open(sealed + b"\0", HERE)


def test_no_error_repeats_what_was_sealed_or_a_key(keyring: Keyring) -> None:
    with pytest.raises(Tampered) as told:
        keyring.open(keyring.seal(CANARY, HERE), "elsewhere")
    assert CANARY not in str(told.value)
    assert keyring.current.secret.hex() not in repr(keyring.current)
    assert told.value.what.zh
    assert told.value.mend.en


def test_a_key_file_is_made_for_its_owner_only_and_never_overwritten(path: Path) -> None:
    made = Keyring.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    with pytest.raises(KeyFileExists):
        Keyring.create(path)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["keys.json"]
    assert Keyring.load(path).open(made.seal(CANARY, HERE), HERE) == CANARY


def test_a_key_file_that_others_may_read_is_refused(path: Path) -> None:
    Keyring.create(path)
    for mode in (0o640, 0o604, 0o620, 0o644):
        path.chmod(mode)
        with pytest.raises(KeyFileExposed, match=f"{mode:04o}.*chmod 600"):
            Keyring.load(path)


def test_a_missing_key_file_is_told_with_how_to_make_one(path: Path) -> None:
    with pytest.raises(KeyFileMissing, match=r"没有密钥文件.*fengqiao keys create"):
        Keyring.load(path)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"current": "00000000"},
        {"index": "AAAA"},
        {"keys": []},
        {"keys": [{"id": "00000000", "algorithm": "des", "made_at": "", "secret": ""}]},
        {"keys": 7},
    ],
)
def test_a_damaged_key_file_is_refused(path: Path, change: dict[str, object]) -> None:
    Keyring.create(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(KeyFileBroken):
        Keyring.load(path)


def test_a_key_file_that_is_no_json_is_refused_without_its_text(path: Path) -> None:
    Keyring.create(path)
    path.write_text("{" + CANARY)
    with pytest.raises(KeyFileBroken) as told:
        Keyring.load(path)
    assert CANARY not in str(told.value)
    assert told.value.__cause__ is None


def test_after_a_rotation_the_new_key_seals_and_the_old_one_still_opens(keyring: Keyring) -> None:
    old = keyring.seal(CANARY, HERE)
    made = keyring.rotate(Algorithm.SM4_GCM)
    new = keyring.seal(CANARY, HERE)
    assert key_of(new) == made.id == keyring.current.id != key_of(old)
    assert new[1] == 2
    assert keyring.open(old, HERE) == keyring.open(new, HERE) == CANARY
    assert keyring.keys[-1] is keyring.current


def test_a_running_server_follows_a_rotation_by_another_process(keyring: Keyring) -> None:
    other = Keyring.load(keyring.path)
    made = other.rotate(Algorithm.AES_256_GCM)
    assert keyring.open(other.seal(CANARY, HERE), HERE) == CANARY
    assert key_of(keyring.seal(CANARY, HERE)) == made.id


def test_two_rotations_at_once_lose_no_key(keyring: Keyring) -> None:
    other = Keyring.load(keyring.path)
    made = [each.rotate(Algorithm.AES_256_GCM).id for each in (keyring, other) * 3]
    assert {key.id for key in Keyring.load(keyring.path).keys} >= set(made)


def test_a_removed_key_opens_nothing_and_the_current_one_stays(keyring: Keyring) -> None:
    old = keyring.seal(CANARY, HERE)
    keyring.rotate(Algorithm.AES_256_GCM)
    keyring.remove(key_of(old))
    with pytest.raises(UnknownKey, match=key_of(old)):
        keyring.open(old, HERE)
    with pytest.raises(KeyNeeded):
        keyring.remove(keyring.current.id)
    with pytest.raises(UnknownKey):
        keyring.remove(key_of(old))


def test_a_key_file_that_is_away_for_a_moment_stops_nobody(keyring: Keyring) -> None:
    sealed = keyring.seal(CANARY, HERE)
    aside = keyring.path.rename(keyring.path.with_suffix(".aside"))
    assert keyring.open(sealed, HERE) == CANARY
    aside.rename(keyring.path)


def test_the_blind_index_survives_a_rotation_and_differs_between_files(
    keyring: Keyring, tmp_path: Path
) -> None:
    before = keyring.blind(CANARY, "name")
    keyring.rotate(Algorithm.AES_256_GCM)
    assert keyring.blind(CANARY, "name") == before
    assert Keyring.create(tmp_path / "other.json").blind(CANARY, "name") != before


def test_the_blind_index_knows_one_text_in_every_width_and_spacing(keyring: Keyring) -> None:
    assert keyring.blind(" 王  Ａ ", "name") == keyring.blind("王A", "name")
    assert keyring.blind("王A", "name") != keyring.blind("王B", "name")
    assert len(keyring.blind("王A", "name")) == 32


def test_the_blind_index_of_one_purpose_says_nothing_of_another(keyring: Keyring) -> None:
    assert keyring.blind("13800005678", "phone") != keyring.blind("13800005678", "identity_number")


def test_a_library_without_the_cipher_is_told_and_nothing_is_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(*_: object) -> None:
        raise ciphers.UnsupportedAlgorithm("sm4")

    monkeypatch.setattr(ciphers, "Cipher", lacking)
    with pytest.raises(CipherMissing, match=r"sm4-gcm.*aes-256-gcm"):
        Keyring.create(path, Algorithm.SM4_GCM)
    assert not path.exists()
