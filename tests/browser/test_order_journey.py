"""Two people: from a search to a booking, an order, its evaluation and its papers; and work put on record (manual 四.6–7, 五.3–4)."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from orders.models import Invoice, Order
from orders.statuses import OrderStatus
from tests.browser.test_consumer import confirm, fill, press
from tests.consumer_factories import ConsumerFactory
from tests.factories import InstrumentFactory, TestingServiceFactory, png_bytes
from tests.voucher_factories import parameters_with

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def follow(page: Page, name: str) -> None:
    with page.expect_navigation():  # a click does not wait for the page it leads to
        page.get_by_role("link", name=name, exact=True).first.click()


def order_address(page: Page) -> str:
    return page.url.removesuffix("/")


def test_from_a_search_to_an_evaluated_order_with_its_papers(
    new_page, sign_in, assert_accessible, assert_fits, tmp_path: Path
):
    offer = TestingServiceFactory(
        approved=True,
        provider__approved=True,
        name="金属材料拉伸试验",
        price_amount="300",
        price_unit="sample",
    )
    provider, consumer = offer.provider, ConsumerFactory(approved=True)
    papers = {name: tmp_path / f"{name}.png" for name in ("invoice", "contract", "report")}
    for number, path in enumerate(papers.values()):
        path.write_bytes(png_bytes("white", (320 + number, 240)))
    page, seller = new_page(), new_page()
    sign_in(page, consumer.account.username)
    sign_in(seller, provider.account.username)
    soon = str(timezone.localdate() + timedelta(days=12))

    # 立即预约
    page.goto("/")
    page.get_by_role("searchbox").first.fill("拉伸试验")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("link", name="金属材料拉伸试验").first.click()
    follow(page, "立即预约")
    assert_accessible(page)
    fill(page, 样品说明="铝合金板材 3 块", 服务要求="按 GB/T 228.1 测抗拉强度", 数量="0")
    fill(page, 期望完成日期=soon)
    press(page, "提交预约")
    expect(page.get_by_text("数量应大于 0。").first).to_be_visible()
    expect(page.get_by_label("样品说明")).to_have_value("铝合金板材 3 块")
    fill(page, 数量="3")
    for question in page.get_by_role("group").filter(has_text="是否").all():
        question.get_by_role("radio", name="否", exact=True).check()
    press(page, "提交预约")
    expect(page.get_by_text("等待回复").first).to_be_visible()
    assert_accessible(page)

    # thread, 接受预约
    seller.goto("/centre/bookings/")
    assert_accessible(seller)
    seller.get_by_role("link", name="YY").first.click()
    seller.get_by_label("留言").fill("板材厚度是多少？")
    press(seller, "发送")
    expect(seller.get_by_text("已回复").first).to_be_visible()
    page.reload()
    expect(page.get_by_text("板材厚度是多少？")).to_be_visible()
    page.get_by_label("留言").fill("厚 4 mm。")
    press(page, "发送")
    seller.reload()
    expect(seller.get_by_text("厚 4 mm。")).to_be_visible()
    follow(seller, "接受预约")
    expect(seller.get_by_label("单价")).to_have_value("300")
    assert_accessible(seller)
    press(seller, "接受预约")

    # 确认并下单 with one changed price
    page.reload()
    follow(page, "确认并下单")
    expect(page.get_by_label("总金额")).to_have_value("900")
    page.get_by_role("group", name="第 1 行").get_by_label("单价").fill("320")
    expect(page.get_by_label("总金额")).to_have_value("960")
    press(page, "确认并下单")
    expect(page.get_by_text("有 2 处不同").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("改动的内容已与接券机构沟通一致").check()
    press(page, "确认并下单")
    expect(page.get_by_role("dialog")).to_contain_text("320 元")
    confirm(page)
    expect(page.get_by_text("等待机构接单").first).to_be_visible()
    assert_accessible(page)

    # 接单, 完成
    seller.goto("/centre/orders/")
    assert_accessible(seller)
    seller.get_by_role("link", name="DD").first.click()
    follow(seller, "接单")
    expect(seller.get_by_text("320 元").first).to_be_visible()
    press(seller, "接单")
    expect(seller.get_by_text("进行中").first).to_be_visible()
    follow(seller, "完成")
    seller.locator("input[type=file]").set_input_files(papers["report"])
    press(seller, "完成")
    expect(seller.get_by_text("待对方确认").first).to_be_visible()

    # 确认完成, 评价, 上传发票, 上传合同
    page.reload()
    follow(page, "确认完成")
    press(page, "确认完成")
    expect(page.get_by_text("已完成").first).to_be_visible()
    follow(page, "评价")
    for title in ("服务质量", "完成速度", "服务态度"):
        page.get_by_role("group", name=title).get_by_role("radio", name="5 星").check(force=True)
    fill(page, 评价内容="三天出报告，数据可靠。")
    assert_accessible(page)
    press(page, "提交评价")
    expect(page.get_by_text("三天出报告，数据可靠。").first).to_be_visible()

    follow(page, "上传发票")
    page.locator("input[type=file]").set_input_files(papers["invoice"])
    press(page, "上传并读取")
    expect(page.get_by_text("请照发票填写").first).to_be_visible()
    assert_accessible(page)
    fill(page, 发票号码="24617000000012345678", 开票日期=str(timezone.localdate()), 价税合计="960")
    fill(page, 销售方名称=provider.host_name, 销售方纳税人识别号=provider.host_code)
    fill(page, 购买方名称=consumer.name, 购买方纳税人识别号=consumer.code)
    press(page, "确认并提交")
    expect(page.get_by_text("24617000000012345678").first).to_be_visible()
    follow(page, "上传合同")
    page.locator("input[type=file]").set_input_files(papers["contract"])
    press(page, "上传")
    expect(page.get_by_text("还缺")).to_have_count(0)
    assert_accessible(page)

    order = Order.objects.get()
    assert (order.status, str(order.total_amount)) == (OrderStatus.COMPLETED, "960.00")
    assert Invoice.objects.get().order == order
    page.goto(offer.get_absolute_url())
    expect(page.get_by_text("三天出报告，数据可靠。").first).to_be_visible()
    assert_accessible(page)

    page.set_viewport_size({"width": 390, "height": 800})
    for address in (
        "/centre/bookings/",
        "/centre/orders/",
        order.get_centre_url(),
        order.booking.get_centre_url(),
    ):
        page.goto(address)
        assert_fits(page)


def test_work_already_done_is_put_on_record_while_the_switch_is_on(
    new_page, sign_in, assert_accessible, assert_fits
):
    instrument = InstrumentFactory(
        approved=True, provider__approved=True, name="场发射扫描电镜", price_amount="500", price_unit="hour"
    )
    consumer = ConsumerFactory(approved=True)
    page, seller = new_page(), new_page()
    sign_in(page, consumer.account.username)
    sign_in(seller, instrument.provider.account.username)

    page.goto(instrument.get_absolute_url())
    follow(page, "立即下单")
    page.get_by_role("group", name="第 1 行").get_by_label("数量").fill("2")
    expect(page.get_by_label("总金额")).to_have_value("1,000")
    fill(page, 服务内容与要求="断口形貌观察", 服务完成日期=str(timezone.localdate() - timedelta(days=3)))
    for question in page.get_by_role("group").filter(has_text="是否").all():
        question.get_by_role("radio", name="否", exact=True).check()
    assert_accessible(page)
    press(page, "立即下单")
    confirm(page)
    expect(page.get_by_text("补录").first).to_be_visible()
    assert_fits(page)

    seller.goto("/centre/orders/")
    expect(seller.get_by_role("row").filter(has_text="场发射扫描电镜")).to_contain_text("补录")
    seller.get_by_role("link", name="DD").first.click()
    follow(seller, "接单")
    press(seller, "接单")
    expect(seller.get_by_text("进行中").first).to_be_visible()

    page.goto(instrument.get_absolute_url())
    address = page.get_by_role("link", name="立即下单", exact=True).get_attribute("href")
    parameters_with(direct_orders=False)
    page.goto(instrument.get_absolute_url())
    expect(page.get_by_role("link", name="立即预约", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="立即下单", exact=True)).to_have_count(0)
    page.goto(address)
    expect(page.get_by_text("“立即下单”目前已关闭").first).to_be_visible()
    assert Order.objects.count() == 1
