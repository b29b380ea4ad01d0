"""The one table from error to HTTP status, and every error as problem+json (RFC 9457)."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from traceback import format_tb
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import validation
from api.refusals import (
    Away,
    BadInput,
    Conflict,
    Elsewhere,
    Fault,
    Forbidden,
    Missing,
    NotSignedIn,
    Refusal,
    TooMany,
)
from api.sealing import SealingError, Tampered
from gis.geometry import BadCoordinate
from gis.wording import Wording
from grids.editions import NoEdition
from layers.catalogue import UnknownLayer

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """What an error is to the asker."""

    status: int
    slug: str
    title: Wording


BAD_INPUT = Kind(422, "bad-input", Wording("内容有误", "Bad input"))
MISSING = Kind(404, "missing", Wording("没有找到", "Not found"))
BUSY = Kind(503, "database-away", Wording("数据库暂不可用", "The database is away"))
BROKEN = Kind(500, "broken", Wording("服务器出错", "The server failed"))
TOO_LARGE = Kind(413, "too-large", Wording("内容太大", "The body is too large"))
KEYS = Kind(503, "keys", Wording("密钥不可用", "The keys cannot be used"))
NO_EDITION = Kind(404, "no-edition", Wording("没有生效的区划", "No areas are in force"))

TABLE: Mapping[type[Exception], Kind] = {
    BadInput: BAD_INPUT,
    BadCoordinate: BAD_INPUT,
    Missing: MISSING,
    UnknownLayer: MISSING,
    Conflict: Kind(409, "conflict", Wording("与现状冲突", "In conflict with the present state")),
    NoEdition: NO_EDITION,
    NotSignedIn: Kind(401, "not-signed-in", Wording("尚未登录", "Not signed in")),
    TooMany: Kind(429, "too-many", Wording("请求过于频繁", "Too many requests")),
    Forbidden: Kind(403, "forbidden", Wording("无权操作", "Not allowed")),
    Away: Kind(503, "provider-away", Wording("统一身份认证暂不可用", "The provider is away")),
    SealingError: KEYS,
    Tampered: Kind(500, "tampered", Wording("密封数据被改动", "Sealed data were changed")),
    OperationalError: BUSY,
    InterfaceError: BUSY,
    PoolTimeout: BUSY,
}

AWAY = Wording(
    "数据库没有应答，本次请求没有保存任何内容，请稍后用同一 Idempotency-Key 重试",
    "The database does not answer; nothing of this request is kept: "
    "try again with the same Idempotency-Key",
)
UNEXPECTED = Wording(
    "发生意外错误，本次请求没有保存任何内容，请告知管理员",
    "Something unexpected happened; nothing of this request is kept: tell the administrator",
)
HTTP_TITLES = {
    400: Wording("请求无法读取", "The request cannot be read"),
    404: Wording("没有这个地址", "There is no such address"),
    405: Wording("不支持这种方法", "This method is not allowed"),
}


def problem(
    kind: Kind, detail: Wording, faults: Iterable[Fault] = (), headers: Mapping[str, str] = {}
) -> JSONResponse:
    """A problem as a response."""
    body = {
        "type": f"/problems/{kind.slug}",
        "title": str(kind.title),
        "status": kind.status,
        "detail": str(detail),
        "errors": [_fault(fault) for fault in faults],
    }
    return JSONResponse(body, kind.status, headers=dict(headers), media_type=MEDIA_TYPE)


class TooLarge(HTTPException):
    """More bytes came than are allowed. An HTTPException, since FastAPI turns others into 400."""

    def __init__(self, limit: int) -> None:
        super().__init__(413)
        self.limit = limit


def too_large(limit: int) -> JSONResponse:
    """The refusal of a body above ``limit`` bytes."""
    detail = Wording(
        f"请求内容超过 {limit} 字节，未保存任何内容",
        f"the body is larger than {limit} bytes; nothing of it is kept",
    )
    return problem(TOO_LARGE, detail, headers={"Connection": "close"})


def too_many(refusal: TooMany) -> JSONResponse:
    """The answer to somebody who asks too often, or at a bad moment."""
    headers = {"Retry-After": str(ceil(refusal.wait_s))}
    return problem(TABLE[TooMany], refusal.detail, headers=headers)


def _fault(fault: Fault) -> dict[str, Any]:
    words = {"what": fault.what._asdict(), "mend": fault.mend._asdict()}
    return {"where": fault.where, **words}


def register(app: FastAPI) -> None:
    """Answer every error of ``app`` from the table."""
    for error in TABLE:
        app.add_exception_handler(error, _known)
    app.add_exception_handler(Elsewhere, _elsewhere)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_middleware(Unexpected)


async def _known(_: Request, error: Exception) -> JSONResponse:
    kind = next(TABLE[each] for each in type(error).__mro__ if each in TABLE)
    if kind is BUSY:
        return _away(error)
    if isinstance(error, TooMany):
        return too_many(error)
    return problem(kind, *_told(error))


def _told(error: Exception) -> tuple[Wording, Sequence[Fault]]:
    """What is wrong, and where and how to mend it."""
    if isinstance(error, Refusal):
        return error.detail, error.faults
    if isinstance(error, SealingError):
        log.error("sealing: %s", error)
        return error.what, [Fault("keys", error.what, error.mend)]
    if isinstance(error, BadCoordinate):
        return error.reason, [Fault(error.field, error.reason, error.mend)]
    if isinstance(error, NoEdition):
        return error.what, [Fault("on", error.what, error.mend)]
    return Wording(*str(error).split(" / ", 1)), []


async def _elsewhere(_: Request, error: Exception) -> RedirectResponse:
    assert isinstance(error, Elsewhere)  # noqa: S101 - registered for it alone
    return RedirectResponse(error.path, 303)


async def _database(_: Request, error: Exception) -> JSONResponse:
    """A connection lost in mid-request comes as any DBAPIError, marked as invalidated."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return _away(error)
    return _unexpected(error)


def _away(error: Exception) -> JSONResponse:
    log.warning("database away: %s", type(error).__name__)
    return problem(BUSY, AWAY, headers={"Retry-After": "5"})


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it alone
    faults = validation.faults(error.errors())
    return problem(BAD_INPUT, BadInput(*faults).detail, faults)


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
    if isinstance(error, TooLarge):
        return too_large(error.limit)
    title = HTTP_TITLES.get(error.status_code, Wording("请求未完成", "The request failed"))
    kind = Kind(error.status_code, "http", title)
    return problem(kind, title, headers=error.headers or {})


def _unexpected(error: BaseException) -> JSONResponse:
    log.error("unexpected error: %s", _traced(error))
    return problem(BROKEN, UNEXPECTED)


def _traced(error: BaseException | None) -> str:
    """The kinds of an error and its causes, and where they came up.

    Their messages are left out: they quote the row, the statement or the input.
    """
    told = []
    while error is not None:
        told += [f"{type(error).__name__}\n", *format_tb(error.__traceback__)]
        error = error.__cause__ or error.__context__
    return "".join(told)


class Unexpected:
    """Answers what nothing else does.

    A handler for Exception would answer too, but the server would log the message after it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; an answer that has begun is cut short."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:  # noqa: BLE001 - the last resort
            answer = _unexpected(error)
            if not begun:
                await answer(scope, receive, send)
