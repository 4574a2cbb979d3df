"""OFD and XML may be uploaded where an invoice is asked for, and nowhere else."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.translation import override

from accounts.models import User
from files.models import PrivateFile
from files.uploads import INVOICE_FORMATS, store_private_file
from tests.files.conftest import image_bytes, pdf_bytes, upload

XML = b'<?xml version="1.0" encoding="UTF-8"?><EInvoice><Header/></EInvoice>'


def package(parts: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return buffer.getvalue()


OFD = package({"Doc_0/Document.xml": b"<a/>", "OFD.xml": b"<OFD/>"})


def refusal(name: str, content: bytes, owner: User, **options: object) -> str:
    with pytest.raises(ValidationError) as caught, override("zh-hans"):
        store_private_file(upload=upload(name, content), owner=owner, **options)
    assert not PrivateFile.objects.exists()
    return caught.value.messages[0]


@pytest.mark.parametrize(
    ("name", "content", "stored_as"),
    [
        ("发票.ofd", OFD, ("application/ofd", "ofd")),
        ("发票.OFD", package({"ofd.xml": b"<OFD/>"}), ("application/ofd", "ofd")),
        ("发票.xml", XML, ("application/octet-stream", "xml")),
        ("发票.xml", b"\xef\xbb\xbf\r\n<EInvoice/>", ("application/octet-stream", "xml")),
        ("发票.xml", "<EInvoice/>".encode("utf-16"), ("application/octet-stream", "xml")),
        ("发票.pdf", pdf_bytes(), ("application/pdf", "pdf")),
        ("发票.png", image_bytes(), ("image/png", "png")),
        ("发票.jpeg", image_bytes("JPEG"), ("image/jpeg", "jpg")),
    ],
)
def test_every_format_of_an_invoice_is_stored_as_it_came(owner, name, content, stored_as):
    stored = store_private_file(upload=upload(name, content), owner=owner, formats=INVOICE_FORMATS)
    assert (stored.name, stored.content_type, stored.extension) == (name, *stored_as)
    assert Path(stored.file.path).read_bytes() == content


@pytest.mark.parametrize(("name", "content"), [("发票.ofd", OFD), ("发票.xml", XML)])
def test_elsewhere_they_are_refused(owner, name, content):
    assert "这里只收 PDF、JPG、PNG" in refusal(name, content, owner)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "发票.ofd",
            package({"a.xml": b"<a/>"}),
            "“发票.ofd”的内容是压缩包（ZIP，或 Word、Excel、OFD 文档）。这里只收 PDF、JPG、PNG、OFD、XML，请转换格式后重新上传。",
        ),
        (
            "发票.zip",
            OFD,
            "“发票.zip”其实是OFD，与扩展名不符。请把文件名的扩展名改为 .ofd，或另存为所需格式后重新上传。",
        ),
        (
            "发票.ofd",
            OFD[:-20],
            "“发票.ofd”不是完整的OFD文件，可能在传输中损坏。请确认能正常打开后重新上传。",
        ),
        (
            "发票.ofd",
            package({"OFD.xml": b"<OFD>"}),
            "“发票.ofd”不是完整的OFD文件，可能在传输中损坏。请确认能正常打开后重新上传。",
        ),
        (
            "发票.ofd",
            package({"OFD.xml": b"<OFD>" + b" " * 4 * 1024 * 1024 + b"</OFD>"}),
            "“发票.ofd”不是完整的OFD文件，可能在传输中损坏。请确认能正常打开后重新上传。",
        ),
        (
            "发票.xml",
            b"<EInvoice>",
            "“发票.xml”不是完整的XML文件，可能在传输中损坏。请确认能正常打开后重新上传。",
        ),
        (
            "发票.xml",
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>',
            "“发票.xml”的内容是网页（HTML 或 XML）。这里只收 PDF、JPG、PNG、OFD、XML，请转换格式后重新上传。",
        ),
        (
            "发票.xml",
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
            "“发票.xml”不是完整的XML文件，可能在传输中损坏。请确认能正常打开后重新上传。",
        ),
        (
            "发票.xml",
            b'<svg xmlns="http://www.w3.org/2000/svg"/>',
            "“发票.xml”的内容是SVG 矢量图。这里只收 PDF、JPG、PNG、OFD、XML，请转换格式后重新上传。",
        ),
        (
            "发票.xml",
            b"<html><script>alert(1)</script></html>",
            "“发票.xml”的内容是网页（HTML 或 XML）。这里只收 PDF、JPG、PNG、OFD、XML，请转换格式后重新上传。",
        ),
    ],
)
def test_what_is_none_is_refused_with_a_sentence(owner, name, content, sentence):
    assert refusal(name, content, owner, formats=INVOICE_FORMATS) == sentence


def test_a_browser_saves_an_xml_and_never_draws_it(owner, client: Client):
    page = XML.replace(
        b"<EInvoice>", b'<EInvoice xmlns:h="http://www.w3.org/1999/xhtml"><h:script>1</h:script>'
    )
    stored = store_private_file(
        upload=upload("发票.xml", page, "text/html"), owner=owner, formats=INVOICE_FORMATS
    )
    client.force_login(owner)
    response = client.get(stored.get_absolute_url())
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
