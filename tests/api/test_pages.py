"""Pages and their files, as a browser asks for them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.rights.roles import Role
from gis.database import Database
from tests.api.conftest import NOW, SetClock, site
from tests.api.people import enter, show_session


@pytest.fixture
def stranger(district: Database, tmp_path: Path) -> Iterator[TestClient]:
    """A browser in which nobody has signed in; it does not follow where it is led."""
    with site(district, SetClock(), tmp_path) as client:
        client.follow_redirects = False
        yield client


def test_the_screen_speaks_chinese_unless_asked_otherwise(client: TestClient) -> None:
    assert '<html lang="zh-CN"' in client.get("/").text
    assert '<html lang="en"' in client.get("/", headers={"Accept-Language": "en-GB,en"}).text
    assert '<html lang="zh-CN"' in client.get("/", headers={"Accept-Language": "fr"}).text


def test_a_chosen_language_and_theme_are_remembered(client: TestClient) -> None:
    client.get("/?lang=en&theme=night")
    page = client.get("/").text
    assert '<html lang="en" data-theme="night"' in page


def test_the_screen_forbids_what_it_does_not_need(client: TestClient) -> None:
    first, second = client.get("/"), client.get("/")
    policy = first.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    nonce = re.search(r"script-src 'nonce-([\w-]{20,})';", policy)
    assert nonce is not None
    assert f'nonce="{nonce[1]}"' in first.text
    assert nonce[1] not in second.text, "a nonce is used once"


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/static/console/main.js", "text/javascript"),
        ("/static/console/console.css", "text/css"),
        ("/static/common/mark.svg", "image/svg+xml"),
        ("/static/vendor/maplibre-gl/maplibre-gl.mjs", "text/javascript"),
    ],
)
def test_files_of_the_screen_have_their_type_and_are_asked_again_by_etag(
    client: TestClient, path: str, media_type: str
) -> None:
    answer = client.get(path)
    assert answer.headers["content-type"].startswith(media_type)
    again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/static/../settings.py", "/static/%2e%2e/pages.py"])
def test_no_file_outside_of_the_folder_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_and_back(stranger: TestClient) -> None:
    answer = stranger.get("/?case=DD-2026-000001")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2F%3Fcase%3DDD-2026-000001"
    assert stranger.get("/sign-in").status_code == 200


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.CLERK, None),
        (Role.AUDIT_ADMIN, "/audit"),
        (Role.PLANNER, "/planner"),
        (None, "/account"),
    ],
)
def test_a_page_that_is_not_for_a_role_leads_to_one_that_is(
    stranger: TestClient, district: Database, role: Role | None, page: str | None
) -> None:
    _, token = enter(district, *([role] if role else []), now=NOW)
    show_session(stranger, token)
    assert stranger.get("/").headers.get("location") == page
    assert stranger.get("/account").status_code == 200


def test_the_console_offers_what_the_role_may_do_and_no_more(
    stranger: TestClient, district: Database
) -> None:
    _, token = enter(district, Role.COUNSELLOR, now=NOW)
    show_session(stranger, token)
    page = stranger.get("/").text
    assert '"may": []' in page
    assert 'data-view="filing" hidden' in page
    assert 'data-view="placements" hidden' in page


@pytest.mark.parametrize("path", ["/", "/livez", "/v1/reports", "/static/common/base.css", "/no"])
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["strict-transport-security"].startswith("max-age=31536000")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] in {"no-store", "no-cache"}
