"""Workbooks to fill in: 导入模板, and the skeleton it shares with the workbook of refused rows.

A sheet to fill in, with its heading frozen, formats by column, drop-downs from the tables as they are today, and a note
that appears on choosing a cell; a sheet that explains; and a sheet of all codes and words, which the drop-downs read.
"""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from catalogue.exchange.columns import Column, ColumnKind, NodeColumn
from catalogue.exchange.scans import MAX_ROWS
from catalogue.exchange.sheets import SubjectSheet
from catalogue.exchange.subjects import NOTE
from files.spreadsheets import UNWRITABLE
from institutions.regions import cities

LAST_ROW = MAX_ROWS + 1
GUIDE, CODES = "填写说明", "代码表"
NOTE_WIDTH = 18
FORMATS = {
    ColumnKind.NUMBER: "0",
    ColumnKind.MONEY: "#,##0.00",
    ColumnKind.DATE: "yyyy-mm-dd",
}
REQUIRED_FILL = PatternFill("solid", fgColor="1F4E8C")
HEADING_FILL = PatternFill("solid", fgColor="DCE6F2")
EXAMPLE_FILL = PatternFill("solid", fgColor="FFF6D9")
WRAPPED = Alignment(vertical="top", wrap_text=True)
# Longer prompts Excel does not show.
PROMPT_TITLE, PROMPT = 32, 255
# Drop-downs of as many own numbers; more nobody scrolls through.
MOST_OPTIONS = 2_000


def write_template(file: IO[bytes], layout: SubjectSheet) -> None:
    """导入模板: everything a person needs to fill it in without a manual."""
    book = FillableBook(layout, layout.columns)
    book.sheet.append(book.heading(column.title for column in layout.columns))
    book.sheet.append(_example(book.sheet, layout.columns))
    book.save(file)


class FillableBook:
    """A workbook for one subject. ``columns`` may have None for columns that are passed over by the import.

    The first column is for notes; rows are appended to ``sheet``, the heading first.
    """

    def __init__(self, layout: SubjectSheet, columns: Sequence[Column | None]) -> None:
        self.layout, self.columns = layout, columns
        self.book = Workbook(write_only=True)
        self.sheet: Any = self.book.create_sheet(layout.subject.title)
        self.sheet.freeze_panes = "C2"
        self.sheet.column_dimensions["A"].width = NOTE_WIDTH
        for letter, column in self._lettered():
            dimension = self.sheet.column_dimensions[letter]
            dimension.width = column.width
            dimension.number_format = FORMATS.get(column.kind, "@")
        self.codes = _CodeSheet(layout)
        self._add_drop_downs()

    def heading(self, titles: Iterable[str]) -> list[Any]:
        """The row of titles: required ones dark and with a star, each with its note."""
        cells = [self._title(str(NOTE), None)]
        cells += [self._title(title, column) for title, column in zip(titles, self.columns, strict=True)]
        return cells

    def save(self, file: IO[bytes]) -> None:
        _write_guide(self.book.create_sheet(GUIDE), self.layout)
        self.codes.write(self.book)
        self.book.save(file)

    def _lettered(self) -> Iterable[tuple[str, Column]]:
        for place, column in enumerate(self.columns, start=2):
            if column is not None:
                yield get_column_letter(place), column

    def _title(self, title: str, column: Column | None) -> Any:
        is_required = column is not None and column.is_required
        cell = text_cell(self.sheet, f"{title}*" if is_required else title)
        cell.font = Font(bold=True, color="FFFFFF" if is_required else "1F2A37")
        cell.fill = REQUIRED_FILL if is_required else HEADING_FILL
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        if column is not None and column.note:
            cell.comment = Comment(column.note, "平台", height=110, width=260)
        return cell

    def _add_drop_downs(self) -> None:
        city = next((letter for letter, column in self._lettered() if column.key == "city"), "")
        for letter, column in self._lettered():
            formula = self.codes.name_of(column)
            if column.kind == ColumnKind.DISTRICT:
                formula = f"INDIRECT(${city}2)" if city else None
            if formula is None and not column.note:
                continue
            rule = DataValidation(type="list" if formula else None, formula1=formula, allow_blank=True)
            # what is typed otherwise may be right too: a code, a whole path
            rule.showErrorMessage = column.kind == ColumnKind.CHOICE
            rule.error = _("请从下拉列表中选择。")
            rule.errorTitle = column.title[:PROMPT_TITLE]
            if column.note:
                rule.showInputMessage = True
                rule.promptTitle, rule.prompt = column.title[:PROMPT_TITLE], column.note[:PROMPT]
            rule.add(f"{letter}2:{letter}{LAST_ROW}")
            self.sheet.data_validations.append(rule)


