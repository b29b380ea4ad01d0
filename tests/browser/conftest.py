"""A real Chromium before the real application, on a small made-up district.

Whatever a test does, in the end the page must have asked no other host and have logged no error.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)
from sqlalchemy import text

from api.app import create_app, now
from api.cli.serving import bound, running
from api.rights.roles import Role
from api.sealing import Keyring
from api.sessions.door import COOKIE
from api.settings import Settings
from gis.database import Database
from gis.geocoding import gazetteer
from grids.importer import apply, plan
from tests.api.conftest import entries
from tests.api.district import drafts
from tests.api.people import enter
from tests.browser.desk import Desk
from tests.conftest import copied, opened

NAMES = ("chromium", "chromium-browser")
HOMES = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME")
SOFTWARE_DRAWING = (
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
)
ALONE = (
    "--no-sandbox",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
DESK: ViewportSize = {"width": 1100, "height": 700}
PHONE: ViewportSize = {"width": 390, "height": 844}
ABROAD: dict[str, Any] = {
    "locale": "zh-CN",
    "timezone_id": "America/New_York",
    "reduced_motion": "reduce",
}
PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)  # two workers share the cores with two servers

# A browser without WebGL 2; tests that need no map are much quicker in it.
NO_DRAWING = "HTMLCanvasElement.prototype.getContext = () => null"


class Site(NamedTuple):
    """The application's URL, ending with a slash, its database, and a dispatcher's session."""

    address: str
    database: Database
    token: str


@pytest.fixture(scope="package")
def site(migrated_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The application; its areas are synthetic."""
    with copied(migrated_url) as url, opened(url) as database:
        with database.transaction() as session:
            begin = date(2025, 1, 1)
            change = plan(session, drafts(), valid_from=begin, author="测试", source="synthetic")
            apply(session, change)
            gazetteer.replace(session, entries())
        home = tmp_path_factory.mktemp("home")
        keys = Keyring.create(home / "keys.json").path
        app = create_app(Settings(home=home, keys=keys, database_url=None), database)
        with running(app, bound("127.0.0.1", 0)) as address:
            roles = (Role.CLERK, Role.DISPATCHER)
            yield Site(address, database, enter(database, *roles, now=now()).token)


def stop_all_clocks(site: Site) -> None:
    """What other tests left running would be late on the screens of this one."""
    with site.database.transaction() as session:
        stopped = "UPDATE clock SET stopped_at = now(), outcome = 'late', next_at = NULL"
        session.execute(text(stopped))


def forget_positions(site: Site) -> None:
    """Nobody was seen anywhere."""
    with site.database.transaction() as session:
        session.execute(
            text("UPDATE assignment_step SET lon = NULL, lat = NULL, accuracy_m = NULL")
        )


@pytest.fixture(scope="package")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)))
    # Else it keeps its crash reports in the home of whoever tests.
    home = dict.fromkeys(HOMES, str(tmp_path_factory.mktemp("chromium")))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*SOFTWARE_DRAWING, *ALONE], env={**os.environ, **home}
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def devices(chromium: Browser) -> Iterator[Mapping[str, BrowserContext]]:
    """A desk, a desk that cannot draw maps, and a phone; each keeps its cache over all tests."""
    devices = {
        "desk": chromium.new_context(viewport=DESK, **ABROAD),
        "plain": chromium.new_context(viewport=DESK, **ABROAD),
        "phone": chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True, **ABROAD),
    }
    devices["plain"].add_init_script(NO_DRAWING)
    yield devices
    for device in devices.values():
        device.close()


@dataclass
class Visits:
    """Opens the first screen, and remembers what went wrong on it."""

    site: Site
    devices: Mapping[str, BrowserContext]
    expected: tuple[str, ...] = ()
    pages: list[Page] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __call__(self, path: str = "", *, device: str = "plain", token: str | None = None) -> Desk:
        """The page at ``path`` on one of the devices, as a dispatcher or whose ``token`` it is."""
        held = self.site.token if token is None else token
        context = self.become(held, device)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        self.pages.append(page)
        self._listen(page)
        page.goto(self.site.address + path)
        page.wait_for_selector("html[data-ready]")
        return Desk(page, self.site.address, held)

    def become(self, token: str, device: str = "plain") -> BrowserContext:
        """Let a device be signed in with a session, or with none."""
        context = self.devices[device]
        context.clear_cookies()
        if token:
            host = urlsplit(self.site.address).hostname
            where = {"domain": host, "path": "/", "secure": True, "httpOnly": True}
            context.add_cookies([{"name": COOKIE, "value": token, **where}])
        return context

    def expect(self, *words: str) -> None:
        """Messages with these words are part of the test."""
        self.expected += words

    def _listen(self, page: Page) -> None:
        page.on("request", lambda request: self._outside(request.url))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda said: self._said(said.type, said.text))

    def _outside(self, url: str) -> None:
        if not url.startswith((self.site.address, "blob:", "data:")):
            self.wrong.append(f"asked outside: {url}")

    def _said(self, kind: str, text: str) -> None:
        expected = any(words in text for words in self.expected)
        if kind in {"error", "warning"} and not expected:
            self.wrong.append(f"{kind}: {text}")


@pytest.fixture
def visit(site: Site, devices: Mapping[str, BrowserContext]) -> Iterator[Visits]:
    """Opens pages; afterwards none of them may have erred or asked anybody else."""
    visits = Visits(site, devices)
    yield visits
    for page in visits.pages:
        page.close()
    assert not visits.wrong
