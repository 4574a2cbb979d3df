"""Reading the bank's result file, .xlsx or CSV, whatever it is: rows of text, and the control line. It writes nothing.

The columns are named in the first row, in any order; the last row is the control line: 控制行, then 笔数, 合计 and 校验值,
each followed by its value. A sheet of a workbook is called 拨付结果.
"""

import contextlib
import csv
import datetime
import hashlib
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import python_calamine
from django.utils.translation import gettext as _

from catalogue.exchange.packages import opened_package
from catalogue.jobs.exceptions import JobError
from redemptions.exceptions import RedemptionError

REFERENCE, PAYEE, AMOUNT, RESULT = "拨付编号", "收款账户名称", "金额", "结果"
PAID_ON, BANK_REFERENCE, FAILURE = "拨付日期", "银行流水号", "失败原因"
COLUMNS = (REFERENCE, PAYEE, AMOUNT, RESULT, PAID_ON, BANK_REFERENCE, FAILURE)
CONTROL, COUNT, TOTAL, HASH = "控制行", "笔数", "合计", "校验值"
SHEET = "拨付结果"
MAX_BYTES, MAX_ROWS, MAX_CELL = 5 * 1024 * 1024, 10_000, 1_000
ZIP = b"PK\x03\x04"
ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class FileRow:
    """``number`` is the row's in the file, as a spreadsheet counts."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class ResultFile:
    name: str
    sha256: str
    rows: Sequence[FileRow]
    control: dict[str, str]


def read_result_file(*, name: str, content: bytes) -> ResultFile:
    """Raises RedemptionError with a sentence naming what is wrong with the file as such, and the cure."""
    if not content:
        raise RedemptionError(_("“%s”是空文件，没有内容。请重新选择文件。") % name)
    if len(content) > MAX_BYTES:
        raise RedemptionError(
            _("“%(name)s”超过 %(limit)d MB 的上限，不像是银行结果文件。请核对后重新选择。")
            % {"name": name, "limit": MAX_BYTES // 1024 // 1024}
        )
    read = _workbook_rows if content.startswith(ZIP) else _text_rows
    filled = ((number, cells) for number, cells in read(content) if any(cells))
    rows = list(itertools.islice(filled, MAX_ROWS + 1))
    if len(rows) > MAX_ROWS:
        raise RedemptionError(_("文件超过 %d 行，一个批次没有这么多笔。请核对文件。") % MAX_ROWS)
    if not rows:
        raise RedemptionError(_("“%s”里没有内容。请重新选择文件。") % name)
    return _with_columns(name, content, rows)


def _with_columns(name: str, content: bytes, rows: list[tuple[int, list[str]]]) -> ResultFile:
    titles = rows[0][1]
    missing = [title for title in COLUMNS if title not in titles]
    if missing:
        raise RedemptionError(
            _("第一行应是列名，文件缺少：%s。请使用从本批次下载的结果模板。") % "、".join(missing)
        )
    doubled = sorted({title for title in titles if title and titles.count(title) > 1})
    if doubled:
        raise RedemptionError(_("列名出现了两次：%s。请删除多余的一列。") % "、".join(doubled))
    _number, last = rows[-1]
    if len(rows) == 1 or last[0] != CONTROL:
        raise RedemptionError(
            _("文件的最后一行应是控制行：控制行、笔数、合计、校验值。现在没有，文件可能不完整，请重新取得。")
        )
    control = dict(zip(last[1::2], last[2::2], strict=False))
    places = {title: titles.index(title) for title in COLUMNS}
    body = [
        FileRow(number, {title: cells[place] for title, place in places.items() if place < len(cells)})
        for number, cells in rows[1:-1]
    ]
    return ResultFile(name[:200], hashlib.sha256(content).hexdigest(), body, control)


def _text_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    if b"\0" in content:
        raise RedemptionError(_("文件既不是 Excel 工作簿（.xlsx），也不是 CSV 文本，无法读取。"))
    try:
        reader = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
        for row in reader:
            yield reader.line_num, [_clean(cell, reader.line_num) for cell in row]
    except csv.Error as error:
        raise RedemptionError(_("CSV 的引号不成对或有过长的内容，无法读取。请重新取得文件。")) from error


def _decoded(content: bytes) -> str:
    """Banks write UTF-8 or GB 18030."""
    for encoding in ENCODINGS:
        with contextlib.suppress(UnicodeDecodeError):
            return content.decode(encoding)
    raise RedemptionError(_("文件的文字编码无法识别。请另存为 UTF-8 编码的 CSV 或 .xlsx 后重新导入。"))


def _workbook_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        with opened_package(io.BytesIO(content), SHEET) as (path, facts):
            if facts.special_rows:
                raise RedemptionError(
                    _("第 %d 行有公式或错误值。银行结果里只能有数值，请用“选择性粘贴—数值”替换后重新导入。")
                    % (min(facts.special_rows) + 1)
                )
            yield from _sheet_rows(path)
    except JobError as error:
        raise RedemptionError(str(error)) from error


def _sheet_rows(path: str) -> Iterator[tuple[int, list[str]]]:
    try:
        with contextlib.closing(python_calamine.CalamineWorkbook.from_path(path)) as book:
            rows = book.get_sheet_by_name(book.sheet_names[0]).to_python(skip_empty_area=False)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the reader is no Exception
        raise RedemptionError(_("工作簿已损坏，无法读取。请重新取得文件。")) from error
    for number, row in enumerate(rows, start=1):
        yield number, [_clean(_text(cell), number) for cell in row]


def _text(cell: Any) -> str:
    """As it would be typed: 450 or 450.5 and 2026-03-01."""
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    return str(cell)


def _clean(text: str, number: int) -> str:
    if len(text) > MAX_CELL:
        raise RedemptionError(_("第 %d 行有超过 1000 字的单元格，不像是银行结果文件。请核对文件。") % number)
    # a tab or a quotation mark before a number keeps spreadsheets from taking it for something else
    return "".join(character for character in text if character.isprintable()).strip().removeprefix("'")
