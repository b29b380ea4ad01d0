"""The first screen as a person uses it: tabs, map, search, form."""

import base64
import itertools
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

from api.sessions.door import COOKIE
from tests.api.conftest import a_report

SIDE_M = 2000  # of the square district
KEYS = (f"browser-test-{number:04d}" for number in itertools.count())

COLOURS = """
async (png) => {
  const image = new Image();
  image.src = "data:image/png;base64," + png;
  await image.decode();
  const paper = new OffscreenCanvas(image.width, image.height).getContext("2d");
  paper.drawImage(image, 0, 0);
  const { data } = paper.getImageData(0, 0, image.width, image.height);
  const seen = {};
  for (let at = 0; at < data.length; at += 4) {
    const colour = "#" + [0, 1, 2].map((c) => data[at + c].toString(16).padStart(2, "0")).join("");
    seen[colour] = (seen[colour] ?? 0) + 4 / data.length;
  }
  return seen;
}
"""


@dataclass(frozen=True)
class Desk:
    """An open first screen."""

    page: Page
    site: str
    token: str

    def see(self, selector: str, has_text: str | None = None) -> Locator:
        """What matches and can be seen."""
        return self.page.locator(selector, has_text=has_text).locator("visible=true")

    def turn_to(self, view: str) -> None:
        self.see(f"[data-view={view}]:not(.skip)").first.click()

    def search(self, text: str) -> None:
        """Type into the search field and press Enter."""
        self.page.fill("#search-text", text)
        self.page.keyboard.press("Enter")

    def ask_about(self, lonlat: tuple[float, float]) -> Locator:
        """Ask who is responsible at a coordinate; gives the answer."""
        self.search(f"{lonlat[0]:.7f},{lonlat[1]:.7f}")
        answer = self.see("#answer:not(.busy)")
        answer.locator(".sheet").wait_for()
        return answer

    def spot(self, east_m: float, north_m: float) -> tuple[float, float]:
        """The pixel of a place, in metres from the district's south-western corner, at first."""
        box = self.page.locator("#map").bounding_box()
        assert box is not None
        left, right, top, bottom = (30, 60, 76, 30) if box["height"] >= 500 else (12, 12, 66, 12)
        width, height = box["width"] - left - right, box["height"] - top - bottom
        scale = min(width, height) / SIDE_M
        x = box["x"] + left + width / 2 + (east_m - SIDE_M / 2) * scale
        y = box["y"] + top + height / 2 - (north_m - SIDE_M / 2) * scale
        return x, y

    def click_map(self, east_m: float, north_m: float) -> None:
        self.page.mouse.click(*self.spot(east_m, north_m))

    def colours(self, selector: str = "#map canvas") -> dict[str, float]:
        """Which share of the picture each colour has."""
        picture = base64.b64encode(self.page.locator(selector).screenshot()).decode()
        shares: dict[str, float] = self.page.evaluate(COLOURS, picture)
        return shares

    def write(self, text: str, **fields: str) -> None:
        """Fill in the form to file a report; the place is left to the test."""
        self.turn_to("filing")
        self.page.select_option("#file-category", "labour")
        self.page.fill("#file-text", text)
        for name, value in fields.items():
            self.page.fill(f"#file-{name}", value)

    def write_address(self, address: str) -> None:
        self.page.locator("#file [name=where][value=address]").check(force=True)
        self.page.fill("#file-address", address)

    def submit(self) -> None:
        self.page.click("#file .primary")

    def receipt(self) -> str:
        """The case number of what was filed."""
        number = self.see("#filed .filed .number")
        number.wait_for()
        return number.inner_text()

    def file(self, **changes: Any) -> str:
        """File a report through the public API, and wait until the list shows it."""
        headers = {"Idempotency-Key": next(KEYS), **self.session}
        answer = self.page.request.post(
            f"{self.site}v1/reports", data=a_report(**changes), headers=headers
        )
        number = str(answer.json()["case_number"])
        self.refresh()
        self.page.locator("#reports .number", has_text=number).wait_for(state="attached")
        return number

    def refresh(self) -> None:
        """As when the person comes back to the page."""
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    def reports_saying(self, text: str) -> int:
        """How many of the stored cases tell this text."""
        items = self.asked("v1/reports?limit=500")["items"]
        cases = (self.asked(f"v1/cases/{item['case_number']}") for item in items)
        return sum(case["text"] == text for case in cases)

    @property
    def session(self) -> dict[str, str]:
        """What a request beside the page needs; without TLS only a page sends the cookie itself."""
        return {"Cookie": f"{COOKIE}={self.token}", "Origin": self.site.rstrip("/")}

    def asked(self, path: str) -> Any:
        """What the public API answers to the same person."""
        return self.page.request.get(self.site + path, headers=self.session).json()
