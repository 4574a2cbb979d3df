"""Files that are no workbook to import, each refused with a sentence that says what to do."""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import TemporaryUploadedFile
from openpyxl import Workbook

from catalogue.models import Instrument, Job, JobState
from files.models import PrivateFile
from files.workbooks import OLE, PASSWORD_MARK, store_workbook
from institutions.models import Provider
from tests.catalogue import workbooks
from tests.factories import ProviderFactory, UserFactory

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def provider(db: None) -> Provider:
    return ProviderFactory()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("表.xlsx", b"", "“表.xlsx”是空文件，没有内容。请重新选择文件。"),
        (
            "表.xls",
            OLE + b"\0" * 600,
            "“表.xls”是旧的 .xls 格式（或 WPS 的 .et）。请另存为“Excel 工作簿（.xlsx）”后重新上传。",
        ),
        (
            "表.xlsx",
            OLE + b"\0" * 600,
            "“表.xlsx”是旧的 .xls 格式（或 WPS 的 .et）。请另存为“Excel 工作簿（.xlsx）”后重新上传。",
        ),
        (
            "表.xlsx",
            OLE + b"\0" * 9000 + PASSWORD_MARK,
            "“表.xlsx”设有打开密码，无法读取。请在 Excel 里取消密码，保存后重新上传。",
        ),
        (
            "表.xlsx",
            "编号,名称\n1,仪器\n".encode("gbk"),
            "“表.xlsx”其实是文本（如 CSV），改扩展名不会变成 Excel 工作簿。请用 Excel 打开，另存为 .xlsx 后重新上传。",
        ),
        (
            "表.xlsx",
            b"<html><table></table></html>",
            "“表.xlsx”的内容是网页，不是 Excel 工作簿。请用 Excel 打开，另存为 .xlsx 后重新上传。",
        ),
        (
            "表.xlsx",
            b"GIF89a" + b"\0" * 300,
            "“表.xlsx”的内容是GIF 图片，不是 Excel 工作簿。请上传填写好的导入模板（.xlsx）。",
        ),
        ("表.xlsx", b"\1\2\0\3" * 100, "“表.xlsx”不是 Excel 工作簿。请上传填写好的导入模板（.xlsx）。"),
        (
            "表.zip",
            b"PK\x03\x04" + b"\0" * 300,
            "“表.zip”的扩展名不是 .xlsx。请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后重新上传。",
        ),
    ],
)
@pytest.mark.django_db
def test_what_is_no_workbook_is_not_stored(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        store_workbook(upload=workbooks.upload(content, name), owner=UserFactory())
    assert caught.value.messages == [sentence]
    assert not PrivateFile.objects.exists()


@pytest.mark.django_db
def test_more_than_20_mb_are_not_stored() -> None:
    with pytest.raises(ValidationError, match="超过 20 MB 的上限"):
        store_workbook(upload=workbooks.upload(b"PK\x03\x04" + b"\0" * (20 << 20)), owner=UserFactory())


def refused(provider: Provider, content: bytes, capture: Any) -> str:
    """The sentence on the page of the job; nothing was imported."""
    job = workbooks.checked("instruments", provider, content, capture)
    assert job.state == JobState.FAILED
    assert not Instrument.objects.exists()
    return job.error


def rename(old: str, new: str) -> Callable[[Any], None]:
    def edit(sheet: Any) -> None:
        for cell in sheet[1]:
            if workbooks.title(cell.value) == old:
                cell.value = new

    return edit


def merge(sheet: Any) -> None:
    sheet.merge_cells("C3:C4")


def untitled(sheet: Any) -> None:
    sheet.cell(1, 4).value = None
    sheet.cell(3, 4).value = "什么"


def far_cell(sheet: Any) -> None:
    sheet.cell(1_000_000, 3).value = " x"


def far_column(sheet: Any) -> None:
    sheet.cell(3, 400).value = "x"


def rename_sheet(sheet: Any) -> None:
    sheet.title = "Sheet1"


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (
            rename("规格型号", "型号"),
            "F 列的列名“型号”不是导入模板里的列。是不是“规格型号”？请改回模板的列名，或删除这一列后重新上传。",
        ),
        (
            rename("规格型号", "仪器名称"),
            "列名“仪器名称”出现了两次（C 列和 F 列）。请删除多余的一列后重新上传。",
        ),
        (
            rename("单位内部编号", "编号"),
            "没有找到列名“单位内部编号”：第一行应是导入模板的表头，这一列不能删除或改名。请使用下载的导入模板。",
        ),
        (
            rename_sheet,
            "文件里没有名为“仪器”的工作表（现有：Sheet1、填写说明、代码表）。请使用下载的导入模板，不要改工作表的名称。",
        ),
        (merge, "表里有合并单元格（C3:C4）。请取消合并，并在每一行都填上内容后重新上传。"),
        (untitled, "D 列没有列名，但第 2 行有内容。请补上模板的列名，或删除这一列。"),
        (
            far_cell,
            "第 1000000 行还有内容，表格的范围太大。请删除数据下方多余的行后重新上传；一次最多导入 20000 行。",
        ),
        (far_column, "第 400 列还有内容，一张表最多 300 列。请删除多余的列后重新上传。"),
    ],
)
def test_sheet_that_is_not_the_template_s(
    provider: Provider, edit: Any, sentence: str, django_capture_on_commit_callbacks: Any
) -> None:
    content = workbooks.filled("instruments", provider, [workbooks.instrument_row()], edit=edit)
    assert refused(provider, content, django_capture_on_commit_callbacks) == sentence


