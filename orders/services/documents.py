"""Contract, report and invoices of an order: uploaded, replaced, taken away. What was replaced stays in the files.

Every verb raises OrderError with a sentence and then has changed nothing.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from files.models import PrivateFile
from institutions.codes import normalise_code, organisation_part
from orders.exceptions import OrderError
from orders.models import DocumentKind, Invoice, Order, OrderDocument
from orders.moves import named, other, tell
from orders.permissions import party_of
from orders.statuses import OrderStatus, Party
from workflow.audit import record_step
from workflow.statuses import Action

MOST_INVOICES = 20
MOST_DOCUMENTS = 20
# Work that has been delivered has a report; a contract and invoices are asked for once it is confirmed.
REPORTABLE = frozenset(
    {OrderStatus.ACTIVE, OrderStatus.DELIVERED, OrderStatus.DISPUTED, OrderStatus.COMPLETED}
)


def may_upload(order: Order, kind: DocumentKind | None, party: Party | None) -> bool:
    """Whether that side may put up a document of that kind (None: an invoice), or replace one, now: not once it is claimed."""
    if order.claimed_at is not None:
        return False
    if kind == DocumentKind.REPORT:
        return party in {Party.CONSUMER, Party.PROVIDER} and order.status in REPORTABLE
    return party == Party.CONSUMER and order.status == OrderStatus.COMPLETED


def upload_document(
    *,
    order: Order,
    kind: DocumentKind,
    file: PrivateFile,
    actor: User,
    replaces: OrderDocument | None = None,
) -> OrderDocument:
    """上传合同, or a report; in place of one there was, or beside it."""
    require(file.owner_id == actor.pk, OrderError(_("只能使用自己上传的文件。")))
    require(
        replaces is None or (replaces.order_id, replaces.kind) == (order.pk, kind),
        OrderError(_("要替换的文件不属于这份订单，或不是同一类文件。")),
    )
    with transaction.atomic():
        order, party = _open(order, kind, actor)
        in_use = order.documents.filter(removed_at=None).count()
        require(
            replaces is not None or in_use < MOST_DOCUMENTS,
            OrderError(
                _("一份订单最多 %d 份合同和报告，请先移除多余的文件，或合并后上传。") % MOST_DOCUMENTS
            ),
        )
        if replaces is not None:
            _retire(replaces, party=party)
        document = OrderDocument.objects.create(
            order=order, kind=kind, file=file, party=party, uploaded_by=actor
        )
        _record(order, actor, replaces, f"{kind.label}：{file}")
        _tell_other(order, party, _("对方上传了%(kind)s：%(file)s") % {"kind": kind.label, "file": file})
    return document


def remove_document(*, document: OrderDocument, actor: User) -> None:
    """Take away what one's own side has uploaded."""
    with transaction.atomic():
        order, party = _open(document.order, DocumentKind(document.kind), actor)
        _retire(document, party=party)
        record_step(
            record=order,
            actor=actor,
            action=Action.DELETE,
            reason=f"{document.get_kind_display()}：{document}",
        )


def upload_invoice(
    *, order: Order, invoice: Invoice, actor: User, replaces: Invoice | None = None
) -> Invoice:
    """上传发票. Seller must be the provider, buyer the consumer; one number of a seller is used once in the whole system.

    ``invoice`` has its fields and file and is not stored yet. Amounts in yuan, with tax.
    """
    require(invoice.file.owner_id == actor.pk, OrderError(_("只能使用自己上传的文件。")))
    require(replaces is None or replaces.order_id == order.pk, OrderError(_("要替换的发票不属于这份订单。")))
    problems = invoice_problems(order, invoice)
    require(not problems, OrderError("".join(problems.values())))
    with transaction.atomic():
        order, party = _open(order, None, actor)
        in_use = order.invoices.filter(removed_at=None).count()
        require(
            replaces is not None or in_use < MOST_INVOICES,
            OrderError(_("一份订单最多 %d 张发票，请先移除多余的发票。") % MOST_INVOICES),
        )
        invoice.number = invoice.number.strip()
        require(not _is_used(invoice, replaces), OrderError(_used_sentence(invoice)))
        if replaces is not None:
            _retire(replaces)
        invoice.order, invoice.uploaded_by = order, actor
        invoice.seller_code, invoice.buyer_code = map(
            normalise_code, (invoice.seller_code, invoice.buyer_code)
        )
        try:
            with transaction.atomic():
                invoice.save(force_insert=True)
        except IntegrityError as error:
            raise OrderError(_used_sentence(invoice)) from error
        _record(order, actor, replaces, _("发票 %s") % invoice.number)
        _tell_other(order, party, _("用券机构上传了发票 %s，请核对是否为贵单位开具。") % invoice.number)
    return invoice


