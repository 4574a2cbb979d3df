"""Files made to hurt whoever reads them are not read, and hurt nobody."""

import io
import json
import os
import struct
import time
import zipfile
import zlib

import pytest
from PIL import Image

from orders.invoices import decoder, decoding
from orders.invoices.decoding import Decoded, decode
from orders.invoices.reading import read_invoice
from tests.orders.invoices import samples
from tests.orders.invoices.samples import (
    DIGITAL_QR,
    DIGITAL_XML,
    EARLIER_XML,
    NUMBER,
    PRINTED,
    ofd,
    pdf,
    picture,
)

ATTACHED = "Doc_0/Attachs/original_invoice.xml"
DECLARED = '<?xml version="1.0"?><!DOCTYPE EInvoice [{}]>' + DIGITAL_XML.partition("?>")[2]
LAUGHS = '<!ENTITY a0 "哈哈哈哈">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "declaration",
    [
        "",
        '<!ENTITY a SYSTEM "file:///etc/hostname">',
        '<!ENTITY % a SYSTEM "http://127.0.0.1:9/a.dtd"> %a;',
        LAUGHS,
    ],
)
def test_xml_with_a_document_type_is_not_read(declaration):
    content = DECLARED.format(declaration).replace("<SellerName>", "<SellerName>&a;", declaration != "")
    for encoding in ("utf-8", "utf-16"):
        assert (
            read_invoice(content.replace('"1.0"', f'"1.0" encoding="{encoding}"').encode(encoding), "xml")
            is None
        )
    assert read_invoice(ofd({ATTACHED: content}, "<OFD/>"), "ofd") is None


@pytest.mark.parametrize(
    "content",
    [
        b"<a>" * 600_000,
        b"<a>" * 250_000 + b"</a>" * 250_000,
        b"<a>" + b"<EInvoice/>" * 150_000 + b"</a>",
        DIGITAL_XML.encode() + b" " * 3 * 1024 * 1024,
        DIGITAL_XML.replace("UTF-8", "utf-7").encode(),
        DIGITAL_XML.replace("UTF-8", "no-such").encode(),
        DIGITAL_XML.replace("UTF-8", "gbk").encode() + b"\xff\xff",
        DIGITAL_XML.replace(NUMBER, NUMBER + "\0").encode(),
    ],
)
def test_oversized_and_broken_xml_is_refused_at_once(content):
    started = time.perf_counter()
    assert read_invoice(content, "xml") is None
    assert time.perf_counter() - started < 1


def test_many_invoices_in_one_file_are_not_all_looked_into():
    started = time.perf_counter()
    content = "<a>" + DIGITAL_XML.partition("?>")[2].replace("\n  ", "") * 1500 + "</a>"
    reading = read_invoice(content.encode(), "xml")
    assert reading is not None
    assert reading.number == NUMBER
    assert time.perf_counter() - started < 2


def test_a_zip_bomb_in_an_ofd_is_not_unpacked():
    content = ofd({ATTACHED: b" " * 20 * 1024 * 1024, "Doc_0/Tags/CustomTag.xml": b"<" * 5 * 1024 * 1024})
    assert len(content) < 30_000
    started = time.perf_counter()
    reading = read_invoice(content, "ofd")
    assert time.perf_counter() - started < 1
    assert reading is not None
    assert (reading.number, reading.seller_name) == (NUMBER, "")
    assert read_invoice(ofd(root="<OFD>" + " " * 4 * 1024 * 1024 + "</OFD>"), "ofd") is None


def test_a_size_that_lies_does_not_help():
    content = ofd({ATTACHED: b" " * 20 * 1024 * 1024 + EARLIER_XML.encode()}, "<OFD/>")
    size = struct.pack("<I", 20 * 1024 * 1024 + len(EARLIER_XML.encode()))
    assert content.count(size) == 2
    assert read_invoice(content.replace(size, struct.pack("<I", 500)), "ofd") is None


@pytest.mark.parametrize(
    "path",
    ["../Attachs/original_invoice.xml", "/Attachs/original_invoice.xml", "C:\\Attachs\\original_invoice.xml"],
)
def test_paths_that_lead_out_of_the_package_are_passed_over(path):
    assert read_invoice(ofd({path: EARLIER_XML}, "<OFD/>"), "ofd") is None


def test_packages_that_are_none():
    assert read_invoice(b"", "ofd") is None
    assert read_invoice(b"PK\x03\x04" + os.urandom(500), "ofd") is None
    assert read_invoice(ofd()[:-30], "ofd") is None
    assert read_invoice(ofd({"ofd.XML": "<OFD/>"}), "ofd") is None  # which of the two?
    assert read_invoice(ofd({f"{n}.xml": "<a/>" for n in range(600)}), "ofd") is None
    assert read_invoice(with_another_part(zipfile.ZIP_BZIP2, "a.xml"), "ofd") is None


def test_a_part_without_a_name_is_passed_over():
    reading = read_invoice(with_another_part(zipfile.ZIP_DEFLATED, ""), "ofd")
    assert reading is not None
    assert reading.number == NUMBER


