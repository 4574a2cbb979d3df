"""机构信息 in the application centre: a provider's own institution."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.centre import ProviderRequiredMixin
from institutions import services
from institutions.forms import HostForm, TestingBodyForm
from institutions.models import Provider
from workflow.centre import RecordView, Step, StepView, SubmissionFlow, SubmitView, WithdrawView


class ProviderFlow(ProviderRequiredMixin, SubmissionFlow):
    namespace = "institutions"
    menu_key = "institution"
    base_steps = (
        Step("host", gettext_lazy("依托单位信息"), HostForm, "institutions/step_host.html"),
        Step("body", gettext_lazy("检测机构信息"), TestingBodyForm, "institutions/step_body.html"),
    )

    def get_record(self) -> Provider:
        return services.provider_of(self.actor)

    def record_kwargs(self, record: Any) -> dict[str, Any]:
        return {}  # one institution an account: its address needs no number

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
