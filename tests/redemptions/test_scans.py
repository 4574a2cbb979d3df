"""Papers that look like those of another order: found within three bits, blank pages never."""

import hashlib
import io
import random

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from PIL import Image, ImageDraw

from orders.models import DocumentKind, Order
from orders.services.documents import upload_document
from redemptions.checks import scans
from redemptions.models import ScanHash
from tests.factories import PrivateFileFactory
from tests.orders.invoices.samples import PRINTED, pdf
from tests.redemption_factories import a_claim, a_claimable_order
from tests.redemptions.checking import found

pytestmark = pytest.mark.django_db


def a_page(seed, *, form="PNG", size=(620, 877)):
    """A made scan: lines of different length and darkness, as a report has them."""
    draw = random.Random(seed)  # noqa: S311 - a made page
    page = Image.new("L", size, 250)
    pen = ImageDraw.Draw(page)
    y = 60
    while y < size[1] - 60:
        pen.rectangle((60, y, 60 + draw.randint(20, size[0] - 120), y + 14), fill=draw.randint(20, 160))
        y += draw.choice([24, 24, 60])
    buffer = io.BytesIO()
    page.save(buffer, form, **({"quality": 60} if form == "JPEG" else {}))
    return buffer.getvalue()


def scanned_again(content):
    """Another size, a little crooked, as JPEG."""
    page = Image.open(io.BytesIO(content)).rotate(0.4, fillcolor=250).resize((500, 707))
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=55)
    return buffer.getvalue()


def a_file(content, owner, *, kind="image/png", extension="png", name="报告.png"):
    return PrivateFileFactory(
        owner=owner,
        name=name,
        content_type=kind,
        extension=extension,
        file=ContentFile(content, name=f"scan.{extension}"),
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def with_report(content, **file):
    """A claim whose order has that report besides."""
    order = a_claimable_order()
    actor = order.consumer.account
    upload_document(order=order, kind=DocumentKind.REPORT, file=a_file(content, actor, **file), actor=actor)
    return a_claim(order=Order.objects.get(pk=order.pk))


def test_the_same_page_scanned_again_is_found_and_another_is_not():
    page = a_page(1)
    first = with_report(page)
    second = with_report(scanned_again(page), kind="image/jpeg", extension="jpg", name="再扫.jpg")
    third = with_report(a_page(2))
    passed, text, names = found(second, "scans")
    assert (passed, names) == (False, [first.order.number])
    assert f"“再扫.jpg”与订单 {first.order.number} 的“报告.png”图像相近，64 位特征相差" in text
    assert found(third, "scans")[:2] == (
        True,
        "4 份材料（其中扫描件 1 份）没有在别的订单出现过，也没有图像相近的。",
    )


def test_the_same_file_is_found():
    page = a_page(3)
    first, second = with_report(page), with_report(page)
    assert found(second, "scans")[1] == (f"“报告.png”与订单 {first.order.number} 的“报告.png”是同一文件。")


def test_the_same_scan_within_a_pdf_is_found():
    page = a_page(4)
    buffer = io.BytesIO()
    Image.open(io.BytesIO(page)).save(buffer, "PDF")
    first = with_report(page)
    second = with_report(buffer.getvalue(), kind="application/pdf", extension="pdf", name="报告.pdf")
    passed, text, _names = found(second, "scans")
    assert (passed, first.order.number in text) == (False, True)


def test_written_pdfs_are_the_same_only_as_files():
    one, other = pdf(PRINTED), pdf([*PRINTED, (60, 320, "另一张", 9)])
    options = {"kind": "application/pdf", "extension": "pdf", "name": "发票.pdf"}
    with_report(one, **options)
    assert found(with_report(other, **options), "scans")[0] is True
    assert found(with_report(one, **options), "scans")[0] is False


@pytest.mark.parametrize("shade", [255, 250, 128, 0])
def test_blank_pages_are_not_alike(shade):
    buffer = io.BytesIO()
    Image.new("L", (620, 877), shade).save(buffer, "PNG")
    with_report(buffer.getvalue())
    assert found(with_report(buffer.getvalue()), "scans")[0] is True


def test_a_broken_scan_has_no_look_and_stops_nothing():
    first, second = (with_report(b"\x89PNG broken") for _each in range(2))
    assert found(first, "scans")[0] is False
    assert found(second, "scans")[0] is False


def test_the_hash_says_where_it_gets_darker_downwards():
    grey = bytes([200] * 8 + [100] * 8 + [200] * 56)
    assert scans.difference_hash(grey) == 0xFF << 56
    assert scans.difference_hash(bytes(72)) is None
    assert scans.difference_hash(bytes(range(72))) is None  # a gradient
    assert scans.difference_hash(b"") is None


@pytest.mark.parametrize("flips", [(), (0,), (0, 16), (63,), (3, 20, 40), (0, 1, 2)])
def test_up_to_three_bits_apart_are_found_wherever_they_are(flips):
    bits = 0xF0F0_1234_ABCD_0FF7
    other = bits
    for flip in flips:
        other ^= 1 << flip
    signed = [value - (1 << 64) if value >> 63 else value for value in (bits, other)]
    files = [PrivateFileFactory(), PrivateFileFactory()]
    one, two = (
        ScanHash.objects.create(file=file, sha256=str(n), bits=value, **scans.bands_of(value & scans.MASK))
        for n, (file, value) in enumerate(zip(files, signed, strict=True))
    )
    one.refresh_from_db()
    assert scans.similar_to([one]) == {two.pk: (one, len(flips))}


def test_four_bits_apart_are_not_alike():
    file, other = PrivateFileFactory(), PrivateFileFactory()
    values = (0x0FF0, 0x0FF0 ^ 0b1111)
    one, _two = (
        ScanHash.objects.create(file=a, sha256=str(v), bits=v, **scans.bands_of(v))
        for a, v in zip((file, other), values, strict=True)
    )
    assert scans.similar_to([one]) == {}


def test_the_look_of_a_file_is_computed_once(monkeypatch):
    claim = a_claim()
    monkeypatch.setattr(scans, "thumbnail", lambda *_args: pytest.fail("again"))
    assert found(claim, "scans")[0] is True


def test_papers_of_orders_that_nobody_has_claimed_are_known_after_the_nightly_run(capsys):
    page = a_page(9)
    order = a_claimable_order()
    actor = order.consumer.account
    upload_document(order=order, kind=DocumentKind.REPORT, file=a_file(page, actor), actor=actor)
    claim = with_report(page)
    assert found(claim, "scans")[0] is True
    call_command("hash_scans", most=2)
    call_command("hash_scans")
    call_command("hash_scans")
    assert capsys.readouterr().out.split("\n") == [
        "2 scans hashed",
        "2 scans hashed",
        "0 scans hashed",
        "",
    ]
    assert found(claim, "scans")[:1] == (False,)
