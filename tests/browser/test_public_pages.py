"""The public pages in a real browser: silent, accessible, and no wider than the screen."""

import json
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page

from catalogue.models import LabService, TestingService
from policy.models import NoticeIndexPage, NoticePage
from tests.site_content import add_articles, add_records

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/catalogue/instruments/",
    "/catalogue/instruments/?q=色谱",
    "/catalogue/instruments/?q=没有这种仪器",
    "/catalogue/testing/?q=拉伸",
    "/catalogue/labs/",
    "/catalogue/capabilities/?q=GBT228.1",
    "/catalogue/providers/",
    "/search/",
    "/search/?q=色谱",
    "/search/?q=没有这种仪器",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
]
LISTS = [
    "/",
    "/catalogue/instruments/",
    "/catalogue/testing/",
    "/catalogue/labs/",
    "/catalogue/capabilities/",
    "/catalogue/providers/",
    "/search/?q=色谱",
]
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, summary, select, input:not([type=hidden])")]
  .filter(element => {
    const label = ["checkbox", "radio"].includes(element.type) && element.labels[0];
    const box = (label || element).getBoundingClientRect();
    const hidden = !element.checkVisibility() || element.closest(".visually-hidden, .skip-link");
    return !hidden && !element.closest(".prose, p") && (box.width < 23.5 || box.height < 23.5);
  })
  .map(element => `${element.outerHTML.slice(0, 100)} ${JSON.stringify(element.getBoundingClientRect())}`)"""


@pytest.fixture
def instrument(live_server):
    """With everything else that its provider may offer."""
    return add_records()


@pytest.fixture
def articles(live_server):
    """The addresses of all columns, and of an article of every kind."""
    return add_articles()


def details(instrument):
    return [
        instrument.get_absolute_url(),
        f"/catalogue/providers/{instrument.provider_id}/",
        TestingService.objects.get().get_absolute_url(),
        LabService.objects.get().get_absolute_url(),
    ]


@pytest.fixture
def assert_targets_are_large() -> Callable[[Page], None]:
    """What can be pressed is at least 24 by 24 pixels (WCAG 2.2, 2.5.8), but for links within a sentence."""

    def check(page: Page) -> None:
        assert page.evaluate(SMALL_TARGETS) == [], page.url

    return check


@pytest.mark.parametrize("path", PAGES)
def test_public_pages_are_accessible_and_fit(
    path, instrument, page, phone, assert_accessible, assert_fits, assert_targets_are_large
):
    for screen in (page, phone):
        assert screen.goto(path).status == 200
        assert screen.locator("h1").count() == 1
        assert_accessible(screen)
        assert_fits(screen)
        assert_targets_are_large(screen)


def test_detail_pages_are_accessible_and_fit(
    instrument, page, phone, assert_accessible, assert_fits, assert_targets_are_large
):
    for screen in (page, phone):
        for path in details(instrument):
            assert screen.goto(path).status == 200
            assert_accessible(screen)
            assert_fits(screen)
            assert_targets_are_large(screen)


@pytest.mark.long
def test_articles_and_their_columns_are_accessible_and_fit(
    articles, page, phone, assert_accessible, assert_fits, assert_targets_are_large
):
    for screen in (page, phone):
        for path in articles:
            assert screen.goto(path).status == 200
            assert screen.locator("h1").count() == 1
            assert_accessible(screen)
            assert_fits(screen)
            assert_targets_are_large(screen)


@pytest.mark.long
def test_larger_type_is_remembered_and_fits_a_phone(
    instrument, articles, page, phone, assert_accessible, assert_fits
):
    for screen, width in ((phone, 360), (page, 1280)):
        screen.goto("/")
        screen.get_by_role("button", name="关怀版").click()
        screen.set_viewport_size({"width": width, "height": 900})
        for path in (*LISTS, *details(instrument), *articles):
            screen.goto(path)
            assert screen.locator("html").get_attribute("data-size") == "large"
            assert_accessible(screen)
            assert_fits(screen)


@pytest.mark.long
def test_english_is_remembered_and_fits_a_phone(
    instrument, articles, page, phone, assert_accessible, assert_fits
):
    for screen in (page, phone):
        screen.goto("/")
        screen.get_by_role("button", name="English").click()
        for path in (*LISTS, instrument.get_absolute_url(), articles[0]):
            screen.goto(path)
            assert screen.locator("html").get_attribute("lang") == "en"
            assert_accessible(screen)
            assert_fits(screen)
        screen.get_by_role("button", name="简体中文").click()
        assert screen.locator("html").get_attribute("lang") == "zh-Hans"


@pytest.mark.long
def test_pages_fit_at_twice_the_size(instrument, articles, new_page, assert_fits):
    """At 200 % a window of 1280 pixels is 640 wide, and 360 is the narrowest phone."""
    for width in (640, 360):
        screen = new_page(width=width)
        for path in (*LISTS, *details(instrument), *articles):
            screen.goto(path)
            assert_fits(screen)


def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(instrument, page):
    page.goto("/catalogue/instruments/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    assert skip.evaluate("link => link === document.activeElement && link.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    inside, outline = page.evaluate(
        "[!!document.activeElement.closest('main'), getComputedStyle(document.activeElement).outlineWidth]"
    )
    assert (inside, outline) == (True, "3px")


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(instrument, phone):
    phone.goto("/")
    menu = phone.locator(".site-menu-toggle summary")
    link = phone.get_by_role("navigation", name="主导航").get_by_role("link", name="检测能力")
    assert not link.is_visible()
    menu.focus()
    phone.keyboard.press("Enter")
    assert link.is_visible()
    phone.keyboard.press("Tab")
    assert phone.evaluate("!!document.activeElement.closest('.site-menu')")
    phone.keyboard.press("Escape")
    assert not link.is_visible()
    assert menu.evaluate("summary => summary === document.activeElement")


def test_a_table_wider_than_a_phone_shows_at_its_edge_that_it_goes_on(live_server, phone):
    columns = [{"type": "text", "heading": f"Column {number}"} for number in range(6)]
    table = {"columns": columns, "rows": [{"values": ["Cell"] * 6}] * 2, "caption": ""}
    body = json.dumps([{"type": "table", "value": table}])
    phone.goto(NoticeIndexPage.objects.get().add_child(instance=NoticePage(title="Wide", body=body)).url)
    region = phone.get_by_role("region", name="表格")

    def edges() -> tuple[int, int]:
        """How bright its left and its right edge are, between the text of two rows."""
        image = Image.open(BytesIO(region.screenshot())).convert("L")
        y = image.height - 6
        return image.getpixel((3, y)), image.getpixel((image.width - 4, y))

    left, right = edges()
    assert left == 255
    assert right < 240
    region.focus()
    assert region.evaluate("region => region === document.activeElement")
    region.evaluate("region => region.scrollLeft = 60")
    assert max(edges()) < 240
    region.evaluate("region => region.scrollLeft = region.scrollWidth")
    left, right = edges()
    assert left < 240
    assert right == 255


def test_nothing_moves_for_who_wants_no_motion(instrument, page):
    page.emulate_media(reduced_motion="reduce")
    page.goto("/catalogue/instruments/")
    moving = page.evaluate(
        "() => [...document.querySelectorAll('*')].filter(element => {"
        " const style = getComputedStyle(element);"
        " return style.transitionDuration !== '0s' || style.animationName !== 'none' })"
        ".map(element => element.outerHTML.slice(0, 80))"
    )
    assert moving == []


def test_a_printed_page_has_the_content_and_nothing_to_press(instrument, articles, page):
    for path in (instrument.get_absolute_url(), articles[0]):
        page.goto(path)
        page.emulate_media(media="print")
        for part in (".site-strip", ".site-header", ".site-footer", ".breadcrumbs", ".btn"):
            assert page.locator(part).locator("visible=true").count() == 0, part
        assert page.locator("h1").is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        page.emulate_media(media="screen")


def test_a_page_that_does_not_exist_is_ours_and_accessible(page, complaints, assert_accessible):
    assert page.goto("/nowhere/").status == 404
    assert page.get_by_role("heading", level=1).is_visible()
    assert_accessible(page)
    complaints.expected("404: ")


def test_the_harness_fails_a_page_that_complains(page, complaints):
    page.goto("/")
    page.evaluate("console.error('我有意见')")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')")
    page.goto("/nowhere/")
    complaints.expected("console: 我有意见")
    complaints.expected("Content Security Policy")
    complaints.expected("404: ")
