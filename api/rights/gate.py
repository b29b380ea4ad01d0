"""The gate in front of every route: who is asking, whether they may, and what rows they see."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Protocol
from urllib.parse import urlencode, urlsplit

from fastapi import Depends, Request
from fastapi.routing import iter_route_contexts
from sqlalchemy.orm import Session
from starlette.routing import BaseRoute, Mount

from api.deps import Given, Handles
from api.refusals import Elsewhere, Forbidden, Missing, NotSignedIn, Refusal, TooMany
from api.rights import rows
from api.rights.policy import FIRST_PAGE, OWN_PAGE, POLICY, SIGN_IN_PAGE, Reach, Rule, first_page
from api.rights.roles import Duty, Who
from api.throttle import Throttle
from gis.wording import Wording

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Doorkeeper(Protocol):
    """Knows who presents a session or a token, and notes whom the gate turned away."""

    def recognise(self, request: Request, now: datetime) -> Who | None:
        """The asker; None where nothing valid is presented."""

    def turned_away(self, who: Who, subject: str, now: datetime) -> None:
        """Write the denied attempt down."""


@dataclass(frozen=True)
class Asking:
    """One request of one asker."""

    who: Who
    reach: frozenset[Reach]
    now: datetime
    given: Handles
    doorkeeper: Doorkeeper

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction that sees and changes only what the asker may.

        Reaching for a case, party or placement that is not seen is written down, and so is a step
        in it that is not for the asker.
        """
        try:
            with self.given.database.transaction() as session:
                rows.assume(session, self.who, self.reach)
                yield session
        except (Missing, Forbidden) as refused:
            if refused.subject:
                self.doorkeeper.turned_away(self.who, refused.subject, self.now)
            raise

    @contextmanager
    def system(self) -> Iterator[Session]:
        """A transaction of the house itself, for accounts, audit and the front door."""
        with self.given.database.transaction() as session:
            yield session


class UndeclaredRoute(Exception):
    """A route that the table of rights does not name."""


def declared(routes: Sequence[BaseRoute]) -> set[tuple[str, str]]:
    """Method and pattern of every route; all are in the table of rights.

    What is mounted (our own scripts, styles and fonts) is nobody's secret. Raises UndeclaredRoute.
    """
    found = {
        (method, str(route.path))
        for route in iter_route_contexts(routes)
        if not isinstance(route.original_route, Mount)
        for method in route.methods or {"?"}
    }
    if found - POLICY.keys():
        raise UndeclaredRoute(f"not in api.rights.policy: {sorted(found - POLICY.keys())}")
    return found


def authorise(request: Request, given: Given) -> Asking | None:
    """Let the request through or refuse it, before its route runs. None: the route is public.

    Raises NotSignedIn and Forbidden; for a page Elsewhere, since a browser can be led on.
    """
    pattern = request.scope["route"].path
    rule = POLICY[request.method, pattern]
    require_same_origin(request)
    if rule.public:
        return None
    now, doorkeeper = given.clock(), request.app.state.doorkeeper
    who = doorkeeper.recognise(request, now)
    if who is None:
        raise _sign_in_first(request, rule)
    _require_patience(request.app.state.patience, who, now)
    if who.owes and not rule.first:
        raise _duty_first(who, rule)
    reach = rule.reach(who)
    if not reach:
        if pattern != FIRST_PAGE:  # everybody comes in by it, and is led on
            doorkeeper.turned_away(who, f"route:{request.method} {pattern}", now)
        raise _not_yours(who, rule)
    return Asking(who, reach, now, given, doorkeeper)


def _require_patience(throttle: Throttle, who: Who, now: datetime) -> None:
    """Nobody reads everything out by machine, and no program run wild takes all turns."""
    wait = throttle.wait(str(who.id), now)
    if wait:
        raise TooMany(
            Wording("请求过于频繁，请稍后再试", "too many requests"), wait.total_seconds()
        )


def _sign_in_first(request: Request, rule: Rule) -> Refusal:
    if rule.page:
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return Elsewhere(f"{SIGN_IN_PAGE}?{urlencode({'next': wanted})}")
    return NotSignedIn(Wording("请先登录", "sign in first"))


def _duty_first(who: Who, rule: Rule) -> Refusal:
    if rule.page:
        return Elsewhere(OWN_PAGE)
    if Duty.PASSWORD in who.owes:
        return Forbidden(Wording("请先修改密码", "change your password first"))
    return Forbidden(Wording("请先设置双因素验证", "set up the second factor first"))


def _not_yours(who: Who, rule: Rule) -> Refusal:
    if rule.page:
        return Elsewhere(first_page(who))
    return Forbidden(Wording("您的角色无权进行此操作", "your role does not allow this"))


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
