"""What staff do with one line of a batch, with an objection, or with what was paid, in the Wagtail admin."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.money import NOTHING, format_yuan
from redemptions import permissions
from redemptions.admin_batch_views import BatchActView, StepForm
from redemptions.forms_payout import AnswerForm, ClawBackForm, InspectionForm, ReasonForm
from redemptions.models import ClawBack, Objection, PayoutLine, Redemption
from redemptions.services import batches, clawbacks
from redemptions.services.objections import answer_objection


class LineActView(BatchActView):
    @cached_property
    def line(self) -> PayoutLine:
        related = ("batch", "redemption__consumer", "redemption__provider", "redemption__order")
        return get_object_or_404(PayoutLine.objects.select_related(*related), pk=self.kwargs["pk"])

    @cached_property
    def record(self) -> Any:
        return self.line.batch

    def facts(self) -> list[tuple[str, Any]]:
        return facts_of(self.line.redemption, self.line.reference)


class InspectView(LineActView):
    page_title = gettext_lazy("抽查")
    form_class = InspectionForm
    button = gettext_lazy("提交抽查结果")

    def is_allowed(self) -> bool:
        return permissions.may_check(self.actor) or permissions.may_decide(self.actor)

    def act(self, form: InspectionForm) -> str:
        batches.inspect_line(line=self.line, actor=self.actor, **form.cleaned_data)
        return _("已记录 %s 的抽查结果。") % self.line.reference


class LeaveView(LineActView):
    page_title = gettext_lazy("移出批次")
    form_class = ReasonForm
    button = gettext_lazy("确认移出")
    is_danger = True

    def asked(self) -> str:
        return _("移出后，这笔兑付可以编入以后的批次；已经公示的，须重新公示。")

    def act(self, form: ReasonForm) -> str:
        batches.leave_batch(line=self.line, actor=self.actor, **form.cleaned_data)
        return _("已移出 %s。") % self.line.reference


class AnswerObjectionView(BatchActView):
    page_title = gettext_lazy("处理公示异议")
    form_class = AnswerForm
    button = gettext_lazy("提交处理结果")

    @cached_property
    def objection(self) -> Objection:
        related = (
            "line__batch",
            "line__redemption__consumer",
            "line__redemption__provider",
            "line__redemption__order",
        )
        return get_object_or_404(Objection.objects.select_related(*related), pk=self.kwargs["pk"])

    @cached_property
    def record(self) -> Any:
        return self.objection.line.batch

    def is_allowed(self) -> bool:
        return permissions.may_decide(self.actor)

    def problem(self) -> str:
        return "" if self.objection.is_upheld is None else _("这份异议已经处理过了。")

    def facts(self) -> list[tuple[str, Any]]:
        one = self.objection
        return [
            *facts_of(one.line.redemption, one.line.reference),
            (_("异议内容"), one.text),
            (_("姓名或单位"), one.name),
            (_("联系方式"), one.contact),
        ]

    def act(self, form: AnswerForm) -> str:
        verdict = form.cleaned_data["verdict"]
        answer_objection(
            objection=self.objection,
            actor=self.actor,
            upheld=verdict != "no",
            refuse=verdict == "refuse",
            answer=form.cleaned_data["answer"],
        )
        return _("已处理这份异议。请按对方留下的联系方式答复。")


class ClawBackView(BatchActView):
    """Propose to take back what was paid; it is carried out on the next page, by somebody else."""

    page_title = gettext_lazy("追回已拨付的资金")
    form_class = ClawBackForm
    button = gettext_lazy("提出追回")
    is_danger = True

    @cached_property
    def redemption(self) -> Redemption:
        rows = Redemption.objects.select_related("consumer", "provider", "order")
        return get_object_or_404(rows.filter(payouts__status="paid"), pk=self.kwargs["pk"])

    @cached_property
    def record(self) -> Any:
        return self.redemption.payouts.select_related("batch").get(status="paid").batch

    def is_allowed(self) -> bool:
        return permissions.may_pay(self.actor) or permissions.may_decide(self.actor)

    def asked(self) -> str:
        most = sum(clawbacks.paid_by_voucher(self.redemption).values(), NOTHING)
        return _("最多可追回 %s 元。提出后由另一位兑付管理人员在款项到账后确认，资金退回资金池。") % (
            format_yuan(most)
        )

    def facts(self) -> list[tuple[str, Any]]:
        return facts_of(self.redemption, "")

    def act(self, form: ClawBackForm) -> str:
        clawbacks.propose_claw_back(redemption=self.redemption, actor=self.actor, **form.cleaned_data)
        return _("已提出追回，等待另一位兑付管理人员确认。")


class ConfirmClawBackView(BatchActView):
    page_title = gettext_lazy("确认追回")
    form_class = StepForm
    button = gettext_lazy("款项已到账，确认追回")
    template_name = "redemptions/admin/claw_back.html"
    is_danger = True

    @cached_property
    def claw_back(self) -> ClawBack:
        related = (
            "redemption__consumer",
            "redemption__provider",
            "redemption__order",
            "proposed_by",
        )
        return get_object_or_404(ClawBack.objects.select_related(*related), pk=self.kwargs["pk"])

    @cached_property
    def record(self) -> Any:
        return self.claw_back.redemption.payouts.select_related("batch").get(status="paid").batch

    def problem(self) -> str:
        return _("这笔追回已经处理过了。") if self.claw_back.closed_at else ""

    def asked(self) -> str:
        return _("确定追回 %s 元吗？金额退回资金池，用券机构会收到通知，不能撤销。") % format_yuan(
            self.claw_back.amount
        )

    def facts(self) -> list[tuple[str, Any]]:
        one = self.claw_back
        return [
            *facts_of(one.redemption, ""),
            (_("追回原因"), one.reason),
            (_("提出人"), one.proposed_by and one.proposed_by.get_full_name()),
        ]

    def act(self, form: StepForm) -> str:
        if "drop" in self.request.POST:
            clawbacks.drop_claw_back(claw_back=self.claw_back, actor=self.actor)
            return _("已撤销，没有追回。")
        clawbacks.claw_back_redemption(claw_back=self.claw_back, actor=self.actor)
        return _("已追回 %s 元。") % format_yuan(self.claw_back.amount)


def facts_of(redemption: Redemption, reference: str) -> list[tuple[str, Any]]:
    facts = [(_("拨付编号"), reference)] if reference else []
    return [
        *facts,
        (_("兑付编号"), redemption.number),
        (_("用券机构"), redemption.consumer),
        (_("接券机构"), redemption.provider),
        (_("服务"), redemption.order.offer_name),
        (_("核定金额（元）"), format_yuan(redemption.amount)),
    ]
