"""立即预约, and what the two sides do with a booking, as browsers send it."""

import datetime
import re
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from files.models import PrivateFile
from institutions.suspension import suspend_provider
from orders.calendar import Span
from orders.models import Booking, BookingMessage, OpeningHours
from orders.services import bookings, calendar
from orders.statuses import BookingStatus
from tests import order_factories as make
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import (
    InstrumentFactory,
    LabServiceFactory,
    TestingServiceFactory,
    UserFactory,
    reviewer,
)
from tests.files.conftest import pdf_bytes, upload
from workflow import services

pytestmark = pytest.mark.django_db

KINDS = {"instrument": InstrumentFactory, "testing": TestingServiceFactory, "lab": LabServiceFactory}


@pytest.fixture
def consumer() -> Any:
    return ConsumerFactory(approved=True)


@pytest.fixture
def service() -> Any:
    return TestingServiceFactory(approved=True)


@pytest.fixture
def instrument() -> Any:
    """Open every day from 8 to 18."""
    instrument = InstrumentFactory(approved=True)
    make.open_all_week(instrument)
    return instrument


def new_address(offer: Any, kind: str = "testing") -> str:
    return f"/centre/bookings/new/{kind}/{offer.pk}/"


def filled(**fields: Any) -> dict[str, Any]:
    return {
        "sample": "铝合金板材 3 块",
        "requirements": "按 GB/T 228.1 测拉伸强度",
        "quantity": "3",
        "unit": "sample",
        "wished_on": make.in_days(10).isoformat(),
        "budget_amount": "1,200.50",
        "is_compulsory": "no",
        "is_related": "no",
        **fields,
    }


def timed(day: int = 1, starts: str = "09:00", ends: str = "11:00", **fields: Any) -> dict[str, Any]:
    return filled(slot_day=make.in_days(day).isoformat(), slot_starts=starts, slot_ends=ends, **fields)


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    return dict(response.context["form"].errors)


# the form


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_service_is_booked(kind: str, consumer: Any) -> None:
    offer = KINDS[kind](approved=True)
    client = signed_in(consumer.account)
    page = client.get(new_address(offer, kind))
    assert page.context["form"]["unit"].value() == (offer.price_unit or "sample")
    assert not page.context["form"].has_slot
    response = client.post(new_address(offer, kind), filled())
    booking = Booking.objects.get()
    assert response["Location"] == f"/centre/bookings/{booking.pk}/"
    assert (booking.consumer, booking.provider, booking.kind) == (consumer, offer.provider, kind)
    assert booking.offer == offer
    assert (booking.quantity, booking.unit, booking.budget_amount) == (
        Decimal(3),
        "sample",
        Decimal("1200.50"),
    )
    assert (booking.status, booking.starts_at) == (BookingStatus.WAITING, None)


def test_who_is_not_signed_in_comes_back_after_signing_in(client: Client, service: Any) -> None:
    address = new_address(service)
    assert client.get(address)["Location"] == f"/accounts/login/?next={address}"
    assert client.post(address, filled())["Location"] == f"/accounts/login/?next={address}"
    assert not Booking.objects.exists()


def test_a_provider_reads_why_it_cannot_book(service: Any) -> None:
    client = signed_in(service.provider.account)
    response = client.get(new_address(service))
    assert response.context["form"] is None
    assert "预约和下单须使用用券机构账户" in response.content.decode()
    client.post(new_address(service), filled())
    assert not Booking.objects.exists()


def test_all_obstacles_are_named_at_once_before_and_after_sending(service: Any) -> None:
    pending = ConsumerFactory(pending=True)
    suspend_provider(provider=service.provider, actor=UserFactory(admin=True), reason="核查")
    service = services.withdraw(record=service, actor=service.provider.account)
    client = signed_in(pending.account)
    before = client.get(new_address(service))
    assert before.context["form"] is None
    sentences = ["贵单位的机构信息正在审核", "暂不接受新的预约", "已撤回或正在修改，暂不接受预约"]
    for sentence in sentences:
        assert sentence in before.content.decode()
    after = client.post(new_address(service), filled(sample="留下的字", quantity="0"))
    page = after.content.decode()
    for sentence in [*sentences, "留下的字", "数量应大于 0。"]:
        assert sentence in page
    assert not Booking.objects.exists()


