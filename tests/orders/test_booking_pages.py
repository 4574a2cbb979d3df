"""立即预约, and what the two sides do with a booking, as browsers send it."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from files.models import PrivateFile
from institutions.suspension import suspend_provider
from orders.models import Booking
from orders.statuses import BookingStatus
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import (
    InstrumentFactory,
    LabServiceFactory,
    TestingServiceFactory,
    UserFactory,
)
from tests.files.conftest import pdf_bytes, upload
from tests.orders.booking_forms import errors, filled, new_address
from workflow import services

pytestmark = pytest.mark.django_db

KINDS = {"instrument": InstrumentFactory, "testing": TestingServiceFactory, "lab": LabServiceFactory}


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


@pytest.mark.reviewed  # only who has been reviewed can be suspended
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


def test_the_form_costs_at_most_11_queries(
    consumer: Any, instrument: Any, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(consumer.account)
    with django_assert_max_num_queries(11):
        client.get(new_address(instrument, "instrument"))
