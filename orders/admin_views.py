"""Mediating a dispute, and hiding an evaluation or showing it again, in the Wagtail admin."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.exceptions import DomainError
from accounts.models import User
from orders import permissions
from orders.admin_inspect import thread_of, trail
from orders.forms.admin import MediationForm, StaffReasonForm
from orders.models import OFFER_FIELDS, Evaluation, Order
from orders.services import evaluations
from orders.services import orders as services
from orders.statuses import OrderStatus, Party
from workflow.statuses import Action


class StaffActView(WagtailAdminTemplateMixin, FormView):
    """A form about one record that leads back to its page in the ledger."""

    ledger: ClassVar[str]
    ledger_label: ClassVar[Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.is_allowed():
            raise PermissionDenied
        if problem := self.problem():
            messages.error(request, problem)
            return redirect(self.record_url)
        return super().dispatch(request, *args, **kwargs)

    @property
    def actor(self) -> User:
        return cast(User, self.request.user)

    @property
    def record(self) -> Any:
        raise NotImplementedError  # each subclass has its own

    @property
    def record_url(self) -> str:
        return reverse(f"{self.ledger}_inspect", args=[self.record.pk])

    def is_allowed(self) -> bool:
        raise NotImplementedError  # each subclass has its own

    def problem(self) -> str:
        """Why there is nothing to do just now, in a sentence; empty where there is."""
        raise NotImplementedError  # each subclass has its own

    def act(self, form: Any) -> str:
        """Carry it out; the sentence that says so."""
        raise NotImplementedError  # each subclass has its own

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            sentence = self.act(form)
        except DomainError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, sentence)
        return redirect(self.record_url)

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_page_title(self) -> str:
        return f"{self.page_title}：{self.record}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(f"{self.ledger}_index"), "label": self.ledger_label},
            {"url": self.record_url, "label": str(self.record)},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(record=self.record, cancel_url=self.record_url, **kwargs)


class MediateView(StaffActView):
    """The three results of a mediation. Cancelling cannot be undone, and is asked for once more."""

    template_name = "orders/admin/mediate.html"
    form_class = MediationForm
    page_title = gettext_lazy("调解异议")
    header_icon = "group"
    ledger = "orders_order_modeladmin"
    ledger_label = gettext_lazy("订单")

    @cached_property
    def record(self) -> Order:
        rows = Order.objects.with_sides().select_related("booking", *OFFER_FIELDS.values())
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def is_allowed(self) -> bool:
        return permissions.may_mediate(self.actor)

    def problem(self) -> str:
        if self.record.status == OrderStatus.DISPUTED:
            return ""
        status = self.record.get_status_display()
        return _("订单 %(number)s 现在是“%(status)s”，没有待调解的异议。") % {
            "number": self.record.number,
            "status": status,
        }

    def form_valid(self, form: forms.Form) -> HttpResponse:
        values = form.cleaned_data
        if values["action"] == Action.MEDIATE_CANCEL and not values["confirmed"]:
            return self.render_to_response(self.get_context_data(form=form, is_asked=True))
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        booking = self.record.booking
        return super().get_context_data(
            sides=self.sides(),
            thread=thread_of(booking) if booking else (),
            events=trail(self.record),
            **kwargs,
        )

    def sides(self) -> list[dict[str, Any]]:
        """The two institutions and whom to call: of the provider, who answers for what was ordered."""
        consumer, offer = self.record.consumer, self.record.offer
        return [
            {
                "label": Party.CONSUMER.label,
                "name": consumer,
                "contact": consumer.contact_name,
                "phone": consumer.contact_mobile or consumer.contact_phone,
                "email": consumer.contact_email,
            },
            {
                "label": Party.PROVIDER.label,
                "name": self.record.provider,
                "contact": offer.contact_name,
                "phone": offer.contact_phone,
                "email": offer.contact_email,
            },
        ]

    def act(self, form: MediationForm) -> str:
        action = form.cleaned_data["action"]
        services.mediate(
            order=self.record, action=action, actor=self.actor, reason=form.cleaned_data["reason"]
        )
        return _("%s。双方都已收到通知。") % action.label


class EvaluationActView(StaffActView):
    template_name = "orders/admin/hide.html"
    form_class = StaffReasonForm
    header_icon = "view"
    ledger = "orders_evaluation_modeladmin"
    ledger_label = gettext_lazy("评价")
    is_hiding: ClassVar[bool]

    @cached_property
    def record(self) -> Evaluation:
        rows = Evaluation.objects.select_related("order__consumer", "order__provider", "hidden_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def is_allowed(self) -> bool:
        return permissions.may_hide(self.actor)

    def problem(self) -> str:
        if (self.record.hidden_at is None) == self.is_hiding:
            return ""
        return _("这条评价已经隐藏。") if self.is_hiding else _("这条评价没有隐藏。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(is_hiding=self.is_hiding, **kwargs)


class HideEvaluationView(EvaluationActView):
    page_title = gettext_lazy("隐藏评价")
    is_hiding = True

    def act(self, form: StaffReasonForm) -> str:
        evaluations.hide_evaluation(evaluation=self.record, actor=self.actor, **form.cleaned_data)
        return _("已隐藏：公开页面不再显示这条评价。双方都已收到通知。")


class ShowEvaluationView(EvaluationActView):
    page_title = gettext_lazy("恢复显示评价")
    is_hiding = False

    def act(self, form: StaffReasonForm) -> str:
        evaluations.show_evaluation(evaluation=self.record, actor=self.actor, **form.cleaned_data)
        return _("已恢复：公开页面重新显示这条评价。")
