"""Writing workbooks (.xlsx): row after row into a temporary file, so that memory does not grow with the rows.

What looks like a formula is written as text in a cell of format text: it stays text when somebody edits the cell.
"""

import datetime
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DAY, MOMENT, MONEY, TEXT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "#,##0.00", "@"
HEADING_FILL = PatternFill("solid", fgColor="E8EEF7")
MARK_FILL = PatternFill("solid", fgColor="FDE3E1")
DEFAULT_WIDTH = 16
# What XML cannot hold; Excel calls a workbook with one of them damaged.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")


@dataclass(frozen=True)
class Marked:
    """A value in a coloured cell: something is wrong with it."""

    value: Any


@dataclass(frozen=True)
class Sheet:
    """One sheet: a frozen row of headings, and rows that may come from a generator. ``widths`` are in characters."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[float] = ()


def write_workbook(file: IO[bytes], sheets: Sequence[Sheet]) -> None:
    """Write the sheets, each row as it comes. Yuan are Decimal, days and moments are dates, the rest is text."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        page.freeze_panes = "A2"
        for number in range(len(sheet.headings)):
            width = sheet.widths[number] if number < len(sheet.widths) else DEFAULT_WIDTH
            page.column_dimensions[get_column_letter(number + 1)].width = width
        pen = _Pen(page)
        page.append(pen.headings(sheet.headings))
        for row in sheet.rows:
            page.append(pen.cells(row))
    book.save(file)


def spreadsheet_response(*, name: str, sheets: Sequence[Sheet]) -> FileResponse:
    """A workbook to download, with today's date in its name. Its temporary file vanishes when it is sent."""
    file = tempfile.TemporaryFile(prefix="export-")  # noqa: SIM115 - the response closes it
    try:
        write_workbook(file, sheets)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"{name}-{timezone.localdate():%Y%m%d}.xlsx",
        content_type=XLSX,
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


class _Pen:
    """Makes the cells of one sheet. A style is made once and shared: one for each cell would cost most of the time."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self._styles: dict[tuple[str, bool], Any] = {}

    def headings(self, titles: Sequence[str]) -> Iterator[Cell]:
        for title in titles:
            cell = WriteOnlyCell(self.page, UNWRITABLE.sub("", title))
            cell.data_type = "s"
            cell.font = Font(bold=True)
            cell.fill = HEADING_FILL
            cell.alignment = Alignment(vertical="center", wrap_text=True)
            cell.number_format = TEXT
            yield cell

    def cells(self, row: Sequence[Any]) -> Iterator[Cell | None]:
        for value in row:
            marked = isinstance(value, Marked)
            plain = _plain(value.value if marked else value)
            # an empty cell has no style to show, unless it is marked
            yield self._cell(plain, marked) if marked or plain not in (None, "") else None

    def _cell(self, value: Any, marked: bool) -> Cell:
        cell = WriteOnlyCell(self.page, value)
        if cell.data_type == "f":
            cell.data_type = "s"
        key = (_format(value), marked)
        if key not in self._styles:
            cell.number_format = key[0]
            if marked:
                cell.fill = MARK_FILL
            self._styles[key] = cell._style
        cell._style = self._styles[key]
        return cell


def _plain(value: Any) -> Any:
    """The value as a cell holds it."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    if value is None or isinstance(value, int | float | Decimal | datetime.date):
        return value
    return UNWRITABLE.sub("", str(value))


def _format(value: Any) -> str:
    if isinstance(value, str):
        return TEXT
    if isinstance(value, datetime.datetime):
        return MOMENT
    if isinstance(value, datetime.date):
        return DAY
    return MONEY if isinstance(value, Decimal) else "General"
