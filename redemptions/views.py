"""兑付 in the application centre: what is claimed for an order, and how far each claim has come."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from accounts.centre import ConsumerRequiredMixin, ProviderRequiredMixin
from accounts.exceptions import DomainError
from accounts.money import format_yuan
from accounts.paging import clamped_page
from institutions.models import Provider
from orders.models import Order
from orders.selectors import own_deals
from redemptions.forms import ProviderAccountForm
from redemptions.history import history
from redemptions.models import ProviderAccount, Redemption
from redemptions.moves import allowed
from redemptions.progress import progress_of
from redemptions.services.accounts import save_provider_account
from redemptions.services.claims import Assessment, assess, submit_claim, withdraw_claim
from redemptions.statuses import CONSUMER_LABELS, OPEN_AGAIN, RedemptionStatus
from workflow.statuses import Action

PAGE_SIZE = 20


class RedemptionsMixin(ConsumerRequiredMixin):
    menu_key = "redemptions"


class RedemptionsView(RedemptionsMixin, TemplateView):
    """The account's claims by state, and the completed orders that are not claimed yet."""

    template_name = "redemptions/list.html"

    @cached_property
    def status(self) -> str:
        asked = self.request.GET.get("status", "")
        return asked if asked in RedemptionStatus.values else ""

    @property
    def rows(self) -> QuerySet[Any]:
        rows = Redemption.objects.visible_to(self.actor)
        return rows.filter(status=self.status) if self.status else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = Redemption.objects.visible_to(self.actor)
        counts = dict(own.order_by().values_list("status").annotate(Count("pk")))
        count = counts.get(self.status, 0) if self.status else sum(counts.values())
        rows = self.rows.select_related("order", "provider")
        page = clamped_page(rows, self.request.GET.get("page"), PAGE_SIZE, count)
        return super().get_context_data(
            page_obj=page,
            tabs=self.tabs(counts),
            status=self.status,
            unclaimed=unclaimed(self.actor)[:5],
            **kwargs,
        )

    def tabs(self, counts: dict[str, int]) -> list[dict[str, Any]]:
        tabs = [{"label": _("全部"), "url": "?", "active": not self.status, "count": sum(counts.values())}]
        return tabs + [
            {
                "label": CONSUMER_LABELS.get(status, status.label),
                "url": f"?status={status}",
                "active": status == self.status,
                "count": counts[status],
            }
            for status in RedemptionStatus
            if status in counts
        ]


def unclaimed(account: Any) -> QuerySet[Any]:
    """Completed orders of the account's own that nothing stands for, the latest first."""
    rows: QuerySet[Any] = own_deals(Order, account).filter(status="completed", claimed_at=None)
    return rows.exclude(redemption__isnull=False).select_related("provider").order_by("-pk")


class ClaimView(RedemptionsMixin, TemplateView):
    """提交申请使用创新券: the amount, how it comes about, and all that is in the way; asked before it is done."""

    template_name = "redemptions/claim.html"

    @cached_property
    def order(self) -> Order:
        own = Order.objects.visible_to(self.actor)
        related = ("consumer", "provider", "evaluation", "redemption")
        return get_object_or_404(own.select_related(*related), pk=self.kwargs["pk"])

    @cached_property
    def found(self) -> Assessment:
        return assess(self.order)

    @property
    def earlier(self) -> Redemption | None:
        return getattr(self.order, "redemption", None)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.earlier is not None and self.earlier.status not in OPEN_AGAIN:
            return redirect(self.earlier.get_centre_url())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "confirmed" not in request.POST:
            is_asked = not self.found.problems
            return self.render_to_response(self.get_context_data(is_asked=is_asked))
        try:
            redemption = submit_claim(
                order=self.order, actor=self.actor, expected_amount=_amount(request.POST.get("amount", ""))
            )
        except DomainError as error:
            del self.order  # the page shows it as it is now
            self.__dict__.pop("found", None)
            return self.render_to_response(self.get_context_data(error=str(error)))
        messages.success(
            request,
            _("已提交，申请兑付 %s 元。审核结果会通过站内信通知您。") % format_yuan(redemption.amount),
        )
        return redirect(redemption.get_centre_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(order=self.order, found=self.found, earlier=self.earlier, **kwargs)


def _amount(text: str) -> Decimal:
    """What the page had said; of anything else, an amount that nothing comes to."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(-1)


class OneRedemption(RedemptionsMixin):
    """A view of one claim of the account's own; another's is a 404."""

    kwargs: dict[str, Any]

    @cached_property
    def redemption(self) -> Redemption:
        own = Redemption.objects.visible_to(self.actor)
        related = ("order", "provider", "consumer__account", "parameters")
        found: Redemption = get_object_or_404(own.select_related(*related), pk=self.kwargs["pk"])
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(redemption=self.redemption, **kwargs)


class RedemptionView(OneRedemption, TemplateView):
    """How far it has come, what it is made of, and what has been said of it."""

    template_name = "redemptions/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        redemption = self.redemption
        return super().get_context_data(
            steps=progress_of(redemption),
            events=history(redemption),
            shares=redemption.shares.select_related("voucher"),
            papers=papers_with_reasons(redemption),
            may_withdraw=Action.WITHDRAW_CLAIM in allowed(redemption, self.actor),
            may_claim=redemption.status in OPEN_AGAIN,
            **kwargs,
        )


def papers_with_reasons(redemption: Redemption) -> list[tuple[str, str]]:
    """What of the papers was found wanting: (paper, reason), as the reviewer named them."""
    reasons = redemption.document_reasons
    if not reasons:
        return []
    order = redemption.order
    names = {f"invoice-{one.pk}": _("发票 %s") % one.number for one in order.invoices.all()}
    names |= {f"document-{one.pk}": f"{one.get_kind_display()}：{one}" for one in order.documents.all()}
    return [(names.get(key, _("订单")), text) for key, text in reasons.items()]


class WithdrawView(OneRedemption, TemplateView):
    template_name = "redemptions/withdraw.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            withdraw_claim(redemption=self.redemption, actor=self.actor)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("已撤回，占用的创新券金额已退还余额。修改材料后可以重新提交。"))
        return redirect(self.redemption.get_centre_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may = Action.WITHDRAW_CLAIM in allowed(self.redemption, self.actor)
        return super().get_context_data(may_withdraw=may, **kwargs)


# an error report does not repeat what was typed
@method_decorator(sensitive_post_parameters("account_number"), name="dispatch")
class ProviderAccountView(ProviderRequiredMixin, FormView):
    """收款账户 of a provider, for programmes that pay it."""

    form_class = ProviderAccountForm
    template_name = "redemptions/account.html"
    menu_key = "institution"

    @cached_property
    def provider(self) -> Provider:
        return get_object_or_404(Provider, account=self.actor)

    def get_form_kwargs(self) -> dict[str, Any]:
        stored = ProviderAccount.objects.filter(provider=self.provider).first()
        return {
            **super().get_form_kwargs(),
            "instance": stored or ProviderAccount(account_name=self.provider.host_name),
            "host_name": self.provider.host_name,
        }

    def form_valid(self, form: ProviderAccountForm) -> HttpResponse:
        try:
            save_provider_account(provider=self.provider, account=form.save(commit=False), actor=self.actor)
        except DomainError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("收款账户已保存。已审核通过的兑付申请仍按当时的账户拨付。"))
        return redirect("redemptions:account")
