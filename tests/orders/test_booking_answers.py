"""What the two sides do with a booking: messages, acceptance, refusal, cancelling."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from orders.calendar import Span
from orders.models import BookingMessage
from orders.services import bookings, calendar
from orders.statuses import BookingStatus
from tests import order_factories as make
from tests.conftest import signed_in
from tests.factories import (
    InstrumentFactory,
    reviewer,
)
from tests.files.conftest import pdf_bytes, upload
from tests.orders.booking_forms import errors

pytestmark = pytest.mark.django_db


# replies


def test_both_sides_write_with_files_and_the_thread_shows_who(client: Client) -> None:
    booking = make.a_booking()
    provider, consumer = signed_in(booking.provider.account), signed_in(booking.consumer.account)
    address = f"/centre/bookings/{booking.pk}/reply/"
    provider.post(address, {"text": "请寄样", "attachments": [upload("寄样单.pdf", pdf_bytes())]})
    booking.refresh_from_db()
    assert booking.status == BookingStatus.REPLIED
    consumer.post(address, {"text": "已寄出"})
    booking.refresh_from_db()
    assert booking.status == BookingStatus.WAITING
    page = consumer.get(f"/centre/bookings/{booking.pk}/").content.decode()
    for text in ("请寄样", "寄样单.pdf", "已寄出", str(booking.provider), "用券机构（本机构）"):
        assert text in page
    assert page.index("请寄样") < page.index("已寄出")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "请填写留言内容。"),
        ("  \n ", "请填写留言内容。"),
        ("x\x00", "含有看不见的空字符"),
        ("字" * 2001, "最多 2000 个字"),
    ],
)
def test_an_empty_or_odd_message_is_refused(text: str, sentence: str) -> None:
    booking = make.a_booking()
    response = signed_in(booking.consumer.account).post(
        f"/centre/bookings/{booking.pk}/reply/", {"text": text}
    )
    assert sentence in errors(response)["text"][0]
    assert not BookingMessage.objects.exists()


def test_nothing_is_written_to_what_is_closed() -> None:
    booking = make.a_booking()
    bookings.refuse_booking(booking=booking, actor=booking.provider.account, reason="仪器检修")
    client = signed_in(booking.consumer.account)
    address = f"/centre/bookings/{booking.pk}/reply/"
    assert "这一步已经不能办理" in client.get(address).content.decode()
    response = client.post(address, {"text": "为什么？"})
    assert "不能再留言" in response.content.decode()
    assert not BookingMessage.objects.exists()


# accept, refuse, cancel


def accepting(**fields: Any) -> dict[str, Any]:
    return {
        "quantity": "3",
        "price_amount": "280",
        "delivery_on": make.in_days(8).isoformat(),
        "note": "请寄到 3 号楼",
        **fields,
    }


def test_the_provider_accepts_with_its_offer() -> None:
    booking = make.a_booking()
    client, address = signed_in(booking.provider.account), f"/centre/bookings/{booking.pk}/accept/"
    form = client.get(address).context["form"]
    assert (form["quantity"].value(), form["price_amount"].value()) == ("3", "200")
    assert form["delivery_on"].value() == booking.wished_on
    response = client.post(address, accepting())
    assert response["Location"] == f"/centre/bookings/{booking.pk}/"
    booking.refresh_from_db()
    assert (booking.status, booking.accepted_price_amount) == (BookingStatus.ACCEPTED, Decimal("280.00"))
    assert (booking.accepted_amount, booking.accepted_note) == (Decimal("840.00"), "请寄到 3 号楼")
    again = client.post(address, accepting())
    assert "不能再接受预约" in again.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("quantity", "0", "数量应大于 0。"),
        ("price_amount", "0", "单价应大于 0 元。"),
        ("price_amount", "叁佰元", "请填写数字金额"),
        ("price_amount", "99999999", "总金额过大"),
        ("price_amount", "", "请填写“单价（元）”。"),
        ("delivery_on", "2020-01-01", "承诺交付日期已过"),
        ("delivery_on", "9999-12-31", "承诺交付日期请选在两年以内。"),
        ("note", "字" * 1001, "最多 1000 个字"),
    ],
)
def test_what_is_wrong_with_an_offer_is_said_at_its_field(field: str, value: str, sentence: str) -> None:
    booking = make.a_booking()
    address = f"/centre/bookings/{booking.pk}/accept/"
    response = signed_in(booking.provider.account).post(address, accepting(**{field: value}))
    assert list(errors(response)) == [field]
    assert sentence in errors(response)[field][0]
    booking.refresh_from_db()
    assert booking.status == BookingStatus.WAITING


def test_a_time_taken_meanwhile_is_answered_with_others_to_choose_from(instrument: Any) -> None:
    slot = make.a_slot(1, 9)
    first, second = (make.a_booking(offer=instrument, slot=slot) for _each in range(2))
    client, address = signed_in(instrument.provider.account), f"/centre/bookings/{second.pk}/accept/"
    form = client.get(address).context["form"]
    day = make.in_days(1).isoformat()
    assert (form["slot_day"].value(), form["slot_starts"].value(), form["slot_ends"].value()) == (
        day,
        "09:00",
        "11:00",
    )
    make.accept(first)
    taken = {"slot_day": day, "slot_starts": "09:00", "slot_ends": "11:00"}
    response = client.post(address, accepting(**taken))
    assert "这段时间已被占用。" in errors(response)["slot_day"][0]
    choice = response.context["form"].fields["slot_instead"].widget.choices[0][0]
    assert choice == f"{day} 11:00 {day} 13:00"
    client.post(address, accepting(**taken, slot_instead=choice))
    second.refresh_from_db()
    assert second.status == BookingStatus.ACCEPTED
    assert Span(second.starts_at, second.ends_at) == make.a_slot(1, 11)


def test_a_booking_by_date_gets_a_time_when_the_instrument_has_hours_since() -> None:
    instrument = InstrumentFactory(approved=True)
    booking = make.a_booking(offer=instrument)
    make.open_all_week(instrument)
    client, address = signed_in(instrument.provider.account), f"/centre/bookings/{booking.pk}/accept/"
    assert "slot_day" in errors(client.post(address, accepting()))
    day = make.in_days(1).isoformat()
    client.post(address, accepting(slot_day=day, slot_starts="09:00", slot_ends="11:00"))
    booking.refresh_from_db()
    assert Span(booking.starts_at, booking.ends_at) == make.a_slot(1, 9)


def test_a_booking_by_the_hour_is_accepted_though_the_hours_are_gone(instrument: Any) -> None:
    slot = make.a_slot(1, 9)
    booking = make.a_booking(offer=instrument, slot=slot)
    calendar.set_opening_hours(instrument=instrument, hours=[], actor=instrument.provider.account)
    day = make.in_days(1).isoformat()
    signed_in(instrument.provider.account).post(
        f"/centre/bookings/{booking.pk}/accept/",
        accepting(slot_day=day, slot_starts="09:00", slot_ends="11:00"),
    )
    booking.refresh_from_db()
    assert (booking.status, booking.starts_at) == (BookingStatus.ACCEPTED, slot.start)


def test_refused_with_a_reason_that_the_consumer_reads() -> None:
    booking = make.a_booking()
    client, address = signed_in(booking.provider.account), f"/centre/bookings/{booking.pk}/refuse/"
    assert errors(client.post(address, {"reason": " "})) == {"reason": ["请填写原因，对方会看到。"]}
    booking.refresh_from_db()
    assert booking.status == BookingStatus.WAITING
    client.post(address, {"reason": "仪器检修"})
    booking.refresh_from_db()
    assert (booking.status, booking.closing_reason) == (BookingStatus.REFUSED, "仪器检修")


def test_each_side_cancels_as_far_as_it_may() -> None:
    booking = make.a_booking()
    provider, consumer = signed_in(booking.provider.account), signed_in(booking.consumer.account)
    address = f"/centre/bookings/{booking.pk}/cancel/"
    assert "不能再取消预约" in provider.post(address, {"reason": "误接"}).content.decode()
    assert "占用的上机时间会空出来" in consumer.get(address).content.decode()
    make.accept(booking)
    assert "确实不能提供服务时才取消" in provider.get(address).content.decode()
    consumer.post(address, {"reason": "样品报废"})
    booking.refresh_from_db()
    assert (booking.status, booking.closing_reason) == (BookingStatus.CANCELLED, "样品报废")


@pytest.mark.parametrize("action", ["accept", "refuse"])
def test_a_consumer_does_nothing_of_the_provider_s(action: str) -> None:
    booking = make.a_booking()
    client = signed_in(booking.consumer.account)
    response = client.post(f"/centre/bookings/{booking.pk}/{action}/", accepting(reason="x"))
    assert "您不能对预约" in response.content.decode()
    booking.refresh_from_db()
    assert booking.status == BookingStatus.WAITING


@pytest.mark.parametrize("action", ["reply", "accept", "refuse", "cancel"])
def test_somebody_else_s_booking_is_not_found(action: str, consumer: Any, service: Any) -> None:
    booking = make.a_booking()
    data = accepting(reason="x", text="x")
    for account in (consumer.account, service.provider.account):
        client = signed_in(account)
        assert client.get(f"/centre/bookings/{booking.pk}/{action}/").status_code == 404
        assert client.post(f"/centre/bookings/{booking.pk}/{action}/", data).status_code == 404
    staff = signed_in(reviewer()).post(f"/centre/bookings/{booking.pk}/{action}/", data)
    assert staff["Location"] == "/admin/"
    booking.refresh_from_db()
    assert (booking.status, booking.messages.count()) == (BookingStatus.WAITING, 0)


def test_accepting_costs_at_most_9_queries_to_look_at(
    instrument: Any, django_assert_max_num_queries: Any
) -> None:
    booking = make.a_booking(offer=instrument, slot=make.a_slot())
    client = signed_in(instrument.provider.account)
    with django_assert_max_num_queries(9):
        client.get(f"/centre/bookings/{booking.pk}/accept/")