@pytest.mark.parametrize("sharing", ["internal", "none"])
def test_an_instrument_that_is_not_shared_is_not_booked(consumer: Any, sharing: str) -> None:
    instrument = InstrumentFactory(approved=True, sharing=sharing)
    response = signed_in(consumer.account).get(new_address(instrument, "instrument"))
    assert response.context["form"] is None
    assert "不对外共享，不接受预约" in response.content.decode()


@pytest.mark.parametrize("state", ["draft", "pending", "returned"])
def test_what_never_was_public_is_not_found(consumer: Any, state: str) -> None:
    offer = TestingServiceFactory(state=state)
    client = signed_in(consumer.account)
    assert client.get(new_address(offer)).status_code == 404
    assert client.post(new_address(offer), filled()).status_code == 404


@pytest.mark.parametrize(
    "path", ["testing/999999", "testing/99999999999999999999999999", "house/1", "Testing/1"]
)
def test_an_unknown_offer_is_not_found(consumer: Any, path: str) -> None:
    assert signed_in(consumer.account).get(f"/centre/bookings/new/{path}/").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("sample", "", "请填写“样品说明”。"),
        ("sample", "铝\x00板", "含有看不见的空字符，请删除后重新输入。"),
        ("requirements", "字" * 2001, "最多 2000 个字，现在有 2001 个，请删减。"),
        ("quantity", "0", "数量应大于 0。"),
        ("quantity", "-1", "数量应大于 0。"),
        ("quantity", "三块", "请填写数字，如 3 或 2.5。"),
        ("quantity", "1.005", "数量最多保留两位小数。"),
        ("quantity", "100001", "数量太大，请核对单位。"),
        ("quantity", "9" * 4000, "数量太大，请核对单位。"),
        ("quantity", "1e999", "数量太大，请核对单位。"),
        ("quantity", "NaN", "请填写数字，如 3 或 2.5。"),
        ("unit", "house", "“house”不在可选范围内，请从列表中选择。"),
        ("budget_amount", "壹万元", "请填写数字金额，单位元，如 120000 或 120,000.00。"),
        ("budget_amount", "0", "金额应大于 0 元。"),
        ("budget_amount", "9" * 20, "金额太大，请核对单位是否为元。"),
        ("wished_on", "2020-01-01", "期望完成日期已过，请选择今天或以后的日期。"),
        ("wished_on", "9999-12-31", "期望完成日期请选在一年以内。"),
        ("wished_on", "下周", "日期格式不对，应如 2021-06-30。"),
        ("is_compulsory", "", "请选择“是”或“否”。"),
        ("is_compulsory", "yes", "强制检测和法定检测不能使用创新券"),
        ("is_related", "", "请选择“是”或“否”。"),
        ("is_related", "yes", "隶属、共建、产权"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    consumer: Any, service: Any, field: str, value: str, sentence: str
) -> None:
    response = signed_in(consumer.account).post(new_address(service), filled(**{field: value}))
    found = errors(response)
    assert list(found) == [field]
    assert len(found[field]) == 1
    assert sentence in found[field][0]
    form = response.context["form"]
    for name, typed in filled(**{field: value}).items():
        assert form[name].value() == typed
    assert not Booking.objects.exists()


def test_files_are_attached_and_kept_when_something_else_is_wrong(consumer: Any, service: Any) -> None:
    client = signed_in(consumer.account)
    files = [upload("图纸.pdf", pdf_bytes()), upload("说明.pdf", pdf_bytes())]
    response = client.post(new_address(service), filled(quantity="0", attachments=files))
    assert list(errors(response)) == ["quantity"]
    field = response.context["form"]["attachments"]
    page = response.content.decode()
    assert "图纸.pdf" in page
    kept = re.findall(r'name="attachments-kept" value="([^"]+)"', page)
    assert len(kept) == 2
    removed = field.items[1].pk
    client.post(new_address(service), filled(**{"attachments-kept": kept, "attachments-removed": [removed]}))
    booking = Booking.objects.get()
    assert [str(one.file) for one in booking.files.all()] == ["图纸.pdf"]
    assert booking.files.get().message is None
    provider = signed_in(booking.provider.account)
    address = booking.files.get().file.get_absolute_url()
    assert provider.get(address).status_code == 200
    assert signed_in(UserFactory(consumer=True)).get(address).status_code == 404


