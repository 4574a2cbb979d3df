"""From an evaluated order to 已拨付: two reviewers, a paper sent back, a payment that failed, and who can follow all of it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import F
from playwright.sync_api import Page, expect

from institutions.models import Consumer
from orders.models import DocumentKind
from redemptions.models import PayoutBatch, Redemption
from tests.browser.test_consumer import press
from tests.consumer_factories import payer
from tests.factories import auditor, png_bytes
from tests.payout_factories import result_csv
from tests.redemption_factories import a_claimable_order
from tests.voucher_factories import checker, decider

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def go(page: Page, name: str, role: str = "link") -> None:
    with page.expect_navigation():  # a click does not wait for the page it leads to
        page.get_by_role(role, name=name).first.click()


def claim_in(page: Page) -> None:
    """提交申请使用创新券, and 确定."""
    go(page, "提交申请使用创新券", "button")
    go(page, "确定", "button")
    expect(page.get_by_text("已提交，申请兑付 450 元")).to_be_visible()


def open_case(staff: Page, number: str) -> None:
    staff.goto("/admin/redemptions/redemption/?queue=1")
    go(staff, number)


def case_address(claim: Redemption) -> str:
    return f"/admin/redemptions/redemption/inspect/{claim.pk}/"


def make_batch(paying: Page) -> PayoutBatch:
    paying.goto("/admin/batches/make/")
    go(paying, "下一步", "button")
    go(paying, "确认编制", "button")
    return PayoutBatch.objects.latest("pk")


def step(paying: Page, batch: PayoutBatch, name: str) -> None:
    paying.goto(f"/admin/redemptions/payoutbatch/inspect/{batch.pk}/")
    go(paying, name)
    with paying.expect_navigation():
        paying.locator("form button[type=submit]").last.click()


def bank_answers(paying: Page, batch: PayoutBatch, folder: Path, failed: tuple[int, ...] = ()) -> None:
    batch.refresh_from_db()
    file = folder / f"{batch.number}.csv"
    file.write_bytes(result_csv(batch, failed=failed))
    paying.goto(f"/admin/redemptions/payoutbatch/inspect/{batch.pk}/")
    go(paying, "导入银行结果")
    paying.locator("input[type=file]").set_input_files(file)
    with paying.expect_navigation():
        paying.locator("form button[type=submit]").last.click()


def test_from_an_evaluated_order_to_the_money(
    new_page, sign_in, assert_accessible, assert_fits, tmp_path: Path
):
    for make, name in ((checker, "初审员"), (checker, "抽查员"), (decider, "复审员"), (payer, "兑付员")):
        make(username=name)
    auditor(username="监督员")
    order = a_claimable_order()
    page, checking, deciding, paying = (new_page() for _person in range(4))
    visitor = new_page(width=390)
    sign_in(page, order.consumer.account.username)
    for staff, name in ((checking, "初审员"), (deciding, "复审员"), (paying, "兑付员")):
        sign_in(staff, name)
    call_command("refresh_figures")
    visitor.goto("/statistics/")
    redeemed = visitor.locator(".statistics-tile", has_text="兑付")
    expect(redeemed).not_to_contain_text("<3")

    # the claim
    page.goto(f"/centre/orders/{order.pk}/")
    go(page, "提交申请使用创新券")
    assert_accessible(page)
    assert_fits(page)
    claim_in(page)
    claim = Redemption.objects.get()
    assert_accessible(page)

    # the checker sends the contract back
    open_case(checking, claim.number)
    assert_accessible(checking)
    contract = order.documents.get(kind=DocumentKind.CONTRACT)
    checking.locator(f"label[for='show-document-{contract.pk}']").click()
    checking.locator(f"[name='paper-document-{contract.pk}']").fill("缺少盖章页。")
    go(checking, "退回", "button")

    # the consumer replaces it and submits again
    page.goto(f"/centre/redemptions/{claim.pk}/")
    expect(page.get_by_text("缺少盖章页。").first).to_be_visible()
    scan = tmp_path / "contract.png"
    scan.write_bytes(png_bytes("white", (330, 250)))
    page.goto(f"/centre/orders/{order.pk}/documents/{contract.pk}/replace/")
    page.locator("input[type=file]").set_input_files(scan)
    expect(page.get_by_text("contract.png").first).to_be_visible()
    press(page, "上传")
    page.goto(f"/centre/orders/{order.pk}/")
    go(page, "重新提交申请")
    claim_in(page)

    # two people
    open_case(checking, claim.number)
    go(checking, "初审通过", "button")
    checking.goto(case_address(claim))
    expect(checking.get_by_role("button", name="复审通过")).to_have_count(0)
    open_case(deciding, claim.number)
    go(deciding, "复审通过", "button")

    # drawn, inspected by a third, before the public
    batch = make_batch(paying)
    inspecting = new_page()
    sign_in(inspecting, "抽查员")
    inspecting.goto(f"/admin/redemptions/payoutbatch/inspect/{batch.pk}/")
    go(inspecting, "抽查")
    inspecting.get_by_role("radio", name="通过", exact=True).check()
    inspecting.get_by_label("抽查说明").fill("原始记录与报告一致。")
    with inspecting.expect_navigation():
        inspecting.locator("form button[type=submit]").last.click()
    step(paying, batch, "开始公示")
    page.goto(f"/centre/redemptions/{claim.pk}/")
    expect(page.locator("[aria-current=step]")).to_have_text("3公示中")
    visitor.goto(f"/publicity/{batch.number}/")
    expect(visitor.get_by_text(order.consumer.name).first).to_be_visible()
    expect(visitor.get_by_text(order.consumer.contact_name)).to_have_count(0)
    assert_accessible(visitor)
    assert_fits(visitor)

    # the days of publicity pass
    PayoutBatch.objects.update(publicity_until=F("publicity_until") - timedelta(days=8))
    step(paying, batch, "结束公示")
    step(paying, batch, "导出拨付清单")
    bank_answers(paying, batch, tmp_path, failed=(1,))
    page.goto(f"/centre/redemptions/{claim.pk}/")
    expect(page.get_by_text("拨付失败，请更正账户")).to_be_visible()

    # the account is corrected, and reviewed anew
    consumer = Consumer.objects.get(pk=order.consumer_id)
    consumer.bank_account_number = "61001920900052503358"
    consumer.save()
    deciding.goto(case_address(claim))
    go(deciding, "更正收款账户", "button")
    again = make_batch(paying)
    step(paying, again, "开始公示")
    step(paying, again, "导出拨付清单")
    bank_answers(paying, again, tmp_path)
    page.goto(f"/centre/redemptions/{claim.pk}/")
    expect(page.locator("[aria-current=step]")).to_have_text("5已拨付")
    expect(page.get_by_text("•••• 3358").first).to_be_visible()

    # everybody can see it: the public in sums, the auditor step by step
    call_command("refresh_figures")
    visitor.goto("/statistics/")
    expect(redeemed).to_contain_text("<3")
    watching = new_page()
    sign_in(watching, "监督员")
    watching.goto(case_address(claim))
    trail = watching.locator("main")
    for words in (
        "提交兑付申请",
        "退回兑付申请",
        "兑付初审通过",
        "兑付复审通过",
        "拨付失败",
        "更正收款账户",
        "拨付成功",
    ):
        expect(trail).to_contain_text(words)
    expect(watching.locator("form#decision")).to_have_count(0)
    watching.goto(f"/admin/audit/?q={claim.number}")
    expect(watching.get_by_text(claim.number).first).to_be_visible()
    assert watching.request.post(case_address(claim)).status == 403  # no form, and no token to send one with
