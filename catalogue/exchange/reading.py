"""Reading a workbook that has been checked as a file: its heading, and row after row of cells."""

import contextlib
import difflib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import python_calamine
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter, range_boundaries

from catalogue.exchange.cells import Raw, day_of, folded, is_blank, text_of
from catalogue.exchange.columns import Column, ColumnKind
from catalogue.exchange.packages import opened_package
from catalogue.exchange.scans import SheetFacts, damaged
from catalogue.exchange.sheets import SubjectSheet
from catalogue.exchange.subjects import EXAMPLE_NUMBER, PASSED_OVER
from catalogue.jobs.exceptions import JobError
from files.spreadsheets import UNWRITABLE

# Something may stand above the heading: a title, a stamp.
HEADING_WITHIN = 10
NAMED_AT_ONCE = 5


@dataclass
class SourceRow:
    """A row with something in it. ``number`` is Excel's."""

    number: int
    cells: list[Raw]


@dataclass
class Source:
    """A sheet to import: which column is where, and the rows.

    ``titles`` are the heading's own words, in the order of the file; ``columns`` those that are read, by their place.
    ``absent`` are columns of the template that the file does without: their values stay as they are.
    """

    layout: SubjectSheet
    titles: list[str]
    columns: dict[int, Column]
    absent: list[Column]
    heading_row: int
    facts: SheetFacts
    _sheet: Any = field(repr=False)

    @property
    def key_place(self) -> int:
        return next(place for place, column in self.columns.items() if column is self.layout.key_column)

    def rows(self) -> Iterator[SourceRow]:
        """Those that are to be imported: neither blank nor the template's example."""
        for number, cells in _numbered(self._sheet):
            if number > self.heading_row and not self._is_blank(cells) and not self._is_example(cells):
                yield SourceRow(number, cells)

    def special_cells(self, row: SourceRow) -> dict[int, str]:
        """What is wrong with cells that show an error such as #N/A, or are formulas without a result in the file."""
        facts, at = self.facts, row.number - 1
        if at not in facts.special_rows:
            return {}
        found = {}
        for place in self.columns:
            if (at, place) in facts.errors:
                found[place] = _("单元格里是错误值（如 #N/A）。请填写正确的内容，或清空。")
            elif (at, place) in facts.formulas and (place >= len(row.cells) or is_blank(row.cells[place])):
                found[place] = _(
                    "单元格里是公式，但文件里没有计算结果。请复制后用“选择性粘贴—数值”替换公式。"
                )
        return found

    def _is_blank(self, cells: list[Raw]) -> bool:
        return all(place >= len(cells) or is_blank(cells[place]) for place in self.columns)

    def _is_example(self, cells: list[Raw]) -> bool:
        """Exactly the example: what somebody has typed over is a row like any other."""
        key = cells[self.key_place] if self.key_place < len(cells) else ""
        if key != EXAMPLE_NUMBER:
            return False
        return all(
            is_blank(cells[place]) or _same(cells[place], column.example, column)
            for place, column in self.columns.items()
            if place < len(cells)
        )


@contextlib.contextmanager
def opened_source(file: IO[bytes], layout: SubjectSheet) -> Iterator[Source]:
    """The sheet of the subject in a workbook somebody has sent.

    Raises JobError with a sentence naming what is wrong with the file, its sheets or its columns.
    """
    with opened_package(file, layout.subject.title) as (path, facts):
        try:
            book = python_calamine.CalamineWorkbook.from_path(path)
        except (python_calamine.CalamineError, OSError, ValueError) as error:
            raise damaged() from error
        with contextlib.closing(book):
            try:
                sheet = next(
                    book.get_sheet_by_name(name)
                    for name in book.sheet_names
                    if name.strip() == layout.subject.title
                )
            except (python_calamine.CalamineError, StopIteration, ValueError) as error:
                raise damaged() from error
            yield _source(layout, facts, sheet)


def _numbered(sheet: Any) -> Iterator[tuple[int, list[Raw]]]:
    """Rows with Excel's numbers. The reader leaves out blank columns on the left, but not blank rows above."""
    before: list[Raw] = [""] * (sheet.start[1] if sheet.start else 0)
    for number, cells in enumerate(_read(sheet), start=1):
        for place, cell in enumerate(cells):
            # a part of XML has no control characters, but _x0000_ in it stands for one
            if isinstance(cell, str) and not cell.isprintable():
                cells[place] = UNWRITABLE.sub("", cell)
        yield number, [*before, *cells] if before else cells