def test_six_files_and_those_of_somebody_else_are_refused(consumer: Any, service: Any) -> None:
    client = signed_in(consumer.account)
    files = [upload(f"{number}.pdf", pdf_bytes()) for number in range(6)]
    response = client.post(new_address(service), filled(attachments=files))
    assert errors(response) == {"attachments": ["最多上传 5 个文件，请先移除一些。"]}
    token = response.context["form"]["attachments"].field.sign(PrivateFile.objects.first())
    other = signed_in(ConsumerFactory(approved=True).account)
    response = other.post(new_address(service), filled(**{"attachments-kept": [token]}))
    assert errors(response) == {"attachments": ["刚才上传的文件已失效，请重新选择文件。"]}
    assert not Booking.objects.exists()


def test_the_form_costs_at_most_10_queries(
    consumer: Any, instrument: Any, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(consumer.account)
    with django_assert_max_num_queries(10):
        client.get(new_address(instrument, "instrument"))


# an instrument with hours


def test_an_instrument_with_hours_is_booked_for_a_time(consumer: Any, instrument: Any) -> None:
    client = signed_in(consumer.account)
    make.accept(make.a_booking(offer=instrument, slot=make.a_slot(2, 9, 3)))
    page = client.get(new_address(instrument, "instrument")).content.decode()
    assert '<span class="time time--taken">09:00–12:00</span>' in page
    assert '<span class="time time--free">12:00–18:00</span>' in page
    assert "style=" not in page
    client.post(new_address(instrument, "instrument"), timed(day=2, starts="13:00", ends="15:30"))
    booking = Booking.objects.latest("pk")
    slot = make.a_slot(2, 13)
    assert (booking.starts_at, booking.ends_at) == (slot.start, slot.start + datetime.timedelta(hours=2.5))


def test_a_taken_time_is_answered_with_the_next_free_ones_to_choose_from(
    consumer: Any, instrument: Any
) -> None:
    make.accept(make.a_booking(offer=instrument, slot=make.a_slot(1, 9, 2)))
    client, address = signed_in(consumer.account), new_address(instrument, "instrument")
    response = client.post(address, timed(1, "10:00", "12:00", sample="留下的字"))
    found = errors(response)
    assert list(found) == ["slot_day"]
    assert "这段时间已被占用。最近的空闲时间：" in found["slot_day"][0]
    choices = response.context["form"].fields["slot_instead"].widget.choices
    day = make.in_days(1).isoformat()
    assert choices[0] == (f"{day} 11:00 {day} 13:00", f"{day} 11:00–13:00")
    assert len(choices) == 3
    assert '<input type="radio" name="slot_instead"' in response.content.decode()
    response = client.post(address, timed(1, "10:00", "12:00", slot_instead=choices[0][0]))
    booking = Booking.objects.latest("pk")
    assert response["Location"] == f"/centre/bookings/{booking.pk}/"
    assert Span(booking.starts_at, booking.ends_at) == make.a_slot(1, 11)


def test_another_time_that_was_chosen_fills_the_fields_where_something_else_is_wrong(
    consumer: Any, instrument: Any
) -> None:
    day = make.in_days(3).isoformat()
    data = timed(1, "10:00", "12:00", slot_instead=f"{day} 14:00 {day} 16:00", quantity="0")
    response = signed_in(consumer.account).post(new_address(instrument, "instrument"), data)
    form = response.context["form"]
    assert list(form.errors) == ["quantity"]
    assert (form["slot_day"].value(), form["slot_starts"].value()) == (day, "14:00")
    assert not form.others


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"slot_day": ""}, "slot_day", "请填写“上机日期”。"),
        ({"slot_starts": ""}, "slot_starts", "请填写“开始时间”。"),
        ({"slot_ends": "08:30"}, "slot_ends", "结束时间应晚于开始时间"),
        ({"slot_ends": "09:00"}, "slot_ends", "结束时间应晚于开始时间"),
        ({"slot_starts": "25:00"}, "slot_starts", "时间格式不对，应如 09:30。"),
        ({"slot_starts": "9\x00:00"}, "slot_starts", "时间格式不对，应如 09:30。"),
        ({"slot_day": "0001-01-01"}, "slot_day", "上机日期已过，请选择今天或以后的日期。"),
        ({"slot_day": "9999-12-31"}, "slot_day", "上机日期请选在一年以内。"),
        ({"slot_day": "9999-12-31", "slot_ends": "00:00"}, "slot_day", "上机日期请选在一年以内。"),
        ({"slot_end_day": "9999-12-31"}, "slot_day", "一次预约最长 7 天"),
        ({"slot_end_day": "0001-01-01"}, "slot_ends", "结束时间应晚于开始时间"),
        ({"slot_starts": "07:00"}, "slot_day", "这段时间不在仪器的开放时间内。"),
        ({"slot_ends": "00:00"}, "slot_day", "这段时间不在仪器的开放时间内。"),
        ({"slot_instead": "a b c d"}, "slot_day", "日期格式不对"),
    ],
)
def test_a_time_that_cannot_be_is_said_at_its_field(
    consumer: Any, instrument: Any, fields: dict[str, str], field: str, sentence: str
) -> None:
    response = signed_in(consumer.account).post(new_address(instrument, "instrument"), timed() | fields)
    assert sentence in errors(response)[field][0]
    assert not Booking.objects.exists()


