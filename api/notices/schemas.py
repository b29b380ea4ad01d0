"""What the routes of notices, deliveries and channels take and answer."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.notices.channels.in_app.sender import said
from api.notices.domain import CHANNEL_TITLES, FAILING_TITLES, Channel, Failing, Progress
from api.notices.models import ChannelSetting, Delivery, Notice, UnitAddress
from api.schemas import Line, Said, Strict, example

MAILBOX = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$"
PHONE = r"^\+?[0-9][0-9-]{4,19}$"

FileName = Annotated[str, StringConstraints(pattern=r"^[\w][\w.-]{0,63}$")]
HostName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,252})$")]
Mailbox = Annotated[str, StringConstraints(pattern=MAILBOX)]
FieldName = Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,64}$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[!-~]{1,500}$")]
Language = Literal["zh", "en"]
OutsideChannel = Literal[Channel.EMAIL, Channel.WEBHOOK, Channel.SMS]


class NoticeAnswer(BaseModel):
    """One notice in words; ``read_at`` is null until somebody of its recipients has read it."""

    id: int
    event_id: int
    topic: str
    case_number: str
    text: Said
    unit_code: str | None
    created_at: datetime
    due_at: datetime | None
    read_at: datetime | None

    @classmethod
    def of(cls, notice: Notice) -> "NoticeAnswer":
        """A stored notice as an answer."""
        names = ("id", "event_id", "topic", "case_number", "unit_code")
        times = ("created_at", "due_at", "read_at")
        words = {name: getattr(notice, name) for name in (*names, *times)}
        return cls(**words, text=Said(**said(notice)._asdict()))


class NoticeList(BaseModel):
    """A page of notices, newest first; ``next`` is null on the last one."""

    unread: int
    items: list[NoticeAnswer]
    next: int | None

    @classmethod
    def of(cls, found: Sequence[Notice], limit: int, unread: int) -> "NoticeList":
        """The page for notices that were found."""
        last = found[-1].id if len(found) == limit else None
        return cls(unread=unread, items=[NoticeAnswer.of(each) for each in found], next=last)


class DeliveryAnswer(BaseModel):
    """A delivery without its case: who looks after channels sees no case.

    ``recipient`` is a unit's code. Under the channel ``in_app`` stands what could not be told.
    """

    id: int
    event_id: int
    channel: str
    recipient: str
    state: str
    attempts: int
    failing: str | None
    why: Said | None
    created_at: datetime
    next_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, delivery: Delivery) -> "DeliveryAnswer":
        """A stored delivery as an answer."""
        names = set(cls.model_fields) - {"why"}
        words = {name: getattr(delivery, name) for name in names}
        why = FAILING_TITLES[Failing(delivery.failing)] if delivery.failing else None
        return cls(**words, why=Said(**why._asdict()) if why else None)


class DeliveryList(BaseModel):
    """A page of deliveries, newest first; ``next`` is null on the last one."""

    items: list[DeliveryAnswer]
    next: int | None

    @classmethod
    def of(cls, found: Sequence[Delivery], limit: int) -> "DeliveryList":
        """The page for deliveries that were found."""
        last = found[-1].id if len(found) == limit else None
        return cls(items=[DeliveryAnswer.of(each) for each in found], next=last)


class DeliveryQuery(BaseModel):
    """Which deliveries: ``before`` is ``next`` of the page before."""

    model_config = ConfigDict(extra="forbid")

    state: Progress | None = None
    before: int | None = Field(default=None, ge=1, le=2**62)
    limit: int = Field(default=50, ge=1, le=500)


class NoticeQuery(BaseModel):
    """Which notices: ``before`` is ``next`` of the page before."""

    model_config = ConfigDict(extra="forbid")

    unread: bool = False
    before: int | None = Field(default=None, ge=1, le=2**62)
    limit: int = Field(default=20, ge=1, le=200)


class ReplayRequest(Strict):
    """Why a delivery is tried again."""

    model_config = example({"reason": "短信网关已恢复"})

    reason: Line


class EmailContent(Strict):
    """How e-mail is sent; ``secret`` is the name of a file in the folder of secrets."""

    host: HostName
    port: int = Field(default=587, ge=1, le=65535)
    sender: Mailbox
    language: Language = "zh"
    user: Line | None = None
    secret: FileName | None = None


class WebhookContent(Strict):
    """How webhooks are signed; ``secret`` is the name of a file in the folder of secrets."""

    secret: FileName


class SmsContent(Strict):
    """How the gateway for text messages is asked."""

    url: Url
    phone_field: FieldName
    text_field: FieldName
    id_field: FieldName
    language: Language = "zh"
    form: bool = False
    fixed: dict[FieldName, Line] = Field(default_factory=dict, max_length=20)
    secret: FileName | None = None
    secret_header: FieldName = "Authorization"  # noqa: S105 - the name of a header


class ChannelRequest(Strict):
    """A channel set up anew: the content of this channel, and why."""

    model_config = example(
        {
            "enabled": True,
            "reason": "启用值班短信",
            "sms": {
                "url": "https://sms.example.gov.cn/send",
                "phone_field": "mobile",
                "text_field": "content",
                "id_field": "requestId",
                "secret": "sms-token",
            },
        }
    )

    enabled: bool
    reason: Line
    email: EmailContent | None = None
    webhook: WebhookContent | None = None
    sms: SmsContent | None = None

    def content_of(self, channel: Channel) -> dict[str, Any] | None:
        """What was given for a channel; None: nothing, or something for another one."""
        given = {Channel(name) for name in ("email", "webhook", "sms") if getattr(self, name)}
        if given != {channel}:
            return None
        content: BaseModel = getattr(self, channel.value)
        return content.model_dump()


class ChannelAnswer(BaseModel):
    """How a channel is set up, since when and why; ``content`` is null where it never was."""

    channel: str
    title: Said
    enabled: bool
    content: dict[str, Any] | None
    changed_by: UUID | None
    changed_at: datetime | None
    reason: str | None

    @classmethod
    def of(cls, channel: Channel, found: ChannelSetting | None) -> "ChannelAnswer":
        """A channel as an answer."""
        return cls(
            channel=channel.value,
            title=Said(**CHANNEL_TITLES[channel]._asdict()),
            enabled=found.enabled if found else False,
            content=found.content if found else None,
            changed_by=found.changed_by if found else None,
            changed_at=found.changed_at if found else None,
            reason=found.reason if found else None,
        )


class ChannelList(BaseModel):
    """Channels as they are, or the versions of one, newest first."""

    items: list[ChannelAnswer]


class AddressRequest(Strict):
    """Where a channel reaches a unit: a mailbox, a phone or a URL; null: not any more."""

    model_config = example({"address": "024-88880000", "reason": "值班电话"})

    address: Annotated[str, StringConstraints(pattern=r"^[!-~]{3,500}$")] | None
    reason: Line


def fits(channel: Channel, address: str) -> bool:
    """Whether a mailbox or a phone number is one."""
    return re.fullmatch(MAILBOX if channel is Channel.EMAIL else PHONE, address) is not None


class AddressAnswer(BaseModel):
    """Where a channel reaches a unit."""

    unit_code: str
    channel: str
    address: str | None
    changed_by: UUID
    changed_at: datetime
    reason: str

    @classmethod
    def of(cls, found: UnitAddress) -> "AddressAnswer":
        """A stored address as an answer."""
        words: Mapping[str, Any] = {name: getattr(found, name) for name in cls.model_fields}
        return cls(**words)


class AddressList(BaseModel):
    """The addresses of all units."""

    items: list[AddressAnswer]
