"""Workbooks made to break the reader: what no spreadsheet program writes ends in a sentence, on either database."""

import io
import zipfile

import pytest
from openpyxl import load_workbook

from catalogue.exchange.cells import text_of
from catalogue.models import Capability, Instrument, JobState
from tests.catalogue.workbooks import as_excel_writes, checked, faults, imported, with_part
from tests.factories import ProviderFactory

pytestmark = pytest.mark.django_db

STYLES = '<styleSheet><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="46"/></cellXfs></styleSheet>'
HEADING = ["单位内部编号", "仪器名称", "仪器分类", "启用日期", "原值（元）"]


@pytest.fixture
def provider():
    return ProviderFactory(approved=True)


def cell(text: str, *, style: int = 0, kind: str = "") -> str:
    return f'<c s="{style}"{kind and f" t={kind!r}"}><v>{text}</v></c>'


def with_styles(content: bytes) -> bytes:
    """The workbook with formats for days (1) and hours (2)."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("xl/styles.xml", STYLES)
    return out.getvalue()


@pytest.mark.parametrize(
    ("style", "number"), [(1, "-1e300"), (2, "1e300"), (2, "-1e300"), (2, "1e15"), (1, "NaN"), (2, "inf")]
)
def test_a_day_or_time_beyond_all_calendars_ends_the_check_with_a_sentence(
    provider, style, number, django_capture_on_commit_callbacks
):
    content = with_styles(as_excel_writes([HEADING, ["A", "甲", "010200", cell(number, style=style), ""]]))

    job = checked("instruments", provider, content, django_capture_on_commit_callbacks)

    assert job.state in {JobState.FAILED, JobState.READY}
    assert job.state == JobState.READY or "第 2 行" in job.error


@pytest.mark.parametrize("column", [0, 1, 2, 3, 4])
def test_escaped_control_characters_reach_neither_database_nor_workbook(
    provider, column, django_capture_on_commit_callbacks
):
    row = ["A-1", "甲", "010200", "2020-01-01", "5"]
    row[column] = cell("x_x0000_y_x0001_z_x000B_", kind="str")

    job = checked(
        "instruments", provider, as_excel_writes([HEADING, row]), django_capture_on_commit_callbacks
    )

    assert job.state == JobState.READY, job.error
    assert "\0" not in str(job.report)
    if job.refused_file:
        load_workbook(job.refused_file.file)


def test_escaped_control_characters_in_a_heading(provider, django_capture_on_commit_callbacks):
    content = as_excel_writes([[*HEADING, cell("坏_x0000_列_x0001_", kind="str")], ["A", "甲"]])

    job = checked("instruments", provider, content, django_capture_on_commit_callbacks)

    assert job.state == JobState.FAILED
    assert "“坏列”不是导入模板里的列" in job.error


@pytest.mark.parametrize("number", ["inf", "1e999", "NaN", "-1e999"])
def test_numbers_that_are_none(provider, number, django_capture_on_commit_callbacks):
    rows = [[cell(number), "甲", "010200"], ["B", cell(number), cell(number), cell(number), cell(number)]]

    job = checked(
        "instruments", provider, as_excel_writes([HEADING, *rows]), django_capture_on_commit_callbacks
    )

    assert job.state == JobState.READY, job.error
    assert job.refused_count == 2
    sheet = load_workbook(job.refused_file.file)["仪器"]
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("#NUM!", "e")
    again = checked(
        "instruments", provider, job.refused_file.file.open("rb").read(), django_capture_on_commit_callbacks
    )
    assert again.state == JobState.READY
    assert again.refused_count == 2


@pytest.mark.parametrize("reference", ["1:3", "A:B", "A", "B9:A1", "", "A1:ZZZ9999999", "$A$1:$B$2", "É1:B2"])
def test_odd_merged_ranges(provider, reference, django_capture_on_commit_callbacks):
    content = with_part(
        as_excel_writes([HEADING, ["A", "甲", "010200"]]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(
            b"</sheetData>",
            f'</sheetData><mergeCells><mergeCell ref="{reference}"/></mergeCells>'.encode(),
        ),
    )

    job = checked("instruments", provider, content, django_capture_on_commit_callbacks)

    assert job.state in {JobState.FAILED, JobState.READY}
    assert "系统检查文件时出错" not in job.error


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1"])
def test_what_is_checked_is_what_is_read(provider, encoding, django_capture_on_commit_callbacks):
    """A part in UTF-16 whose text, byte by byte, is a sheet of its own: parser and reader would see two sheets."""

    def recode(xml: bytes) -> bytes:
        name = encoding.removesuffix("-le")
        text = f'<?xml version="1.0" encoding="{name}"?>' + xml.decode()
        return text.encode(encoding, "xmlcharrefreplace")

    content = with_part(as_excel_writes([HEADING, ["A", "B"]]), "xl/worksheets/sheet1.xml", recode)

    job = checked("instruments", provider, content, django_capture_on_commit_callbacks)

    assert job.state in {JobState.FAILED, JobState.READY}
    assert "系统检查文件时出错" not in job.error


def test_markup_and_formulas_stay_text(provider, django_capture_on_commit_callbacks):
    evil = "=HYPERLINK(&quot;http://evil&quot;)&lt;script&gt;alert(1)&lt;/script&gt;"
    job = imported(
        "instruments",
        provider,
        as_excel_writes([HEADING, ["A", cell(evil, kind="str"), "010200"]]),
        django_capture_on_commit_callbacks,
    )

    assert (job.state, job.created_count) == (JobState.DONE, 1)
    assert Instrument.objects.get().name.startswith("=HYPERLINK(")


def test_a_number_that_is_another_providers_makes_a_record_of_ones_own(
    provider, django_capture_on_commit_callbacks
):
    other = ProviderFactory(approved=True)
    first = imported(
        "instruments",
        other,
        as_excel_writes([HEADING, ["A", "甲", "010200"]]),
        django_capture_on_commit_callbacks,
    )
    second = imported(
        "instruments",
        provider,
        as_excel_writes([HEADING, ["A", "乙", "010200"]]),
        django_capture_on_commit_callbacks,
    )

    assert (first.created_count, second.created_count) == (1, 1)
    assert sorted(Instrument.objects.values_list("name", flat=True)) == ["乙", "甲"]
    assert not Capability.objects.exists()
    assert faults(second) == []


SHEET = "xl/worksheets/sheet1.xml"


def long_text(content: bytes) -> bytes:
    """Ten kilobytes stored once, and in 200,000 cells: 14 kB of workbook, two gigabytes once it is read."""
    content = with_part(
        content, "xl/sharedStrings.xml", lambda _xml: b"<sst><si><t>%s</t></si></sst>" % (b"x" * 10_000)
    )
    rows = (b"<row>" + b'<c t="s"><v>0</v></c>' * 100 + b"</row>") * 2_000
    return with_part(content, SHEET, lambda _xml: b"<worksheet><sheetData>%s</sheetData></worksheet>" % rows)


def one_long_cell(content: bytes) -> bytes:
    return with_part(
        content,
        SHEET,
        lambda xml: xml.replace(
            b"<sheetData>", b"<sheetData><row><c t='str'><v>" + b"x" * 400_000 + b"</v></c></row>"
        ),
    )


def nested(content: bytes) -> bytes:
    depth = 10_000
    return with_part(
        content,
        SHEET,
        lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + b"<x>" * depth + b"</x>" * depth),
    )


def long_tag(content: bytes) -> bytes:
    """The parser begins anew with every piece of it: 190 MB took three minutes."""
    return with_part(
        content, SHEET, lambda xml: xml.replace(b"</sheetData>", b"</sheetData><" + b"x" * 3_000_000 + b"/>")
    )


def nested_styles(content: bytes) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("xl/styles.xml", "<x>" * 10_000 + "</x>" * 10_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("harm", "beginning"),
    [
        (long_text, "文件里的公式、合并单元格或文字太多"),
        (one_long_cell, "文件里的公式、合并单元格或文字太多"),
        (nested, "文件已损坏"),
        (long_tag, "文件已损坏"),
        (nested_styles, "文件已损坏"),
    ],
)
def test_small_files_that_would_take_all_memory_are_refused(
    provider, harm, beginning, django_capture_on_commit_callbacks
):
    content = harm(as_excel_writes([HEADING, ["A", "甲", "010200"]]))
    assert len(content) < 100_000

    job = checked("instruments", provider, content, django_capture_on_commit_callbacks)

    assert job.state == JobState.FAILED
    assert job.error.startswith(beginning)


def test_a_reference_to_no_text_counts_as_the_longest(provider, django_capture_on_commit_callbacks):
    """The reader takes what is no number for the first text."""
    content = long_text(as_excel_writes([HEADING, ["A", "甲", "010200"]]))
    content = with_part(content, SHEET, lambda xml: xml.replace(b"<v>0</v>", b"<v>-1</v>"))

    job = checked("instruments", provider, content, django_capture_on_commit_callbacks)

    assert job.error.startswith("文件里的公式、合并单元格或文字太多")


def test_many_blanks_before_a_break():
    """Took minutes, when a pattern looked for them from every blank anew."""
    assert text_of("a" + " " * 200_000 + "b \n \r\n c") == "a" + " " * 200_000 + "b c"