def test_a_time_of_today_that_is_over_is_answered_with_times_to_come(consumer: Any, instrument: Any) -> None:
    noon = timezone.make_aware(datetime.datetime.combine(make.in_days(0), datetime.time(12, 7)))
    with time_machine.travel(noon, tick=False):
        response = signed_in(consumer.account).post(
            new_address(instrument, "instrument"), timed(0, "10:00", "12:00")
        )
        assert errors(response)["slot_day"] == ["上机时间已过，请选择以后的时间。"]
        day = make.in_days(0).isoformat()
        first = response.context["form"].fields["slot_instead"].widget.choices[0]
        assert first == (f"{day} 12:30 {day} 14:30", f"{day} 12:30–14:30")


def test_a_time_is_the_province_s_whatever_the_summer_time_elsewhere(consumer: Any, instrument: Any) -> None:
    """10:00 is 02:00 UTC in every month: the site's zone has had no summer time since 1991."""
    for today in ("2026-03-28 01:00", "2026-10-24 01:00"):
        with time_machine.travel(f"{today}+00:00", tick=False):
            client = signed_in(consumer.account)
            client.post(new_address(instrument, "instrument"), timed(1, "10:00", "12:00"))
            booking = Booking.objects.latest("pk")
            assert booking.starts_at is not None
            assert booking.starts_at.astimezone(datetime.UTC).hour == 2


def test_a_wish_before_the_time_on_the_instrument_is_refused(consumer: Any, instrument: Any) -> None:
    response = signed_in(consumer.account).post(new_address(instrument, "instrument"), timed(11))
    assert errors(response) == {"wished_on": ["期望完成日期早于上机日期，请核对。"]}


def test_through_the_night_where_the_instrument_is_open(consumer: Any) -> None:
    instrument = InstrumentFactory(approved=True)
    hours = [
        OpeningHours(weekday=day, opens=datetime.time(0), closes=datetime.time(23, 59)) for day in range(7)
    ]
    calendar.set_opening_hours(instrument=instrument, hours=hours, actor=instrument.provider.account)
    client = signed_in(consumer.account)
    client.post(
        new_address(instrument, "instrument"),
        timed(1, "20:00", "08:00", slot_end_day=make.in_days(2).isoformat()),
    )
    client.post(new_address(instrument, "instrument"), timed(3, "20:00", "00:00"))
    first, second = Booking.objects.order_by("pk")
    assert first.ends_at - first.starts_at == datetime.timedelta(hours=12)
    assert second.ends_at - second.starts_at == datetime.timedelta(hours=4)


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