def remove_invoice(*, invoice: Invoice, actor: User) -> None:
    """Take an invoice away; its number may be used again."""
    with transaction.atomic():
        order, _party = _open(invoice.order, None, actor)
        _retire(invoice)
        record_step(record=order, actor=actor, action=Action.DELETE, reason=_("发票 %s") % invoice.number)


def invoice_problems(order: Order, invoice: Invoice) -> dict[str, str]:
    """What keeps it from being the invoice of this order, by field; empty where nothing does."""
    problems = {}
    today = timezone.localdate()
    provider, consumer = order.provider, order.consumer
    if invoice.issued_on > today:
        problems["issued_on"] = _("开票日期不能晚于今天，请对照发票核对。")
    if invoice.amount <= 0:
        problems["amount"] = _("金额应大于 0 元，请对照发票核对。")
    if normalise_code(invoice.seller_code) != provider.host_code:
        problems["seller_code"] = _(
            "销售方应是本订单的接券机构“%(name)s”（%(code)s），请核对发票，或请接券机构重新开具。"
        ) % {"name": provider.host_name, "code": provider.host_code}
    if normalise_code(invoice.buyer_code) != consumer.code:
        problems["buyer_code"] = _(
            "购买方应是贵单位“%(name)s”（%(code)s），请核对发票，或请接券机构重新开具。"
        ) % {"name": consumer.name, "code": consumer.code}
    return problems


def _open(order: Order, kind: DocumentKind | None, actor: User) -> tuple[Order, Party]:
    """The order locked, with the actor's side, where it may change documents of that kind now."""
    locked: Order = Order.objects.locked(order.pk)
    party = party_of(actor, locked)
    require(
        locked.claimed_at is None,
        OrderError(
            _("%s已申请使用创新券，材料不能再改动。需要更正的，请用券机构先撤回兑付申请。") % named(locked)
        ),
    )
    require(
        may_upload(locked, kind, party),
        OrderError(
            _("%(order)s现在是“%(status)s”，不能由您上传或替换%(what)s。")
            % {
                "order": named(locked),
                "status": locked.label_for(party or Party.STAFF),
                "what": kind.label if kind else _("发票"),
            }
        ),
    )
    assert party is not None  # noqa: S101 - may_upload has settled it
    return locked, party


def _retire(row: OrderDocument | Invoice, **conditions: Party) -> None:
    """Once, and on the conditions."""
    rows = type(row)._default_manager.filter(pk=row.pk, removed_at=None, **conditions)
    require(
        rows.update(removed_at=timezone.now()) == 1,
        OrderError(_("“%s”已被替换或移除，或由对方上传，请刷新页面。") % row),
    )


def _used_sentence(invoice: Invoice) -> str:
    return _("发票 %s 已在本平台使用过，同一张发票不能重复使用。请核对发票号码。") % invoice.number


def _is_used(invoice: Invoice, replaces: Invoice | None) -> bool:
    """Also where the seller stands there by the other of its two codes; the constraint knows the text alone."""
    others = Invoice.objects.filter(number=invoice.number, removed_at=None)
    if replaces is not None:
        others = others.exclude(pk=replaces.pk)
    seller = organisation_part(invoice.seller_code)
    return any(organisation_part(code) == seller for code in others.values_list("seller_code", flat=True))


def _tell_other(order: Order, party: Party, what: str) -> None:
    tell(order, other(party), _("订单材料有更新：%s") % order.offer_name, what)


def _record(order: Order, actor: User, replaces: OrderDocument | Invoice | None, what: str) -> None:
    record_step(record=order, actor=actor, action=Action.REPLACE if replaces else Action.UPLOAD, reason=what)
