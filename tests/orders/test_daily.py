"""The daily calendar: who is waited for is told once, bookings expire, and nothing is ever confirmed by silence."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Message
from orders import reminders
from orders.exceptions import OrderError
from orders.models import Booking, Order
from orders.reminders import REMINDERS, expire_lapsed, remind_waiting
from orders.services import bookings, orders
from orders.statuses import AWAITED, BookingStatus, OrderStatus, Party
from tests import order_factories as make
from workflow.models import AuditEntry
from workflow.statuses import Action

pytestmark = pytest.mark.django_db

MONDAY = "2026-06-01"  # no holidays until 19 June, 端午节, a Friday


def on(day: str, time: str = "09:00") -> Any:
    """At that time of that day, in the site's time zone."""
    return time_machine.travel(
        timezone.make_aware(datetime.datetime.fromisoformat(f"{day} {time}")), tick=False
    )


def told_on(*days: str) -> list[tuple[str, str]]:
    """Whom the nightly runs of these days told: [(day, account)]."""
    told = []
    for day in days:
        last = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with on(day, "00:20"):
            assert remind_waiting().failures == []
            assert remind_waiting().done == 0  # a second run the same night
        names = Message.objects.filter(pk__gt=last).order_by("pk").values_list("recipient__username")
        told += [(day, name) for (name,) in names]
    return told


def test_every_state_in_which_somebody_is_waited_for_has_its_reminder() -> None:
    assert set(REMINDERS) == set(AWAITED)


def test_a_provider_is_reminded_once_after_two_whole_working_days() -> None:
    with on(MONDAY, "23:50"):
        booking = make.a_booking(wished_on=datetime.date(2026, 7, 1))
    provider = booking.provider.account.username
    assert told_on("2026-06-02", "2026-06-03", "2026-06-04", "2026-06-05", "2026-06-30") == [
        ("2026-06-04", provider)
    ]
    message = Message.objects.filter(recipient=booking.provider.account).order_by("-pk")[0]
    assert message.subject == "预约等待您答复：金属材料力学性能检测"
    assert message.body == (
        f"预约 {booking.number}（金属材料力学性能检测）：已过两个工作日，请尽快回复、接受或拒绝预约。"
    )
    assert message.link == f"/centre/bookings/{booking.pk}/"


@pytest.mark.parametrize(
    ("booked", "told"),
    [
        ("2026-06-04", "2026-06-09"),  # Thursday: Friday and Monday
        ("2026-06-05", "2026-06-10"),  # Friday
        ("2026-06-06", "2026-06-10"),  # Saturday
        ("2026-06-17", "2026-06-23"),  # Wednesday before 端午节: Thursday and Monday
    ],
)
def test_weekends_and_holidays_are_no_working_days(booked: str, told: str) -> None:
    with on(booked):
        make.a_booking(wished_on=datetime.date(2026, 7, 1))
    first = datetime.date.fromisoformat(booked)
    days = [str(first + datetime.timedelta(days=ahead)) for ahead in range(1, 10)]
    assert [day for day, _name in told_on(*days)] == [told]


def test_a_reply_makes_it_the_consumers_turn_and_an_answer_the_providers_again() -> None:
    with on(MONDAY):
        booking = make.a_booking(wished_on=datetime.date(2026, 7, 1))
    consumer, provider = booking.consumer.account, booking.provider.account
    assert told_on("2026-06-04") == [("2026-06-04", provider.username)]
    with on("2026-06-04"):
        bookings.reply(booking=booking, actor=provider, text="样品多大？")
    assert told_on("2026-06-05", "2026-06-08", "2026-06-09", "2026-06-10") == [
        ("2026-06-09", consumer.username)
    ]
    with on("2026-06-10"):
        bookings.reply(booking=booking, actor=consumer, text="10 mm")
    assert told_on("2026-06-12", "2026-06-13", "2026-06-16") == [("2026-06-13", provider.username)]


def test_writing_again_neither_prolongs_the_wait_nor_repeats_the_reminder() -> None:
    with on(MONDAY):
        booking = make.a_booking(wished_on=datetime.date(2026, 7, 1))
    for day in ("2026-06-03", "2026-06-04"):
        with on(day):
            bookings.reply(booking=booking, actor=booking.consumer.account, text="请尽快答复")
        assert [name for _day, name in told_on("2026-06-04")] == (
            [booking.provider.account.username] if day == "2026-06-03" else []
        )
    assert told_on("2026-06-08", "2026-06-09") == []


def test_the_consumer_is_told_five_days_before_an_accepted_booking_expires() -> None:
    with on(MONDAY):
        booking = make.an_accepted_booking()
    assert str(booking.expires_on) == "2026-07-01"
    with on("2026-06-27"):  # a message in the last days is no reason to tell again
        told = told_on("2026-06-25", "2026-06-26")
        bookings.reply(booking=booking, actor=booking.provider.account, text="仪器已备好")
    assert told == [("2026-06-26", booking.consumer.account.username)]
    assert told_on("2026-06-27", "2026-07-01") == []
    with on("2026-07-01", "23:59"):
        assert expire_lapsed().done == 0
    with on("2026-07-02", "00:20"):
        call_command("remind_orders")
    booking.refresh_from_db()
    assert booking.status == BookingStatus.EXPIRED


def test_an_order_that_is_not_accepted_and_a_proposal_that_is_not_answered_are_called_to_mind() -> None:
    with on(MONDAY):
        placed, cancelled = make.an_order("placed"), make.an_order("active")
        orders.propose_cancel(order=cancelled, actor=cancelled.provider.account, reason="仪器故障")
    assert told_on("2026-06-03", "2026-06-04", "2026-06-05") == [
        ("2026-06-04", placed.provider.account.username),
        ("2026-06-04", cancelled.consumer.account.username),
    ]


