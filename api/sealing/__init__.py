"""Encryption of identity fields with keys from a file outside the database."""

from api.sealing.ciphers import Algorithm
from api.sealing.errors import SealingError, Tampered
from api.sealing.keyring import Keyring, context

__all__ = ["Algorithm", "Keyring", "SealingError", "Tampered", "context"]
