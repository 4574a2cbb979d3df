"""The part that touches hostile pictures and PDFs. Runs as a script in a process of its own: see ``decoding``.

Nothing of the project is imported: the process starts in a tenth of a second, knows no secret, and is killed
by the kernel when it takes more time or memory than is granted. Reads the file from standard input; writes one
JSON object: ``codes`` (texts of QR codes), ``pages`` (runs of text with their boxes), ``attachments`` (base64); or, asked for
the look of a scan, ``thumbnail`` (8 × 9 values of grey, row by row).
"""

import base64
import contextlib
import io
import json
import sys
from collections.abc import Iterator
from typing import Any

import zxingcpp
from PIL import Image

CPU_SECONDS = 4
MEMORY_BYTES = 1024 * 1024 * 1024
MAX_PIXELS = 50_000_000
# A code of 25 modules on a third of an A4 page is still 5 pixels a module.
MAX_SIDE = 2400
MAX_PAGES = 2
MAX_CODES, MAX_CODE_LENGTH = 20, 500
MAX_CHARACTERS = 20_000
MAX_ATTACHMENTS, MAX_ATTACHMENT_BYTES = 5, 2 * 1024 * 1024
# Eight columns of nine, for the eight differences in each between a value and the one beneath it.
THUMBNAIL = (8, 9)
# A page with more characters than a stamp or a footer was written, not scanned: its look is that of its form.
MOST_CHARACTERS_OF_A_SCAN = 40

QR_CODES = zxingcpp.barcode_formats_from_str("QRCode")

# Of the height of a line, which is half as much again as a character: more than that between two is a gap.
APART = 0.35

# left, bottom, right, top, text; in points, from the lower left corner of the page
Run = tuple[float, float, float, float, str]


def decode_picture(content: bytes) -> dict[str, Any]:
    """The QR codes of a photo or scan."""
    picture = _grey(content)
    return {"codes": _codes(picture)} if picture else {}


def thumbnail_of_picture(content: bytes) -> dict[str, Any]:
    picture = _grey(content)
    return {"thumbnail": _thumbnail(picture)} if picture else {}


def thumbnail_of_pdf(content: bytes) -> dict[str, Any]:
    """Of the first page, where it is a scan."""
    import pypdfium2

    with contextlib.closing(pypdfium2.PdfDocument(content)) as document:
        page = document[0]
        if page.get_textpage().count_chars() > MOST_CHARACTERS_OF_A_SCAN:
            return {}
        scale = min(1.0, MAX_SIDE / max(*page.get_size(), 1.0))
        bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
        return {"thumbnail": _thumbnail(bitmap.to_pil().convert("L"))}


def _thumbnail(picture: Image.Image) -> list[int]:
    return list(picture.resize(THUMBNAIL, Image.Resampling.BOX).tobytes())


def _grey(content: bytes) -> Image.Image | None:
    """A photo or scan on white, brought down in size; none where it has too many pixels."""
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
        if image.width * image.height > MAX_PIXELS:
            return None
        image.draft("L", (MAX_SIDE, MAX_SIDE))
        if image.has_transparency_data:
            white = Image.new("RGBA", image.size, "white")
            white.alpha_composite(image.convert("RGBA"))
            picture = white.convert("L")
        else:
            picture = image.convert("L")
        picture.thumbnail((MAX_SIDE, MAX_SIDE))
    return picture


def decode_pdf(content: bytes) -> dict[str, Any]:
    """The QR codes and the text of the first pages, and what is attached."""
    import pypdfium2  # a tenth of a second that pictures need not wait for

    codes: list[str] = []
    pages: list[list[Run]] = []
    with contextlib.closing(pypdfium2.PdfDocument(content)) as document:
        for index in range(min(len(document), MAX_PAGES)):
            page = document[index]
            pages.append(_runs(_characters(page.get_textpage())))
            # may be a stamp or a wall: the longer side decides
            scale = min(3.0, MAX_SIDE / max(*page.get_size(), 1.0))
            bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
            codes += _codes(bitmap.to_pil().convert("L"))
        attached = [
            _attachment(document, at) for at in range(min(document.count_attachments(), MAX_ATTACHMENTS))
        ]
    return {"codes": codes[:MAX_CODES], "pages": pages, "attachments": [data for data in attached if data]}


def _codes(picture: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(picture, formats=QR_CODES)
    return [code.text[:MAX_CODE_LENGTH] for code in found[:MAX_CODES]]


def _attachment(document: Any, index: int) -> str:
    data = bytes(document.get_attachment(index).get_data())
    return base64.b64encode(data).decode() if len(data) <= MAX_ATTACHMENT_BYTES else ""


def _characters(text: Any) -> Iterator[Run]:
    for index in range(min(text.count_chars(), MAX_CHARACTERS)):
        char = text.get_text_range(index, 1)
        if char.strip("\0"):
            yield (*text.get_charbox(index, loose=True), char)


def _runs(characters: Iterator[Run]) -> list[Run]:
    """Characters that follow each other on one line, put together; a gap ends a run."""
    runs: list[Run] = []
    for left, bottom, right, top, char in characters:
        height = max(top - bottom, 0.1)
        if runs:
            start, low, end, high, text = runs[-1]
            if abs(bottom - low) < 0.3 * height and -0.5 * height < left - end < APART * height:
                if char.strip():
                    runs[-1] = (start, min(low, bottom), max(end, right), max(high, top), text + char)
                continue
        if char.strip():
            runs.append((left, bottom, right, top, char))
    return runs


def main() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has none, macOS not all
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    decode = {
        "pdf": decode_pdf,
        "picture": decode_picture,
        "pdf-thumbnail": thumbnail_of_pdf,
        "picture-thumbnail": thumbnail_of_picture,
    }[sys.argv[1]]
    json.dump(decode(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
