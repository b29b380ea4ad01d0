"""Text messages by the HTTP gateway of the district; its URL and field names are configured."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from api.notices.channels.outside import Outside
from api.notices.channels.words import filled
from api.notices.domain import Channel, Parcel


@dataclass(frozen=True)
class Sms:
    """How the gateway is asked: its URL, what it calls phone, text and request id, fixed fields.

    ``secret`` is the name of the file whose content goes into the header ``secret_header``.
    """

    url: str
    phone_field: str
    text_field: str
    id_field: str
    language: str
    form: bool = False
    fixed: Mapping[str, str] = field(default_factory=dict)
    secret: str | None = None
    secret_header: str = "Authorization"  # noqa: S105 - the name of a header

    def send(self, address: str, parcel: Parcel, outside: Outside) -> None:
        """Ask the gateway to send a parcel to a phone. Raises Unsent."""
        kind = "x-www-form-urlencoded" if self.form else "json"
        headers = {
            "Content-Type": f"application/{kind}",
            "X-Fengqiao-Event": str(parcel.event_id),
        }
        if self.secret is not None:
            headers[self.secret_header] = outside.secret(self.secret).decode()
        outside.post(self.url, self.body(address, parcel), headers)

    def body(self, phone: str, parcel: Parcel) -> bytes:
        """The request. One that comes twice bears the same request id."""
        words = {
            **self.fixed,
            self.phone_field: phone,
            self.text_field: filled(Channel.SMS, self.language, parcel),
            self.id_field: f"fengqiao-{parcel.event_id}-{parcel.delivery_id}",
        }
        return (urlencode(words) if self.form else json.dumps(words, ensure_ascii=False)).encode()
