"""Who cannot book or order what, and why: all of it at once, at the booking and again at the order."""

from typing import Any

import pytest

from accounts.models import Message
from institutions.models import Consumer, Provider
from institutions.suspension import suspend_provider
from orders.exceptions import OrderError
from orders.models import Booking, Order
from orders.obstacles import declaration_problems, obstacles_to_book, obstacles_to_order_directly
from orders.statuses import BookingStatus
from tests import order_factories as make
from tests.consumer_factories import ConsumerFactory
from tests.factories import (
    InstrumentFactory,
    LabServiceFactory,
    TestingServiceFactory,
    UserFactory,
    reviewer,
)
from tests.voucher_factories import parameters_with
from workflow import services as workflow
from workflow.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


@pytest.fixture
def offer() -> Any:
    return TestingServiceFactory(approved=True, provider__approved=True)


def suspend(provider: Provider) -> None:
    suspend_provider(provider=provider, actor=reviewer(), reason="证书过期", until=None)


@pytest.mark.parametrize("factory", [InstrumentFactory, TestingServiceFactory, LabServiceFactory])
def test_an_approved_consumer_books_and_orders_what_is_public(factory: Any) -> None:
    offer = factory(approved=True, provider__approved=True)
    consumer = ConsumerFactory(approved=True)
    assert obstacles_to_book(consumer.account, offer) == []
    assert obstacles_to_order_directly(consumer.account, offer) == []
    booking = make.a_booking(offer=offer, consumer=consumer)
    assert (booking.offer, booking.offer_name) == (offer, offer.name)
    assert make.a_direct_order(offer=offer, consumer=consumer).offer == offer


@pytest.mark.parametrize(
    "account",
    [
        lambda offer: offer.provider.account,
        lambda _offer: UserFactory(),
        lambda _offer: make.mediator(),
        lambda _offer: UserFactory(admin=True),
    ],
    ids=["its provider", "a provider", "staff", "admin"],
)
def test_only_accounts_of_consumers_book(offer: Any, account: Any) -> None:
    assert obstacles_to_book(account(offer), offer) == [
        "预约和下单须使用用券机构账户。您的账户不是用券机构，请改用用券机构账户登录。"
    ]


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("draft", "贵单位的机构信息还没有通过审核。请先在“机构信息”中填写完整并提交，审核通过后再预约。"),
        ("returned", "贵单位的机构信息还没有通过审核。请先在“机构信息”中填写完整并提交，审核通过后再预约。"),
        ("withdrawn", "贵单位的机构信息还没有通过审核。请先在“机构信息”中填写完整并提交，审核通过后再预约。"),
        ("pending", "贵单位的机构信息正在审核，审核通过后才能预约。"),
    ],
)
def test_a_consumer_that_is_not_approved_does_not_book(offer: Any, state: str, sentence: str) -> None:
    consumer = ConsumerFactory(state=state)
    assert obstacles_to_book(consumer.account, offer) == [sentence]
    refused_and_nothing_stored(sentence, offer, consumer)


def refused_and_nothing_stored(sentence: str, offer: Any, consumer: Any, **options: Any) -> None:
    for attempt in (make.a_booking, make.a_direct_order):
        messages, entries = Message.objects.count(), AuditEntry.objects.count()
        with pytest.raises(OrderError) as caught:
            attempt(offer=offer, consumer=consumer, **options)
        assert sentence in str(caught.value)
        assert not Booking.objects.exists()
        assert not Order.objects.exists()
        assert (Message.objects.count(), AuditEntry.objects.count()) == (messages, entries)


def test_an_account_without_an_institution_is_told_to_fill_it_in(offer: Any) -> None:
    account = UserFactory(consumer=True)
    assert len(obstacles_to_book(account, offer)) == 1
    assert "机构信息" in obstacles_to_book(account, offer)[0]
    assert not Consumer.objects.filter(account=account, status="approved").exists()


def test_a_suspended_provider_takes_no_bookings(offer: Any) -> None:
    suspend(offer.provider)
    consumer = ConsumerFactory(approved=True)
    (sentence,) = obstacles_to_book(consumer.account, offer)
    assert sentence.startswith(f"“{offer.provider}”暂不接受新的预约：")
    assert sentence.endswith("。")
    refused_and_nothing_stored(sentence, offer, consumer)


def test_a_withdrawn_service_takes_no_bookings(offer: Any) -> None:
    offer = workflow.withdraw(record=offer, actor=offer.owner)
    sentence = f"“{offer}”已撤回或正在修改，暂不接受预约。请选择其他服务，或联系接券机构。"
    refused_and_nothing_stored(sentence, offer, ConsumerFactory(approved=True))


