"""Verbs of bookings: what each needs, what it leaves behind, and that a refusal leaves nothing."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Message
from orders.exceptions import OrderError
from orders.models import Booking, BookingFile, BookingMessage
from orders.services import bookings
from orders.statuses import BookingStatus, Party
from tests import order_factories as make
from tests.consumer_factories import ConsumerFactory
from tests.factories import PrivateFileFactory
from workflow.models import AuditEntry
from workflow.statuses import Action

pytestmark = pytest.mark.django_db

BLANK = ["", "  ", "\n\u3000\t"]


def counts() -> list[int]:
    models = (Booking, BookingMessage, BookingFile, Message, AuditEntry)
    return [model.objects.count() for model in models]


def test_a_booking_is_stored_with_its_number_its_day_of_expiry_and_its_files() -> None:
    consumer = ConsumerFactory(approved=True)
    files = [PrivateFileFactory(owner=consumer.account) for _each in range(2)]
    booking = make.a_booking(consumer=consumer, files=files)
    booking.refresh_from_db()
    assert booking.number.startswith(f"YY{timezone.localdate():%Y%m%d}-")
    assert booking.expires_on == make.in_days(24)
    assert (booking.consumer, booking.provider) == (consumer, booking.offer.provider)
    assert [one.file for one in booking.files.all()] == files


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"quantity": Decimal(0)}, "数量应大于 0，请核对。"),
        ({"quantity": Decimal("-1")}, "数量应大于 0，请核对。"),
        ({"wished_on": -1}, "期望完成日期已过，请选择今天或以后的日期。"),
        ({"wished_on": 367}, "期望完成日期请选在一年以内。"),
    ],
)
def test_a_booking_that_is_not_in_order_is_refused(fields: dict[str, Any], sentence: str) -> None:
    consumer = ConsumerFactory(approved=True)
    offer = make.TestingServiceFactory(approved=True, provider__approved=True)
    before = counts()
    if "wished_on" in fields:
        fields = {"wished_on": make.in_days(fields["wished_on"])}
    with pytest.raises(OrderError) as caught:
        make.a_booking(consumer=consumer, offer=offer, **fields)
    assert str(caught.value) == sentence
    assert counts() == before


def test_today_and_the_last_day_of_a_year_can_be_wished() -> None:
    assert make.a_booking(wished_on=make.in_days(0)).expires_on == make.in_days(14)
    assert make.a_booking(wished_on=make.in_days(366)).expires_on == make.in_days(380)


@pytest.mark.parametrize("declared", ["is_compulsory", "is_related"])
def test_what_is_declared_refuses_the_booking(declared: str) -> None:
    consumer = ConsumerFactory(approved=True)
    booking = Booking(wished_on=make.in_days(3), quantity=Decimal(1), unit="sample")
    booking.offer = make.TestingServiceFactory(approved=True, provider__approved=True)
    declares = {"is_compulsory": False, "is_related": False, declared: True}
    with pytest.raises(OrderError, match="不能使用创新券"):
        bookings.book(booking=booking, actor=consumer.account, **declares)
    assert not Booking.objects.exists()


def test_files_of_others_are_not_attached() -> None:
    stranger = PrivateFileFactory()
    with pytest.raises(OrderError, match="只能附上自己上传的文件"):
        make.a_booking(files=[stranger])
    booking = make.a_booking()
    before = counts()
    with pytest.raises(OrderError, match="只能附上自己上传的文件"):
        bookings.reply(booking=booking, actor=booking.provider.account, text="见附件", files=[stranger])
    assert counts() == before


def test_a_thread_has_who_wrote_on_whose_behalf_and_the_files() -> None:
    booking = make.a_booking()
    file = PrivateFileFactory(owner=booking.provider.account)
    bookings.reply(booking=booking, actor=booking.provider.account, text=" 样品多大？ ", files=[file])
    bookings.reply(booking=booking, actor=booking.consumer.account, text="10 mm")
    first, second = booking.messages.all()
    assert (first.party, first.author, first.text) == (Party.PROVIDER, booking.provider.account, "样品多大？")
    assert (second.party, second.author) == (Party.CONSUMER, booking.consumer.account)
    assert [one.file for one in first.files.all()] == [file]
    assert not second.files.exists()


@pytest.mark.parametrize("text", BLANK)
def test_an_empty_message_is_not_sent(text: str) -> None:
    booking = make.a_booking()
    before = counts()
    with pytest.raises(OrderError, match="请填写留言内容"):
        bookings.reply(booking=booking, actor=booking.provider.account, text=text)
    booking.refresh_from_db()
    assert (booking.status, counts()) == (BookingStatus.WAITING, before)


@pytest.mark.parametrize("reason", BLANK)
@pytest.mark.parametrize("verb", [bookings.refuse_booking, bookings.cancel_booking])
def test_refusing_and_cancelling_need_a_reason(verb: Any, reason: str) -> None:
    booking = make.a_booking()
    side = booking.provider if verb is bookings.refuse_booking else booking.consumer
    before = counts()
    with pytest.raises(OrderError, match="请填写原因，对方会看到"):
        verb(booking=booking, actor=side.account, reason=reason)
    booking.refresh_from_db()
    assert (booking.status, booking.closing_reason, counts()) == (BookingStatus.WAITING, "", before)


@pytest.mark.parametrize("verb", [bookings.refuse_booking, bookings.cancel_booking])
def test_the_reason_is_kept_with_the_booking_and_in_the_trail(verb: Any) -> None:
    booking = make.a_booking()
    side = booking.provider if verb is bookings.refuse_booking else booking.consumer
    verb(booking=booking, actor=side.account, reason=" 排期已满 ")
    booking.refresh_from_db()
    assert booking.closing_reason == "排期已满"
    assert AuditEntry.objects.of(booking).order_by("-pk")[0].reason == "排期已满"


def test_what_is_accepted_is_kept_beside_what_was_wished() -> None:
    booking = make.a_booking(quantity=Decimal(3), budget_amount=Decimal("800.00"))
    bookings.accept_booking(
        booking=booking,
        actor=booking.provider.account,
        quantity=Decimal(2),
        price_amount=Decimal("350.50"),
        delivery_on=make.in_days(20),
        note=" 含报告 ",
    )
    booking.refresh_from_db()
    assert (booking.quantity, booking.budget_amount) == (3, Decimal("800.00"))
    assert (booking.accepted_quantity, booking.accepted_price_amount) == (2, Decimal("350.50"))
    assert (booking.accepted_amount, booking.accepted_note) == (Decimal("701.00"), "含报告")
    assert booking.accepted_delivery_on == make.in_days(20)
    assert booking.accepted_at is not None
    assert booking.expires_on == make.in_days(30)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"price_amount": Decimal(0)}, "单价应大于 0 元"),
        ({"price_amount": Decimal("-0.01")}, "单价应大于 0 元"),
        ({"quantity": Decimal(0)}, "数量应大于 0"),
        ({"quantity": Decimal(100000)}, "数量过大"),
        ({"price_amount": Decimal("33333333.34")}, "总金额过大"),
        ({"delivery_on": -1}, "承诺交付日期已过"),
    ],
)
def test_an_offer_that_is_not_in_order_is_refused(values: dict[str, Any], sentence: str) -> None:
    booking = make.a_booking()
    before = counts()
    offered = {
        "quantity": Decimal(3),
        "price_amount": Decimal(300),
        "delivery_on": make.in_days(0),
        **values,
    }
    if isinstance(offered["delivery_on"], int):
        offered["delivery_on"] = make.in_days(offered["delivery_on"])
    with pytest.raises(OrderError, match=sentence):
        bookings.accept_booking(booking=booking, actor=booking.provider.account, **offered)
    booking.refresh_from_db()
    assert (booking.status, booking.accepted_at, counts()) == (BookingStatus.WAITING, None, before)


def test_a_booking_does_not_expire_on_its_last_day() -> None:
    booking = make.a_booking()
    Booking.objects.update(expires_on=make.in_days(0))
    before = counts()
    with pytest.raises(OrderError, match=f"预约 {booking.number} 还没有过期。"):
        bookings.expire_booking(booking=booking)
    assert counts() == before
    Booking.objects.update(expires_on=make.in_days(-1))
    assert bookings.expire_booking(booking=booking).status == BookingStatus.EXPIRED


def test_a_wait_begins_with_each_turn_and_a_reminder_is_forgotten(time_machine: Any) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    booking = make.a_booking()
    began = booking.waiting_since
    Booking.objects.update(reminded_at=began)
    time_machine.shift(datetime.timedelta(hours=1))
    bookings.reply(booking=booking, actor=booking.consumer.account, text="请尽快")
    booking.refresh_from_db()
    assert (booking.waiting_since, booking.reminded_at) == (began, began)
    bookings.reply(booking=booking, actor=booking.provider.account, text="明天答复")
    booking.refresh_from_db()
    assert booking.waiting_since > began
    assert booking.reminded_at is None


def test_what_somebody_else_saw_before_is_not_what_counts() -> None:
    """A page that was opened earlier moves nothing that has moved since."""
    stale = make.a_booking()
    bookings.refuse_booking(booking=stale, actor=stale.provider.account, reason="排期已满")
    assert stale.status == BookingStatus.WAITING
    with pytest.raises(OrderError) as caught:
        make.accept(stale)
    assert str(caught.value) == (
        f"预约 {stale.number} 现在是“已拒绝”，不能再接受预约。请刷新页面，查看最新进展。"
    )
    assert AuditEntry.objects.of(stale).filter(action=Action.ACCEPT_BOOKING).count() == 0
