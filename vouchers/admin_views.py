"""Putting money into a pool, in the Wagtail admin."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.exceptions import DomainError
from accounts.models import User
from accounts.money import format_yuan
from programme.selectors import current_parameters
from vouchers import permissions, services
from vouchers.forms_admin import FundPoolForm
from vouchers.models import Pool

POOLS = "vouchers_pool_modeladmin_index"


class FundPoolView(WagtailAdminTemplateMixin, FormView):
    form_class = FundPoolForm
    template_name = "vouchers/admin/fund_pool.html"
    page_title = gettext_lazy("注入资金")
    header_icon = "plus"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not permissions.may_fund(cast(User, request.user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Asked before it is done: the answer posts what the pool had in all when the question was put."""
        actor = cast(User, self.request.user)
        try:
            if form.cleaned_data["funded_amount"] is None:
                return self.ask(form, actor)
            pool = services.fund_pool(actor=actor, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("已注入。%(pool)s现在共 %(amount)s 元，可发放 %(available)s 元。") % _amounts(pool),
        )
        return redirect(POOLS)

    def ask(self, form: forms.Form, actor: User) -> HttpResponse:
        year, amount = form.cleaned_data["year"], form.cleaned_data["amount"]
        pool = Pool.objects.filter(year=year).first() or Pool(year=year)
        services.check_funds(pool=pool, amount=amount, actor=actor)
        asked = _(
            "确定向%(pool)s注入 %(amount)s 元吗？现在共 %(funded)s 元，注入后共 %(after)s 元。注入后不能减少。"
        ) % {
            "pool": pool,
            "amount": format_yuan(amount),
            "funded": format_yuan(pool.amount),
            "after": format_yuan(pool.amount + amount),
        }
        return self.render_to_response(
            self.get_context_data(form=form, asked=asked, funded_amount=str(pool.amount))
        )

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(POOLS), "label": _("资金池")},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = [
            _("项目参数规定的年度资金总额：%s 元。") % format_yuan(current_parameters().yearly_pool_amount),
            *(
                _("%(pool)s：已注入 %(amount)s 元，可发放 %(available)s 元。") % _amounts(pool)
                for pool in Pool.objects.all()[:2]
            ),
        ]
        return super().get_context_data(lines=lines, cancel_url=reverse(POOLS), **kwargs)


def _amounts(pool: Pool) -> dict[str, Any]:
    return {
        "pool": pool,
        "amount": format_yuan(pool.amount),
        "available": format_yuan(pool.available_amount),
    }