def test_silence_after_a_delivery_is_called_to_mind_every_fifteen_days_and_confirms_nothing() -> None:
    with on(MONDAY, "23:59"):
        order = make.an_order("delivered")
    consumer = order.consumer.account.username
    days = [str(datetime.date(2026, 6, 2) + datetime.timedelta(days=ahead)) for ahead in range(50)]
    assert told_on(*days) == [("2026-06-16", consumer), ("2026-07-01", consumer), ("2026-07-16", consumer)]
    order.refresh_from_db()
    assert (order.status, order.completed_at) == (OrderStatus.DELIVERED, None)
    assert not AuditEntry.objects.of(order).filter(actor=None).exists()


def test_after_a_mediation_the_consumer_has_fifteen_days_again() -> None:
    with on(MONDAY):
        order = make.an_order("disputed")
    with on("2026-06-20"):
        orders.mediate(order=order, action=Action.MEDIATE_CONFIRM, actor=make.mediator(), reason="报告已补正")
    assert told_on("2026-06-21", "2026-07-04", "2026-07-05") == [
        ("2026-07-05", order.consumer.account.username)
    ]


def test_a_booking_past_its_day_expires_with_both_told_and_its_time_free() -> None:
    with on(MONDAY):
        booking = make.a_booking(wished_on=datetime.date(2026, 6, 10))
        ordered = make.an_order("active").booking
    with on("2026-06-24", "23:59"):
        assert expire_lapsed().done == 0
    with on("2026-06-25", "00:20"):
        assert (expire_lapsed().done, expire_lapsed().done) == (1, 0)
    booking.refresh_from_db()
    ordered.refresh_from_db()
    assert (booking.status, ordered.status) == (BookingStatus.EXPIRED, BookingStatus.ORDERED)
    expired = Message.objects.filter(subject__startswith="预约已过期")
    assert {one.recipient for one in expired} == {booking.consumer.account, booking.provider.account}
    assert {one.link for one in expired} == {f"/centre/bookings/{booking.pk}/"}
    assert AuditEntry.objects.of(booking).order_by("-pk")[0].actor is None


def test_a_booking_whose_order_was_refused_late_can_still_be_ordered_again() -> None:
    with on(MONDAY):
        order = make.an_order("placed")
    with on("2026-08-03"):
        order = orders.refuse_order(order=order, actor=order.provider.account, reason="单价不符")
        assert expire_lapsed().done == 0
        booking = Booking.objects.get()
    assert (booking.status, str(booking.expires_on)) == (BookingStatus.ACCEPTED, "2026-08-17")


def test_one_that_fails_stops_none_of_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with on(MONDAY):
        lapsed = [make.a_booking(wished_on=datetime.date(2026, 6, 2)) for _each in range(3)]
        waiting = [make.an_order("placed") for _each in range(3)]
    expire, tell = reminders.expire_booking, reminders.tell

    def cannot_expire_the_first(*, booking: Booking) -> Booking:
        if booking.pk == lapsed[0].pk:
            raise OrderError("不行。")
        return expire(booking=booking)

    def cannot_tell_of_the_second(deal: Any, party: Party, subject: str, body: str) -> None:
        if deal.pk == waiting[1].pk and isinstance(deal, Order):
            raise RuntimeError("broken")
        tell(deal, party, subject, body)

    monkeypatch.setattr(reminders, "PAGE", 2)
    monkeypatch.setattr(reminders, "expire_booking", cannot_expire_the_first)
    monkeypatch.setattr(reminders, "tell", cannot_tell_of_the_second)
    with on("2026-06-17"), pytest.raises(CommandError) as caught:
        call_command("remind_orders")
    assert caught.value.returncode == 1
    assert str(caught.value) == (
        f"Not done:\nbooking #{lapsed[0].pk}: 不行。\norder #{waiting[1].pk}: broken"
    )
    assert "2 bookings expired, 3 reminders sent" in capsys.readouterr().out
    reminded = [Order.objects.get(pk=order.pk).reminded_at is not None for order in waiting]
    assert reminded == [True, False, True]  # what was not told is tried again the next night


def test_one_that_moved_meanwhile_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with on(MONDAY):
        order, booking = make.an_order("placed"), make.a_booking(wished_on=datetime.date(2026, 6, 2))
    keys = reminders._keys

    def and_then_they_answer(rows: Any) -> list[int]:
        found = list(keys(rows))
        if order.pk in found and rows.model is Order:
            orders.accept_order(order=order, actor=order.provider.account)
        if booking.pk in found and rows.model is Booking:
            bookings.cancel_booking(booking=booking, actor=booking.consumer.account, reason="不需要了")
        return found

    monkeypatch.setattr(reminders, "_keys", and_then_they_answer)
    with on("2026-06-17"):
        expired, reminded = expire_lapsed(), remind_waiting()
    assert (expired.done, expired.failures) == (0, [])
    assert (reminded.done, reminded.failures) == (0, [])
    assert not Message.objects.filter(subject__contains="等待您接单").exists()


def test_a_reminder_is_mailed_with_its_link(settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    with on(MONDAY):
        booking = make.a_booking(wished_on=datetime.date(2026, 7, 1))
    with on("2026-06-04"), django_capture_on_commit_callbacks(execute=True):
        call_command("remind_orders")
    (letter,) = mail.outbox
    assert letter.to == [booking.provider.account.email]
    assert letter.body.endswith(f"{settings.WAGTAILADMIN_BASE_URL}/centre/bookings/{booking.pk}/")
