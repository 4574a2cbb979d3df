"""A consumer's way by the manual's button names (section 五.1): register, three steps, approved, withdrawn again."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from institutions.models import Consumer
from tests.consumer_factories import ACCOUNT_NUMBER, ConsumerFactory
from tests.factories import PASSWORD, make_credit_code, png_bytes, reviewer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

NAME = "渭河软件科技有限公司"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def fill(page: Page, **values: str) -> None:
    for label, value in values.items():
        page.get_by_label(label, exact=False).first.fill(value)


def register(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="注册").first.click()
    page.get_by_role("radio", name="创新券使用机构").check()
    fill(page, 登录名="渭河软件", 联系人="林雨", 电子邮箱="weihe@example.com", 手机号码="13912345678")
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("#id_password2").fill(PASSWORD)
    press(page, "立即注册")
    page.get_by_role("link", name="确定").click()


def confirm(page: Page) -> None:
    with page.expect_navigation():  # a click does not wait for the page it leads to
        page.get_by_role("dialog").get_by_role("button", name="确定").click()


@pytest.mark.long
def test_three_steps_to_an_approved_consumer_and_back(
    new_page, sign_in, assert_accessible, assert_fits, tmp_path: Path
):
    reviewer(username="审核员甲")
    licence = tmp_path / "licence.png"
    licence.write_bytes(png_bytes("white"))
    page, staff = new_page(), new_page()

    register(page)
    sign_in(page, "13912345678")
    expect(page.get_by_role("dialog")).to_contain_text("才能申请创新券")
    page.get_by_role("link", name="确定").click()

    fill(page, 机构名称=NAME, 统一社会信用代码=make_credit_code(12345678), 注册日期="2019-03-12")
    page.get_by_label("机构类型").select_option(label="中小微企业")
    expect(page.get_by_text("统一申请（仅孵化器")).to_be_hidden()
    fill(page, 法定代表人="周晓明", 详细地址="科技二路 72 号", 机构简介="从事工业软件研发。")
    page.locator("#id_certificate").set_input_files(licence)
    page.get_by_label("所在城市").select_option(label="西安市")
    page.get_by_label("所在区县").select_option(label="雁塔区")
    assert_accessible(page)
    press(page, "保存")
    expect(page.get_by_text("已保存，尚未提交审核")).to_be_visible()
    with page.expect_navigation():
        press(page, "下一步")

    # the class by size, while the figures are typed, by scripts that must have been loaded
    size = page.get_by_role("status").filter(has_text="企业规模")
    page.get_by_label("所属行业").select_option(label="软件和信息技术服务业")
    fill(page, 从业人员="300", 营业收入="10000")
    expect(size).to_contain_text("企业规模：大型")
    expect(size).to_contain_text("大型企业不能以“中小微企业”申请")
    fill(page, 营业收入="820", 资产总额="560")
    expect(size).to_contain_text("企业规模：小型")
    fill(
        page, 账户名称="周晓明", 开户银行="中国工商银行", 开户支行="西安高新支行", 对公银行账号=ACCOUNT_NUMBER
    )
    press(page, "下一步")
    expect(page.get_by_text("像是个人姓名").first).to_be_visible()
    fill(page, 账户名称=NAME)
    assert_accessible(page)
    press(page, "下一步")

    expect(page.get_by_role("heading", name="联系人信息").first).to_be_visible()
    page.get_by_role("link", name="上一步").click()
    expect(page.get_by_text("已保存：•••• 4321")).to_be_visible()
    press(page, "下一步")
    expect(page.get_by_role("button", name="完成", exact=True)).to_be_visible()
    assert_accessible(page)
    press(page, "完成")
    confirm(page)
    expect(page.get_by_text("待审核").first).to_be_visible()
    assert_accessible(page)

    sign_in(staff, "审核员甲")
    staff.goto("/admin/review/")
    staff.get_by_role("link", name=NAME, exact=True).first.click()
    expect(staff.get_by_text("账户名称与机构名称一致")).to_be_visible()
    assert ACCOUNT_NUMBER not in staff.content()
    press(staff, "通过")
    expect(staff.get_by_text(f"已通过：{NAME}")).to_be_visible()

    page.goto("/centre/")
    expect(page.get_by_text("机构信息已通过审核").first).to_be_visible()
    page.get_by_role("link", name="机构信息").first.click()
    assert ACCOUNT_NUMBER not in page.content()
    press(page, "撤回并修改信息")
    expect(page.get_by_role("dialog")).to_contain_text("状态重新变为“待审核”")
    confirm(page)
    expect(page.get_by_text("已撤回，现在可以修改").first).to_be_visible()
    assert Consumer.objects.get().status == "draft"


def test_an_incubator_adds_and_removes_rows(phone: Page, sign_in, assert_accessible, assert_fits):
    consumer = ConsumerFactory()
    sign_in(phone, consumer.account.username)
    phone.goto("/centre/institution/basics/")
    expect(phone.get_by_text("统一申请（仅孵化器")).to_be_hidden()
    phone.get_by_label("机构类型").select_option(value="incubator")
    rows = phone.get_by_role("group", name="第")
    expect(rows).to_have_count(1)
    for _row in range(3):
        press(phone, "增加一行")
    expect(rows).to_have_count(4)
    for number, name in ((1, "西安微纳科技有限公司"), (2, "柔性电池团队"), (4, "西安芯朗电子有限公司")):
        phone.get_by_role("group", name=f"第 {number} 行").get_by_label("企业或团队名称").fill(name)
    assert_accessible(phone)
    assert_fits(phone)
    press(phone, "保存")
    expect(phone.get_by_text("已保存，尚未提交审核")).to_be_visible()
    expect(rows).to_have_count(4)

    phone.get_by_role("group", name="第 2 行").get_by_label("移除").check()
    press(phone, "保存")
    expect(phone.get_by_text("已保存，尚未提交审核")).to_be_visible()
    assert [one.name for one in consumer.incubated.all()] == ["西安微纳科技有限公司", "西安芯朗电子有限公司"]
