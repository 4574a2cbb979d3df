"""Workbooks as they are written: text stays text, values keep their kind, memory does not grow with the rows."""

import datetime
import tracemalloc
from decimal import Decimal
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from files.spreadsheets import XLSX, Marked, Sheet, spreadsheet_response, write_workbook


def written(*sheets: Sheet):
    file = BytesIO()
    write_workbook(file, sheets)
    return load_workbook(file)


@pytest.mark.parametrize("text", ["=1+1", "+86", "-3", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1"])
def test_what_looks_like_a_formula_is_text_in_a_text_cell(text):
    cell = written(Sheet("仪器", ["名称"], [[text]])).active["A2"]

    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")


def test_a_heading_that_looks_like_a_formula_is_text():
    assert written(Sheet("仪器", ["=1+1"], [])).active["A1"].data_type == "s"


def test_values_keep_their_kind():
    moment = datetime.datetime(2026, 3, 1, 16, 5, 7, 99, tzinfo=datetime.UTC)
    row = ["0012", Decimal("860000.5"), datetime.date(2019, 5, 20), moment, 7, True, False, None, ""]

    cells = written(Sheet("仪器", ["列"] * 9, [row])).active[2]

    assert [str(cell.value) for cell in cells[:7]] == [
        "0012",
        "860000.5",
        "2019-05-20 00:00:00",
        "2026-03-02 00:05:07",
        "7",
        "是",
        "否",
    ]
    formats = [cell.number_format for cell in cells[:5]]
    assert formats == ["@", "#,##0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "General"]


def test_characters_that_would_damage_the_workbook_are_left_out():
    assert written(Sheet("仪器", ["名称"], [["a\x00b\x0bc\ud800d\nе"]])).active["A2"].value == "abcd\nе"


def test_a_marked_cell_is_coloured_also_when_empty():
    row = written(Sheet("仪器", ["甲", "乙", "丙"], [[Marked("长"), Marked(""), "好"]])).active[2]

    assert [cell.fill.fgColor.rgb for cell in row] == ["00FDE3E1", "00FDE3E1", "00000000"]


def test_headings_stay_in_sight_and_columns_have_their_widths():
    sheet = written(Sheet("仪器", ["甲", "乙"], [], widths=[30])).active

    assert (sheet.title, sheet.freeze_panes) == ("仪器", "A2")
    assert [sheet.column_dimensions[name].width for name in "AB"] == [30, 16]


def test_a_download_has_a_chinese_name_with_the_day_and_is_kept_by_nobody():
    response = spreadsheet_response(name="仪器", sheets=[Sheet("仪器", ["名称"], [["质谱仪"]])])

    content = b"".join(response.streaming_content)
    assert load_workbook(BytesIO(content)).active["A2"].value == "质谱仪"
    assert unquote(response["Content-Disposition"]) == (
        f"attachment; filename*=utf-8''仪器-{timezone.localdate():%Y%m%d}.xlsx"
    )
    assert (response["Content-Type"], response["Content-Length"]) == (XLSX, str(len(content)))
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("private, no-store", "noindex, nofollow")


def test_memory_does_not_grow_with_the_rows():
    def peak(count: int) -> int:
        rows = ([f"{number}-{column}" * 20 for column in range(10)] for number in range(count))
        with open("/dev/null", "wb") as nowhere:
            tracemalloc.start()
            write_workbook(nowhere, [Sheet("仪器", ["列"] * 10, rows)])
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return most

    peak(10)
    assert peak(1_500) < peak(150) + 1_000_000
