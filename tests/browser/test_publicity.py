"""Publicity pages: accessible, readable on a phone, and an objection sent by keyboard alone."""

import pytest

from redemptions.models import Objection
from tests.payout_factories import a_batch

pytestmark = pytest.mark.browser


def test_publicity_pages_are_accessible_and_fit(live_server, page, phone, assert_accessible, assert_fits):
    batch = a_batch("published", claims=2, percent=50)
    address = batch.get_public_url()
    for screen in (page, phone):
        for path in ("/publicity/", address, f"{address}1/object/", f"{address}objected/"):
            assert screen.goto(path).status == 200
            assert screen.locator("h1").count() == 1
            assert_accessible(screen)
            assert_fits(screen)


def test_an_objection_by_keyboard(live_server, page):
    batch = a_batch("published", claims=1)
    page.goto(batch.get_public_url())
    page.get_by_role("link", name="提出异议").press("Enter")
    page.get_by_label("姓名或单位").fill("李某")
    page.get_by_label("联系方式").fill("13800001111")
    page.get_by_label("异议内容").fill("有关联。")
    page.get_by_role("button", name="提交异议").press("Enter")
    page.get_by_role("heading", name="异议已收到").wait_for()
    assert Objection.objects.get().name == "李某"
