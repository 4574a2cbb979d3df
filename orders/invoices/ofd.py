"""Invoices as OFD (GB/T 33190): what is attached, what OFD.xml says, and the names printed on the page.

OFD.xml                              DocInfo/CustomDatas: number, day, codes, amounts
Doc_0/Attachs/original_invoice.xml   the invoice as XML, on the kinds before 数电票
Doc_0/Tags/CustomTag.xml             which text on the page is the name of the seller
Doc_0/Pages/Page_0/Content.xml       the texts
"""

from collections.abc import Callable, Iterable, Iterator
from xml.etree.ElementTree import Element

from files.einvoices import BrokenMarkup, Ofd, local_name
from orders.invoices import values
from orders.invoices.fields import InvoiceFields
from orders.invoices.markup import read_tree

# Of each kind of part so many are looked into: an invoice has one or two.
MAX_PARTS = 4
MAX_TEXTS = 5_000


def read_ofd(content: bytes) -> tuple[list[InvoiceFields], list[InvoiceFields]]:
    """The invoices attached to an OFD, and what the document itself says of one; the latter may be several too."""
    try:
        package = Ofd(content)
        bodies = [body for body in package.root if local_name(body) == "DocBody"]
    except BrokenMarkup:
        return [], []
    attached = [invoice for part in _parts(package, _is_attached) for invoice in read_tree(part)]
    described = [_described(body) for body in bodies[:MAX_PARTS]]
    if len(described) == 1 and described[0] and not attached:
        described.append(_names(package))
    return attached, [found for found in described if found]


def _described(body: Element) -> InvoiceFields:
    """What issuers put into the CustomDatas of a document."""
    said: dict[str, str] = {}
    for data in body.iter():
        if local_name(data) == "CustomData":
            said.setdefault((data.get("Name") or "").strip(), (data.text or "")[:1000])
    net, tax = values.amount(said.get("合计金额", "")), values.amount(said.get("合计税额", ""))
    total = values.amount(said.get("价税合计", ""))
    if total is None and net is not None and tax is not None:
        total = net + tax
    return InvoiceFields(
        number=values.invoice_number(said.get("发票号码", "")),
        code=values.invoice_code(said.get("发票代码", "")),
        issued_on=values.day(said.get("开票日期", "")),
        check_code=values.check_code(said.get("校验码", "")),
        seller_name=values.name(said.get("销售方名称", "")),
        seller_code=values.taxpayer_code(said.get("销售方纳税人识别号", "")),
        buyer_name=values.name(said.get("购买方名称", "")),
        buyer_code=values.taxpayer_code(said.get("购买方纳税人识别号", "")),
        total_amount=total,
        net_amount=net,
    )


def _names(package: Ofd) -> InvoiceFields:
    """The names of the parties, where a tag points at exactly one text for each."""
    tags = _parts(package, lambda parts: "tags" in parts[:-1])
    pages = _parts(package, lambda parts: parts[-1] == "content.xml" and "pages" in parts)
    texts = dict(_texts(pages))
    seller, buyer = (_tagged(tags, wanted, texts) for wanted in ("SellerName", "BuyerName"))
    return InvoiceFields(seller_name=seller, buyer_name=buyer)


def _texts(pages: Iterable[Element]) -> Iterator[tuple[str, str]]:
    left = MAX_TEXTS
    for page in pages:
        for element in page.iter():
            if local_name(element) == "TextObject" and left > 0:
                left -= 1
                codes = (code.text or "" for code in element if local_name(code) == "TextCode")
                yield element.get("ID") or "", "".join(codes)


def _tagged(tags: Iterable[Element], wanted: str, texts: dict[str, str]) -> str:
    refs = {
        (ref.text or "").strip()
        for tag in tags
        for element in tag.iter()
        if local_name(element) == wanted
        for ref in element
        if local_name(ref) == "ObjectRef"
    }
    return values.name(texts.get(refs.pop(), "")) if len(refs) == 1 else ""


def _is_attached(parts: tuple[str, ...]) -> bool:
    # not the list of what is attached
    in_folder = any(part.startswith("attach") for part in parts[:-1]) and parts[-1] != "attachments.xml"
    return in_folder or parts[-1] == "original_invoice.xml"


def _parts(package: Ofd, wanted: Callable[[tuple[str, ...]], bool]) -> list[Element]:
    """The parts of a kind; those that are no XML are passed over."""
    found = []
    for entry in package.entries(wanted)[:MAX_PARTS]:
        try:
            found.append(package.parse(entry))
        except BrokenMarkup:
            continue
    return found
