"""What the two sides do with an order, each a question and one service."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from files.forms import PrivateFileField, UploadFormMixin
from orders.forms.fields import in_our_words
from orders.models import DocumentKind
from orders.services import orders as services
from orders.services.documents import upload_document
from orders.statuses import OrderStatus, Party
from orders.views.base import ActView, OneOrder, ReasonForm
from workflow.statuses import Action


class OrderAct(OneOrder, ActView):
    """``service`` takes the order, the actor, and what the form asks."""

    service: ClassVar[Callable[..., Any]]

    def perform(self, form: Any) -> None:
        type(self).service(order=self.deal, actor=self.actor, **form.cleaned_data)


class AcceptOrderView(OrderAct):
    action = Action.ACCEPT_ORDER
    service = services.accept_order
    title = _("接单")
    text = _("请确认订单内容、单价和总金额与双方商定的一致。接单后订单开始，双方都不能再修改。")
    done = _("已接单，订单进行中。")
    button = _("接单")
    template_name = "orders/accept.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "changes": self.deal.changes,
            "items": self.deal.items.all(),
        }


class RefuseOrderView(OrderAct):
    action = Action.REFUSE_ORDER
    service = services.refuse_order
    title = _("拒绝接单")
    text = _("请说明哪里与商定的不一致。由预约下的订单，对方可以修改后重新下单；补录的订单就此结束。")
    done = _("已拒绝接单，已通知对方。")
    button = _("拒绝接单")
    is_danger = True
    form_class = ReasonForm


class WithdrawOrderView(OrderAct):
    action = Action.WITHDRAW_ORDER
    service = services.withdraw_order
    title = _("撤回订单")
    text = _("撤回后这份订单取消。由预约下的订单，预约仍然有效，可以重新下单。")
    done = _("订单已撤回，已通知对方。")
    button = _("撤回订单")
    is_danger = True
    form_class = ReasonForm


class ProposeCancelView(OrderAct):
    action = Action.PROPOSE_CANCEL
    service = services.propose_cancel
    title = _("提议取消")
    text = _("对方同意后订单才取消，占用的上机时间会空出来。对方答复以前，您可以撤回提议。")
    done = _("已提议取消，等待对方答复。")
    button = _("提议取消")
    is_danger = True
    form_class = ReasonForm


class AgreeCancelView(OrderAct):
    action = Action.AGREE_CANCEL
    service = services.agree_to_cancel
    title = _("同意取消")
    done = _("订单已取消，已通知对方。")
    button = _("同意取消")
    is_danger = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = gettext("同意后订单取消，不能恢复。对方的原因：%s") % self.deal.closing_reason
        return super().get_context_data(**kwargs) | {"text": text}


class DeclineCancelView(OrderAct):
    action = Action.DECLINE_CANCEL
    service = services.decline_to_cancel
    title = _("不同意取消")
    text = _("订单继续进行，对方会看到原因。")
    done = _("已答复不同意取消，订单继续进行。")
    button = _("不同意取消")
    form_class = ReasonForm


class DropCancelView(OrderAct):
    action = Action.DROP_CANCEL
    service = services.drop_cancel
    title = _("撤回取消提议")
    text = _("撤回后订单继续进行。")
    done = _("已撤回取消提议，订单继续进行。")
    button = _("撤回提议")


class DeliverForm(UploadFormMixin, forms.Form):
    """With a note, which a dispute asks for."""

    note = forms.CharField(
        label=_("完成说明"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("可以不填。对方会看到。"),
    )
    report = PrivateFileField(
        label=_("检测报告"),
        required=False,
        help_text=_("可以不传，以后再补。PDF、JPG 或 PNG，不超过 10 MB。"),
    )

    def __init__(self, *args: Any, is_disputed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_disputed:
            note = self.fields["note"]
            note.label, note.required = _("处理说明"), True
            note.help_text = _("针对对方的异议做了什么，如：重测了 2 号样品，重新出具了报告。对方会看到。")
            note.error_messages["required"] = services.NOTE_OF_DISPUTE
        in_our_words(self)


class DeliverView(OrderAct):
    """完成, with the report if there is one: both or neither."""

    action = Action.DELIVER
    title = _("完成服务")
    text = _("服务已经做完才点击“完成”。对方会收到通知，请对方核对并确认。")
    done = _("已完成，已通知对方确认。")
    button = _("完成")
    form_class = DeliverForm

    def get_form_kwargs(self) -> dict[str, Any]:
        is_disputed = self.party == Party.PROVIDER and self.deal.status == OrderStatus.DISPUTED
        return {**super().get_form_kwargs(), "owner": self.actor, "is_disputed": is_disputed}

    def perform(self, form: Any) -> None:
        with transaction.atomic():
            order = services.deliver(order=self.deal, actor=self.actor, note=form.cleaned_data["note"])
            if report := form.cleaned_data["report"]:
                upload_document(order=order, kind=DocumentKind.REPORT, file=report, actor=self.actor)


class ConfirmView(OrderAct):
    action = Action.CONFIRM
    service = services.confirm
    title = _("确认完成")
    text = _("请先核对服务结果和报告。确认后订单完成，不能再提出异议；然后可以评价、上传发票和合同。")
    done = _("已确认完成。请评价这次服务，并上传发票和合同。")
    button = _("确认完成")


class DisputeView(OrderAct):
    action = Action.DISPUTE
    service = services.dispute
    title = _("提出异议")
    text = _("请说明服务结果有什么问题。接券机构处理后会再次点击“完成”；协商不成的，运营部门会介入调解。")
    done = _("已提出异议，已通知对方。")
    button = _("提出异议")
    is_danger = True
    form_class = ReasonForm