def test_template_without_rows(provider: Provider, django_capture_on_commit_callbacks: Any) -> None:
    content = workbooks.filled("instruments", provider, [])
    sentence = refused(provider, content, django_capture_on_commit_callbacks)
    assert sentence == "表里没有要导入的内容。请从第 2 行起填写，一行一条记录。"


def test_60_000_rows_are_too_many(provider: Provider, django_capture_on_commit_callbacks: Any) -> None:
    rows = "".join(
        f'<row r="{number}"><c r="B{number}" t="inlineStr"><is><t>YQ-{number}</t></is></c></row>'
        for number in range(2, 60_002)
    )
    content = workbooks.with_part(
        workbooks.filled("instruments", provider, []),
        SHEET,
        lambda data: re.sub(rb'<row r="2".*</row>', rows.encode(), data, flags=re.DOTALL),
    )
    sentence = refused(provider, content, django_capture_on_commit_callbacks)
    assert sentence == "文件有 60000 行数据，一次最多导入 20000 行。请分成几个文件导入。"


def test_rows_are_counted_without_the_example(
    provider: Provider, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr("catalogue.exchange.importing.MAX_ROWS", 2)
    rows = [workbooks.instrument_row(单位内部编号=f"YQ-{number}") for number in range(3)]
    content = workbooks.filled("instruments", provider, rows)
    sentence = refused(provider, content, django_capture_on_commit_callbacks)
    assert sentence.startswith("文件有 3 行数据，一次最多导入")
    content = workbooks.filled("instruments", provider, rows[:2])
    job = workbooks.checked("instruments", provider, content, django_capture_on_commit_callbacks)
    assert workbooks.counts(job) == (2, 0, 0, 0)


@pytest.mark.django_db
def test_large_upload_that_lies_in_a_temporary_file_is_stored() -> None:
    with TemporaryUploadedFile("表.xlsx", "", 12, None) as sent:
        sent.write(b"PK\x03\x04" + b"\0" * 8)
        stored = store_workbook(upload=sent, owner=UserFactory())
    assert (stored.size_bytes, stored.extension) == (12, "xlsx")
    assert stored.sha256 == hashlib.sha256(b"PK\x03\x04" + b"\0" * 8).hexdigest()


DAMAGED = "文件已损坏，或不是 Excel 保存的 .xlsx 文件。请用 Excel 或 WPS 打开确认，另存为 .xlsx 后重新上传。"
TOO_BIG = "文件解压后太大，超过 200 MB，可能不是正常的表格。请只保留要导入的工作表后重新上传。"
TOO_MUCH = "文件里的公式、合并单元格或文字太多，无法读取。请复制为数值，只保留要导入的内容后重新上传。"


def doctype(data: bytes) -> bytes:
    """Entities that would grow to gigabytes."""
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    head, found, rest = data.partition(b"?>")
    return head + found + bomb + rest if found else bomb + data


def nonsense_reference(data: bytes) -> bytes:
    return data.replace(b'r="B3"', b'r="\xe5\xbc\xa03"')


@pytest.mark.parametrize(
    ("part", "change"),
    [
        (SHEET, doctype),
        ("xl/workbook.xml", doctype),
        (SHEET, lambda data: data[: len(data) // 2]),
        (SHEET, nonsense_reference),
        ("xl/_rels/workbook.xml.rels", lambda data: data.replace(b"sheet1.xml", b"../../../etc/passwd")),
        ("xl/_rels/workbook.xml.rels", lambda data: b"<Relationships/>"),
    ],
)
def test_parts_made_to_harm_are_refused(
    provider: Provider, part: str, change: Any, django_capture_on_commit_callbacks: Any
) -> None:
    content = workbooks.filled("instruments", provider, [workbooks.instrument_row()])
    content = workbooks.with_part(content, part, change)
    assert refused(provider, content, django_capture_on_commit_callbacks) == DAMAGED


@pytest.mark.parametrize("part", [SHEET, "xl/styles.xml", "xl/workbook.xml"])
def test_zip_bomb_is_refused(provider: Provider, part: str, django_capture_on_commit_callbacks: Any) -> None:
    content = workbooks.filled("instruments", provider, [workbooks.instrument_row()])
    space = b" " * (220 * 1024 * 1024)
    content = workbooks.with_part(content, part, lambda data: data.replace(b">", b">" + space, 1))
    assert len(content) < 1_000_000
    sentence = refused(provider, content, django_capture_on_commit_callbacks)
    assert sentence == (TOO_MUCH if part == SHEET else TOO_BIG)


def test_zip_that_lies_about_its_size_is_refused(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    content = bytearray(workbooks.filled("instruments", provider, [workbooks.instrument_row()]))
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        size = book.getinfo(SHEET).file_size
    at = content.rindex(size.to_bytes(4, "little"))
    content[at : at + 4] = (100).to_bytes(4, "little")
    assert refused(provider, bytes(content), django_capture_on_commit_callbacks) == DAMAGED


def test_zip_with_a_password_or_without_a_workbook(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    content = bytearray(workbooks.filled("instruments", provider, []))
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    sentence = refused(provider, bytes(content), django_capture_on_commit_callbacks)
    assert sentence == "文件设有密码，无法读取。请取消密码后重新上传。"

    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    assert refused(provider, other.getvalue(), django_capture_on_commit_callbacks) == DAMAGED

    binary = io.BytesIO()
    with zipfile.ZipFile(binary, "w") as package:
        package.writestr("xl/workbook.bin", b"x")
    sentence = refused(provider, binary.getvalue(), django_capture_on_commit_callbacks)
    assert sentence == "这是 .xlsb 格式的工作簿。请在 Excel 里另存为 .xlsx 后重新上传。"


def test_another_subject_s_template_is_refused(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    content = workbooks.filled("capabilities", provider, [{"单位内部编号": "N-1", "检测对象": "水"}])
    sentence = refused(provider, content, django_capture_on_commit_callbacks)
    assert sentence.startswith("文件里没有名为“仪器”的工作表（现有：检测能力、填写说明、代码表）。")


def test_plain_sheet_with_a_title_above_and_own_order_is_read(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    # given no template at all: another order, a title above, a column of one's own, blank rows and a blank column
    book = Workbook()
    sheet = book.active
    sheet.title = "仪器"
    sheet["C1"] = "2026 年仪器台账"
    for place, name in enumerate(["仪器名称 *", "序号", "单位内部编号", "备注"], start=3):
        sheet.cell(3, place, name)
    sheet.append([])
    sheet.cell(6, 3, "离心机")
    sheet.cell(6, 5, "L-1")
    sheet.cell(6, 6, "二楼")
    # when
    job = workbooks.imported(
        "instruments", provider, workbooks.saved(book), django_capture_on_commit_callbacks
    )
    # then
    assert workbooks.counts(job) == (1, 0, 0, 0)
    assert list(Instrument.objects.values_list("internal_number", "name")) == [("L-1", "离心机")]
    assert Job.objects.get().total == 1


HEADING = ["单位内部编号", "仪器名称", "启用日期"]


@pytest.mark.parametrize(
    "names", [{}, {"xl/sharedStrings.xml": "xl/SharedStrings.xml"}, {"xl/workbook.xml": "xl\\workbook.xml"}]
)
def test_workbook_as_excel_writes_it(
    provider: Provider, names: dict[str, str], django_capture_on_commit_callbacks: Any
) -> None:
    content = workbooks.as_excel_writes([HEADING, ["YQ-1", "离心机", "2019.5.20"]], names=names)
    job = workbooks.imported("instruments", provider, content, django_capture_on_commit_callbacks)
    assert workbooks.counts(job) == (1, 0, 0, 0)
    (instrument,) = Instrument.objects.all()
    assert (instrument.internal_number, instrument.name) == ("YQ-1", "离心机")
    assert str(instrument.purchased_on) == "2019-05-20"


@pytest.mark.parametrize("size", [1, 220 * 1024 * 1024])
def test_texts_made_to_harm_are_refused(
    provider: Provider, size: int, django_capture_on_commit_callbacks: Any
) -> None:
    harm = doctype if size == 1 else lambda data: data.replace(b"<si>", b"<si>" + b" " * size, 1)
    content = workbooks.as_excel_writes([HEADING, ["YQ-1", "离心机", ""]])
    content = workbooks.with_part(content, "xl/sharedStrings.xml", harm)
    sentence = refused(provider, content, django_capture_on_commit_callbacks)
    assert sentence == (DAMAGED if size == 1 else TOO_MUCH)


def test_number_for_a_day_in_a_workbook_that_counts_from_1904(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    rows = [HEADING, ["YQ-1", "离心机", "<c><v>43605</v></c>"]]
    content = workbooks.as_excel_writes(rows, book='date1904="1"')
    job = workbooks.checked("instruments", provider, content, django_capture_on_commit_callbacks)
    assert workbooks.faults(job) == [(2, "启用日期", "单元格里是数字，不是日期。请填写日期，如 2021-06-30。")]
