"""The workbook of refused rows: as they came, each with its reasons, to be corrected and imported again."""

import datetime
import math
import tempfile
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font

from catalogue.exchange.cells import Raw, is_blank, text_of
from catalogue.exchange.columns import Column, ColumnKind
from catalogue.exchange.reading import Source, SourceRow
from catalogue.exchange.workbook import FORMATS, FillableBook, text_cell
from catalogue.models import Job
from files.models import PrivateFile
from files.spreadsheets import MARK_FILL
from files.workbooks import keep_workbook

# Excel becomes slow with more; the reasons stand in the first column too.
MOST_COMMENTS = 3_000
REASON_FONT = Font(color="9B1C1C")


def refused_workbook(*, source: Source, refused: Mapping[str, list[list[str]]], job: Job) -> PrivateFile:
    """Store a workbook with those rows: the file's own columns, faulty cells marked, the reasons before them."""
    places = sorted(source.columns)
    columns: list[Column | None] = [source.columns[place] for place in places]
    book = FillableBook(source.layout, columns)
    book.sheet.column_dimensions["A"].width = 48
    book.sheet.append(book.heading(source.columns[place].title for place in places))
    pen = _Pen(book.sheet)
    for row in source.rows():
        if (faults := refused.get(str(row.number))) is not None:
            book.sheet.append(pen.row(row, source, places, faults))
    with tempfile.TemporaryFile(prefix="refused-") as file:
        book.save(file)
        name = _("%(title)s未导入的行-%(day)s.xlsx") % {
            "title": source.layout.subject.title,
            "day": f"{timezone.localdate():%Y%m%d}",
        }
        return keep_workbook(file=file, name=name, owner=job.actor)


class _Pen:
    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self.comments = 0

    def row(self, row: SourceRow, source: Source, places: list[int], faults: list[list[str]]) -> list[Any]:
        titles = {column.key: column.title for column in source.columns.values()}
        absent = {column.key: column.title for column in source.absent}
        reasons = []
        by_key: dict[str, list[str]] = {}
        for key, sentence in faults:
            by_key.setdefault(key, []).append(sentence)
            title = titles.get(key) or absent.get(key, "")
            reasons.append(f"{title}：{sentence}" if title else sentence)
        note = text_cell(self.sheet, "\n".join(reasons))
        note.font, note.alignment = REASON_FONT, Alignment(wrap_text=True, vertical="top")
        cells = [note]
        for place in places:
            column = source.columns[place]
            raw = row.cells[place] if place < len(row.cells) else ""
            cells.append(self._cell(raw, column, by_key.get(column.key, [])))
        return cells

    def _cell(self, raw: Raw, column: Column, sentences: list[str]) -> Any:
        if is_blank(raw) and not sentences:
            return None
        cell = self._plain(raw, column)
        if sentences:
            cell.fill = MARK_FILL
            if self.comments < MOST_COMMENTS:
                self.comments += 1
                cell.comment = Comment("\n".join(sentences), "平台", height=110, width=260)
        return cell

    def _plain(self, raw: Raw, column: Column) -> Any:
        """As it came. A number in a column of text becomes text, so that the column has one format."""
        if isinstance(raw, str):
            return text_cell(self.sheet, raw)
        if isinstance(raw, int | float) and column.kind not in FORMATS:
            try:
                return text_cell(self.sheet, text_of(raw))
            except ValidationError:
                pass  # too long to be exact: as it came
        if isinstance(raw, float) and not math.isfinite(raw):
            raw = "#NUM!"  # no number that a workbook can hold
        cell = WriteOnlyCell(self.sheet, raw)
        if isinstance(raw, datetime.date | datetime.datetime):
            cell.number_format = FORMATS[ColumnKind.DATE]
        elif isinstance(raw, int | float):
            cell.number_format = FORMATS.get(column.kind, "General")
        return cell
