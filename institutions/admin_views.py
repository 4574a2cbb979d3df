"""Suspending a provider, banning a consumer, lifting either, and a look at a bank account, in the Wagtail admin."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.models import User
from institutions import bans, permissions, services, suspension
from institutions.exceptions import InstitutionError
from institutions.forms_admin import BanForm, LiftBanForm, LiftForm, SuspendForm
from institutions.models import Consumer, ConsumerBan, Provider, Suspension
from workflow.models import Submission


class InstitutionActionView(WagtailAdminTemplateMixin, FormView):
    """A form about one institution that leads back to its review page."""

    header_icon = "warning"
    model: ClassVar[type[Submission]]
    button_label: ClassVar[Any] = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        viewing = f"institutions.view_{self.model._meta.model_name}"
        if not (self.is_allowed() and self.actor.has_perm(viewing)):
            raise PermissionDenied
        if problem := self.problem():
            messages.error(request, problem)
            return redirect(self.record.get_review_url())
        return super().dispatch(request, *args, **kwargs)

    @property
    def actor(self) -> User:
        return cast(User, self.request.user)

    @cached_property
    def record(self) -> Any:
        return get_object_or_404(self.model, pk=self.kwargs["pk"])

    def is_allowed(self) -> bool:
        raise NotImplementedError  # each subclass has its own

    def problem(self) -> str:
        """Why there is nothing to do for this institution just now, in a sentence; empty where there is."""
        raise NotImplementedError  # each subclass has its own

    def act(self, form: forms.Form) -> str:
        """Carry it out; the sentence that says so."""
        raise NotImplementedError  # each subclass has its own

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            sentence = self.act(form)
        except InstitutionError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, sentence)
        return redirect(self.record.get_review_url())

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_page_title(self) -> str:
        return f"{self.page_title}：{self.record}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("review_queue"), "label": _("审核队列")},
            {"url": self.record.get_review_url(), "label": str(self.record)},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(record=self.record, button_label=self.button_label, **kwargs)


class ProviderActionView(InstitutionActionView):
    model = Provider
    template_name = "institutions/admin/suspension_form.html"
    record: Provider

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(provider=self.record, suspension=self.record.suspension, **kwargs)


class SuspendView(ProviderActionView):
    form_class = SuspendForm
    page_title = gettext_lazy("暂停接券机构")
    button_label = gettext_lazy("确认暂停")

    def is_allowed(self) -> bool:
        return permissions.may_suspend(self.actor)

    def problem(self) -> str:
        return _("“%s”已经处于暂停中。") % self.record if self.record.suspension else ""

    def act(self, form: forms.Form) -> str:
        suspension.suspend_provider(provider=self.record, actor=self.actor, **form.cleaned_data)
        return _("已暂停：%s。它的所有信息已从公开目录撤下。") % self.record


class LiftView(ProviderActionView):
    form_class = LiftForm
    page_title = gettext_lazy("恢复接券机构")
    button_label = gettext_lazy("确认恢复")

    def is_allowed(self) -> bool:
        return permissions.may_lift_suspension(self.actor)

    def problem(self) -> str:
        return "" if self.record.suspension else _("“%s”没有处于暂停中。") % self.record

    def act(self, form: forms.Form) -> str:
        suspension.lift_suspension(
            suspension=cast(Suspension, self.record.suspension), actor=self.actor, **form.cleaned_data
        )
        return _("已恢复：%s。已通过审核的信息重新公开。") % self.record


class ConsumerActionView(InstitutionActionView):
    model = Consumer
    template_name = "institutions/admin/ban_form.html"
    record: Consumer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(ban=self.record.standing_ban, **kwargs)


class BanView(ConsumerActionView):
    form_class = BanForm
    page_title = gettext_lazy("暂停用券资格")
    button_label = gettext_lazy("确认暂停")

    def is_allowed(self) -> bool:
        return permissions.may_ban(self.actor)

    def problem(self) -> str:
        ban = self.record.standing_ban
        return _("“%s”的用券资格已经暂停。") % self.record if ban and not ban.is_over else ""

    def act(self, form: forms.Form) -> str:
        bans.ban_consumer(consumer=self.record, actor=self.actor, **form.cleaned_data)
        return _("已暂停“%s”的用券资格，机构会收到通知。") % self.record


class LiftBanView(ConsumerActionView):
    form_class = LiftBanForm
    page_title = gettext_lazy("恢复用券资格")
    button_label = gettext_lazy("确认恢复")

    def is_allowed(self) -> bool:
        return permissions.may_lift_ban(self.actor)

    def problem(self) -> str:
        return "" if self.record.standing_ban else _("“%s”的用券资格没有暂停。") % self.record

    def act(self, form: forms.Form) -> str:
        ban = cast(ConsumerBan, self.record.standing_ban)
        bans.lift_ban(ban=ban, actor=self.actor, **form.cleaned_data)
        return _("已恢复“%s”的用券资格，机构会收到通知。") % self.record


class BankAccountView(WagtailAdminTemplateMixin, TemplateView):
    """A consumer's bank account for those who pay: masked until they ask, and then on record."""

    template_name = "institutions/admin/bank_account.html"
    page_title = gettext_lazy("对公账户")
    header_icon = "key"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (
            permissions.may_view_bank_account(self.actor)
            and self.actor.has_perm("institutions.view_consumer")
        ):
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(cast(HttpResponse, response))
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            number = services.reveal_bank_account(consumer=self.consumer, actor=self.actor)
        except InstitutionError as error:
            messages.error(request, str(error))
            return redirect("bank_account", self.consumer.pk)
        return self.render_to_response(self.get_context_data(number=number))

    @property
    def actor(self) -> User:
        return cast(User, self.request.user)

    @cached_property
    def consumer(self) -> Consumer:
        return get_object_or_404(Consumer, pk=self.kwargs["pk"])

    def get_page_title(self) -> str:
        return f"{self.page_title}：{self.consumer}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("wagtailsnippets_institutions_consumer:list"), "label": _("用券机构")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(consumer=self.consumer, **kwargs)
