"""Reads an invoice file, whichever of the five formats it is, for a person to confirm."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.invoices.decoding import decode
from orders.invoices.fields import InvoiceFields, merged
from orders.invoices.markup import read_xml
from orders.invoices.ofd import read_ofd
from orders.invoices.page_text import read_pages
from orders.invoices.qr import read_code

MAX_BYTES = 10 * 1024 * 1024


class Source(TextChoices):
    """Where an invoice was read. The originals carry data; the others a picture of it."""

    XML = "xml", gettext_lazy("XML 原件")
    OFD = "ofd", gettext_lazy("OFD 原件")
    PDF_DATA = "pdf_data", gettext_lazy("PDF 内附的 XML")
    PDF = "pdf", gettext_lazy("PDF 的二维码和文字")
    PICTURE = "picture", gettext_lazy("图片中的二维码")


# What an order needs of an invoice, and what a person calls it.
LABELS = {
    "number": gettext_lazy("发票号码"),
    "code": gettext_lazy("发票代码"),
    "issued_on": gettext_lazy("开票日期"),
    "seller_name": gettext_lazy("销售方名称"),
    "seller_code": gettext_lazy("销售方识别号"),
    "buyer_name": gettext_lazy("购买方名称"),
    "buyer_code": gettext_lazy("购买方识别号"),
    "total_amount": gettext_lazy("价税合计"),
    "net_amount": gettext_lazy("不含税金额"),
    "check_code": gettext_lazy("校验码"),
}
NOT_NEEDED = frozenset({"net_amount", "check_code"})


@dataclass(frozen=True)
class InvoiceReading:
    """What was read from an invoice, each field on its own; empty or None is what was not. Amounts are yuan.

    ``total_amount`` is 价税合计, ``net_amount`` without tax. ``notes`` are sentences for the person who confirms:
    what to type, what is doubtful.
    """

    source: Source
    number: str = ""
    code: str = ""
    issued_on: date | None = None
    seller_name: str = ""
    seller_code: str = ""
    buyer_name: str = ""
    buyer_code: str = ""
    total_amount: Decimal | None = None
    net_amount: Decimal | None = None
    check_code: str = ""
    notes: tuple[str, ...] = ()

    @property
    def missing(self) -> list[str]:
        """Names of the fields an order needs and that were not read. 数电票 have no code."""
        needed = [name for name in LABELS if name not in NOT_NEEDED]
        return [
            name
            for name in needed
            if getattr(self, name) in ("", None) and not (name == "code" and len(self.number) == 20)
        ]


def read_invoice(content: bytes, extension: str) -> InvoiceReading | None:
    """Read a stored invoice of one of ``files.uploads.INVOICE_FORMATS``; ``extension`` is that of the stored file.

    None where nothing could be read. Never raises for what is in the file: broken, locked, hostile or of another
    kind, it is simply not read. PDFs and pictures take some tenths of a second, and eight
    seconds at most.
    """
    if len(content) > MAX_BYTES:
        return None
    readers = {"xml": _xml, "ofd": _ofd, "pdf": _pdf, "jpg": _picture, "jpeg": _picture, "png": _picture}
    reader = readers.get(extension.lower().lstrip("."))
    return reader(content) if reader else None


def _xml(content: bytes) -> InvoiceReading | None:
    return _reading(Source.XML, read_xml(content))


def _ofd(content: bytes) -> InvoiceReading | None:
    attached, described = read_ofd(content)
    return _reading(Source.OFD, [*attached, *described])


def _picture(content: bytes) -> InvoiceReading | None:
    return _reading(Source.PICTURE, _codes(decode(content, "picture").codes))


def _pdf(content: bytes) -> InvoiceReading | None:
    decoded = decode(content, "pdf")
    attached = [invoice for data in decoded.attachments for invoice in read_xml(data)]
    printed = [*_codes(decoded.codes), *read_pages(decoded.pages)]
    return _reading(Source.PDF_DATA if attached else Source.PDF, [*attached, *printed])


def _codes(texts: Sequence[str]) -> list[InvoiceFields]:
    return [found for text in texts if (found := read_code(text)) is not None]


def _reading(source: Source, found: Iterable[InvoiceFields]) -> InvoiceReading | None:
    """One reading of all that was found; of several invoices none, but a sentence."""
    found = [fields for fields in found if fields]
    if not found:
        return None
    if len({fields.number for fields in found} - {""}) > 1:
        note = _("文件里有多个不同的发票号码，未能自动读取。请确认每个文件只有一张发票，再照发票填写。")
        return InvoiceReading(source=source, notes=(note,))
    best, disputed = merged(found)
    values = {name: getattr(best, name) for name in LABELS}
    for name in ("total_amount", "net_amount"):
        values[name] = values[name] if (values[name] or 0) > 0 else None
    reading = InvoiceReading(source=source, **values)
    return replace(reading, notes=tuple(_notes(reading, best, disputed)))


def _notes(reading: InvoiceReading, found: InvoiceFields, disputed: list[str]) -> Iterator[str]:
    total, net, unclear = found.total_amount, found.net_amount, found.unclear_amount
    if any(amount is not None and amount < 0 for amount in (total, net, unclear)):
        yield _("这是红字（负数）发票，不能用于本订单。请上传对应的蓝字发票。")
        return
    is_open = total is None and "total_amount" not in disputed
    if is_open and net is not None:
        yield _("读到的 %(amount)s 元是不含税金额，不是价税合计。价税合计请照发票“（小写）”一栏填写。") % {
            "amount": f"{net:,.2f}"
        }
    elif is_open and unclear is not None:
        yield _("二维码中的金额是 %(amount)s 元，未注明是否含税。价税合计请照发票填写。") % {
            "amount": f"{unclear:,.2f}"
        }
    if doubtful := [name for name in disputed if name in LABELS]:
        yield _("文件中有几处不一致：%(fields)s。请照发票填写。") % {"fields": _names(doubtful)}
    if missing := [name for name in reading.missing if name not in disputed]:
        yield _("没有读到：%(fields)s。请照发票填写。") % {"fields": _names(missing)}
    yield _("已读取的内容请与发票核对，确认无误再提交。")


def _names(names: Iterable[str]) -> str:
    return "、".join(str(LABELS[name]) for name in names)
