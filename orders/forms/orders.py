"""What a consumer orders: from an accepted booking, or for work already done."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.exceptions import DomainError
from catalogue.models import PriceUnit
from institutions.forms.fields import RowsField
from orders.differences import accepted_item, changes_against
from orders.forms.fields import DeclarationsForm, QuantityField, in_our_words
from orders.models import Booking, Offer, Order, OrderItem
from orders.services.orders import MOST_ITEMS, direct_day_problem, ordered_day_problem, settled_items
from workflow.forms import DayField, MoneyField, ParagraphWidget

POSITIVE = {"quantity": gettext_lazy("应大于 0。"), "price_amount": gettext_lazy("应大于 0 元。")}


class ItemsField(RowsField):
    """The lines of an order; each is complete, its figures above 0."""

    MOST_ROWS = MOST_ITEMS

    def _clean_row(
        self, number: int, row: dict[str, Any], problems: list[forms.ValidationError]
    ) -> dict[str, Any]:
        cleaned = super()._clean_row(number, row, problems)
        for name in ("quantity", "unit", "price_amount"):
            if name in cleaned and cleaned[name] in (None, ""):
                problems.append(self._problem(number, name, [_("请填写。")]))
        for name, sentence in POSITIVE.items():
            if cleaned.get(name) is not None and cleaned[name] <= 0:
                problems.append(self._problem(number, name, [str(sentence)]))
        return cleaned


class OrderForm(forms.Form):
    """Items, total and terms. The total is typed, or put in by the browser, and has to add up. Amounts in yuan."""

    items = ItemsField(
        label=gettext_lazy("订单项目"),
        columns={
            "name": forms.CharField(label=gettext_lazy("项目"), max_length=100),
            "quantity": QuantityField(label=gettext_lazy("数量"), max_digits=8, decimal_places=2),
            "unit": forms.ChoiceField(
                label=gettext_lazy("单位"), choices=[("", gettext_lazy("请选择")), *PriceUnit.choices]
            ),
            "price_amount": MoneyField(label=gettext_lazy("单价（元）"), max_digits=12, decimal_places=2),
        },
        unique=("name",),
    )
    total_amount = MoneyField(
        label=gettext_lazy("总金额（元）"),
        max_digits=12,
        decimal_places=2,
        help_text=gettext_lazy("各项目数量乘单价之和。"),
    )
    requirements = forms.CharField(
        label=gettext_lazy("服务内容与要求"), max_length=2000, widget=ParagraphWidget(rows=5)
    )
    delivery_on = DayField(label=gettext_lazy("交付日期"))
    terms = forms.CharField(
        label=gettext_lazy("合同约定"),
        required=False,
        max_length=2000,
        widget=ParagraphWidget(rows=4),
        help_text=gettext_lazy("付款方式、报告份数、样品处理等，没有可不填。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.settled: list[OrderItem] = []
        in_our_words(self)

    def order(self) -> Order:
        values = self.cleaned_data
        return Order(
            requirements=values["requirements"], delivery_on=values["delivery_on"], terms=values["terms"]
        )

    def clean_items(self) -> Sequence[dict[str, Any]]:
        rows: Sequence[dict[str, Any]] = self.cleaned_data["items"]
        if not rows:
            raise forms.ValidationError(_("请至少填写一个订单项目。"))
        return rows

    def day_problem(self, day: datetime.date) -> str:
        return ordered_day_problem(day)

    def clean_delivery_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["delivery_on"]
        if problem := self.day_problem(day):
            raise forms.ValidationError(problem)
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "items" in cleaned and cleaned.get("total_amount") is not None:
            try:
                self.settled = settled_items(
                    [OrderItem(**row) for row in cleaned["items"]], cleaned["total_amount"]
                )
            except DomainError as error:
                self.add_error("total_amount", str(error))
        return cleaned


class BookedOrderForm(OrderForm):
    """确认并下单: as the provider has accepted it, to be taken over or changed."""

    agrees = forms.BooleanField(
        label=gettext_lazy("改动的内容已与接券机构沟通一致"),
        required=False,
        help_text=gettext_lazy("与已接受的预约完全一致的，不必勾选。"),
    )

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        self.booking = booking
        self.changes: list[list[str]] = []
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        self.changes = changes_against(self.booking, self.order(), self.settled)
        if self.changes and not cleaned["agrees"]:
            self.add_error(
                "agrees",
                _("订单与已接受的预约有 %d 处不同。请先与接券机构沟通，一致后勾选这一项。")
                % len(self.changes),
            )
        return cleaned


class DirectOrderForm(DeclarationsForm, OrderForm):
    """立即下单, for work already done."""

    field_order = ("items", "total_amount", "requirements", "delivery_on", "terms")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delivery_on"].label = _("服务完成日期")
        self.fields["delivery_on"].help_text = _("已经完成的服务；发票日期须在创新券有效期内。")

    def day_problem(self, day: datetime.date) -> str:
        return direct_day_problem(day)


def booked_initial(booking: Booking) -> dict[str, Any]:
    """What was accepted; a day that has passed meanwhile is asked for anew."""
    item = accepted_item(booking)
    day = booking.accepted_delivery_on
    return {
        "items": [_row(item)],
        "total_amount": item.amount,
        "requirements": booking.requirements,
        "delivery_on": day if day and day >= timezone.localdate() else None,
        "terms": booking.accepted_note,
    }


def direct_initial(offer: Offer) -> dict[str, Any]:
    item = OrderItem(
        name=str(offer)[:100],
        quantity=Decimal(1),
        unit=offer.price_unit or PriceUnit.SAMPLE,
        price_amount=offer.price_amount,
    )
    return {"items": [_row(item)], "total_amount": offer.price_amount}


def _row(item: OrderItem) -> dict[str, Any]:
    return {
        "name": item.name,
        "quantity": item.quantity,
        "unit": item.unit,
        "price_amount": item.price_amount,
    }
