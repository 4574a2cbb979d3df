"""Papers that were used before: an invoice by its number, a scan by its look."""

from django.utils.translation import gettext as _

from accounts.money import format_yuan
from institutions.codes import organisation_part
from orders.models import Invoice, Order, OrderDocument
from redemptions.checks.base import MOST_LINKS, Case, Finding
from redemptions.checks.scans import remember, similar_to

# Of many copies the first are told, and their number.
MOST_TOLD = 4


def invoice_numbers(case: Case) -> Finding:
    """No other order has, or had, an invoice of that number by the same seller, or of the same amount and day by whomever."""
    mine = {invoice.number: invoice for invoice in case.invoices}
    rows = Invoice.objects.filter(number__in=mine).exclude(order=case.order.pk)
    found = []
    for other in rows.select_related("order").order_by("pk"):
        one = mine[other.number]
        by_seller = organisation_part(one.seller_code) == organisation_part(other.seller_code)
        if by_seller or (one.amount, one.issued_on) == (other.amount, other.issued_on):
            found.append(other)
    if not found:
        return Finding(True, _("%d 张发票的号码都没有在别的订单出现过，含已移除的。") % len(mine))
    told = "；".join(
        _("发票 %(number)s 也在订单 %(order)s 中：%(seller)s，%(day)s，%(amount)s 元%(removed)s")
        % {
            "number": one.number,
            "order": one.order.number,
            "seller": one.seller_name,
            "day": one.issued_on,
            "amount": format_yuan(one.amount),
            "removed": _("，已移除") if one.removed_at else "",
        }
        for one in found[:MOST_LINKS]
    )
    return Finding(False, told + "。", [one.order for one in found[:MOST_LINKS]])


def scans(case: Case) -> Finding:
    """No paper of another order is the same file, or looks the same. Blank pages and written PDFs have no look."""
    hashes = remember(case.scans)
    mine = list(hashes.values())
    similar = similar_to(mine)
    names = {file.pk: file.name for file in case.scans}
    found: dict[int, str] = {}
    orders: dict[int, Order] = {}
    for model in (Invoice, OrderDocument):
        rows = model._default_manager.filter(file__in=[*similar, *hashes]).exclude(order=case.order.pk)
        for row in rows.select_related("order", "file").order_by("pk")[: MOST_LINKS * 10]:
            one, apart = similar.get(row.file_id, (None, 0))
            name = names[one.pk if one else row.file_id]
            orders[row.order.pk] = row.order
            found[row.file_id] = (
                _("“%(mine)s”与订单 %(order)s 的“%(other)s”是同一文件")
                if apart == 0
                else _("“%(mine)s”与订单 %(order)s 的“%(other)s”图像相近，64 位特征相差 %(apart)d 位")
            ) % {"mine": name, "order": row.order.number, "other": row.file.name, "apart": apart}
    if found:
        told = "；".join(list(found.values())[:MOST_TOLD])
        if len(found) > MOST_TOLD:
            told += _("；等 %d 处") % len(found)
        return Finding(False, told + "。", list(orders.values())[:MOST_LINKS])
    seen = sum(1 for one in mine if one.bits is not None)
    return Finding(
        True,
        _("%(count)d 份材料（其中扫描件 %(seen)d 份）没有在别的订单出现过，也没有图像相近的。")
        % {"count": len(mine), "seen": seen},
    )
