"""Every page in a real browser, on a desk and on a phone, in light and in dark.

No sideways scroll, no complaint of the console, nothing asked of another machine, at most 100 KB, and nothing that
axe finds against WCAG 2.2 AA. The pictures stay in a folder that the run names; COUNTERMAND_SCREENS chooses it.
"""

import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import BrowserContext, Page

from countermand.channels.actions import open_channel
from countermand.merchants.actions import add_merchant
from tests.web.browser import DESK, PHONE, browsing, served, signed_in
from tests.web.desk import Shop, shop_of
from tests.web.full_place import office_of
from tests.web.full_shop import address, furnished
from tests.web.routes import OPERATOR_PAGES, PAGES

pytestmark = pytest.mark.browser

MOST_BYTES = 100 * 1024
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DRAWN = [page for page in PAGES if page.kind == "page" and "get" in page.methods]
OFFICE = [page.name for page in OPERATOR_PAGES if page.kind == "page" and "get" in page.methods]
# Addresses that are no line of the table, or are seen by somebody else than the owner: (picture, who, address).
BESIDE = [
    ("design", "owner", "/design"),
    ("sign-in", "nobody", "/compte/login/"),
    ("forgotten", "nobody", "/compte/password/reset/"),
    ("sign-out", "owner", "/compte/logout/"),
    ("not-found", "owner", "/nulle-part"),
    ("not-permitted", "viewer", "/reglages/cles"),
    ("nothing-yet", "newcomer", "/"),
    ("no-orders", "newcomer", "/commandes"),
]
WEIGHT = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .reduce((sum, entry) => sum + entry.transferSize, 0)"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_numbers = itertools.count(1)


@dataclass
class Eyes:
    """One page of the browser for all that one reader looks at, and what it complained of meanwhile."""

    page: Page
    host: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)
        self.page.set_default_timeout(20_000)
        # What was loaded for the page before counts again: each is somebody's first.
        self.page.context.new_cdp_session(self.page).send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _said(self, said: Any) -> None:
        if said.type in ("error", "warning") and "status of 40" not in said.text:
            self.complaints.append(said.text)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.host, "data:", "blob:")):
            self.strangers.append(request.url)


@dataclass
class House:
    """A furnished shop, served, with one reader of each sort looking at it."""

    host: str
    known: dict[str, Any]
    at_office: dict[str, Any]
    eyes: dict[str, Eyes]


def a_shop(name: str) -> Shop:
    made = add_merchant(code=f"s{os.getpid()}-{next(_numbers)}", name=name)
    at = datetime.now(UTC)
    place = {"code": "boutique", "name": "Boutique", "terms": "own_shop", "timezone": "Europe/Paris"}
    open_channel(merchant_id=made.id, **place, mode="test", overrides={}, by="test", at=at)
    return shop_of(made)


@pytest.fixture(scope="module")
def house(database: None) -> Iterator[House]:
    # Playwright runs a loop in this thread, which Django would take for asynchronous code.
    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    shop, empty = a_shop("Le Petit Mug"), a_shop("Chez Zoé")
    known = furnished(shop)
    office = office_of(a_shop("Savons du Midi").merchant)
    sessions = {
        "operator": office["manager"].cookies["sessionid"].value,
        "owner": shop["owner"].cookies["sessionid"].value,
        "viewer": shop["viewer"].cookies["sessionid"].value,
        "newcomer": empty["owner"].cookies["sessionid"].value,
    }
    with served() as host, browsing() as browser:
        contexts: dict[str, BrowserContext] = {
            who: signed_in(browser, host, session, viewport=DESK) for who, session in sessions.items()
        }
        contexts["nobody"] = browser.new_context(locale="fr-FR", base_url=host, viewport=DESK)  # type: ignore[arg-type]
        eyes = {who: Eyes(context.new_page(), host) for who, context in contexts.items()}
        for each in eyes.values():
            each.listen()
        yield House(host, known, office.known, eyes)
        connections.close_all()
    patch.undo()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    wanted = os.environ.get("COUNTERMAND_SCREENS")
    found = Path(wanted) if wanted else tmp_path_factory.mktemp("screens")
    found.mkdir(parents=True, exist_ok=True)
    return found


@pytest.mark.parametrize("name", [page.name for page in DRAWN])
def test_a_page_on_desk_and_phone_in_light_and_dark(house: House, folder: Path, name: str) -> None:
    permission = next(page.permission for page in DRAWN if page.name == name)
    who = "nobody" if permission == "anyone" else "owner"
    look_at(house.eyes[who], address(name, house.known), folder / name)


@pytest.mark.parametrize("name", OFFICE)
def test_an_operators_page_on_desk_and_phone(house: House, folder: Path, name: str) -> None:
    look_at(house.eyes["operator"], address(name, house.at_office), folder / name)


@pytest.mark.parametrize(("name", "who", "there"), BESIDE)
def test_a_page_beside_the_table(house: House, folder: Path, name: str, who: str, there: str) -> None:
    look_at(house.eyes[who], there, folder / name)


def look_at(eyes: Eyes, there: str, picture: Path) -> None:
    """This will open a page once and look at it in four ways; everything that is wrong is told together."""
    eyes.complaints.clear(), eyes.strangers.clear()
    page, wrong = eyes.page, []
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(there)
    weight = page.evaluate(WEIGHT)
    if weight > MOST_BYTES:
        wrong.append(f"{weight} bytes")
    axe = Axe()
    page.evaluate(axe.axe_script)
    for size, viewport in (("desk", DESK), ("phone", PHONE)):
        for scheme in ("light", "dark"):
            page.set_viewport_size(viewport)  # type: ignore[arg-type]
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            wrong += [f"{size} {scheme}: {what}" for what in found_by_axe(page, whole=scheme == "light")]
            page.screenshot(path=f"{picture}-{size}-{scheme}.png", full_page=True, animations="disabled")
        if (wide := page.evaluate(SIDEWAYS)) > 0:
            wrong.append(f"{size}: {wide} px too wide")
    wrong += [f"console: {said}" for said in eyes.complaints]
    wrong += [f"asked elsewhere: {url}" for url in eyes.strangers]
    assert wrong == [], f"{there}: " + "; ".join(wrong)


def found_by_axe(page: Page, *, whole: bool) -> list[str]:
    """This will list what axe finds: all rules of WCAG 2.2 AA, or contrast alone (what differs in the dark)."""
    only = {"type": "tag", "values": TAGS} if whole else {"type": "rule", "values": ["color-contrast"]}
    found = page.evaluate("options => axe.run(options)", {"runOnly": only, "resultTypes": ["violations"]})
    return [
        f"{violation['id']} at {' '.join(map(str, node['target']))}"
        for violation in found["violations"]
        for node in violation["nodes"][:3]
    ]