@pytest.mark.parametrize(("sharing", "is_free"), [("internal", False), ("none", False), ("external", True)])
def test_an_instrument_that_is_not_shared_takes_no_bookings(sharing: str, is_free: bool) -> None:
    instrument = InstrumentFactory(approved=True, provider__approved=True, sharing=sharing)
    found = obstacles_to_book(ConsumerFactory(approved=True).account, instrument)
    assert found == ([] if is_free else [f"“{instrument}”不对外共享，不接受预约。请选择其他仪器。"])


def test_the_same_institution_on_both_sides_is_refused(offer: Any) -> None:
    consumer = ConsumerFactory(approved=True, code=offer.provider.host_code)
    refused_and_nothing_stored("贵单位与接券机构是同一家单位（统一社会信用代码相同）", offer, consumer)


def test_all_obstacles_are_named_at_once(offer: Any) -> None:
    consumer = ConsumerFactory(pending=True, code=offer.provider.host_code)
    suspend(offer.provider)
    offer = workflow.withdraw(record=offer, actor=offer.owner)
    found = obstacles_to_book(consumer.account, offer)
    assert [sentence[-6:] for sentence in found] == [
        "后才能预约。",
        found[1][-6:],
        "系接券机构。",
        "他接券机构。",
    ]
    assert found[1].startswith(f"“{offer.provider}”暂不接受新的预约")
    with pytest.raises(OrderError) as caught:
        make.a_booking(offer=offer, consumer=consumer)
    assert str(caught.value) == "".join(found)


def test_direct_orders_can_be_switched_off_and_bookings_go_on(offer: Any) -> None:
    consumer = ConsumerFactory(approved=True)
    parameters_with(direct_orders=False)
    with pytest.raises(OrderError, match="“立即下单”目前已关闭。请先点击“立即预约”"):
        make.a_direct_order(offer=offer, consumer=consumer)
    assert not Order.objects.exists()
    assert make.a_booking(offer=offer, consumer=consumer).status == BookingStatus.WAITING
    parameters_with(direct_orders=True)
    assert make.a_direct_order(offer=offer, consumer=consumer).is_direct


def test_compulsory_tests_and_related_institutions_are_refused_both_at_once(offer: Any) -> None:
    compulsory, related = declaration_problems(is_compulsory=True, is_related=True)
    assert declaration_problems(is_compulsory=False, is_related=False) == []
    assert declaration_problems(is_compulsory=True, is_related=False) == [compulsory]
    assert compulsory.startswith("强制检测和法定检测不能使用创新券")
    assert related.startswith("与接券机构有隶属、共建、产权等关系的，不能使用创新券")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda booking: workflow.withdraw(record=booking.offer, actor=booking.offer.owner),
            "已撤回或正在修改",
        ),
        (lambda booking: suspend(booking.provider), "暂不接受新的预约"),
        (
            lambda booking: workflow.withdraw(record=booking.consumer, actor=booking.consumer.account),
            "贵单位的机构信息还没有通过审核",
        ),
    ],
    ids=["withdrawn service", "suspended provider", "consumer no longer approved"],
)
def test_what_came_in_between_keeps_an_accepted_booking_from_being_ordered(
    change: Any, sentence: str
) -> None:
    booking = make.an_accepted_booking()
    change(Booking.objects.get(pk=booking.pk))
    messages, entries = Message.objects.count(), AuditEntry.objects.count()
    with pytest.raises(OrderError, match=sentence):
        make.place(booking)
    booking.refresh_from_db()
    assert booking.status == BookingStatus.ACCEPTED
    assert not Order.objects.exists()
    assert (Message.objects.count(), AuditEntry.objects.count()) == (messages, entries)


def test_a_running_order_goes_on_whatever_becomes_of_the_institutions() -> None:
    order = make.an_order("active")
    suspend(order.provider)
    workflow.withdraw(record=order.offer, actor=order.offer.owner)
    workflow.withdraw(record=order.consumer, actor=order.consumer.account)
    order = make.orders.deliver(order=order, actor=order.provider.account)
    assert make.orders.confirm(order=order, actor=order.consumer.account).status == "completed"


def test_the_same_institution_is_known_by_either_of_its_codes() -> None:
    company = ConsumerFactory(approved=True, code="600037341")
    offer = TestingServiceFactory(
        approved=True, provider__approved=True, provider__host_code="91110000600037341L"
    )
    assert ["同一家单位" in problem for problem in obstacles_to_book(company.account, offer)] == [True]
