"""E-invoices in the formats of the tax administration: OFD, a zip of XML files (GB/T 33190), and XML.

Both come from outside. XML with a document type declaration is refused, so there are no entities to expand or
to fetch; nothing of an OFD is unpacked to disk, and its parts are read one at a time up to a limit.
"""

import re
from collections.abc import Callable
from functools import cached_property
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.core.exceptions import ValidationError

from files.archives import Archive, Entry

# The XML of an invoice with 2,000 lines has some 1.2 MB.
MAX_XML_BYTES = 2 * 1024 * 1024
# Begin and end of an element each count: memory and time go by elements, not by bytes.
MAX_XML_TAGS = 100_000
# An invoice has a dozen.
MAX_XML_DEPTH = 40
MAX_OFD_ENTRIES = 500
ROOT_FILE = ("ofd.xml",)
# Expat knows no Chinese encoding; Python does.
_CHINESE = re.compile(
    rb"""^\s*<\?xml[^>]{0,100}encoding=["'](?:gbk|gb2312|gb18030)["'][^>]{0,100}\?>""", re.I
)


class BrokenMarkup(ValueError):
    """Not XML, too large, or XML that declares a document type."""


def parse_xml(content: bytes) -> Element:
    """The root element. Raises BrokenMarkup; no other error, whatever the content."""
    if len(content) > MAX_XML_BYTES or content.count(b"<") > MAX_XML_TAGS:
        raise BrokenMarkup("too large")
    try:
        if declared := _CHINESE.match(content):
            root = fromstring(content[declared.end() :].decode("gb18030"), forbid_dtd=True)
        else:
            root = fromstring(content, forbid_dtd=True)
    # LookupError and ValueError: encodings expat has not heard of or cannot take
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise BrokenMarkup(str(error)) from error
    if _is_deep(root):
        raise BrokenMarkup("too deep")
    return root


def _is_deep(root: Element) -> bool:
    """Whoever looks below each of many nested elements would look at the same ones again and again."""
    level = [root]
    for _depth in range(MAX_XML_DEPTH):
        level = [child for element in level for child in element]
    return bool(level)


def local_name(element: Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


class Ofd:
    """An OFD package open for reading. Raises BrokenMarkup where it is none, or one made to do harm."""

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = Archive(BytesIO(content), "invoice.ofd")
            count = len(self._archive.entries)
        except ValidationError as error:
            raise BrokenMarkup("no zip archive") from error
        if count > MAX_OFD_ENTRIES:
            raise BrokenMarkup("too many entries")
        roots = self.entries(lambda parts: parts == ROOT_FILE)
        if len(roots) != 1:
            raise BrokenMarkup("no OFD.xml")
        self._root = roots[0]

    @cached_property
    def root(self) -> Element:
        """OFD.xml itself. Raises BrokenMarkup."""
        return self.parse(self._root)

    def entries(self, wanted: Callable[[tuple[str, ...]], bool]) -> list[Entry]:
        """The XML files whose path, as lower-case parts, is wanted. Paths that lead outside are none of them."""
        return [
            entry
            for entry in self._archive.entries
            if not entry.is_outside
            and entry.name.lower().endswith(".xml")
            and wanted(tuple(part.lower() for part in entry.parts))
        ]

    def parse(self, entry: Entry) -> Element:
        """The root element of a part. Raises BrokenMarkup."""
        try:
            return parse_xml(self._archive.read(entry, MAX_XML_BYTES))
        except ValidationError as error:
            raise BrokenMarkup("unreadable part") from error
