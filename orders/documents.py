"""What belongs to an order and is in use, and what a claim on vouchers still needs."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.models import DocumentKind, Invoice, Order, OrderDocument
from orders.services.documents import may_upload
from orders.statuses import OrderStatus, Party


@dataclass(frozen=True)
class OrderDocuments:
    """Of one order, as one side sees it. ``may_*`` is what that side may put up or change now."""

    invoices: list[Invoice]
    contracts: list[OrderDocument]
    reports: list[OrderDocument]
    missing: list[str | Promise]
    may_invoice: bool
    may_contract: bool
    may_report: bool


def documents_of(order: Order, party: Party) -> OrderDocuments:
    documents = list(order.documents.filter(removed_at=None).select_related("file", "uploaded_by"))
    by_kind = {kind: [one for one in documents if one.kind == kind] for kind in DocumentKind}
    invoices = list(order.invoices.filter(removed_at=None).select_related("file", "uploaded_by"))
    contracts, reports = by_kind[DocumentKind.CONTRACT], by_kind[DocumentKind.REPORT]
    needed: list[tuple[Any, list[Any]]] = [
        (_("发票"), invoices),
        (_("合同"), contracts),
        (_("检测报告"), reports),
    ]
    is_completed = order.status == OrderStatus.COMPLETED
    return OrderDocuments(
        invoices=invoices,
        contracts=contracts,
        reports=reports,
        missing=[name for name, there in needed if not there] if is_completed else [],
        may_invoice=may_upload(order, None, party),
        may_contract=may_upload(order, DocumentKind.CONTRACT, party),
        may_report=may_upload(order, DocumentKind.REPORT, party),
    )
