"""The gate in front of every route: who is asking, whether they may, and what rows they see."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Protocol
from urllib.parse import urlsplit

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from api.deps import Given, Handles
from api.refusals import Forbidden, NotSignedIn
from api.rights import rows
from api.rights.policy import POLICY, Reach
from api.rights.roles import Duty, Who
from gis.wording import Wording

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Doorkeeper(Protocol):
    """Knows who presents a session or a token, and notes whom the gate turned away."""

    def recognise(self, request: Request, now: datetime) -> Who | None:
        """The asker; None where nothing valid is presented."""

    def turned_away(self, who: Who, request: Request, now: datetime) -> None:
        """Write the denied attempt down."""


@dataclass(frozen=True)
class Asking:
    """One request of one asker."""

    who: Who
    reach: frozenset[Reach]
    now: datetime
    given: Handles

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction that sees and changes only what the asker may."""
        with self.given.database.transaction() as session:
            rows.assume(session, self.who, self.reach)
            yield session

    @contextmanager
    def system(self) -> Iterator[Session]:
        """A transaction of the house itself, for accounts, audit and the front door."""
        with self.given.database.transaction() as session:
            yield session


def authorise(request: Request, given: Given) -> Asking | None:
    """Let the request through or refuse it, before its route runs. None: the route is public.

    Raises NotSignedIn and Forbidden.
    """
    rule = POLICY[request.method, request.scope["route"].path]
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    require_same_origin(request)
    if rule.public:
        return None
    now = given.clock()
    who = doorkeeper.recognise(request, now)
    if who is None:
        raise NotSignedIn(Wording("请先登录", "sign in first"))
    if who.owes and not rule.first:
        raise _duty_first(who)
    reach = rule.reach(who)
    if not reach:
        doorkeeper.turned_away(who, request, now)
        raise Forbidden(Wording("您的角色无权进行此操作", "your role does not allow this"))
    return Asking(who, reach, now, given)


def _duty_first(who: Who) -> Forbidden:
    if Duty.PASSWORD in who.owes:
        return Forbidden(Wording("请先修改密码", "change your password first"))
    return Forbidden(Wording("请先设置双因素验证", "set up the second factor first"))


def require_same_origin(request: Request) -> None:
    """Refuse a change that another site made the browser send.

    A browser names the page's origin with every such request (Fetch standard, 3.2 and
    Sec-Fetch-Site); programs with a token name none, and cookies are never sent by them.
    """
    words = request.headers.get("authorization", "")
    if request.method in SAFE_METHODS or words.startswith("Bearer "):
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        same = site == "same-origin"
    elif origin is not None:
        same = urlsplit(origin).netloc == request.headers.get("host")
    else:
        same = not request.cookies
    if not same:
        raise Forbidden(Wording("请求来自其他网站", "the request comes from another site"))


def _asking(asking: Annotated[Asking | None, Depends(authorise)]) -> Asking:
    assert asking is not None  # noqa: S101 - only public routes have no asker, and none asks for it
    return asking


Asker = Annotated[Asking, Depends(_asking)]
