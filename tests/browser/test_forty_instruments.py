"""Forty instruments from an empty workbook to the public search, by the words on the buttons.

导入模板下载, fill in forty rows of which three are wrong, 导入, put the three right in the workbook that comes back, import
again, 导入照片 by zip, 批量提交; a reviewer approves all in one go, and the public search finds all forty.
"""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from catalogue.models import Instrument
from tests.catalogue.workbooks import FIRST_ROW, instrument_row, title
from tests.factories import ProviderFactory, png_bytes, reviewer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

NUMBERS = [f"PL-{number:03d}" for number in range(1, 41)]
# What somebody has typed wrong, by the number of the row: the column, and what it should have been.
WRONG = {
    "PL-007": ("仪器分类", "029900 其他错误分类", "010400"),
    "PL-019": ("启用日期", "2019 年春", "2019-04-01"),
    "PL-033": ("负责人电话", "12345", "029-88881234"),
}


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def follow(page: Page, name: str) -> None:
    with page.expect_navigation():  # a click does not wait for the page it leads to
        page.get_by_role("link", name=name, exact=True).first.click()


def tally(page: Page, name: str) -> str:
    return page.locator(".tally", has=page.get_by_text(name, exact=True)).locator("dd").inner_text()


def download(page: Page, click: Callable[[], None], file: Path) -> Path:
    with page.expect_download() as waiting:
        click()
    waiting.value.save_as(file)
    return file


def fill_in(template: Path) -> None:
    book = load_workbook(template)
    sheet: Any = book["仪器"]
    places = {title(cell.value): cell.column for cell in sheet[1]}
    for position, number in enumerate(NUMBERS):
        row = instrument_row(单位内部编号=number, 仪器名称=f"批量光谱仪 {number}", 规格型号=f"S-{position}")
        if number in WRONG:
            column, wrong, _right = WRONG[number]
            row[column] = wrong
        for name, value in row.items():
            sheet.cell(FIRST_ROW + position, places[name], value)
    book.save(template)


def put_right(refused: Path) -> None:
    book = load_workbook(refused)
    sheet: Any = book["仪器"]
    places = {title(cell.value): cell.column for cell in sheet[1]}
    rows = {sheet.cell(row, places["单位内部编号"]).value: row for row in range(2, sheet.max_row + 1)}
    assert set(WRONG) <= set(rows)
    for number, (column, _wrong, right) in WRONG.items():
        sheet.cell(rows[number], places[column], right)
    book.save(refused)


def zip_of_photos(file: Path) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for position, number in enumerate(NUMBERS):
            buffer = io.BytesIO(png_bytes(f"#{position * 4:02x}6080", (320, 240)))
            archive.writestr(f"照片/{number}.png", buffer.getvalue())
    return file


def upload(page: Page, file: Path, button: str) -> None:
    page.locator("#id_file").set_input_files(file)
    press(page, button)


def import_workbook(page: Page, file: Path) -> None:
    page.goto("/centre/instruments/")
    follow(page, "导入")
    upload(page, file, "上传并检查")


@pytest.mark.long
def test_forty_instruments_by_workbook(
    live_server, new_page, sign_in, tmp_path, assert_accessible, assert_fits
):
    account = ProviderFactory(approved=True).account
    reviewer(username="审核员甲")
    provider, staff, visitor = new_page(), new_page(), new_page()

    sign_in(provider, account.username)
    provider.goto("/centre/instruments/")
    template = download(
        provider, provider.get_by_role("link", name="导入模板下载", exact=True).click, tmp_path / "模板.xlsx"
    )
    fill_in(template)

    import_workbook(provider, template)
    assert (tally(provider, "新建"), tally(provider, "有误")) == ("37", "3")
    for number, (column, _wrong, _right) in WRONG.items():
        expect(provider.get_by_role("row", name=number)).to_contain_text(column)
    assert_accessible(provider)
    assert_fits(provider)
    press(provider, "确认导入")
    assert (tally(provider, "新建"), tally(provider, "未导入")) == ("37", "3")
    for number in WRONG:
        expect(provider.get_by_role("row", name=number)).to_be_visible()
    assert Instrument.objects.count() == 37

    refused = download(
        provider,
        provider.get_by_role("link", name="下载未导入的行", exact=True).click,
        tmp_path / "有误.xlsx",
    )
    put_right(refused)
    import_workbook(provider, refused)
    press(provider, "确认导入")
    assert (tally(provider, "新建"), tally(provider, "未导入")) == ("3", "0")
    assert Instrument.objects.count() == 40

    provider.goto("/centre/instruments/")
    more = provider.locator("summary", has_text="更多操作")
    more.click()
    assert_accessible(provider)
    provider.keyboard.press("Escape")
    expect(provider.get_by_role("link", name="导入照片")).to_be_hidden()
    expect(more).to_be_focused()
    more.press("Enter")
    follow(provider, "导入照片")
    upload(provider, zip_of_photos(tmp_path / "照片.zip"), "上传并导入")
    assert tally(provider, "添加的照片") == "40"

    follow(provider, "完整性检查")
    assert_accessible(provider)
    provider.set_default_timeout(60_000)  # forty submissions in one request, where no worker runs
    press(provider, "提交全部完整的记录（40）")
    press(provider, "确定")
    assert (tally(provider, "已提交"), tally(provider, "没有提交")) == ("40", "0")

    sign_in(staff, "审核员甲")
    staff.goto("/admin/review/")
    staff.get_by_label("全选本页").check()
    press(staff, "批量通过")
    staff.set_default_timeout(60_000)  # forty decisions in one request
    press(staff, "确认通过")
    expect(staff.get_by_text("已处理 40 条记录")).to_be_visible()

    visitor.goto("/catalogue/instruments/?q=批量光谱仪")
    expect(visitor.get_by_role("status").first).to_contain_text("共 40")
    visitor.goto("/catalogue/instruments/?q=PL-033+批量")
    expect(visitor.get_by_role("link", name="批量光谱仪 PL-033")).to_be_visible()