def with_another_part(method: int, name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as package:
        package.writestr("OFD.xml", samples.ofd_root(samples.CUSTOM_DATA))
        package.writestr(zipfile.ZipInfo(name), "<a/>")
    return buffer.getvalue()


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_of_a_hundred_megapixels_is_not_unpacked():
    assert decoder.decode_picture(_png(10_000, 10_000)) == {}
    assert read_invoice(_png(10_000, 10_000), "png") is None


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", picture(DIGITAL_QR)[:2000], picture(DIGITAL_QR, form="GIF")]
)
def test_broken_pictures_are_not_read(content):
    assert read_invoice(content, "png") is None
    assert read_invoice(content, "jpg") is None


def test_a_transparent_picture_is_read_on_white():
    code = samples.qr(DIGITAL_QR).point(lambda value: 255 - value)
    drawn = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    drawn.paste((0, 0, 0, 255), (100, 100), code)
    buffer = io.BytesIO()
    drawn.save(buffer, "PNG")
    assert decoder.decode_picture(buffer.getvalue()) == {"codes": [DIGITAL_QR]}


def test_broken_and_locked_pdfs_are_not_read():
    whole = pdf(PRINTED, DIGITAL_QR)
    locked = whole.replace(
        b"trailer\n<<",
        b"trailer\n<</ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>"
        % (b"11" * 32, b"22" * 32),
    )
    for content in (b"", b"%PDF-1.7\n%%EOF", whole[:400], os.urandom(2000), locked):
        assert read_invoice(content, "pdf") is None


@pytest.mark.parametrize("size", [(14_400, 14_400), (10**7, 10**7), (10**7, 1), (0, 0)])
def test_pages_of_any_size_are_drawn_small(size):
    started = time.perf_counter()
    read_invoice(pdf([], DIGITAL_QR, size=size), "pdf")
    assert time.perf_counter() - started < 4


def test_a_page_that_takes_for_ever_to_draw_is_given_up(monkeypatch):
    pack = samples._stream
    endless = b"0 0 m 500 300 l 30 200 l 4 5 l f\n" * 1_000_000
    monkeypatch.setattr(samples, "_stream", lambda data, head: pack(data if head else endless, head))
    content = pdf()
    assert len(content) < 200_000
    monkeypatch.setattr(decoding, "SECONDS", 1)
    started = time.perf_counter()
    assert read_invoice(content, "pdf") is None
    assert time.perf_counter() - started < 4


@pytest.mark.parametrize(
    "answer",
    [
        "raise SystemExit(1)",
        "import os; os.abort()",
        "print('no JSON')",
        "print('[]')",
        "print('{\"codes\": 5}')",
        "print('{\"pages\": [[[1, 2]]]}')",
        'print(\'{"pages": [[[1, 2, 3, "x", "y"]]]}\')',
        'print(\'{"attachments": ["%%%"]}\')',
        "print('{\"attachments\": [7]}')",
    ],
)
def test_a_decoder_that_dies_or_lies_is_not_believed(monkeypatch, tmp_path, answer):
    script = tmp_path / "decoder.py"
    script.write_text(answer)
    monkeypatch.setattr(decoding, "DECODER", script)
    assert decode(b"anything", "pdf") == Decoded()


def test_the_decoder_knows_nothing_of_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_PASSWORD", "secret")
    script = tmp_path / "decoder.py"
    script.write_text("import json, os, sys; print(json.dumps({'codes': [*os.environ, *sys.argv[1:]]}))")
    monkeypatch.setattr(decoding, "DECODER", script)
    codes = decode(b"", "picture").codes
    assert "picture" in codes
    assert "DATABASE_PASSWORD" not in codes


def test_the_decoder_runs_under_limits(monkeypatch, tmp_path):
    import resource

    asked = []
    monkeypatch.setattr(resource, "setrlimit", lambda which, limits: asked.append((which, limits)))
    monkeypatch.setattr(decoder.sys, "argv", ["decoder", "picture"])
    monkeypatch.setattr(decoder.sys, "stdin", io.TextIOWrapper(io.BytesIO(picture(DIGITAL_QR))))
    out = io.StringIO()
    monkeypatch.setattr(decoder.sys, "stdout", out)
    decoder.main()
    assert json.loads(out.getvalue()) == {"codes": [DIGITAL_QR]}
    assert dict(asked) == {
        resource.RLIMIT_CPU: (4, 4),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_AS: (1024**3, 1024**3),
    }


def test_other_formats_and_oversized_files_are_not_read():
    assert read_invoice(DIGITAL_XML.encode(), "docx") is None
    assert read_invoice(DIGITAL_XML.encode(), "") is None
    assert read_invoice(picture(DIGITAL_QR) + b"\0" * 10 * 1024 * 1024, "png") is None


def _png(width: int, height: int) -> bytes:
    """A PNG of some hundred bytes that claims to be so large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
