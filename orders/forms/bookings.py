"""What a consumer asks for, what a provider accepts, and what they write to each other."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from files.forms import PrivateFileListField, UploadFormMixin
from orders.forms.fields import DeclarationsForm, QuantityField, in_our_words
from orders.forms.slots import SLOT_FIELDS, SlotForm, slot_initial
from orders.models import Booking, Offer, line_amount
from orders.models.base import LEAST_AMOUNT, MOST_AMOUNT, MOST_QUANTITY
from orders.services.bookings import MOST_DAYS_AHEAD, wished_day_problem
from workflow.forms import DayField, MoneyField, ParagraphWidget

MOST_FILES = 5
FILES_HELP = gettext_lazy("最多 5 个，支持 PDF、JPG、PNG，每个不超过 10 MB。只有预约双方和运营部门可以查看。")
NOT_POSITIVE = {"quantity": gettext_lazy("数量应大于 0。"), "price_amount": gettext_lazy("单价应大于 0 元。")}


def attachments_field() -> PrivateFileListField:
    return PrivateFileListField(
        label=gettext_lazy("附件"), max_count=MOST_FILES, required=False, help_text=FILES_HELP
    )


class BookingForm(SlotForm, DeclarationsForm, UploadFormMixin, forms.ModelForm):
    """立即预约. The instance has its offer already."""

    field_order = (
        "sample",
        "requirements",
        "quantity",
        "unit",
        *SLOT_FIELDS,
        "wished_on",
        "budget_amount",
        "attachments",
    )

    attachments = attachments_field()

    class Meta:
        model = Booking
        fields = ("sample", "requirements", "quantity", "unit", "wished_on", "budget_amount")
        field_classes = {"quantity": QuantityField, "wished_on": DayField, "budget_amount": MoneyField}
        widgets = {"sample": ParagraphWidget(rows=4), "requirements": ParagraphWidget(rows=5)}
        help_texts = {
            "budget_amount": gettext_lazy("可以不填；单位是元，供接券机构报价时参考。"),
            "wished_on": gettext_lazy("希望在这一天以前拿到结果。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, instrument=kwargs["instance"].instrument, **kwargs)
        self.fields["unit"].choices = [choice for choice in self.fields["unit"].choices if choice[0]]  # type: ignore[attr-defined]  # a choice
        in_our_words(self)

    def clean_quantity(self) -> Any:
        quantity = self.cleaned_data["quantity"]
        if quantity > MOST_QUANTITY:
            raise forms.ValidationError(_("数量太大，请核对单位。"))
        return quantity

    def clean_wished_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["wished_on"]
        if problem := wished_day_problem(day):
            raise forms.ValidationError(problem)
        return day

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        wished = self.cleaned_data.get("wished_on")
        if self.slot and wished and wished < timezone.localdate(self.slot.start):
            self.add_error("wished_on", _("期望完成日期早于上机日期，请核对。"))
        if self.slot:
            self.instance.starts_at, self.instance.ends_at = self.slot.start, self.slot.end
        return cleaned


def booking_initial(offer: Offer) -> dict[str, Any]:
    return {"unit": offer.price_unit or "sample"}


class AcceptForm(SlotForm):
    """接受预约: what the consumer may order without a change. Unit price in yuan."""

    field_order = ("quantity", "price_amount", "delivery_on", "note")

    quantity = QuantityField(label=gettext_lazy("数量"), max_digits=8, decimal_places=2)
    price_amount = MoneyField(label=gettext_lazy("单价（元）"), max_digits=14, decimal_places=2)
    delivery_on = DayField(label=gettext_lazy("承诺交付日期"))
    note = forms.CharField(
        label=gettext_lazy("答复说明"),
        required=False,
        max_length=1000,
        widget=ParagraphWidget(rows=4),
        help_text=gettext_lazy("如寄样地址、样品要求、费用说明；会成为订单的合同约定，双方都能看到。"),
    )

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        super().__init__(*args, instrument=booking.instrument, besides=booking, **kwargs)
        self.booking = booking
        in_our_words(self)

    def clean_quantity(self) -> Any:
        return self._positive("quantity")

    def clean_price_amount(self) -> Any:
        return self._positive("price_amount")

    def _positive(self, name: str) -> Any:
        value = self.cleaned_data[name]
        if value < LEAST_AMOUNT:
            raise forms.ValidationError(NOT_POSITIVE[name])
        return value

    def clean_delivery_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["delivery_on"]
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError(_("承诺交付日期已过，请选择今天或以后的日期。"))
        if day > today + datetime.timedelta(days=2 * MOST_DAYS_AHEAD):
            raise forms.ValidationError(_("承诺交付日期请选在两年以内。"))
        return day

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        quantity, price = (self.cleaned_data.get(name) for name in ("quantity", "price_amount"))
        if quantity and price and line_amount(quantity, price) >= MOST_AMOUNT:
            self.add_error("price_amount", _("总金额过大，请核对单价和数量，单价的单位是元。"))
        return cleaned


def accept_initial(booking: Booking) -> dict[str, Any]:
    """As asked for, at the listed price where it is counted in the same unit."""
    offer = booking.offer
    return {
        "quantity": booking.quantity,
        "price_amount": offer.price_amount if offer.price_unit == booking.unit else None,
        "delivery_on": max(booking.wished_on, timezone.localdate()),
        **slot_initial(booking),
    }


class ReplyForm(UploadFormMixin, forms.Form):
    """A message to the other side."""

    text = forms.CharField(
        label=gettext_lazy("留言"),
        max_length=2000,
        widget=ParagraphWidget(rows=4),
        error_messages={"required": gettext_lazy("请填写留言内容。")},
    )
    attachments = attachments_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self)
