"""The ledgers of invoices and of evaluations in the Wagtail admin: to read and to export, never to write."""

from typing import Any

from django.contrib.admin import display
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.money import format_yuan
from orders import permissions
from orders.admin_ledgers import (
    CODE,
    DealButtons,
    DealLedger,
    DirectFilter,
    KindFilter,
    MadeYearFilter,
    PathFilter,
    marked,
    unbroken,
)
from orders.models import STARS, Evaluation, Invoice


class InUseFilter(PathFilter):
    """Invoices that were replaced or removed stay, and are not counted."""

    title = gettext_lazy("状态")
    parameter_name = "used"
    column = "removed_at__isnull"
    of_deal = False
    choices_on_offer = (("1", gettext_lazy("使用中")), ("0", gettext_lazy("已替换或移除")))

    def condition(self, value: str | None) -> Q:
        return Q(**{self.path: value == "1"})


class ShownFilter(InUseFilter):
    parameter_name = "shown"
    column = "hidden_at__isnull"
    choices_on_offer = (("1", gettext_lazy("公开")), ("0", gettext_lazy("已隐藏")))


class EvaluationButtons(DealButtons):
    def action_for(self, obj: Evaluation) -> tuple[str, str] | None:
        if not permissions.may_hide(self.request.user):
            return None
        return ("show_evaluation", _("恢复显示")) if obj.hidden_at else ("hide_evaluation", _("隐藏"))


class OfOrder(DealLedger):
    """The columns of what hangs on an order."""

    deal_path = "order__"
    list_select_related = ("order__consumer", "order__provider")

    @display(description=gettext_lazy("订单编号"))
    def order_number(self, row: Any) -> str:
        return marked(row.order.number, row.order.is_direct)

    @display(description=gettext_lazy("用券机构"))
    def consumer(self, row: Any) -> str:
        return str(row.order.consumer)

    @display(description=gettext_lazy("接券机构"))
    def provider(self, row: Any) -> str:
        return str(row.order.provider)

    @display(description=gettext_lazy("服务名称"))
    def title(self, row: Any) -> str:
        return str(row.order.offer_name)

    @display(description=gettext_lazy("补录"))
    def is_direct(self, row: Any) -> bool:
        return bool(row.order.is_direct)


class InvoiceAdmin(OfOrder):
    model = Invoice
    menu_label = gettext_lazy("发票")
    menu_icon = "doc-full"
    made_column = "uploaded_at"
    inspect_template_name = "orders/admin/invoice_inspect.html"
    inspect_view_fields = (
        "number",
        "code",
        "issued_on",
        "seller_name",
        "seller_code",
        "buyer_name",
        "buyer_code",
        "amount",
        "uploaded_by",
        "uploaded_at",
        "removed_at",
    )
    list_display = (
        "shown_number",
        "order_number",
        "consumer",
        "provider",
        "total",
        "issued",
        "in_use",
    )
    list_filter = (InUseFilter, KindFilter, DirectFilter, MadeYearFilter)
    list_export = (
        "number",
        "code",
        "issued_on",
        "amount",
        "seller_name",
        "seller_code",
        "buyer_name",
        "buyer_code",
        "order",
        "is_direct",
        "in_use",
        "uploaded_at",
        "removed_at",
    )

    def found_by(self, word: str) -> Q:
        """Its own number beside what is its order's: each looked for by itself, since no index answers for both at once."""
        of_order = super().found_by(word)
        if not (word.isdecimal() and CODE.fullmatch(word)):
            return of_order
        keys = Invoice.objects.order_by().values("pk")
        return Q(pk__in=keys.filter(number__contains=word).union(keys.filter(of_order)))

    @display(description=gettext_lazy("发票号码"), ordering="number")
    def shown_number(self, invoice: Invoice) -> str:
        return unbroken(invoice.number)

    @display(description=gettext_lazy("价税合计（元）"), ordering="amount")
    def total(self, invoice: Invoice) -> str:
        return format_yuan(invoice.amount)

    @display(description=gettext_lazy("开票日期"), ordering="issued_on")
    def issued(self, invoice: Invoice) -> str:
        return unbroken(invoice.issued_on.isoformat())

    @display(description=gettext_lazy("状态"))
    def in_use(self, invoice: Invoice) -> str:
        return _("已替换或移除") if invoice.removed_at else _("使用中")


class EvaluationAdmin(OfOrder):
    model = Evaluation
    menu_label = gettext_lazy("评价")
    menu_icon = "comment"
    made_column = "at"
    button_helper_class = EvaluationButtons
    inspect_template_name = "orders/admin/evaluation_inspect.html"
    inspect_view_fields = (
        *STARS,
        "text",
        "at",
        "answer",
        "answered_at",
        "hidden_at",
        "hidden_by",
        "hidden_reason",
    )
    list_display = ("order_number", "title", "consumer", "provider", "given", "words", "shown")
    list_filter = (ShownFilter, KindFilter, DirectFilter, MadeYearFilter)
    list_export = (
        "order",
        "title",
        "consumer",
        "provider",
        "is_direct",
        *STARS,
        "text",
        "at",
        "answer",
        "answered_at",
        "shown",
        "hidden_reason",
    )

    @display(description=gettext_lazy("质量/速度/态度"))
    def given(self, evaluation: Evaluation) -> str:
        return unbroken(" / ".join(str(getattr(evaluation, name)) for name in STARS))

    @display(description=gettext_lazy("评价内容"))
    def words(self, evaluation: Evaluation) -> str:
        return evaluation.text[:40] + "…" * (len(evaluation.text) > 40)

    @display(description=gettext_lazy("公开"))
    def shown(self, evaluation: Evaluation) -> str:
        return _("已隐藏") if evaluation.hidden_at else _("公开")
