"""接口令牌 and the API's documentation in a real browser: silent, and without anything from elsewhere."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import ProviderFactory

pytestmark = pytest.mark.browser


def test_a_token_is_made_and_ended(live_server, page, phone, sign_in, assert_accessible, assert_fits):
    account = ProviderFactory(approved=True).account
    for screen, name in ((page, "实验室系统"), (phone, "门户网站")):
        sign_in(screen, account.username)
        screen.goto("/centre/account/")
        screen.get_by_role("link", name="管理令牌").click()
        screen.get_by_label("令牌名称").fill(name)
        screen.get_by_role("button", name="新建令牌").click()
        expect(screen.get_by_label("令牌", exact=True)).to_have_value(re.compile("^wagtail_"))
        assert_accessible(screen)
        assert_fits(screen)
        screen.get_by_role("link", name="停用").first.click()
        # a click does not wait for the page it leads to
        expect(screen.get_by_role("button", name="确定停用")).to_be_visible()
        assert_accessible(screen)
        screen.get_by_role("button", name="确定停用").click()
        screen.get_by_text(f"令牌“{name}”已停用").wait_for()


def test_the_documentation_can_be_read_and_tried_out(live_server, page):
    page.goto("/api/v1/docs/")
    page.get_by_text("仪器列表").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.locator(".live-responses-table .response-col_status", has_text="200").wait_for()
