"""Time-outs, lock-out, passwords and one-time codes. Pure: no clock, no database."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest

import pyotp
from zxcvbn import zxcvbn

from api.refusals import BadInput, Fault
from api.rights.roles import ADMINISTRATORS, Role
from gis.wording import Wording


class Device(StrEnum):
    """What a session runs on: it decides how long the session lives."""

    DESK = "desk"
    PHONE = "phone"
    WALL = "wall"


@dataclass(frozen=True)
class Lifetime:
    """A session ends when it was idle this long, and at the latest after ``whole``."""

    idle: timedelta
    whole: timedelta


ISSUER = "枫桥"

PHONE_LIFE = Lifetime(timedelta(days=3), timedelta(days=30))
"""A grid worker's phone is without network for days and must still deliver what it holds."""

WALL_LIFE = Lifetime(timedelta(days=400), timedelta(days=400))
"""A wall runs for weeks untouched; revoking its ticket ends it at once."""


class LifeOf:
    """How long sessions live on each device; a desk's times are the operator's."""

    def __init__(self, desk: Lifetime) -> None:
        self._lives = {Device.DESK: desk, Device.PHONE: PHONE_LIFE, Device.WALL: WALL_LIFE}

    def __call__(self, device: Device) -> Lifetime:
        return self._lives[device]


class SecondFactor(StrEnum):
    """Who has to have a second factor; everybody else may."""

    ADMINISTRATORS = "administrators"
    EVERYONE = "everyone"
    OPTIONAL = "optional"

    def required(self, roles: Collection[Role]) -> bool:
        """Whether somebody with these roles has to have one."""
        if self is SecondFactor.ADMINISTRATORS:
            return bool(ADMINISTRATORS & set(roles))
        return self is SecondFactor.EVERYONE


STEPS_AROUND = (-1, 0, 1)
"""A code of the step before or after is taken too, for slow hands and clocks (RFC 6238, 5.2)."""


def new_secret() -> str:
    """A TOTP secret in base 32: 160 random bits (RFC 4226, 4)."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The 30-second step since 1970 whose code of six digits this is (RFC 6238); None: of none.

    A step may be used once: the caller keeps the last one.
    """
    totp = pyotp.TOTP(secret)
    steps = [totp.timecode(now) + around for around in STEPS_AROUND]
    fitting = (step for step in steps if compare_digest(totp.generate_otp(step), code))
    return next(fitting, None)


def provisioning_uri(secret: str, sign_in_name: str) -> str:
    """What an authenticator app reads from the picture (Key URI Format: ``otpauth://totp/…``)."""
    return pyotp.TOTP(secret).provisioning_uri(name=sign_in_name, issuer_name=ISSUER)


PENDING_LIFE = timedelta(minutes=5)
"""How long a password is good for without its second factor."""

SEEN_EVERY = timedelta(minutes=1)
"""A session's last use is written down at most this often: a write for each request is too much."""

LOCK_AFTER = 5
LOCK_FOR = timedelta(minutes=15)
"""ASVS 5.0, 6.3.1: guessing is slowed down, yet nobody can be shut out for long."""

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 128
STRENGTH = 3
"""Of zxcvbn's 0 to 4: more than 10^8 guesses (Wheeler, USENIX Security 2016)."""

HOUSE_WORDS = ("fengqiao", "枫桥", "dadong", "大东", "zongzhi", "综治")

JUDGED_CHARACTERS = 72
"""zxcvbn's time grows with the square of the length; so much is enough to judge by."""


def locked_until(failures: int, now: datetime) -> datetime | None:
    """Until when nobody signs in after so many failures in a row; None while there are few."""
    return now + LOCK_FOR if failures > 0 and failures % LOCK_AFTER == 0 else None


def require_strong(password: str, *known_words: str) -> None:
    """Refuse a password that is short, common, or made of words known of its owner.

    ASVS 5.0, 6.2.1 to 6.2.12: length and a check against known lists instead of prescribed
    character classes. Raises BadInput.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        what = Wording("长度不合要求", "has not the right length")
        mend = Wording(
            f"用 {SHORTEST_PASSWORD} 到 {LONGEST_PASSWORD} 个字符",
            f"use {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters",
        )
        raise BadInput(Fault("password", what, mend))
    if zxcvbn(_unknown_part(password, known_words) or "-")["score"] < STRENGTH:
        what = Wording("太容易被猜到", "is too easy to guess")
        mend = Wording(
            "用几个互不相关的词，不用姓名、单位、键盘顺序和年份",
            "use several unrelated words; no names, units, keyboard rows or years",
        )
        raise BadInput(Fault("password", what, mend))


def require_another(old: str, new: str) -> None:
    """Refuse to keep a password, above all a first one, which somebody else has seen.

    ASVS 5.0, 6.4.1. Raises BadInput.
    """
    if old == new:
        what = Wording("与现在的密码相同", "is the password in use")
        mend = Wording("换一个新密码", "choose another one")
        raise BadInput(Fault("password", what, mend))


def _unknown_part(password: str, known_words: Iterable[str]) -> str:
    """What is left of a password for whoever knows its owner, as much as is judged."""
    left = password.lower()
    for word in (*known_words, *HOUSE_WORDS):
        left = left.replace(word.lower(), "")
    return left[:JUDGED_CHARACTERS]
