"""公示: batches that are or were public, with the draw that anybody can repeat, and the form to object.

Nothing here names a person or an account. The list and a batch are cached like other public pages; the form never is.
"""

from typing import Any

from allauth.core.internal import ratelimit
from django import forms
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, ListView, TemplateView

from accounts.exceptions import DomainError
from redemptions.models import PayoutBatch, PayoutLine
from redemptions.services.objections import may_object_to, object_to
from redemptions.statuses import BatchStatus, LineStatus

RATES = {"object": "10/h/ip"}
TOO_OFTEN = gettext_lazy("提交过于频繁，请一小时后再试，或直接联系运营部门。")


def public_batches() -> QuerySet[PayoutBatch]:
    shown = Q(payouts__is_public=True) & ~Q(payouts__status=LineStatus.LEFT)
    rows: QuerySet[PayoutBatch] = PayoutBatch.objects.public()
    return rows.annotate(
        shown_count=Count("payouts", filter=shown), shown_amount=Sum("payouts__amount", filter=shown)
    )


class PublicityListView(ListView[PayoutBatch]):
    """Those that can be objected to now, then the past by year."""

    template_name = "redemptions/publicity/list.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[PayoutBatch]:
        return public_batches().exclude(status=BatchStatus.PUBLISHED).order_by("-year", "-serial")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        current = public_batches().filter(status=BatchStatus.PUBLISHED).order_by("publicity_until", "pk")
        return super().get_context_data(
            current=current, breadcrumbs=[{"label": _("兑付公示"), "url": ""}], **kwargs
        )


class OneBatch:
    kwargs: dict[str, Any]

    @cached_property
    def batch(self) -> PayoutBatch:
        year, _dash, serial = self.kwargs["number"].partition("-")
        batch: PayoutBatch = get_object_or_404(public_batches(), year=int(year), serial=int(serial))
        return batch

    def crumbs(self, *labels: str) -> list[dict[str, str]]:
        return [
            {"label": _("兑付公示"), "url": reverse("publicity:list")},
            {"label": str(self.batch), "url": self.batch.get_public_url()},
            *({"label": label, "url": ""} for label in labels),
        ]


class PublicityView(OneBatch, TemplateView):
    template_name = "redemptions/publicity/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        related = ("redemption__consumer", "redemption__provider", "redemption__order")
        lines = list(self.batch.payouts.filter(is_public=True).select_related(*related))
        for line in lines:
            line.batch = self.batch
        return super().get_context_data(
            batch=self.batch,
            lines=[line for line in lines if line.status != LineStatus.LEFT],
            drawn_from=sorted(
                ({"number": line.redemption.number, "is_drawn": line.is_drawn} for line in lines),
                key=lambda one: one["number"],
            ),
            is_open=any(may_object_to(line) for line in lines),
            breadcrumbs=self.crumbs(),
            **kwargs,
        )


class ObjectionForm(forms.Form):
    """``website`` is for machines: people do not see it, and whoever fills it in is not listened to."""

    name = forms.CharField(
        label=gettext_lazy("姓名或单位"),
        max_length=100,
        error_messages={"required": gettext_lazy("请填写姓名或单位。")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = forms.CharField(
        label=gettext_lazy("联系方式"),
        max_length=100,
        help_text=gettext_lazy("电话或邮箱，只用于核实，不公开。"),
        error_messages={"required": gettext_lazy("请填写电话或邮箱，以便核实。")},
    )
    text = forms.CharField(
        label=gettext_lazy("异议内容"),
        max_length=2000,
        help_text=gettext_lazy("请写明事实和依据，不超过 2000 字。"),
        error_messages={"required": gettext_lazy("请写明异议的事实和依据。")},
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)


@method_decorator(never_cache, name="dispatch")
class ObjectView(OneBatch, FormView[ObjectionForm]):
    """Anybody's. How often is counted by address."""

    template_name = "redemptions/publicity/object.html"
    form_class = ObjectionForm

    @cached_property
    def line(self) -> PayoutLine:
        lines = self.batch.payouts.filter(is_public=True).exclude(status=LineStatus.LEFT)
        related = ("redemption__consumer", "redemption__provider", "redemption__order")
        line: PayoutLine = get_object_or_404(lines.select_related(*related), position=self.kwargs["position"])
        line.batch = self.batch
        return line

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_object_to(self.line):
            return redirect(self.batch.get_public_url())
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: ObjectionForm) -> HttpResponse:
        done = redirect("publicity:objected", self.batch.number)
        values = dict(form.cleaned_data)
        if values.pop("website"):
            return done
        if not ratelimit.consume(self.request, app="redemptions", action="object", config=RATES):
            form.add_error(None, str(TOO_OFTEN))
            return self.form_invalid(form, status=429)
        try:
            object_to(line=self.line, **values)
        except DomainError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        return done

    def form_invalid(self, form: ObjectionForm, status: int = 422) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            batch=self.batch, line=self.line, breadcrumbs=self.crumbs(_("提出异议")), **kwargs
        )


@method_decorator(never_cache, name="dispatch")
class ObjectedView(OneBatch, TemplateView):
    template_name = "redemptions/publicity/objected.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(batch=self.batch, breadcrumbs=self.crumbs(_("已收到")), **kwargs)
