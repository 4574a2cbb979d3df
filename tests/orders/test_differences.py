"""What of an order differs from what was accepted, in the words both sides read."""

import datetime
from decimal import Decimal

import pytest

from orders.differences import accepted_item, changes_against, shown_quantity
from orders.models import Booking, Order, OrderItem, line_amount
from orders.services.orders import settled_items

DAY = datetime.date(2026, 7, 1)


def a_booking() -> Booking:
    """Accepted for 3 samples at 300 yuan, not stored."""
    return Booking(
        offer_name="拉伸试验",
        unit="sample",
        requirements="按 GB/T 228.1 测拉伸强度\n报告一式两份",
        accepted_quantity=Decimal("3.00"),
        accepted_price_amount=Decimal("300.00"),
        accepted_delivery_on=DAY,
        accepted_note="含报告",
    )


def changes(items: list[OrderItem] | None = None, **texts: object) -> list[list[str]]:
    booking = a_booking()
    values = {"requirements": booking.requirements, "delivery_on": DAY, "terms": "含报告"}
    items = items or [accepted_item(booking)]
    for item in items:
        item.amount = line_amount(item.quantity, item.price_amount)
    return changes_against(booking, Order(**values | texts), items)


def an_item(
    name: str = "拉伸试验", quantity: str = "3", unit: str = "sample", price: str = "300"
) -> OrderItem:
    return OrderItem(name=name, quantity=Decimal(quantity), unit=unit, price_amount=Decimal(price))


def test_what_is_taken_over_is_no_change() -> None:
    assert changes() == []
    assert changes([an_item(quantity="3.00", price="300.00")]) == []


def test_spaces_and_line_ends_of_a_form_are_no_change() -> None:
    assert changes(requirements="  按 GB/T 228.1 测拉伸强度 \r\n报告一式两份\r\n", terms="含报告 ") == []


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            an_item(price="320.50"),
            [["单价", "300 元", "320.50 元"], ["总金额", "900 元", "961.50 元"]],
        ),
        (
            an_item(quantity="2.5"),
            [
                ["项目与数量", "拉伸试验 × 3 样品", "拉伸试验 × 2.5 样品"],
                ["总金额", "900 元", "750 元"],
            ],
        ),
        (
            an_item(name="弯曲试验", unit="hour"),
            [["项目与数量", "拉伸试验 × 3 样品", "弯曲试验 × 3 小时"]],
        ),
    ],
    ids=["price", "quantity", "what"],
)
def test_a_changed_line_is_named_before_and_after(item: OrderItem, expected: list[list[str]]) -> None:
    assert changes([item]) == expected


def test_more_lines_for_the_same_total_are_a_change() -> None:
    items = [an_item(quantity="1"), an_item(name="弯曲试验", quantity="2")]
    assert changes(items) == [
        ["项目与数量", "拉伸试验 × 3 样品", "拉伸试验 × 1 样品；弯曲试验 × 2 样品"],
        ["单价", "300 元", "300 元；300 元"],
    ]


def test_texts_and_the_day_are_compared() -> None:
    changed = changes(requirements="测硬度", delivery_on=datetime.date(2026, 7, 2), terms="")
    assert changed == [
        ["服务内容与要求", "按 GB/T 228.1 测拉伸强度\n报告一式两份", "测硬度"],
        ["交付日期", "2026-07-01", "2026-07-02"],
        ["合同约定", "含报告", "（无）"],
    ]


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [("3.00", "3"), ("2.50", "2.5"), ("100", "100"), ("0.01", "0.01"), ("1000.00", "1000")],
)
def test_a_quantity_is_shown_without_idle_zeros(quantity: str, shown: str) -> None:
    assert shown_quantity(Decimal(quantity)) == shown


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [("3", "0.335", "1.01"), ("0.01", "0.50", "0.01"), ("2.5", "0.01", "0.03"), ("1.5", "0.03", "0.05")],
)
def test_a_line_is_rounded_half_up_to_the_fen(quantity: str, price: str, amount: str) -> None:
    (item,) = settled_items([an_item(quantity=quantity, price=price)], Decimal(amount))
    assert item.amount == Decimal(amount)
