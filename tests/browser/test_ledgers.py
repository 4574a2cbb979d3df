"""The ledgers of the Wagtail admin at the width of a laptop: every figure on one line, the filters clear of the table."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.factories import reviewer
from tests.voucher_factories import a_pool, a_voucher

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

LEDGERS = ("vouchers/pool", "vouchers/voucher", "vouchers/ledgerentry")

BROKEN_FIGURES = """
    (() => {
        const broken = [], texts = document.createTreeWalker(document.querySelector(".listing tbody"), NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const text = texts.currentNode.textContent.trim(), range = document.createRange();
            range.selectNodeContents(texts.currentNode);
            if (/^[\\dA-Z,.:%+− -]+$/.test(text) && range.getClientRects().length > 1) broken.push(text);
        }
        return broken;
    })()
"""
OVERLAP = """
    (() => {
        const filters = document.querySelector(".changelist-filter");
        const table = document.querySelector(".listing").getBoundingClientRect();
        return filters ? filters.getBoundingClientRect().bottom > table.top : false;
    })()
"""


def test_a_ledger_breaks_no_figure_and_covers_nothing(page: Page, sign_in: Callable[..., None]) -> None:
    reviewer(username="审核员甲")
    a_pool("20000000")
    a_voucher("200000")
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, "审核员甲")
    for ledger in LEDGERS:
        page.goto(f"/admin/{ledger}/")
        assert page.locator(".listing tbody tr").count() > 0
        assert page.evaluate(BROKEN_FIGURES) == [], ledger
        assert not page.evaluate(OVERLAP), ledger
