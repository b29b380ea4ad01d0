"""What one was told; for the system administrator channels, addresses and deliveries."""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy.orm import Session

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.deps import Given
from api.notices import schemas, service
from api.notices.channels.outside import Outside
from api.notices.domain import OUTSIDE, Channel
from api.refusals import BadInput, Fault
from api.rights.gate import Asker, Asking
from api.schemas import PROBLEMS
from gis.wording import Wording

router = APIRouter(tags=["notices"], responses=PROBLEMS)

# A code and nothing else: it stands in the audit, where no name belongs.
UnitCode = Annotated[str, Path(pattern=r"^[!-~]{1,64}$")]
Id = Annotated[int, Path(ge=1, le=2**62)]
UNCHANGED = 304


@router.get("/v1/notices", response_model=schemas.NoticeList)
def notices(
    asked: Annotated[schemas.NoticeQuery, Query()], asker: Asker, request: Request
) -> Response:
    """What one was told, newest first. With the ETag of before: 304 as long as nothing is new."""
    with asker.transaction() as session:
        found = service.notices(session, asked.limit, asked.before, unread=asked.unread)
        unread = service.how_many_unread(session)
    body = schemas.NoticeList.of(found, asked.limit, unread).model_dump_json().encode()
    return _unless_known(body, request)


def _unless_known(body: bytes, request: Request) -> Response:
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    known = request.headers.get("if-none-match", "").removeprefix("W/")
    if known == tag:
        return Response(status_code=UNCHANGED, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


@router.post("/v1/notices/{notice_id}/read", status_code=204)
def read(notice_id: Id, asker: Asker) -> None:
    """Say that one has read a notice; it counts for all its recipients, and once."""
    with asker.transaction() as session:
        found = service.read(session, notice_id, asker.who.id)
        if found is not None:
            content = {"notice": notice_id, "topic": found.topic}
            _note(session, asker, Deed.NOTICE_READ, f"case:{found.case_number}", content)


@router.get("/v1/deliveries", response_model=schemas.DeliveryList)
def deliveries(
    asked: Annotated[schemas.DeliveryQuery, Query()], asker: Asker
) -> schemas.DeliveryList:
    """Deliveries by outside channels; ``state=dead`` is the dead list."""
    with asker.system() as session:
        found = service.deliveries(session, asked.state, asked.limit, asked.before)
        return schemas.DeliveryList.of(found, asked.limit)


@router.post("/v1/deliveries/{delivery_id}/replay", status_code=204)
def replay(delivery_id: Id, body: schemas.ReplayRequest, asker: Asker) -> None:
    """Try a dead delivery again."""
    with asker.system() as session:
        found = service.replay(session, delivery_id)
        content = {"channel": found.channel, "event": found.event_id}
        subject = f"delivery:{delivery_id}"
        _note(session, asker, Deed.DELIVERY_REPLAYED, subject, content, reason=body.reason)


@router.get("/v1/channels", response_model=schemas.ChannelList)
def channels(asker: Asker) -> schemas.ChannelList:
    """How each outside channel is set up."""
    with asker.system() as session:
        found = service.settings(session)
    items = [schemas.ChannelAnswer.of(channel, found.get(channel)) for channel in OUTSIDE]
    return schemas.ChannelList(items=items)


@router.get("/v1/channels/{channel}/versions", response_model=schemas.ChannelList)
def versions(channel: schemas.OutsideChannel, asker: Asker) -> schemas.ChannelList:
    """How a channel was set up before, newest first: by whom, when and why."""
    with asker.system() as session:
        found = service.versions(session, channel, limit=100)
    return schemas.ChannelList(items=[schemas.ChannelAnswer.of(channel, each) for each in found])


@router.put("/v1/channels/{channel}", response_model=schemas.ChannelAnswer)
def set_up(
    channel: schemas.OutsideChannel, body: schemas.ChannelRequest, asker: Asker, given: Given
) -> schemas.ChannelAnswer:
    """Set a channel up anew; it holds from the next delivery on."""
    content = body.content_of(channel)
    if content is None:
        what = Wording("没有这个渠道的设置", "is not set up")
        mend = Wording(f"只填写 {channel.value}", f"give {channel.value} and no other")
        raise BadInput(Fault(channel.value, what, mend))
    _require_allowed(Outside.of(given.settings), channel, content)
    change = service.Change(asker.who.id, asker.now, body.reason)
    with asker.system() as session:
        found = service.set_up(session, channel, content, change, enabled=body.enabled)
        done = {"enabled": body.enabled, "version": found.id}
        _note(
            session,
            asker,
            Deed.CHANNEL_CHANGED,
            f"channel:{channel.value}",
            done,
            reason=body.reason,
        )
        return schemas.ChannelAnswer.of(channel, found)


@router.get("/v1/unit-addresses", response_model=schemas.AddressList)
def addresses(asker: Asker) -> schemas.AddressList:
    """Where each channel reaches each unit."""
    with asker.system() as session:
        found = service.addresses(session)
    return schemas.AddressList(items=[schemas.AddressAnswer.of(each) for each in found])


@router.put("/v1/unit-addresses/{code}/{channel}", response_model=schemas.AddressAnswer)
def set_address(
    code: UnitCode,
    channel: schemas.OutsideChannel,
    body: schemas.AddressRequest,
    asker: Asker,
    given: Given,
) -> schemas.AddressAnswer:
    """Say where a channel reaches a unit, or that it does not any more."""
    if body.address is not None:
        _require_fitting(Outside.of(given.settings), channel, body.address)
    change = service.Change(asker.who.id, asker.now, body.reason)
    with asker.system() as session:
        found = service.set_address(session, code, channel, body.address, change)
        content = {"channel": channel.value, "given": body.address is not None}
        _note(
            session, asker, Deed.UNIT_ADDRESS_CHANGED, f"unit:{code}", content, reason=body.reason
        )
        return schemas.AddressAnswer.of(found)


def _require_allowed(outside: Outside, channel: Channel, content: Mapping[str, Any]) -> None:
    if channel is Channel.EMAIL and content["host"] not in outside.hosts:
        raise _not_allowed("email.host")
    if channel is Channel.SMS and not outside.allows(content["url"]):
        raise _not_allowed("sms.url")


def _require_fitting(outside: Outside, channel: Channel, address: str) -> None:
    if channel is Channel.WEBHOOK:
        if not outside.allows(address):
            raise _not_allowed("address")
    elif not schemas.fits(channel, address):
        what = Wording("不是可用的地址", "is no address of this channel")
        mend = Wording("填写邮箱或电话号码", "give a mailbox, or a phone number")
        raise BadInput(Fault("address", what, mend))


def _not_allowed(where: str) -> BadInput:
    what = Wording("主机未被允许，或不是 https", "is no https address of a host that is allowed")
    mend = Wording(
        "请运维人员把主机写入 FENGQIAO_CHANNEL_HOSTS",
        "ask the operator to name the host in FENGQIAO_CHANNEL_HOSTS",
    )
    return BadInput(Fault(where, what, mend))


def _note(
    session: Session,
    asker: Asking,
    deed: Deed,
    subject: str,
    content: Mapping[str, Any],
    *,
    reason: str = "",
) -> None:
    who = asker.who
    record(session, [Entry(deed, str(who.id), who.name, subject, content, reason)], asker.now)
