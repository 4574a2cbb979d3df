"""All that keeps an order from being claimed, in sentences its people read, all at once."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from institutions.codes import organisation_part
from institutions.models import Consumer, Provider
from orders.models import DocumentKind, Invoice, Order
from orders.statuses import OrderStatus
from programme.models import Payee, ProgrammeParameters
from redemptions.amounts import Plan, covers, served_on
from redemptions.models import ProviderAccount, Redemption
from redemptions.statuses import OPEN_AGAIN, RedemptionStatus
from vouchers.models import Voucher
from workflow.statuses import SubmissionStatus


def obstacles_to_claim(
    order: Order,
    invoices: Sequence[Invoice],
    vouchers: Sequence[Voucher],
    plan: Plan,
    parameters: ProgrammeParameters,
) -> list[str]:
    """Empty where it can be claimed."""
    return [
        *_of_earlier_claim(order),
        *_of_papers(order, invoices),
        *_of_ban(order.consumer),
        *_of_consumer(order.consumer, parameters),
        *_of_provider(order.provider, parameters),
        *_of_both(order),
        *_of_vouchers(order, vouchers, invoices, plan),
    ]


def _of_earlier_claim(order: Order) -> list[str]:
    earlier = Redemption.objects.filter(order=order).first()
    if earlier is None or earlier.status in OPEN_AGAIN:
        return []
    if earlier.status == RedemptionStatus.REFUSED:
        return [_("这份订单的兑付申请 %s 已决定不予兑付，不能再次提交。") % earlier.number]
    return [_("这份订单已提交过兑付申请 %s，不能重复提交。") % earlier.number]


def _of_papers(order: Order, invoices: Sequence[Invoice]) -> list[str]:
    problems = []
    if order.status != OrderStatus.COMPLETED:
        problems.append(
            _("订单现在是“%s”。接券机构完成服务、贵单位确认完成以后，才能申请使用创新券。")
            % order.label_for("consumer")  # type: ignore[arg-type]  # Party is its text
        )
    if not hasattr(order, "evaluation"):
        problems.append(_("还没有评价。请先在订单页面对这次服务作出评价。"))
    if not invoices:
        problems.append(_("还没有发票。请先上传发票。"))
    present = set(order.documents.filter(removed_at=None).values_list("kind", flat=True))
    if DocumentKind.CONTRACT not in present:
        problems.append(_("还没有合同。请先上传合同。"))
    if DocumentKind.REPORT not in present:
        problems.append(_("还没有检测报告或服务成果。请上传报告，或请接券机构上传。"))
    return problems


def _of_ban(consumer: Consumer) -> list[str]:
    if consumer.ban is None:
        return []
    return [_("贵单位的用券资格已暂停，暂停期间不能申请兑付。%s") % consumer.ban.facts]


def _of_consumer(consumer: Consumer, parameters: ProgrammeParameters) -> list[str]:
    if parameters.payee != Payee.CONSUMER:
        return []
    if consumer.status != SubmissionStatus.APPROVED:
        return [
            _(
                "贵单位的机构信息现在是“%s”。兑付款付到机构信息里的对公账户，请先提交并通过审核，再申请使用创新券。"
            )
            % consumer.get_status_display()
        ]
    if problem := consumer.account_problem:
        return [problem]
    return []


def _of_provider(provider: Provider, parameters: ProgrammeParameters) -> list[str]:
    if parameters.payee != Payee.PROVIDER or ProviderAccount.objects.filter(provider=provider).exists():
        return []
    return [
        _("款项付给接券机构，但“%s”还没有填写收款账户。请联系该机构，在其应用中心填写后再提交。") % provider
    ]


def _of_both(order: Order) -> list[str]:
    consumer, provider = order.consumer, order.provider
    if consumer.code and organisation_part(consumer.code) == organisation_part(provider.host_code):
        return [_("贵单位与接券机构是同一家单位（统一社会信用代码相同），不能使用创新券。")]
    return []


def _of_vouchers(
    order: Order, vouchers: Sequence[Voucher], invoices: Sequence[Invoice], plan: Plan
) -> list[str]:
    if not vouchers:
        return [_("没有可以使用的创新券：余额为 0，或兑付期限已过。可在“创新券”页面查看，或申请新的创新券。")]
    day = served_on(order)
    if not any(covers(voucher, day) for voucher in vouchers):
        return [
            _("服务完成日期 %(day)s 不在有余额的创新券的有效期（%(terms)s）内，不能使用。")
            % {"day": day, "terms": _terms(vouchers)}
        ]
    problems = [
        _("发票 %(number)s 的开票日期 %(day)s 不在创新券有效期（%(terms)s）内，请移除这张发票。")
        % {"number": invoice.number, "day": invoice.issued_on, "terms": _terms(vouchers)}
        for invoice in plan.uncovered
    ]
    if invoices and not problems and plan.amount == 0:
        problems.append(_("按发票金额和补助比例算得的可兑付金额为 0 元，请核对发票和订单金额。"))
    return problems


def _terms(vouchers: Sequence[Voucher]) -> str:
    return "，".join(
        _("%(start)s 至 %(end)s") % {"start": voucher.valid_from, "end": voucher.valid_until}
        for voucher in vouchers
    )
