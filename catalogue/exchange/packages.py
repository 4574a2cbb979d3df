"""The .xlsx somebody sends, taken apart before a library reads it.

A workbook is a zip of XML. Its parts are unpacked under limits, read once by expat, and those that the reader needs are
packed anew: it then sees what was looked at here and nothing else. So no part can unpack to gigabytes, declare entities,
or claim a cell in the last row and column of the sheet, for which the reader would make room for all before it.
"""

import contextlib
import posixpath
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import IO, Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from catalogue.jobs.exceptions import JobError
from files.archives import GuardedFile

MAX_PARTS = 2_000
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
# Parts that are read whole: the list of sheets, styles, relations.
MAX_SMALL_PART_BYTES = 10 * 1024 * 1024
MAX_STRINGS = 2_000_000
MAX_ROWS = 20_000
# Besides those to import: titles above the heading, the heading, the example.
OTHER_ROWS = 11
MAX_COLUMNS = 300
# Room for blank rows between; the reader takes memory for every cell up to the last.
LAST_ROW, MAX_AREA = 60_000, 3_000_000
MAX_SPECIAL_CELLS = 100_000
CHUNK = 64 * 1024

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
SMALL_PARTS = ("[Content_Types].xml", "_rels/.rels", WORKBOOK, RELATIONS, "xl/styles.xml")
STRINGS = "xl/sharedStrings.xml"
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)

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


@contextlib.contextmanager
def opened_package(file: IO[bytes], sheet_name: str) -> Iterator[tuple[str, SheetFacts]]:
    """The path of a workbook with that one sheet, safe to read, and what is known of the sheet.

    Raises JobError with a sentence naming what is wrong with the file and what to do.
    """
    with tempfile.NamedTemporaryFile(prefix="import-", suffix=".xlsx") as safe:
        try:
            with zipfile.ZipFile(GuardedFile(file)) as package:
                facts = _copy(_Package(package), safe, sheet_name)
        except _UNREADABLE as error:
            raise damaged() from error
        safe.flush()
        yield safe.name, facts


def damaged() -> JobError:
    return JobError(
        _("文件已损坏，或不是 Excel 保存的 .xlsx 文件。请用 Excel 或 WPS 打开确认，另存为 .xlsx 后重新上传。")
    )


def _copy(package: "_Package", safe: Any, sheet_name: str) -> SheetFacts:
    book, relations = _BookScan(), _RelationScan()
    with zipfile.ZipFile(safe, "w", zipfile.ZIP_STORED) as copy:
        for name in SMALL_PARTS:
            scans = {WORKBOOK: book, RELATIONS: relations}
            if name in package:
                package.copy(name, copy, scans.get(name), MAX_SMALL_PART_BYTES)
        if STRINGS in package:
            package.copy(STRINGS, copy, _StringScan(), MAX_UNPACKED_BYTES)
        part = _sheet_part(book, relations, sheet_name)
        scan = _SheetScan(SheetFacts(is_1904=book.is_1904))
        if part not in package:
            raise damaged()
        package.copy(part, copy, scan, MAX_UNPACKED_BYTES)
    scan.close()
    return scan.facts


def _sheet_part(book: "_BookScan", relations: "_RelationScan", sheet_name: str) -> str:
    found = [relation for name, relation in book.sheets if name.strip() == sheet_name]
    if not found:
        raise JobError(
            _(
                "文件里没有名为“%(name)s”的工作表（现有：%(sheets)s）。请使用下载的导入模板，不要改工作表的名称。"
            )
            % {"name": sheet_name, "sheets": "、".join(name for name, _id in book.sheets)[:100] or _("无")}
        )
    target = relations.targets.get(found[0], "")
    if len(found) > 1 or not target:
        raise damaged()
    # relative to xl/, or from the root
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


class _Package:
    """A zip, with what may be taken out of it."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        entries = package.infolist()
        # some programs write other cases, or Windows' slashes
        self.entries = {_canonical(entry.filename): entry for entry in entries}
        self.left = MAX_UNPACKED_BYTES
        if len(entries) > MAX_PARTS or len(self.entries) != len(entries):
            raise damaged()
        if any(entry.flag_bits & 1 for entry in entries):
            raise JobError(_("文件设有密码，无法读取。请取消密码后重新上传。"))
        if WORKBOOK not in self.entries:
            if "xl/workbook.bin" in self.entries:
                raise JobError(_("这是 .xlsb 格式的工作簿。请在 Excel 里另存为 .xlsx 后重新上传。"))
            raise damaged()

    def __contains__(self, name: str) -> bool:
        return _canonical(name) in self.entries

    def copy(self, name: str, target: zipfile.ZipFile, scan: "_Scan | None", limit: int) -> None:
        """Copy a part, unpacked, while it is parsed."""
        parser = _parser(scan)
        with self.package.open(self.entries[_canonical(name)]) as source, target.open(name, "w") as sink:
            while chunk := source.read(CHUNK):
                limit -= len(chunk)
                self.left -= len(chunk)
                if limit < 0 or self.left < 0:
                    raise JobError(
                        _(
                            "文件解压后太大，超过 %d MB，可能不是正常的表格。请只保留要导入的工作表后重新上传。"
                        )
                        % (MAX_UNPACKED_BYTES // 1024 // 1024)
                    )
                sink.write(chunk)
                _parse(parser, chunk)
        _parse(parser, b"", is_final=True)


class _Scan:
    """What is looked for in one part: called for each element with its local name and attributes."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError


class _BookScan(_Scan):
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


class _RelationScan(_Scan):
    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _StringScan(_Scan):
    def __init__(self) -> None:
        self.count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si" or tag.endswith(":si"):
            self.count += 1
            if self.count > MAX_STRINGS:
                raise too_much()


class _SheetScan(_Scan):
    """Where the cells with something in them are. Positions are counted as the reader counts them."""

    def __init__(self, facts: SheetFacts) -> None:
        self.facts = facts
        self.row, self.column = -1, -1
        self.filled_row, self.is_filled = -1, False
        self.digits = ""  # of the row, as its cells repeat them
        self.columns: dict[str, int] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if ":" in tag:
            tag = _local(tag)
        if tag == "c":
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

    def close(self) -> None:
        facts = self.facts
        if facts.filled_rows > MAX_ROWS + OTHER_ROWS:
            raise too_many_rows(facts.filled_rows - 1)  # without the heading

    def _enter(self, attributes: dict[str, str]) -> None:
        self.is_filled = False
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


def too_many_rows(count: int) -> JobError:
    return JobError(
        _("文件有 %(count)d 行数据，一次最多导入 %(limit)d 行。请分成几个文件导入。")
        % {"count": count, "limit": MAX_ROWS}
    )


def too_much() -> JobError:
    return JobError(
        _("文件里的公式、合并单元格或文字太多，无法读取。请复制为数值，只保留要导入的内容后重新上传。")
    )


def _canonical(name: str) -> str:
    return name.replace("\\", "/").lower()


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parser(scan: _Scan | None) -> Any:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    if scan is not None:
        parser.StartElementHandler = scan.start
    return parser


def _refuse(*args: Any) -> None:
    """No workbook has a document type; with one come entities."""
    raise damaged()


def _parse(parser: Any, chunk: bytes, *, is_final: bool = False) -> None:
    try:
        parser.Parse(chunk, is_final)
    except expat.ExpatError as error:
        raise damaged() from error
