"""A running site and a browser that fails a test on anything it complains about."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    sync_playwright,
)

from tests.factories import PASSWORD

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG_2_2_AA = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}

# Playwright's synchronous interface runs an event loop in this thread, in which Django would refuse queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file: in memory, the threads of the server would share one connection and its transaction."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        file: Path = tmp_path_factory.mktemp("database") / "browser.sqlite3"
        database.setdefault("TEST", {})["NAME"] = str(file)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    assert executable, "the browser tests need Debian's chromium: apt-get install chromium fonts-noto-cjk"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


class Complaints:
    """What the browser has complained about; ``expected`` takes back one that the test provoked."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def watch(self, page: Page) -> None:
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.found.append(f"exception: {error}"))
        page.on("requestfailed", self._on_failed_request)
        page.on("response", self._on_response)

    def expected(self, part: str) -> None:
        matching = [complaint for complaint in self.found if part in complaint]
        assert matching, f"nothing was said about {part!r}, only {self.found}"
        self.found = [complaint for complaint in self.found if complaint not in matching]

    def _on_console(self, message: ConsoleMessage) -> None:
        # a failed load is told by its response, with the address
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.found.append(f"console: {message.text}")

    def _on_failed_request(self, request: Request) -> None:
        # leaving a page ends what it was still loading
        if request.failure != "net::ERR_ABORTED":
            self.found.append(f"failed: {request.url} {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.found.append(f"{response.status}: {response.url}")


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def new_page(
    browser: Browser, live_server, django_db_serialized_rollback: None, complaints: Complaints
) -> Iterator[Callable[..., Page]]:
    """Opens a browser for one more person who takes part; ``new_page(width=390)`` is a phone."""
    contexts: list[BrowserContext] = []

    def make(width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            is_mobile=width < 600,
            has_touch=width < 600,
        )
        context.set_default_timeout(20_000)  # two browsers share the machine
        context.on("page", complaints.watch)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert complaints.found == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """The browser of somebody who is not signed in."""
    return new_page()


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    return new_page(width=390)


@pytest.fixture
def sign_in() -> Callable[..., None]:
    """Signs in through the login page, as people do: ``sign_in(page, "账户1")``."""

    def fill_in_and_send(page: Page, username: str, password: str = PASSWORD) -> None:
        page.goto("/accounts/login/")
        page.locator("#id_login").fill(username)
        page.locator("#id_password").fill(password)
        page.locator("form:has(#id_password) [type=submit]").click()
        page.wait_for_url(lambda address: "/accounts/login/" not in address)

    return fill_in_and_send


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Runs axe over the page as it is now shown: no violation of WCAG 2.2 AA."""
    axe = Axe()

    def check(page: Page) -> None:
        results = axe.run(page, options=WCAG_2_2_AA)
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return check


@pytest.fixture
def assert_fits() -> Callable[[Page], None]:
    """Nothing sticks out sideways."""

    def check(page: Page) -> None:
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"], f"{page.url} is {width} px wide"

    return check
