"""年度服务情况 in the application centre: a provider's own years, confirmed or disputed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from accounts.centre import ProviderRequiredMixin
from accounts.exceptions import DomainError
from figures import services
from figures.forms import DisputeForm
from figures.models import ProviderYear
from figures.statuses import YearStatus


class YearsMixin(ProviderRequiredMixin):
    menu_key = "figures"


class YearListView(YearsMixin, TemplateView):
    template_name = "figures/centre/years.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            provider_years=ProviderYear.objects.visible_to(self.request.user), **kwargs
        )


class OneYear(YearsMixin):
    kwargs: dict[str, Any]

    @cached_property
    def provider_year(self) -> ProviderYear:
        own = ProviderYear.objects.visible_to(self.request.user).select_related("provider", "parameters")
        return get_object_or_404(own, year=self.kwargs["year"])


class YearView(OneYear, FormView):
    """The figures, and while they wait: 确认, asked once more, or 提出异议 with a text."""

    template_name = "figures/centre/year.html"
    form_class = DisputeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.provider_year
        return super().get_context_data(
            one=one,
            figures=one.content,
            is_open=one.status == YearStatus.OPEN,
            seen_at=one.computed_at.isoformat(),
            **kwargs,
        )

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if "confirm" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=DisputeForm(), asked=True))
        if "confirmed" in self.request.POST:
            seen_at = self.request.POST.get("seen_at", "")
            return self.acted(
                lambda: services.confirm_year(
                    provider_year=self.provider_year, actor=self.actor, seen_at=seen_at
                ),
                _("已确认，谢谢。"),
            )
        return super().post(*args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        text = form.cleaned_data["text"]
        return self.acted(
            lambda: services.dispute_year(provider_year=self.provider_year, actor=self.actor, text=text),
            _("已提出异议，管理部门答复后会通知您。"),
        )

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def acted(self, act: Any, sentence: str) -> HttpResponse:
        try:
            act()
        except DomainError as error:
            messages.error(self.request, str(error))
        else:
            messages.success(self.request, sentence)
        return redirect(self.provider_year.get_centre_url())