def _read(sheet: Any) -> Iterator[list[Raw]]:
    """The reader's rows. Raises JobError where it gives up: on a time beyond what it can say, for one."""
    rows = sheet.iter_rows()
    for number in itertools.count(1):
        try:
            cells = next(rows, None)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a panic of the reader is no Exception
            raise JobError(
                _("第 %d 行有读不出来的单元格，如超出范围的日期或时间。请改正这一行后重新上传。") % number
            ) from error
        if cells is None:
            return
        yield cells


def _source(layout: SubjectSheet, facts: SheetFacts, sheet: Any) -> Source:
    heading_row, heading = _heading(layout, sheet)
    titles = [_title(cell) for cell in heading]
    places = _places(layout, titles)
    if layout.key_column.key not in places:
        raise _no_heading(layout)
    columns = {place: layout.by_key[key] for key, place in places.items()}
    _check_merged(facts, heading_row, set(places.values()))
    _check_untitled(sheet, titles, heading_row)
    absent = [column for column in layout.columns if column.key not in places]
    return Source(layout, titles, columns, absent, heading_row, facts, sheet)


def _heading(layout: SubjectSheet, sheet: Any) -> tuple[int, list[Raw]]:
    key = folded(layout.key_column.title)
    for number, cells in _numbered(sheet):
        if number > HEADING_WITHIN:
            break
        if any(folded(_title(cell)) == key for cell in cells):
            return number, cells
    raise _no_heading(layout)


def _no_heading(layout: SubjectSheet) -> JobError:
    return JobError(
        _("没有找到列名“%s”：第一行应是导入模板的表头，这一列不能删除或改名。请使用下载的导入模板。")
        % layout.key_column.title
    )


def _title(cell: Raw) -> str:
    """What stands at the head of a column, without the mark of required ones."""
    return " ".join(cell.split()).strip("*＊ ") if isinstance(cell, str) else str(cell).strip()


def _places(layout: SubjectSheet, titles: list[str]) -> dict[str, int]:
    """Where each column stands. Raises JobError for a title that is unknown or stands there twice."""
    known = {folded(column.title): column for column in layout.columns}
    passed_over = {folded(str(title)) for title in PASSED_OVER}
    places: dict[str, int] = {}
    for place, title in enumerate(titles):
        if not title or folded(title) in passed_over:
            continue
        column = known.get(folded(title))
        letter = get_column_letter(place + 1)
        if column is None:
            raise _unknown_title(layout, title, letter, set(places))
        if column.key in places:
            raise JobError(
                _("列名“%(title)s”出现了两次（%(first)s 列和 %(second)s 列）。请删除多余的一列后重新上传。")
                % {
                    "title": column.title,
                    "first": get_column_letter(places[column.key] + 1),
                    "second": letter,
                }
            )
        places[column.key] = place
    return places


def _unknown_title(layout: SubjectSheet, title: str, letter: str, placed: set[str]) -> JobError:
    free = [column.title for column in layout.columns if column.key not in placed]
    near = difflib.get_close_matches(title[:60], free, n=1, cutoff=0.4) or [
        name for name in free if title in name or name in title
    ]
    hint = _("是不是“%s”？") % near[0] if near else ""
    return JobError(
        _(
            "%(letter)s 列的列名“%(title)s”不是导入模板里的列。%(hint)s请改回模板的列名，或删除这一列后重新上传。"
        )
        % {"letter": letter, "title": title[:40], "hint": hint}
    )


def _check_merged(facts: SheetFacts, heading_row: int, places: set[int]) -> None:
    """Of merged cells only the first has the value; the others would be taken for empty."""
    merged = []
    for reference in facts.merged:
        try:
            left, _top, right, bottom = range_boundaries(reference.upper())
        except (ValueError, TypeError) as error:
            raise damaged() from error
        within = any(left - 1 <= place <= right - 1 for place in places)
        if within and bottom >= heading_row:
            merged.append(reference)
    if merged:
        raise JobError(
            _("表里有合并单元格（%s）。请取消合并，并在每一行都填上内容后重新上传。")
            % "、".join(merged[:NAMED_AT_ONCE])
        )


def _check_untitled(sheet: Any, titles: list[str], heading_row: int) -> None:
    untitled = [place for place, title in enumerate(titles) if not title]
    if not untitled:
        return
    for number, cells in _numbered(sheet):
        if number <= heading_row:
            continue
        for place in untitled:
            if place < len(cells) and not is_blank(cells[place]):
                raise JobError(
                    _("%(letter)s 列没有列名，但第 %(row)d 行有内容。请补上模板的列名，或删除这一列。")
                    % {"letter": get_column_letter(place + 1), "row": number}
                )


def _same(raw: Raw, example: Any, column: Column) -> bool:
    try:
        if column.kind == ColumnKind.DATE:
            return day_of(raw) == example
        return folded(text_of(raw)) == folded(text_of(example))
    except ValidationError:
        return False
