"""What is looked for in the parts of a workbook while they are parsed, and how much of it there may be."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from catalogue.jobs.exceptions import JobError

MAX_STRINGS = 2_000_000
MAX_ROWS = 20_000
# Besides those to import: titles above the heading, the heading, the example.
OTHER_ROWS = 11
MAX_COLUMNS = 300
# Room for blank rows between; the reader takes memory for every cell up to the last.
LAST_ROW, MAX_AREA = 60_000, 3_000_000
MAX_SPECIAL_CELLS = 100_000
# Characters in one cell (Excel has 32,767, each of which may be written as _x000D_), and in all cells: a text that is
# stored once may be in a million of them.
MAX_CELL_TEXT, MAX_TEXT = 300_000, 64 * 1024 * 1024

Position = tuple[int, int]


@dataclass
class SheetFacts:
    """What the reader does not tell of a sheet. Rows and columns count from 0."""

    formulas: set[Position] = field(default_factory=set)
    errors: set[Position] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    filled_rows: int = 0
    last_row: int = -1
    last_column: int = -1
    is_1904: bool = False

    @cached_property
    def special_rows(self) -> frozenset[int]:
        """Rows with a formula or an error in them."""
        return frozenset(row for row, _column in (*self.formulas, *self.errors))


class Scan:
    """What is looked for in one part: called for each element with its local name and attributes."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError


class TextScan(Scan):
    """One that looks at the text between elements too, which comes in pieces."""

    def text(self, piece: str) -> None:
        raise NotImplementedError


class BookScan(Scan):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.is_1904 = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = _local(tag)
        if local == "sheet":
            relation = next((value for name, value in attributes.items() if _local(name) == "id"), "")
            self.sheets.append((attributes.get("name", ""), relation))
        elif local == "workbookPr":
            self.is_1904 = attributes.get("date1904", "0") in {"1", "true"}


class RelationScan(Scan):
    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class StringScan(TextScan):
    """How long the texts are that cells refer to by their number."""

    def __init__(self) -> None:
        self.lengths = array("l")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si" or tag.endswith(":si"):
            self.lengths.append(0)
            if len(self.lengths) > MAX_STRINGS:
                raise too_much()

    def text(self, piece: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(piece)
            if self.lengths[-1] > MAX_CELL_TEXT:
                raise too_much()


class SheetScan(TextScan):
    """Where the cells with something in them are. Positions are counted as the reader counts them."""

    def __init__(self, facts: SheetFacts, lengths: Sequence[int]) -> None:
        self.facts, self.lengths = facts, lengths
        self.longest = max(lengths, default=0)
        self.is_shared, self.content, self.cell_text, self.all_text = False, "", 0, 0
        self.row, self.column = -1, -1
        self.filled_row, self.is_filled = -1, False
        self.digits = ""  # of the row, as its cells repeat them
        self.columns: dict[str, int] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if ":" in tag:
            tag = _local(tag)
        if tag == "c":
            self._leave()
            self._enter(attributes)
        elif tag in {"v", "is"}:
            if not self.is_filled:
                self._fill()
        elif tag == "f":
            self._note(self.facts.formulas)
            self._fill()
        elif tag == "row":
            self.digits = attributes.get("r", "")
            self.row = self._number(self.digits) - 1 if self.digits else self.row + 1
            self.column = -1
        elif tag == "mergeCell":
            self.facts.merged.append(attributes.get("ref", "")[:30])
            if len(self.facts.merged) > MAX_SPECIAL_CELLS:
                raise too_much()

    def text(self, piece: str) -> None:
        if self.is_shared:
            self.content += piece
        self.cell_text += len(piece)
        if self.cell_text > MAX_CELL_TEXT:
            raise too_much()

    def close(self) -> None:
        self._leave()
        facts = self.facts
        if facts.filled_rows > MAX_ROWS + OTHER_ROWS:
            raise too_many_rows(facts.filled_rows - 1)  # without the heading

    def _leave(self) -> None:
        """Count the text of the cell before."""
        if self.is_shared:
            digits = self.content.strip()
            number = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 8 else -1
            # the reader takes what is no number for one
            self.all_text += self.lengths[number] if 0 <= number < len(self.lengths) else self.longest
        self.all_text += self.cell_text
        self.content, self.cell_text = "", 0
        if self.all_text > MAX_TEXT:
            raise too_much()

    def _enter(self, attributes: dict[str, str]) -> None:
        self.is_filled, self.is_shared = False, attributes.get("t") == "s"
        if reference := attributes.get("r"):
            letters = reference.removesuffix(self.digits) if self.digits else ""
            known = self.columns.get(letters)
            if known is None:  # of another row than the one it stands in, or not seen yet
                letters = reference.rstrip("0123456789")
                self.row = self._number(reference[len(letters) :]) - 1
                known = self._index(letters)
            self.column = known
        else:
            self.column += 1
        if attributes.get("t") == "e":
            self._note(self.facts.errors)

    def _fill(self) -> None:
        """The current cell has something in it."""
        facts = self.facts
        self.is_filled = True
        if self.row != self.filled_row:
            self.filled_row = self.row
            facts.filled_rows += 1
        facts.last_row = max(facts.last_row, self.row)
        facts.last_column = max(facts.last_column, self.column)
        if facts.last_column >= MAX_COLUMNS:
            raise JobError(
                _("第 %(column)d 列还有内容，一张表最多 %(limit)d 列。请删除多余的列后重新上传。")
                % {"column": facts.last_column + 1, "limit": MAX_COLUMNS}
            )
        far = facts.last_row >= LAST_ROW and facts.filled_rows <= MAX_ROWS
        if far or (facts.last_row + 1) * (facts.last_column + 1) > MAX_AREA:
            raise JobError(
                _("第 %d 行还有内容，表格的范围太大。请删除数据下方多余的行后重新上传；一次最多导入 %d 行。")
                % (facts.last_row + 1, MAX_ROWS)
            )

    def _note(self, cells: set[Position]) -> None:
        cells.add((self.row, self.column))
        if len(cells) > MAX_SPECIAL_CELLS:
            raise too_much()

    def _index(self, letters: str) -> int:
        """AB is 27."""
        if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
            raise damaged()
        number = 0
        for letter in letters.upper():
            number = number * 26 + ord(letter) - 64
        self.columns[letters] = number - 1
        return number - 1

    def _number(self, digits: str) -> int:
        if not (digits.isascii() and digits.isdecimal() and 0 < len(digits) <= 7):
            raise damaged()
        return int(digits)


def damaged() -> JobError:
    return JobError(
        _("文件已损坏，或不是 Excel 保存的 .xlsx 文件。请用 Excel 或 WPS 打开确认，另存为 .xlsx 后重新上传。")
    )


def too_many_rows(count: int) -> JobError:
    return JobError(
        _("文件有 %(count)d 行数据，一次最多导入 %(limit)d 行。请分成几个文件导入。")
        % {"count": count, "limit": MAX_ROWS}
    )


def too_much() -> JobError:
    return JobError(
        _("文件里的公式、合并单元格或文字太多，无法读取。请复制为数值，只保留要导入的内容后重新上传。")
    )


def _local(name: str) -> str:
    return name.rpartition(":")[2]
