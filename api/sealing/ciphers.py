"""Authenticated encryption by two algorithms, both in Galois/Counter Mode (NIST SP 800-38D).

AES-256 (FIPS 197), and SM4 (GB/T 32907-2016; with GCM as in RFC 8998) where the law asks for a
national cipher. Both take a nonce of 96 bits and give a tag of 128 bits.
"""

from enum import StrEnum

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from cryptography.hazmat.primitives.ciphers.modes import GCM

from api.sealing.errors import CipherMissing

NONCE_BYTES = 12
TAG_BYTES = 16


class Algorithm(StrEnum):
    """How a key seals. A key serves one algorithm only."""

    AES_256_GCM = "aes-256-gcm"
    SM4_GCM = "sm4-gcm"

    @property
    def key_bytes(self) -> int:
        """The length of its keys."""
        return 32 if self is Algorithm.AES_256_GCM else 16


MARKS = {Algorithm.AES_256_GCM: 1, Algorithm.SM4_GCM: 2}
"""The byte that names the algorithm in a sealed value. Never renumbered."""


def encrypt(algorithm: Algorithm, key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
    """The ciphertext of ``plain`` with the tag behind it, which also covers ``bound``.

    Raises CipherMissing.
    """
    try:
        encryptor = Cipher(_block(algorithm, key), GCM(nonce)).encryptor()
    except UnsupportedAlgorithm:
        raise CipherMissing(algorithm) from None
    encryptor.authenticate_additional_data(bound)
    return encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def decrypt(algorithm: Algorithm, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    """The plain text. Raises cryptography's InvalidTag where one bit differs, and CipherMissing."""
    cipher, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    try:
        decryptor = Cipher(_block(algorithm, key), GCM(nonce, tag)).decryptor()
    except UnsupportedAlgorithm:
        raise CipherMissing(algorithm) from None
    decryptor.authenticate_additional_data(bound)
    return decryptor.update(cipher) + decryptor.finalize()


def _block(algorithm: Algorithm, key: bytes) -> algorithms.AES | algorithms.SM4:
    return algorithms.AES(key) if algorithm is Algorithm.AES_256_GCM else algorithms.SM4(key)
