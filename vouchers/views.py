"""创新券 in the application centre: a consumer's own vouchers, and its applications for them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from accounts.centre import ConsumerRequiredMixin
from accounts.exceptions import DomainError
from accounts.money import format_yuan
from accounts.paging import clamped_page
from institutions.services import consumer_of
from vouchers import application_services, permissions, services
from vouchers.eligibility import standing_of
from vouchers.forms import ApplicationForm, ProjectsForm, ReturnForm, StatementsForm, revenue_warning
from vouchers.models import Voucher
from vouchers.models.applications import VoucherApplication
from vouchers.selectors import is_usable, voucher_lines, vouchers_page
from workflow.centre import (
    ConfirmedView,
    RecordView,
    Step,
    StepView,
    SubmissionFlow,
    SubmitView,
    WithdrawView,
)
from workflow.differences import changed_values, plain_values
from workflow.forms import StepForm
from workflow.statuses import SubmissionStatus

ENTRIES_PAGE = 50


class VouchersMixin(ConsumerRequiredMixin):
    menu_key = "vouchers"


class VouchersView(VouchersMixin, TemplateView):
    """The account's vouchers and applications, and what it can do next."""

    template_name = "vouchers/centre/vouchers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        consumer = consumer_of(self.actor)
        page = vouchers_page(consumer)
        own = page["open_application"]
        standing = standing_of(consumer, besides=own)
        pending = own.applied_amount if own and own.status == SubmissionStatus.PENDING else None
        return super().get_context_data(
            consumer=consumer,
            standing=standing,
            left_amount=max(standing.left_amount - (pending or 0), Decimal(0)),
            **page,
            **kwargs,
        )


class OneVoucher(VouchersMixin):
    """A view of one voucher of the account's own; another's is a 404."""

    kwargs: dict[str, Any]

    @cached_property
    def voucher(self) -> Voucher:
        own = Voucher.objects.visible_to(self.actor).select_related("consumer", "grant__application")
        return get_object_or_404(own, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(voucher=self.voucher, **kwargs)


class VoucherView(OneVoucher, TemplateView):
    """One voucher: what is left of it, until when, and all that has moved."""

    template_name = "vouchers/centre/voucher.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = clamped_page(self.voucher.entries.order_by("-pk"), self.request.GET.get("page"), ENTRIES_PAGE)
        return super().get_context_data(
            page_obj=page,
            lines=voucher_lines(page.object_list, self.actor),
            may_return=is_usable(self.voucher) and self.voucher.reserved_amount == 0,
            **kwargs,
        )


class ReturnView(OneVoucher, FormView):
    """退券, asked before it is done: 确定 posts with ``confirmed``, and with the last entry that the question was put on."""

    form_class = ReturnForm
    template_name = "vouchers/centre/return.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "voucher": self.voucher}

    def form_valid(self, form: ReturnForm) -> HttpResponse:
        amount = form.cleaned_data["amount"]
        if "confirmed" not in self.request.POST:
            last_entry = self.voucher.entries.latest("pk").pk
            return self.render_to_response(
                self.get_context_data(form=form, asked=amount, last_entry=last_entry)
            )
        try:
            services.return_voucher(
                voucher=self.voucher,
                actor=self.actor,
                amount=amount,
                reason=form.cleaned_data["reason"],
                last_entry=form.cleaned_data["last_entry"] or 0,
            )
        except DomainError as error:
            del self.voucher  # the page shows it as it is now
            form = self.get_form()
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("已退回 %s 元。") % format_yuan(amount))
        return redirect("vouchers:voucher", self.voucher.pk)


class ApplicationFlow(VouchersMixin, SubmissionFlow):
    namespace = "vouchers"
    base_steps = (
        Step("basics", gettext_lazy("申请信息"), ApplicationForm, "vouchers/centre/step_basics.html"),
        Step("projects", gettext_lazy("创新项目"), ProjectsForm, "vouchers/centre/step_projects.html"),
        Step("statements", gettext_lazy("财务报表"), StatementsForm, "vouchers/centre/step_statements.html"),
    )

    @cached_property
    def steps(self) -> Sequence[Step]:
        """Projects are asked of those who say that they have any."""
        has_projects = cast(VoucherApplication, self.record).has_projects
        return [step for step in self.base_steps if has_projects or step.slug != "projects"]

    def get_record(self) -> VoucherApplication:
        own = VoucherApplication.objects.visible_to(self.actor)
        related = ("consumer__account", "grant__voucher", "statement", "earlier_statement")
        return get_object_or_404(own.select_related(*related), pk=self.kwargs["pk"])

    def problem_address(self, name: str) -> str:
        return reverse("institutions:overview") if name == "consumer" else super().problem_address(name)

    def withdraw_text(self) -> str:
        return (
            _("撤回后，“%s”会退出审核，状态变为“未提交”。修改完成后必须重新提交，重新等待审核。")
            % self.record
        )


class ApplicationView(ApplicationFlow, RecordView):
    template_name = "vouchers/centre/application.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        application = cast(VoucherApplication, self.record)
        may_drop = permissions.may_drop(self.actor, application)
        warning = revenue_warning(application.last_year_revenue_amount, application.consumer)
        return super().get_context_data(
            warnings=[warning] if warning and application.is_editable else [],
            delete_url=self.address("delete") if may_drop else "",
            **kwargs,
        )


class ApplicationStepView(ApplicationFlow, StepView):
    extra_required = ("has_projects", "projects")

    def store(self, record: Any, version: int) -> None:
        application_services.save_application(application=record, actor=self.actor, version=version)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            institution_rows=cast(VoucherApplication, self.record).institution_rows(), **kwargs
        )


class ApplyView(ApplicationStepView):
    """申请创新券: the first step of an application that its first save stores, or why there can be none now."""

    refused = False

    def get_template_names(self) -> list[str]:
        return ["vouchers/centre/cannot_apply.html"] if self.refused else super().get_template_names()

    @cached_property
    def step(self) -> Step:
        return self.base_steps[0]

    def get_record(self) -> VoucherApplication:
        return application_services.open_application_of(consumer_of(self.actor))

    def save(self, form: StepForm) -> bool:
        """An application with nothing of its applicant's in it is not stored."""
        new = form.instance.pk is None
        if new and not changed_values(plain_values(self.get_record()), plain_values(form.instance)):
            form.add_error(None, _("还没有填写任何内容。请先填写申请额度、申请理由等，再保存或进入下一步。"))
            return False
        return super().save(form)

    def step_address(self, step: Step) -> str:
        return super().step_address(step) if self.record.pk else reverse("vouchers:apply")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.record.pk is not None:
            return redirect(self.record.get_centre_url())
        standing = cast(VoucherApplication, self.record).standing
        if standing.reasons_to_wait:
            self.refused = True
            return self.render_to_response(self.get_context_data(standing=standing))
        return super().get(request, *args, **kwargs)


class ApplicationSubmitView(ApplicationFlow, SubmitView):
    title = gettext_lazy("提交创新券申请")


class ApplicationWithdrawView(ApplicationFlow, WithdrawView):
    pass


class ApplicationDeleteView(ApplicationFlow, ConfirmedView):
    title = gettext_lazy("删除申请")
    is_danger = True

    def get_text(self) -> str:
        return _("确定删除这份申请吗？已填写的内容会一并删除，不能恢复。")

    def perform(self) -> HttpResponse:
        application_services.drop_application(
            application=cast(VoucherApplication, self.record), actor=self.actor
        )
        messages.success(self.request, _("已删除申请。"))
        return redirect("vouchers:list")