class _CodeSheet:
    """代码表: lists side by side, each under a name that drop-downs refer to."""

    def __init__(self, layout: SubjectSheet) -> None:
        self.lists: list[tuple[str, list[str]]] = []
        self.names: dict[str, tuple[str, int, int]] = {}
        self.by_column: dict[str, str] = {}
        for column in layout.columns:
            if column.kind == ColumnKind.DISTRICT:
                for place in cities():
                    self._add(_("%s的区县") % place.name, list(place.districts), place.name)
            elif column.kind == ColumnKind.INSTRUMENTS:
                numbers = sorted(filter(None, column.numbers.values()))  # type: ignore[attr-defined]
                self._add(_("本单位仪器的内部编号"), numbers[:MOST_OPTIONS], "")
            elif column.options:
                name = f"_选项_{len(self.lists) + 1}"
                self._add(column.title, list(column.options[:MOST_OPTIONS]), name)
                self.by_column[column.key] = name
            if isinstance(column, NodeColumn):
                paths = [column.nodes.path(node) for node in column.nodes.choosable()]
                self._add(_("%s全称") % column.title, paths, "")

    def name_of(self, column: Column) -> str | None:
        return self.by_column.get(column.key)

    def write(self, book: Workbook) -> None:
        sheet = book.create_sheet(CODES)
        sheet.freeze_panes = "A2"
        for place, (_title, values) in enumerate(self.lists, start=1):
            longest = max((len(value) for value in values[:200]), default=8)
            sheet.column_dimensions[get_column_letter(place)].width = min(max(longest * 1.7, 14), 50)
        heading = [text_cell(sheet, title) for title, _values in self.lists]
        for cell in heading:
            cell.font, cell.fill = Font(bold=True), HEADING_FILL
        sheet.append(heading)
        for row in zip_longest(*(values for _title, values in self.lists)):
            sheet.append([text_cell(sheet, value) if value else None for value in row])
        for name, (letter, first, last) in self.names.items():
            area = f"{quote_sheetname(CODES)}!${letter}${first}:${letter}${last}"
            book.defined_names[name] = DefinedName(name, attr_text=area)

    def _add(self, title: str, values: list[str], name: str) -> None:
        self.lists.append((title, values))
        if name and values:
            self.names[name] = (get_column_letter(len(self.lists)), 2, len(values) + 1)


def text_cell(sheet: Any, value: str) -> Any:
    """Text that stays text, whatever it begins with."""
    cell = WriteOnlyCell(sheet, UNWRITABLE.sub("", value))
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _example(sheet: Any, columns: Sequence[Column]) -> list[Any]:
    cells = [text_cell(sheet, _("示例，导入时跳过"))]
    for column in columns:
        example = column.example
        cell = text_cell(sheet, example) if isinstance(example, str) else WriteOnlyCell(sheet, example)
        cell.number_format = FORMATS.get(column.kind, "@")
        cells.append(cell)
    for cell in cells:
        cell.font, cell.fill = Font(italic=True, color="6B5B1E"), EXAMPLE_FILL
    return cells


def _write_guide(sheet: Any, layout: SubjectSheet) -> None:
    """填写说明: the rules, then every column."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 14
    sheet.column_dimensions["C"].width, sheet.column_dimensions["D"].width = 70, 36
    title = text_cell(sheet, _("%s导入模板 · 填写说明") % layout.subject.title)
    title.font = Font(bold=True, size=14)
    sheet.append([title])
    for number, rule in enumerate(_rules(layout), start=1):
        sheet.append([text_cell(sheet, f"{number}. {rule}")])
    sheet.append([])
    heading = [text_cell(sheet, word) for word in (_("列名"), _("要求"), _("怎样填写"), _("示例"))]
    for cell in heading:
        cell.font, cell.fill = Font(bold=True), HEADING_FILL
    sheet.append(heading)
    for column in layout.columns:
        demand = _("导入必填") if column.is_needed else _("提交时必填") if column.is_required else _("选填")
        row = [text_cell(sheet, text) for text in (column.title, demand, column.note, _shown(column.example))]
        for cell in row:
            cell.alignment = WRAPPED
        sheet.append(row)


def _rules(layout: SubjectSheet) -> list[str]:
    title = layout.subject.title
    rules = [
        _("请在“%s”工作表里填写，一行一条，从示例行的下一行开始。示例行不会导入，可以删除。") % title,
        _("不要修改工作表的名称和列名。列的次序可以调整；不需要的列可以删除，“单位内部编号”必须保留。"),
        _("深色、带 * 的列提交审核时必须填写。导入时可以先空着，导入后再补充。"),
        _("系统按“单位内部编号”识别记录：编号已有的更新，没有的新建；重复导入不会产生重复的记录。"),
        _("更新时，空白单元格保持原来的内容不变。要清空某一项，请在页面上修改。"),
        _("已提交或已通过审核的记录，内容有变化时须先“撤回并修改信息”，或在确认导入时选择撤回后更新。"),
        _("导入的记录都是草稿，不会自动提交审核。请检查、补充后再提交。"),
        _("可选内容见“代码表”。分类可以填代码、名称或全称；日期写成 2021-06-30；金额的单位是元。"),
        _("不要合并单元格；公式请先转换为数值。一次最多 %d 行，文件不超过 20 MB。") % MAX_ROWS,
    ]
    if layout.subject.left_out:
        rules.append(str(layout.subject.left_out))
    return rules


def _shown(example: Any) -> str:
    return example if isinstance(example, str) else str(example)
