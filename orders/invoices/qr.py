"""The QR code printed on Chinese e-invoices: comma-separated text, ``01,type,code,number,amount,day,check code,crc``.

The amount is without tax on the kinds before 数电票, and with tax (价税合计) on 数电票. Of other types, printed by
railways and airlines, that is not published: their amount is passed on as unclear.
"""

from orders.invoices import values
from orders.invoices.checks import half_width
from orders.invoices.fields import InvoiceFields

VERSION = "01"
# 数电票: special (增值税专用发票) and ordinary (普通发票)
DIGITAL = frozenset({"31", "32"})
# special, ordinary, electronic special, electronic ordinary, roll, road toll
WITHOUT_TAX = frozenset({"01", "04", "08", "10", "11", "14"})
PARTS = range(6, 11)


def read_code(text: str) -> InvoiceFields | None:
    """What the text of a QR code says of an invoice; None for any other code."""
    parts = [part.strip() for part in half_width(text).strip().split(",")]
    if len(parts) not in PARTS or parts[0] != VERSION:
        return None
    kind, code, number, amount, day = parts[1:6]
    number, known_code = values.invoice_number(number), values.invoice_code(code)
    # a code that is none, or the short number without one: something else that has commas
    if not number or (code and not known_code) or (len(number) == 8 and not code):
        return None
    yuan = values.amount(amount)
    is_total = kind in DIGITAL and len(number) == 20
    is_net = kind in WITHOUT_TAX and len(number) == 8
    return InvoiceFields(
        number=number,
        code=known_code,
        issued_on=values.day(day),
        check_code=values.check_code(parts[6]) if len(parts) > 6 else "",
        total_amount=yuan if is_total else None,
        net_amount=yuan if is_net else None,
        unclear_amount=None if is_total or is_net else yuan,
    )
