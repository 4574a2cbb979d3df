"""The search box proposes while one types, and serves the keyboard alone."""

import pytest
from playwright.sync_api import expect

from policy.models import NoticeIndexPage, NoticePage
from tests.factories import InstrumentFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def instrument(live_server):
    NoticeIndexPage.objects.get().add_child(instance=NoticePage(title="关于色谱培训的通知"))
    return InstrumentFactory(approved=True, name="气相色谱质谱联用仪")


def test_typing_proposes_and_the_keyboard_chooses(instrument, page, phone, assert_accessible, assert_fits):
    for screen in (page, phone):
        screen.goto("/search/")
        box = screen.get_by_role("main").get_by_role("searchbox", name="全站搜索")
        box.focus()
        box = screen.get_by_role("main").get_by_role("combobox", name="全站搜索")
        box.press_sequentially("qxsp")
        option = screen.get_by_role("option", name="气相色谱质谱联用仪")
        expect(option).to_be_visible()
        expect(box).to_have_attribute("aria-expanded", "true")
        assert_accessible(screen)
        assert_fits(screen)
        box.press("Escape")
        expect(option).to_be_hidden()
        expect(box).to_have_value("qxsp")
        box.press("ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
        box.press("Enter")
        expect(screen.get_by_role("heading", level=1)).to_have_text("搜索“气相色谱质谱联用仪”")
        expect(screen.get_by_role("link", name="气相色谱质谱联用仪")).to_be_visible()
        assert_accessible(screen)
        assert_fits(screen)


def test_the_header_searches_everything(instrument, page, assert_accessible):
    page.goto("/notices/")
    box = page.get_by_role("banner").get_by_label("全站搜索")
    box.fill("色谱")
    page.get_by_role("option", name="关于色谱培训的通知").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("关于色谱培训的通知")
    page.get_by_role("banner").get_by_label("全站搜索").fill("色谱")
    page.get_by_role("banner").get_by_label("全站搜索").press("Enter")
    expect(page.get_by_role("link", name="通知公告 1")).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/search/", "/search/?q=色谱", "/search/?q=气象色谱", "/search/?q=色谱&tab=notice"]
)
def test_search_pages_are_accessible_and_fit(path, instrument, page, phone, assert_accessible, assert_fits):
    for screen in (page, phone):
        assert screen.goto(path).status == 200
        assert screen.locator("h1").count() == 1
        assert_accessible(screen)
        assert_fits(screen)


def test_a_slip_of_the_pen_leads_to_what_was_meant(instrument, page):
    page.goto("/search/?q=气象色谱")
    page.get_by_role("link", name="气相色谱", exact=True).click()
    expect(page.get_by_role("link", name="气相色谱质谱联用仪")).to_be_visible()
