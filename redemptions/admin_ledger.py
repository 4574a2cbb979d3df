"""The ledger of redemptions in the Wagtail admin: read, filtered, found and exported; the queue is this ledger, narrowed."""

from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.admin import display
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.money import format_yuan
from orders.admin_ledgers import (
    CODE,
    DealIndexView,
    DealLedger,
    KindFilter,
    MadeYearFilter,
    PathFilter,
    unbroken,
)
from redemptions.admin_case import CaseView
from redemptions.admin_queue import wait_of, waits_for
from redemptions.models import Redemption
from redemptions.statuses import RedemptionStatus
from workflow.admin_ledgers import minute


class StatusFilter(PathFilter):
    title = gettext_lazy("状态")
    parameter_name = column = "status"
    of_deal = False
    choices_on_offer = RedemptionStatus.choices


class ChecksFilter(PathFilter):
    title = gettext_lazy("自动核查")
    parameter_name = "checks"
    column = "failed_checks__gt"
    of_deal = False
    choices_on_offer = (("failed", gettext_lazy("有未通过")), ("passed", gettext_lazy("全部通过")))

    def condition(self, value: str | None) -> Q:
        return Q(failed_checks__gt=0) if value == "failed" else Q(failed_checks=0)


class QueueFilter(PathFilter):
    """What the user may act on next."""

    title = gettext_lazy("办理")
    parameter_name = "queue"
    column = "status"
    of_deal = False
    choices_on_offer = (("1", gettext_lazy("待我办理")),)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(waits_for(request.user)) if self.value() == "1" else queryset


class RedemptionIndexView(DealIndexView):
    """As that of orders; the queue is in the order in which it is worked off."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str]:
        if self.params.get("queue") == "1" and self.ORDER_VAR not in self.params:
            return ["submitted_at", "pk"]
        return super().get_ordering(request, queryset)


class RedemptionAdmin(DealLedger):
    model = Redemption
    menu_label = gettext_lazy("兑付申请")
    menu_icon = "clipboard-list"
    index_view_class = RedemptionIndexView
    inspect_view_class = CaseView
    inspect_template_name = "redemptions/admin/case.html"
    deal_path = "order__"
    made_column = "submitted_at"
    list_select_related = ("order", "consumer", "provider", "parameters")
    list_display = (
        "shown_number",
        "standing",
        "waits",
        "failed",
        "consumer",
        "provider",
        "claimed",
        "granted",
        "shown_kind",
        "order_number",
        "submitted",
    )
    list_filter = (QueueFilter, StatusFilter, KindFilter, ChecksFilter, MadeYearFilter)
    list_export = (
        "number",
        "order_number",
        "get_status_display",
        "consumer",
        "provider",
        "kind",
        "offer_name",
        "order_amount",
        "claimed_amount",
        "amount",
        "submitted_at",
        "waited",
        "failed",
        "checked_by_name",
        "checked_at",
        "decided_by_name",
        "decided_at",
        "reason",
        "paid_on",
    )
    index_view_extra_css: ClassVar[list[str]] = ["css/orders-admin.css", "css/review.css"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without what only the page of one has; names of staff are for the export."""
        rows = super().get_queryset(request).defer("lines", "checks", "document_reasons", "account_number")
        return rows.select_related("checked_by", "decided_by") if "export" in request.GET else rows

    def found_by(self, word: str) -> Q:
        """By its own number too."""
        found: Q = super().found_by(word)
        return found | Q(number__contains=word.upper()) if CODE.fullmatch(word) else found

    @display(description=gettext_lazy("兑付编号"), ordering="pk")
    def shown_number(self, claim: Redemption) -> str:
        return unbroken(claim.number)

    @display(description=gettext_lazy("订单编号"))
    def order_number(self, claim: Redemption) -> str:
        return claim.order.number

    @display(description=gettext_lazy("类型"))
    def shown_kind(self, claim: Redemption) -> str:
        return unbroken(claim.order.get_kind_display())

    @display(description=gettext_lazy("类型"))
    def kind(self, claim: Redemption) -> str:
        return str(claim.order.get_kind_display())

    @display(description=gettext_lazy("服务名称"))
    def offer_name(self, claim: Redemption) -> str:
        return claim.order.offer_name

    @display(description=gettext_lazy("订单金额（元）"))
    def order_amount(self, claim: Redemption) -> Decimal:
        return claim.order.total_amount

    @display(description=gettext_lazy("申请金额（元）"), ordering="claimed_amount")
    def claimed(self, claim: Redemption) -> str:
        return format_yuan(claim.claimed_amount)

    @display(description=gettext_lazy("核定金额（元）"), ordering="amount")
    def granted(self, claim: Redemption) -> str:
        return format_yuan(claim.amount)

    @display(description=gettext_lazy("状态"))
    def standing(self, claim: Redemption) -> str:
        return unbroken(claim.get_status_display())

    @display(description=gettext_lazy("提交时间"), ordering="submitted_at")
    def submitted(self, claim: Redemption) -> str:
        return unbroken(minute(claim.submitted_at))

    @display(description=gettext_lazy("工作日／期限"))
    def waits(self, claim: Redemption) -> str:
        wait = wait_of(claim)
        if wait is None:
            return "—"
        text = f"{wait.days} / {wait.target}"
        if not wait.is_overdue:
            return unbroken(text)
        return format_html('<span class="w-whitespace-nowrap review-overdue">{} {}</span>', text, _("已逾期"))

    @display(description=gettext_lazy("已等待（工作日）"))
    def waited(self, claim: Redemption) -> int | None:
        wait = wait_of(claim)
        return wait.days if wait else None

    @display(description=gettext_lazy("未通过核查"), ordering="failed_checks")
    def failed(self, claim: Redemption) -> int:
        return claim.failed_checks

    @display(description=gettext_lazy("初审人"))
    def checked_by_name(self, claim: Redemption) -> str:
        return claim.checked_by.get_full_name() if claim.checked_by else ""

    @display(description=gettext_lazy("复审人"))
    def decided_by_name(self, claim: Redemption) -> str:
        return claim.decided_by.get_full_name() if claim.decided_by else ""
