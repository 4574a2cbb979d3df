"""From registration to a voucher, by the manual's button names (sections 五.1 and 五.2), with checker and decider."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.test_consumer import NAME, confirm, fill, press, register
from tests.consumer_factories import ACCOUNT_NUMBER
from tests.factories import make_credit_code, png_bytes, reviewer
from tests.voucher_factories import a_pool, checker, decider
from vouchers.models import Voucher

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def fill_institution(page: Page, licence: Path) -> None:
    fill(page, 机构名称=NAME, 统一社会信用代码=make_credit_code(12345678), 注册日期="2019-03-12")
    page.get_by_label("机构类型").select_option(label="中小微企业")
    fill(page, 法定代表人="周晓明", 详细地址="科技二路 72 号", 机构简介="从事工业软件研发。")
    page.locator("#id_certificate").set_input_files(licence)
    page.get_by_label("所在城市").select_option(label="西安市")
    page.get_by_label("所在区县").select_option(label="雁塔区")
    press(page, "下一步")
    page.get_by_label("所属行业").select_option(label="软件和信息技术服务业")
    fill(page, 从业人员="46", 营业收入="820", 资产总额="560", 账户名称=NAME, 开户银行="中国工商银行")
    fill(page, 开户支行="西安高新支行", 对公银行账号=ACCOUNT_NUMBER)
    press(page, "下一步")
    press(page, "完成")
    confirm(page)


def decide(staff: Page, link: str) -> None:
    staff.goto("/admin/review/")
    staff.get_by_role("link", name=link).first.click()


@pytest.mark.long
def test_from_registration_to_a_voucher_for_less_than_applied(
    new_page, sign_in, assert_accessible, assert_fits, tmp_path: Path
):
    reviewer(username="审核员甲")
    checker(username="初审员乙")
    decider(username="审定员丙")
    a_pool("1000000")
    licence, first, second = (tmp_path / f"{name}.png" for name in ("licence", "2025", "2024"))
    for number, path in enumerate((licence, first, second)):
        path.write_bytes(png_bytes("white", (300 + number, 200)))
    page, staff, checking, deciding = (new_page() for _person in range(4))

    register(page)
    sign_in(page, "13912345678")
    page.get_by_role("link", name="确定").click()
    fill_institution(page, licence)
    sign_in(staff, "审核员甲")
    decide(staff, NAME)
    press(staff, "通过")

    page.goto("/centre/")
    page.get_by_role("link", name="申请创新券").click()
    expect(page.get_by_text("•••• 4321")).to_be_hidden()
    page.get_by_text("核对机构信息").click()
    expect(page.get_by_text("•••• 4321")).to_be_visible()
    assert_accessible(page)
    fill(page, 申请额度="250000")
    press(page, "下一步")
    expect(page.get_by_text("超过了每家机构每年 200,000 元的上限").first).to_be_visible()
    fill(
        page,
        申请额度="１２０，０００",
        申请理由="新一代检测软件开发，需要三坐标测量、材料拉伸和环境可靠性检测。",
        拟解决的问题="查明批量样件早期断裂的原因，确定热处理工艺窗口。",
    )
    page.get_by_role("radio", name="是", exact=True).check()
    press(page, "下一步")

    row = page.get_by_role("group", name="第 1 行")
    row.get_by_label("项目名称").fill("智能检测工装研制")
    row.get_by_label("开始日期").fill("2026-01-01")
    row.get_by_label("结束日期").fill("2026-12-31")
    row.get_by_label("项目预算").fill("1200000")
    row.get_by_label("经费来源").fill("自筹")
    assert_accessible(page)
    press(page, "下一步")

    expect(page.get_by_text("须提交近两年的财务报表")).to_be_visible()
    page.locator("#id_statement").set_input_files(first)
    press(page, "完成")
    expect(page.get_by_text("还差 1 项才能提交")).to_be_visible()
    page.locator("#id_earlier_statement").set_input_files(second)
    assert_accessible(page)
    press(page, "完成")
    confirm(page)
    expect(page.get_by_text("待审核").first).to_be_visible()
    assert_accessible(page)

    sign_in(checking, "初审员乙")
    decide(checking, "申请 120,000 元")
    expect(checking.get_by_text("资金池足够")).to_be_visible()
    expect(checking.get_by_label("批准额度")).to_have_count(0)
    press(checking, "通过")
    expect(checking.get_by_text("转入下一步")).to_be_visible()

    sign_in(deciding, "审定员丙")
    decide(deciding, "申请 120,000 元")
    deciding.get_by_label("批准额度").fill("80000")
    deciding.get_by_label("审核意见").fill("环境可靠性检测可在已有合同内完成。")
    press(deciding, "通过")
    expect(deciding.get_by_text("已通过：")).to_be_visible()

    voucher = Voucher.objects.get()
    page.goto("/centre/")
    expect(page.get_by_text("80,000").first).to_be_visible()
    page.get_by_role("link", name="创新券", exact=True).first.click()
    expect(page.get_by_role("link", name=voucher.number)).to_be_visible()
    expect(page.get_by_text("核减原因：环境可靠性检测可在已有合同内完成。")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name=voucher.number).click()
    expect(page.get_by_role("heading", name=voucher.number)).to_be_visible()
    expect(page.get_by_text(f"{timezone.localdate()} 至 {voucher.valid_until}（含当天）")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("link", name="退券").click()
    fill(page, 退回金额="30000", 退券原因="部分检测改由合作单位承担。")
    press(page, "退券")
    expect(page.get_by_role("dialog")).to_contain_text("确定退回 30,000 元吗")
    confirm(page)
    expect(page.get_by_text("已退回 30,000 元。")).to_be_visible()
    expect(page.get_by_text("退券 30,000 元")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 800})
    for address in ("/centre/vouchers/", f"/centre/vouchers/{voucher.pk}/"):
        page.goto(address)
        assert_fits(page)
