"""What payers do with batches in the Wagtail admin: make, publish, close, export, download, import. Each is asked for once more."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.exceptions import DomainError
from accounts.models import User
from accounts.money import NOTHING, format_yuan
from orders.admin_views import StaffActView
from redemptions import payout_files, permissions
from redemptions.exceptions import FileProblems
from redemptions.forms_payout import ResultForm
from redemptions.models import BankResult, PayoutBatch, PayoutLine
from redemptions.services import batches
from redemptions.services.exports import download_batch, export_batch
from redemptions.services.results import apply_result, import_result
from redemptions.statuses import LineStatus

BATCHES = "redemptions_payoutbatch_modeladmin"


class MakeBatchView(WagtailAdminTemplateMixin, TemplateView):
    """Choose from what is ready, see what it comes to, and confirm."""

    template_name = "redemptions/admin/make_batch.html"
    page_title = gettext_lazy("编制拨付批次")
    header_icon = "plus"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not permissions.may_pay(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def ready(self) -> list[Any]:
        return list(batches.ready_for_batch().select_related("consumer", "provider", "order"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        keys = set(request.POST.getlist("redemption"))
        chosen = [one for one in self.ready if str(one.pk) in keys]
        if not chosen:
            error = _("请至少选择一笔兑付申请。")
            return self.render_to_response(self.get_context_data(error=error), status=422)
        if "confirmed" not in request.POST:
            return self.render_to_response(self.get_context_data(chosen=chosen))
        try:
            if len(chosen) != len(keys):
                batches.make_batch(
                    actor=cast(User, request.user), redemptions=chosen, expected_amount=Decimal(-1)
                )
            batch = batches.make_batch(
                actor=cast(User, request.user),
                redemptions=chosen,
                expected_amount=_amount(request.POST.get("expected_amount", "")),
            )
        except DomainError as error:
            self.__dict__.pop("ready", None)
            return self.render_to_response(self.get_context_data(error=str(error)), status=422)
        messages.success(
            request,
            _("已编制%(batch)s：抽查 %(drawn)d 笔。")
            % {"batch": batch, "drawn": batch.payouts.filter(is_drawn=True).count()},
        )
        return redirect(f"{BATCHES}_inspect", batch.pk)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(f"{BATCHES}_index"), "label": _("拨付批次")},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = kwargs.get("chosen")
        rows = self.ready if chosen is None else chosen
        return super().get_context_data(
            ready=self.ready,
            total=sum((one.amount for one in rows), NOTHING),
            cancel_url=reverse(f"{BATCHES}_index"),
            **kwargs,
        )


class BatchActView(StaffActView):
    """A form about a batch, or about something in it, that leads back to the batch."""

    ledger = BATCHES
    ledger_label = gettext_lazy("拨付批次")
    template_name = "redemptions/admin/act.html"
    header_icon = "list-ol"
    button: ClassVar[Any] = gettext_lazy("确定")
    is_danger: ClassVar[bool] = False

    @cached_property
    def record(self) -> PayoutBatch:
        return get_object_or_404(PayoutBatch.objects.select_related("parameters"), pk=self.kwargs["pk"])

    def is_allowed(self) -> bool:
        return permissions.may_pay(self.actor)

    def problem(self) -> str:
        return ""

    def asked(self) -> str:
        """What is about to be done, with sums; above the form."""
        return ""

    def facts(self) -> list[tuple[str, Any]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            asked=self.asked(),
            facts=self.facts(),
            button=self.button,
            is_danger=self.is_danger,
            **kwargs,
        )


class StepForm(forms.Form):
    """Nothing to fill in."""


class StepView(BatchActView):
    """公示, 结束公示 and 导出: a question with the sums, and then it is done."""

    form_class = StepForm
    steps: ClassVar[dict[str, tuple[Any, Any, Callable[..., PayoutBatch], Any]]] = {
        "publish": (
            gettext_lazy("开始公示"),
            gettext_lazy("确定公示这个批次吗？公示 %(days)d 天，公示后明细不能增加。"),
            batches.publish_batch,
            gettext_lazy("已办理：批次现在是“%s”。"),
        ),
        "close": (
            gettext_lazy("结束公示"),
            gettext_lazy("确定结束公示吗？结束后可以导出拨付清单。"),
            batches.close_publicity,
            gettext_lazy("已办理：批次现在是“%s”。"),
        ),
        "export": (
            gettext_lazy("导出拨付清单"),
            gettext_lazy("确定导出吗？清单从此固定，不能再移出明细、更正账户；请下载后交银行拨付。"),
            export_batch,
            gettext_lazy("已导出：批次现在是“%s”。请下载清单。"),
        ),
    }

    @property
    def step(self) -> tuple[Any, Any, Callable[..., PayoutBatch], Any]:
        try:
            return self.steps[self.kwargs["step"]]
        except KeyError:
            raise Http404 from None

    def is_allowed(self) -> bool:
        return bool(self.step) and super().is_allowed()

    @property
    def page_title(self) -> Any:
        return self.step[0]

    @property
    def button(self) -> Any:
        return self.step[0]

    def asked(self) -> str:
        waiting = self.record.payouts.filter(status=LineStatus.WAITING)
        amounts = waiting.values_list("amount", flat=True)
        days = self.record.parameters.publicity_days
        question = str(self.step[1]) % {"days": days}
        if self.kwargs["step"] == "publish" and not (days and waiting.filter(is_public=True).exists()):
            question = _("这个批次不需要公示，办理后就可以导出拨付清单，明细不能增加。确定吗？")
        return _("%(batch)s：%(count)d 笔，合计 %(total)s 元。%(question)s") % {
            "batch": self.record,
            "count": len(amounts),
            "total": format_yuan(sum(amounts, NOTHING)),
            "question": question,
        }

    def act(self, form: Any) -> str:
        batch = self.step[2](batch=self.record, actor=self.actor)
        return str(self.step[3]) % batch.get_status_display()

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            sentence = self.act(form)
        except FileProblems as error:
            for problem in error.problems:
                form.add_error(None, problem)
            return self.form_invalid(form)
        except DomainError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, sentence)
        return redirect(self.record_url)


class DownloadView(View):
    """By POST: each is in the audit trail."""

    files: ClassVar[dict[str, tuple[str, Callable[..., HttpResponseBase]]]] = {
        "xlsx": ("xlsx", payout_files.treasury_workbook),
        "csv": ("csv", payout_files.treasury_csv),
        "template": ("xlsx", payout_files.result_template),
    }
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
        if not permissions.may_pay(request.user):
            raise PermissionDenied
        batch = get_object_or_404(PayoutBatch, pk=pk)
        if kind not in self.files:
            raise Http404
        extension, write = self.files[kind]
        try:
            lines: Any = download_batch(
                batch=batch,
                actor=cast(User, request.user),
                file_name=f"{payout_files.file_name(batch)}.{extension} ({kind})",
            )
        except DomainError as error:
            messages.error(request, str(error))
            return redirect(f"{BATCHES}_inspect", pk)
        return write(batch, cast("list[PayoutLine]", lines))


class ImportResultView(BatchActView):
    """Everything wrong with the file is said at once, by row, and then nothing has changed."""

    template_name = "redemptions/admin/import_result.html"
    form_class = ResultForm
    page_title = gettext_lazy("导入银行结果")
    header_icon = "upload"

    def problem(self) -> str:
        if self.record.exported_at is not None:
            return ""
        return _("%s还没有导出拨付清单，不能导入银行结果。") % self.record

    def form_valid(self, form: ResultForm) -> HttpResponse:  # type: ignore[override]  # of its own form
        try:
            sentence = self.act(form)
        except FileProblems as error:
            return self.render_to_response(
                self.get_context_data(form=form, problems=error.problems), status=422
            )
        except DomainError as error:
            return self.render_to_response(
                self.get_context_data(form=form, problems=[str(error)]), status=422
            )
        messages.success(self.request, sentence)
        return redirect(self.record_url)

    def act(self, form: ResultForm) -> str:
        file = form.cleaned_data["file"]
        _result, applied = import_result(
            batch=self.record, actor=self.actor, name=file.name, content=form.content()
        )
        if applied.problems:
            return _("已导入，但有 %(count)d 笔没有记账，请处理后点“继续处理”。%(applied)s") % {
                "count": len(applied.problems),
                "applied": applied,
            }
        return _("已导入。%s") % applied


class ResumeResultView(View):
    """继续处理 a file whose import was interrupted."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not permissions.may_pay(request.user):
            raise PermissionDenied
        result = get_object_or_404(BankResult.objects.select_related("batch"), pk=pk)
        try:
            applied = apply_result(result=result, actor=cast(User, request.user))
        except DomainError as error:
            messages.error(request, str(error))
        else:
            told = messages.warning if applied.problems else messages.success
            told(request, _("已处理。%s") % applied)
        return redirect(f"{BATCHES}_inspect", result.batch_id)


def _amount(text: str) -> Decimal:
    """What the page had said; of anything else, an amount that nothing comes to."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(-1)
