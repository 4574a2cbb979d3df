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
from typing import IO, Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from catalogue.exchange.scans import (
    BookScan,
    RelationScan,
    Scan,
    SheetFacts,
    SheetScan,
    StringScan,
    TextScan,
    damaged,
)
from catalogue.jobs.exceptions import JobError
from files.archives import GuardedFile

MAX_PARTS = 2_000
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
# Parts that are read whole: the list of sheets, styles, relations.
MAX_SMALL_PART_BYTES = 10 * 1024 * 1024
CHUNK = 64 * 1024
# No element of a workbook is nested or long; the parser takes memory for each that is open, and reads one that goes on
# from its beginning with every piece.
MAX_DEPTH, MAX_TAG_BYTES = 100, 1024 * 1024

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


def _copy(package: "_Package", safe: Any, sheet_name: str) -> SheetFacts:
    book, relations, strings = BookScan(), RelationScan(), StringScan()
    with zipfile.ZipFile(safe, "w", zipfile.ZIP_STORED) as copy:
        for name in SMALL_PARTS:
            scans = {WORKBOOK: book, RELATIONS: relations}
            if name in package:
                package.copy(name, copy, scans.get(name), MAX_SMALL_PART_BYTES)
        if STRINGS in package:
            package.copy(STRINGS, copy, strings, MAX_UNPACKED_BYTES)
        part = _sheet_part(book, relations, sheet_name)
        scan = SheetScan(SheetFacts(is_1904=book.is_1904), strings.lengths)
        if part not in package:
            raise damaged()
        package.copy(part, copy, scan, MAX_UNPACKED_BYTES)
    scan.close()
    return scan.facts


def _sheet_part(book: BookScan, relations: RelationScan, sheet_name: str) -> str:
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

    def copy(self, name: str, target: zipfile.ZipFile, scan: Scan | None, limit: int) -> None:
        """Copy a part, unpacked, while it is parsed."""
        parser, fed = _parser(scan), 0
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
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > MAX_TAG_BYTES:
                    raise damaged()
        _parse(parser, b"", is_final=True)


def _canonical(name: str) -> str:
    return name.replace("\\", "/").lower()


def _parser(scan: Scan | None) -> Any:
    # whatever a part declares: the reader takes it for UTF-8 too
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise damaged()
        if scan is not None:
            scan.start(tag, attributes)

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    if isinstance(scan, TextScan):
        parser.CharacterDataHandler = scan.text
    return parser


def _refuse(*args: Any) -> None:
    """No workbook has a document type; with one come entities."""
    raise damaged()


def _parse(parser: Any, chunk: bytes, *, is_final: bool = False) -> None:
    try:
        parser.Parse(chunk, is_final)
    except expat.ExpatError as error:
        raise damaged() from error
