"""机构信息 in the application centre: an account's own institution, one address for both kinds."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import TemplateView

from accounts.centre import ConsumerRequiredMixin, ProviderRequiredMixin
from accounts.models import AccountKind
from institutions import services
from institutions.forms import BasicsForm, ContactsForm, FinanceForm, HostForm, TestingBodyForm
from institutions.models import Consumer, Provider
from workflow.centre import RecordView, Step, StepView, SubmissionFlow, SubmitView, WithdrawView
from workflow.differences import FieldRow
from workflow.models import Submission
from workflow.statuses import SubmissionStatus


class OwnInstitution(SubmissionFlow):
    """One institution an account: its address needs no number."""

    namespace = "institutions"
    menu_key = "institution"

    def record_kwargs(self, record: Submission) -> dict[str, Any]:
        return {}


class ProviderFlow(ProviderRequiredMixin, OwnInstitution):
    base_steps = (
        Step("host", gettext_lazy("依托单位信息"), HostForm, "institutions/step_host.html"),
        Step("body", gettext_lazy("检测机构信息"), TestingBodyForm, "institutions/step_body.html"),
    )

    def get_record(self) -> Provider:
        return services.provider_of(self.actor)

    def withdraw_text(self) -> str:
        return super().withdraw_text() + _("在此期间，本机构的仪器也不再公开。")


class ProviderOverview(ProviderFlow, RecordView):
    template_name = "institutions/overview.html"


class ProviderStepView(ProviderFlow, StepView):
    def store(self, record: Provider, version: int) -> None:
        services.save_provider(provider=record, actor=self.actor, version=version)


class ProviderSubmitView(ProviderFlow, SubmitView):
    pass


class ProviderWithdrawView(ProviderFlow, WithdrawView):
    pass


class ConsumerFlow(ConsumerRequiredMixin, OwnInstitution):
    base_steps = (
        Step("basics", gettext_lazy("基本信息"), BasicsForm, "institutions/step_basics.html"),
        Step("finance", gettext_lazy("财务信息"), FinanceForm, "institutions/step_finance.html"),
        Step("contacts", gettext_lazy("联系人信息"), ContactsForm, "institutions/step_contacts.html"),
    )

    def get_record(self) -> Consumer:
        return services.consumer_of(self.actor)

    def withdraw_text(self) -> str:
        """The manual's warning (section 五.1): what follows is another submission and another review."""
        if self.record.status != SubmissionStatus.APPROVED:
            return super().withdraw_text()
        return _(
            "如继续操作，“%s”的机构信息将退回“未提交”，修改完成后必须重新提交，状态重新变为“待审核”；"
            "再次通过审核之前不能申请创新券。"
        ) % self.record + _(
            "已获批的创新券不受影响，有效期内照常使用；"
            "正在审核的创新券申请不会退回，但机构信息再次通过审核之前不能获批。"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the class by size after the figures that decide it, where the record is read."""
        context = super().get_context_data(**kwargs)
        for section in context.get("sections", ()):
            names = [row.name for row in section.rows]
            if "assets_amount" in names:
                section.rows.insert(names.index("assets_amount") + 1, self.size_row())
        return context

    def size_row(self) -> FieldRow:
        consumer = cast(Consumer, self.record)
        said = _("%(size)s：%(reason)s") % {"size": consumer.size_label, "reason": consumer.size.reason}
        return FieldRow("size", _("企业规模"), said, None)


class ConsumerOverview(ConsumerFlow, RecordView):
    template_name = "institutions/consumer_overview.html"


# an error report does not repeat what was typed
@method_decorator(sensitive_post_parameters("bank_account_number"), name="dispatch")
class ConsumerStepView(ConsumerFlow, StepView):
    def store(self, record: Consumer, version: int) -> None:
        services.save_consumer(consumer=record, actor=self.actor, version=version)


class ConsumerSubmitView(ConsumerFlow, SubmitView):
    pass


class ConsumerWithdrawView(ConsumerFlow, WithdrawView):
    pass


class SizeView(ConsumerFlow, TemplateView):
    """The class by the figures as they stand in the form; htmx asks while they are typed. Stores nothing."""

    template_name = "institutions/size.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = FinanceForm(self.request.GET, instance=self.record, owner=self.actor)
        form.full_clean()
        return super().get_context_data(form=form, **kwargs)


View = Callable[..., HttpResponseBase]


def by_kind(provider: View, consumer: View) -> View:
    """One address for both kinds of institution: each account gets the view of its own kind."""

    def view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        is_consumer = getattr(request.user, "kind", "") == AccountKind.CONSUMER
        return (consumer if is_consumer else provider)(request, **kwargs)

    return view
