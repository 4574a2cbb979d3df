"""仪器管理 in the application centre: a provider's own instruments."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from accounts.centre import ProviderRequiredMixin
from accounts.paging import clamped_page
from catalogue import permissions, services
from catalogue.forms import (
    ORIGINS,
    InstrumentBasicsForm,
    InstrumentContactForm,
    InstrumentFilterForm,
    InstrumentServiceForm,
)
from catalogue.models import Instrument
from catalogue.querysets import InstrumentQuerySet
from institutions.models import Provider
from workflow.centre import (
    ConfirmedView,
    RecordView,
    Step,
    StepView,
    SubmissionFlow,
    SubmitView,
    WithdrawView,
)
from workflow.statuses import SubmissionStatus

PAGE_SIZE = 20


class InstrumentListView(ProviderRequiredMixin, TemplateView):
    template_name = "catalogue/centre/instrument_list.html"
    menu_key = "instruments"

    @cached_property
    def filters(self) -> dict[str, Any]:
        form = InstrumentFilterForm(self.request.GET)
        form.is_valid()
        return form.cleaned_data

    def matching(self) -> InstrumentQuerySet:
        """The provider's instruments that the filters leave, in whatever state."""
        found = Instrument.objects.visible_to(self.actor)
        if q := self.filters.get("q"):
            found = found.filter(
                Q(name__icontains=q) | Q(internal_number__icontains=q) | Q(model__icontains=q)
            )
        if group := self.filters.get("group"):
            found = found.filter(instrument_class__code__startswith=group.prefix)
        if voucher := self.filters.get("voucher"):
            found = found.filter(accepts_vouchers=voucher == "1")
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        matching = self.matching()
        counts = dict(matching.order_by().values_list("status").annotate(Count("pk")))
        status = self.request.GET.get("status", "")
        shown = matching.filter(status=status) if status in SubmissionStatus.values else matching
        page = clamped_page(
            shown.select_related("instrument_class__parent")
            .prefetch_related("photos__image__renditions")
            .order_by("-updated_at", "-pk"),
            self.request.GET.get("page"),
            PAGE_SIZE,
        )
        return super().get_context_data(
            form=InstrumentFilterForm(self.request.GET),
            page_obj=page,
            tabs=list(self.tabs(counts, status)),
            is_filtered=any(self.filters.values()),
            status=status,
            provider=Provider.objects.visible_to(self.actor).first(),
            **kwargs,
        )

    def tabs(self, counts: dict[str, int], status: str) -> Any:
        for value, label in (("", _("全部")), *SubmissionStatus.choices):
            query = self.request.GET.copy()
            query.pop("page", None)
            query["status"] = value
            yield {
                "label": label,
                "url": f"?{query.urlencode()}",
                "active": value == status,
                "count": counts.get(value, 0) if value else sum(counts.values()),
            }


class InstrumentFlow(ProviderRequiredMixin, SubmissionFlow):
    namespace = "instruments"
    menu_key = "instruments"
    steps = (
        Step("basics", gettext_lazy("基本信息"), InstrumentBasicsForm, "catalogue/centre/step_basics.html"),
        Step(
            "service", gettext_lazy("服务信息"), InstrumentServiceForm, "catalogue/centre/step_service.html"
        ),
        Step(
            "contact", gettext_lazy("负责人信息"), InstrumentContactForm, "catalogue/centre/step_contact.html"
        ),
    )

    def get_record(self) -> Instrument:
        return get_object_or_404(
            Instrument.objects.visible_to(self.actor)
            .select_related("provider__account", "instrument_class")
            .prefetch_related("photos__image__renditions"),
            pk=self.kwargs["pk"],
        )

    def problem_address(self, name: str) -> str:
        return reverse("institutions:overview") if name == "provider" else super().problem_address(name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            may_delete=self.record.pk is not None and permissions.may_delete(self.actor, self.record),
            origins=ORIGINS,
            **kwargs,
        )


class InstrumentDetailView(InstrumentFlow, RecordView):
    template_name = "catalogue/centre/instrument_detail.html"


class InstrumentStepView(InstrumentFlow, StepView):
    extra_required = ("photos",)

    def store(self, record: Instrument, version: int) -> None:
        services.save_instrument(instrument=record, actor=self.actor, version=version)


class InstrumentCreateView(InstrumentStepView):
    """新增仪器: the first step of an instrument that its first save stores."""

    @cached_property
    def step(self) -> Step:
        return self.steps[0]

    def get_record(self) -> Instrument:
        return services.new_instrument(account=self.actor)

    def step_address(self, step: Step) -> str:
        return super().step_address(step) if self.record.pk else reverse("instruments:create")


class InstrumentSubmitView(InstrumentFlow, SubmitView):
    def get_success_url(self) -> str:
        return reverse("instruments:list")


class InstrumentWithdrawView(InstrumentFlow, WithdrawView):
    pass


class InstrumentDeleteView(InstrumentFlow, ConfirmedView):
    """删除: only a draft that was never submitted."""

    title = gettext_lazy("删除草稿")
    is_danger = True

    def get_text(self) -> str:
        return _("确定删除“%s”吗？已填写的内容和照片会一并删除，不能恢复。") % (
            str(self.record) or _("未命名仪器")
        )

    def perform(self) -> HttpResponse:
        services.delete_draft(instrument=self.record, actor=self.actor)
        messages.success(self.request, _("草稿已删除。"))
        return redirect("instruments:list")
