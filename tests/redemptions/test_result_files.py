"""Files that are no result of the bank, or were made to do harm: refused with a sentence, and nothing has changed."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from redemptions import result_files as columns
from tests.payout_factories import a_batch, result_csv
from tests.redemptions.refusals import refused, rows_of, xlsx

pytestmark = pytest.mark.django_db


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"<a>" + b" " * (30 * 1024 * 1024) + b"</a>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "“结果.csv”是空文件，没有内容。请重新选择文件。"),
        (b"\n\n,,\n", "“结果.csv”里没有内容。请重新选择文件。"),
        (b"a\0b", "文件既不是 Excel 工作簿（.xlsx），也不是 CSV 文本，无法读取。"),
        (b"x" * (5 * 1024 * 1024 + 1), "“结果.csv”超过 5 MB 的上限，不像是银行结果文件。请核对后重新选择。"),
        (b'a,"b', "CSV 的引号不成对或有过长的内容，无法读取。请重新取得文件。"),
        (b"\xff\xfe\xff", "文件的文字编码无法识别。请另存为 UTF-8 编码的 CSV 或 .xlsx 后重新导入。"),
        ("拨付编号,金额".encode(), "第一行应是列名，文件缺少：收款账户名称、结果、拨付日期、银行流水号、失败原因。请使用从本批次下载的结果模板。"),
        (",".join(columns.COLUMNS).encode(), "文件的最后一行应是控制行：控制行、笔数、合计、校验值。现在没有，文件可能不完整，请重新取得。"),
        ((",".join(columns.COLUMNS) + ",金额").encode(), "列名出现了两次：金额。请删除多余的一列。"),
        (("," * 3 + "x" * 1001).encode(), "第 1 行有超过 1000 字的单元格，不像是银行结果文件。请核对文件。"),
    ],
)  # fmt: skip
def test_what_is_no_result_file(content, sentence):
    assert refused(a_batch("exported", claims=1), content) == [sentence]


def test_too_many_rows():
    batch = a_batch("exported", claims=1)
    assert refused(batch, b"a\n" * 10_001) == ["文件超过 10000 行，一个批次没有这么多笔。请核对文件。"]


def test_workbooks_that_are_not_what_they_say():
    batch = a_batch("exported", claims=1)
    rows = rows_of(result_csv(batch))
    assert "没有名为“拨付结果”的工作表" in refused(batch, xlsx(rows, "Sheet1"))[0]
    assert refused(batch, b"PK\x03\x04 no zip")[0]
    assert refused(batch, bomb())[0]


def test_a_formula_is_no_result():
    batch = a_batch("exported", claims=1)
    book = Workbook()
    book.active.title = columns.SHEET
    for row in rows_of(result_csv(batch)):
        book.active.append(row)
    book.active["C2"] = "=449+1"
    file = io.BytesIO()
    book.save(file)
    assert refused(batch, file.getvalue()) == [
        "第 2 行有公式或错误值。银行结果里只能有数值，请用“选择性粘贴—数值”替换后重新导入。"
    ]
