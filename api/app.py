"""The application: every room's routes, the error table, limits, health."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware.gzip import GZipMiddleware

from api import errors, hashing
from api.analytics.door import Columns
from api.analytics.routes import router as analytics
from api.anchoring import anchoring
from api.assessment.routes import router as assessment
from api.assignments.routes import router as assignments
from api.atlas.routes import router as atlas
from api.audit.routes import router as audit
from api.cases.routes import router as cases
from api.clocks.routes import router as clocks
from api.clocks.service import CurrentTimetable
from api.custody.routes import router as custody
from api.deps import Clock, Handles
from api.dispatch.routes import router as dispatch
from api.duplicates.routes import router as duplicates
from api.headers import SecurityHeaders
from api.intake.door import Door
from api.intake.routes import router as intake
from api.life.routes import router as life
from api.limits import BodyLimit, FewAtOnce
from api.mediation.routes import router as mediation
from api.nearby.routes import router as nearby
from api.nightly import nightly
from api.notices.routes import router as notices
from api.pages.routes import router as pages
from api.pages.routes import static_files
from api.parties.routes import router as parties
from api.people.routes import router as people
from api.provider.domain import is_safe
from api.provider.door import ProviderDoor, Registered
from api.provider.routes import router as provider
from api.queue.routes import router as queue
from api.receipts.door import ReceiptDoor
from api.receipts.routes import router as receipts
from api.refusals import BadInput, Fault
from api.replay.routes import router as replay
from api.reports.routes import router as reports
from api.rerouting.routes import router as rerouting
from api.retention.routes import router as retention
from api.rights.gate import authorise, declared
from api.risk.routes import router as risk
from api.rules.routes import router as rules
from api.rules.service import CurrentBench
from api.sessions.domain import LifeOf, Lifetime, SecondFactor
from api.sessions.door import SessionDoor
from api.sessions.routes import router as sessions
from api.sessions.service import Rules
from api.settings import Settings
from api.supervision.routes import router as supervision
from api.throttle import Throttle
from api.tokens.routes import router as tokens
from api.whistles.routes import router as whistles
from api.worker import working
from gis.database import Database
from gis.geocoding.current import CurrentGeocoder
from gis.wording import Wording
from grids.editions import Editions
from maps import assets

ROUTERS = (
    pages,
    atlas,
    analytics,
    intake,
    duplicates,
    receipts,
    dispatch,
    assignments,
    cases,
    clocks,
    life,
    mediation,
    supervision,
    queue,
    nearby,
    whistles,
    risk,
    assessment,
    rules,
    replay,
    rerouting,
    custody,
    parties,
    reports,
    retention,
    notices,
    people,
    provider,
    sessions,
    tokens,
    audit,
)
COMPRESSED_FROM_BYTES = 8_000
HALF_SET_UP = (
    Wording("设置不完整或不是 https", "is not set up in full, or not by https"),
    Wording(
        "同时设置 FENGQIAO_OIDC_CLIENT_ID 和 FENGQIAO_OIDC_RETURN_URL，地址用 https",
        "set FENGQIAO_OIDC_CLIENT_ID and FENGQIAO_OIDC_RETURN_URL too, all addresses by https",
    ),
)


def now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def create_app(settings: Settings, database: Database, clock: Clock = now) -> FastAPI:
    """The one place where everything meets. The database need not answer yet."""
    handles = Handles(database, Editions(database), CurrentGeocoder(database), settings, clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        warm_up(handles)
        every = timedelta(minutes=settings.audit_anchor_minutes)
        anchored = anchoring(database, settings.anchors_file, every, clock)
        with anchored, nightly(database, clock), working(database, settings):
            yield
        database.dispose()

    app = FastAPI(
        title="枫桥 Fengqiao",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(authorise)],
    )
    app.state.handles = handles
    app.state.columns = Columns(database, handles.editions)
    app.state.timetable = CurrentTimetable(database)
    app.state.bench = CurrentBench(database)
    app.state.door = Door(database, settings.case_prefix, app.state.timetable)
    app.state.receipts = ReceiptDoor(database)
    rules = Rules(LifeOf(desk_life(settings)), SecondFactor(settings.second_factor))
    app.state.doorkeeper = SessionDoor(database, rules, lambda: handles.keyring)
    app.state.provider = provider_of(settings, database)
    app.state.patience = Throttle(settings.requests_per_minute, timedelta(minutes=1))
    errors.register(app)
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESSED_FROM_BYTES)
    app.add_middleware(BodyLimit, limit=settings.body_limit_bytes)
    app.add_middleware(FewAtOnce, path="/v1/sessions", most=hashing.PLACES, refusal=hashing.full())
    app.add_middleware(SecurityHeaders, static_url=assets.STATIC_URL)
    for router in ROUTERS:
        app.include_router(router)
    app.mount(assets.STATIC_URL, static_files())
    app.add_api_route("/openapi.json", app.openapi, include_in_schema=False)
    app.add_api_route("/livez", lambda: {"live": True}, include_in_schema=False)
    app.add_api_route("/readyz", lambda: readiness(handles), include_in_schema=False)
    declared(app.routes)
    return app


def desk_life(settings: Settings) -> Lifetime:
    """How long a session on a desk lives, as the operator set it."""
    idle = timedelta(minutes=settings.session_idle_minutes)
    return Lifetime(idle, timedelta(hours=settings.session_hours))


def provider_of(settings: Settings, database: Database) -> ProviderDoor | None:
    """The identity provider that the operator set up; None without one. Raises BadInput."""
    issuer, client_id = settings.oidc_issuer, settings.oidc_client_id
    return_url = settings.oidc_return_url
    if issuer is None:
        return None
    if client_id is None or return_url is None or not (is_safe(issuer) and is_safe(return_url)):
        raise BadInput(Fault("FENGQIAO_OIDC_ISSUER", *HALF_SET_UP))
    registered = Registered(issuer, client_id, settings.oidc_client_secret_file, return_url)
    return ProviderDoor(database, registered)


def warm_up(handles: Handles) -> None:
    """Build the indexes before the first request; a database away is no end."""
    try:
        handles.editions.refresh()
        handles.places.current()
    except SQLAlchemyError as error:
        errors.log.warning("the database is away at start: %s", type(error).__name__)


def readiness(handles: Handles) -> JSONResponse:
    """Whether requests that need the database can be answered now."""
    try:
        with handles.database.transaction() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return errors.problem(errors.BUSY, errors.AWAY, headers={"Retry-After": "5"})
    return JSONResponse({"ready": True})
