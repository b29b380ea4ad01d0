"""Signing in by the provider, and who may."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.deps import Given
from api.provider import schemas, service
from api.provider.domain import Attempt, full_subject
from api.provider.door import Answer, ProviderDoor
from api.refusals import Forbidden, Missing
from api.rights.gate import Asker
from api.rights.policy import FIRST_PAGE, SIGN_IN_PAGE
from api.schemas import PROBLEMS
from api.sessions.door import OpenDoor, keep, origin_of
from api.sessions.service import end_all
from gis.wording import Wording

router = APIRouter(tags=["sign-in elsewhere"], responses=PROBLEMS)

COOKIE = "__Host-attempt"
LASTS_S = 600
CODE_FORM = f"{SIGN_IN_PAGE}#code"

Word = Annotated[str, Query(max_length=2000)]


def _provider(request: Request) -> ProviderDoor:
    door: ProviderDoor | None = request.app.state.provider
    if door is None:
        raise Missing(Wording("没有设置统一身份认证", "no identity provider is set up"))
    return door


Provider = Annotated[ProviderDoor, Depends(_provider)]


@router.get("/sign-in/oidc", status_code=303, response_class=RedirectResponse)
def begin(provider: Provider, given: Given, request: Request) -> RedirectResponse:
    """Lead the browser to the provider."""
    attempt, url = provider.begin(origin_of(request).address, given.clock())
    leading = RedirectResponse(url, 303, headers={"Cache-Control": "no-store"})
    # Lax, since it has to come along when the provider leads the browser back.
    leading.set_cookie(
        COOKIE, attempt.secret, LASTS_S, secure=True, httponly=True, samesite="lax", path="/"
    )
    return leading


@router.get("/sign-in/oidc/return", response_class=HTMLResponse)
def finish(
    provider: Provider,
    door: OpenDoor,
    given: Given,
    request: Request,
    *,
    state: Word = "",
    code: Word = "",
) -> HTMLResponse:
    """Let in whom the provider vouches for, if the security administrator has linked them."""
    now, origin = given.clock(), origin_of(request)
    attempt = Attempt(request.cookies.get(COOKIE, ""))
    entering = provider.finish(attempt, Answer(state, code), origin.address, now)
    opened = door.vouched_for(
        entering.person_id, origin, second_factor=entering.second_factor, now=now
    )
    page = HTMLResponse(schemas.leading_to(FIRST_PAGE if opened.who else CODE_FORM))
    page.headers["Cache-Control"] = "no-store"
    page.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax", path="/")
    keep(page, opened.token)
    return page


@router.put("/v1/people/{person_id}/provider", status_code=204)
def link(person_id: UUID, body: schemas.LinkRequest, asker: Asker, provider: Provider) -> None:
    """Link a person to their account with the provider, or unlink them; their sessions end."""
    if person_id == asker.who.id:
        raise Forbidden(Wording("不能关联自己", "nobody links oneself"))
    subject = None if body.subject is None else full_subject(provider.issuer, body.subject)
    with asker.system() as session:
        service.link(session, person_id, subject)
        end_all(session, person_id)
        content = {"provider": subject is not None}
        who, what = asker.who, f"person:{person_id}"
        changed = Entry(Deed.PERSON_CHANGED, str(who.id), who.name, what, content)
        record(session, [changed], asker.now)
