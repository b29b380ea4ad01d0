"""A webhook: JSON by POST, signed with HMAC-SHA256 (RFC 2104). docs/notices.md shows the check."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass

from api.notices.channels.outside import Outside
from api.notices.channels.words import filled
from api.notices.domain import Channel, Parcel

VERSION = "v1"


@dataclass(frozen=True)
class Webhook:
    """How webhooks are signed: ``secret`` is the name of the file with the key."""

    secret: str

    def send(self, address: str, parcel: Parcel, outside: Outside) -> None:
        """Post a parcel to a URL. Raises Unsent."""
        key, stamp, body = outside.secret(self.secret), str(int(time.time())), content(parcel)
        headers = {
            "Content-Type": "application/json",
            "X-Fengqiao-Event": str(parcel.event_id),
            "X-Fengqiao-Delivery": str(parcel.delivery_id),
            "X-Fengqiao-Timestamp": stamp,
            "X-Fengqiao-Signature": signature(key, stamp, body),
        }
        outside.post(address, body, headers)


def content(parcel: Parcel) -> bytes:
    """The body: what any outside channel may say, and nothing else."""
    found = {
        "event": parcel.event_id,
        "topic": parcel.topic,
        "case": parcel.number,
        "unit": {"code": parcel.unit.unit_code, "name": parcel.unit.unit_name},
        "text": {each: filled(Channel.WEBHOOK, each, parcel) for each in ("zh", "en")},
        "at": parcel.at.isoformat(),
        "due_at": parcel.due_at.isoformat() if parcel.due_at else None,
    }
    return json.dumps(found, ensure_ascii=False).encode()


def signature(key: bytes, stamp: str, body: bytes) -> str:
    """``v1=`` and the HMAC in hexadecimal, over the timestamp, a full stop and the body."""
    return f"{VERSION}={hmac.new(key, stamp.encode() + b'.' + body, hashlib.sha256).hexdigest()}"
