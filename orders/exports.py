"""导出 of one's own bookings and orders: the list as filtered, one row each."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from files.spreadsheets import Sheet
from orders.models import Booking, Deal, Order
from orders.statuses import Party

CHUNK = 500
WIDTHS = (20, 12, 36, 32, 20, 10, 10, 14, 14, 14, 18, 18)


def deal_sheet(model: type[Deal], rows: QuerySet[Any], party: Party) -> Sheet:
    """Amounts in yuan; the state in that side's words."""
    other = _("用券机构") if party == Party.PROVIDER else _("接券机构")
    shared = [_("编号"), _("服务类型"), _("服务名称"), other, _("状态")]
    headings, values = BOOKED if model is Booking else ORDERED
    return Sheet(
        title=str(model._meta.verbose_name),
        headings=[*shared, *map(str, headings())],
        rows=_rows(rows, party, values),
        widths=WIDTHS,
    )


def _rows(rows: QuerySet[Any], party: Party, values: Any) -> Iterator[Sequence[Any]]:
    for deal in rows.with_sides().iterator(chunk_size=CHUNK):  # type: ignore[attr-defined]  # a DealQuerySet
        other = deal.consumer if party == Party.PROVIDER else deal.provider
        yield [
            deal.number,
            deal.get_kind_display(),
            deal.offer_name,
            str(other),
            deal.label_for(party),
            *values(deal),
        ]


def _booking_headings() -> Sequence[str]:
    return [_("数量"), _("单位"), _("单价（元）"), _("金额（元）"), _("期望完成日期"), _("预约时间")]


def _booking_values(booking: Booking) -> Sequence[Any]:
    accepted = booking.accepted_quantity
    return [
        booking.quantity if accepted is None else accepted,
        booking.get_unit_display(),
        booking.accepted_price_amount,
        booking.accepted_amount,
        booking.wished_on,
        timezone.localtime(booking.created_at),
    ]


def _order_headings() -> Sequence[str]:
    return [_("下单方式"), _("总金额（元）"), _("交付日期"), _("预约编号"), _("下单时间"), _("确认完成时间")]


def _order_values(order: Order) -> Sequence[Any]:
    return [
        _("补录") if order.is_direct else _("预约下单"),
        order.total_amount,
        order.delivery_on,
        order.booking.number if order.booking else "",
        timezone.localtime(order.created_at),
        timezone.localtime(order.completed_at) if order.completed_at else None,
    ]


BOOKED = (_booking_headings, _booking_values)
ORDERED = (_order_headings, _order_values)
