"""What the two sides do with an order, each through its page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from orders.exceptions import OrderError
from orders.models import Order
from orders.services import orders as services
from orders.statuses import BookingStatus, OrderStatus, Party
from tests import order_factories as make
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def proposed(party: Party) -> Order:
    order = make.an_order("active")
    actor = getattr(order, party).account
    return services.propose_cancel(order=order, actor=actor, reason="样品报废")


def in_state(state: str) -> Callable[[], Order]:
    return lambda: make.an_order(state)


CONSUMER, PROVIDER = Party.CONSUMER, Party.PROVIDER
ACTS: list[tuple[str, Callable[[], Order], Party, OrderStatus]] = [
    ("accept", in_state("placed"), PROVIDER, OrderStatus.ACTIVE),
    ("refuse", in_state("placed"), PROVIDER, OrderStatus.REFUSED),
    ("withdraw", in_state("placed"), CONSUMER, OrderStatus.CANCELLED),
    ("propose_cancel", in_state("active"), CONSUMER, OrderStatus.CONSUMER_CANCELS),
    ("propose_cancel", in_state("active"), PROVIDER, OrderStatus.PROVIDER_CANCELS),
    ("agree_cancel", lambda: proposed(CONSUMER), PROVIDER, OrderStatus.CANCELLED),
    ("agree_cancel", lambda: proposed(PROVIDER), CONSUMER, OrderStatus.CANCELLED),
    ("decline_cancel", lambda: proposed(CONSUMER), PROVIDER, OrderStatus.ACTIVE),
    ("drop_cancel", lambda: proposed(CONSUMER), CONSUMER, OrderStatus.ACTIVE),
    ("deliver", in_state("active"), PROVIDER, OrderStatus.DELIVERED),
    ("deliver", in_state("disputed"), PROVIDER, OrderStatus.DELIVERED),
    ("confirm", in_state("delivered"), CONSUMER, OrderStatus.COMPLETED),
    ("confirm", in_state("disputed"), CONSUMER, OrderStatus.COMPLETED),
    ("dispute", in_state("delivered"), CONSUMER, OrderStatus.DISPUTED),
]
NAMES = sorted({name for name, *_rest in ACTS})
REASONED = {"refuse", "withdraw", "propose_cancel", "decline_cancel", "dispute"}


def address(name: str, order: Order) -> str:
    return reverse(f"orders:{name}", args=[order.pk])


def account_of(order: Order, party: Party) -> Any:
    return getattr(order, party).account


def trail(order: Order) -> int:
    return AuditEntry.objects.of(order).count()


@pytest.mark.parametrize(("name", "begin", "party", "after"), ACTS)
def test_each_action_asks_then_does_it(
    name: str, begin: Callable[[], Order], party: Party, after: OrderStatus
) -> None:
    order = begin()
    before = trail(order)
    client = signed_in(account_of(order, party))
    page = client.get(address(name, order))
    assert page.context["is_possible"] is True
    assert ("reason" in page.context["form"].fields) == (name in REASONED)
    done = client.post(address(name, order), {"reason": "与商定的不一致", "note": "已重测"})
    assert done["Location"] == order.get_centre_url()
    order.refresh_from_db()
    assert order.status == after
    assert trail(order) == before + 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("party", [CONSUMER, PROVIDER])
def test_what_is_over_cannot_be_acted_on(name: str, party: Party) -> None:
    order = make.an_order("completed")
    before = trail(order)
    client = signed_in(account_of(order, party))
    page = client.get(address(name, order))
    assert "这一步已经不能办理" in page.content.decode()
    refused = client.post(address(name, order), {"reason": "试试看"})
    assert refused.status_code == 200
    assert refused.context["form"].non_field_errors()
    order.refresh_from_db()
    assert order.status == OrderStatus.COMPLETED
    assert trail(order) == before


@pytest.mark.parametrize(
    ("name", "begin", "party"),
    [
        (name, begin, CONSUMER if party == PROVIDER else PROVIDER)
        for name, begin, party, _after in ACTS
        if name != "propose_cancel"
    ],
)
def test_the_other_side_cannot_do_it(name: str, begin: Callable[[], Order], party: Party) -> None:
    order = begin()
    status, before = order.status, trail(order)
    refused = signed_in(account_of(order, party)).post(address(name, order), {"reason": "试试看"})
    assert refused.status_code == 200
    assert refused.context["form"].non_field_errors()
    order.refresh_from_db()
    assert (order.status, trail(order)) == (status, before)


@pytest.mark.parametrize("name", NAMES)
def test_another_institutions_order_is_not_found(name: str) -> None:
    order = make.an_order("active")
    stranger = signed_in(ConsumerFactory(approved=True).account)
    assert stranger.get(address(name, order)).status_code == 404
    assert stranger.post(address(name, order), {"reason": "x"}).status_code == 404
    order.refresh_from_db()
    assert order.status == OrderStatus.ACTIVE


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("", "请填写原因"), ("  ", "请填写原因"), ("坏\x00", "空字符"), ("字" * 501, "500")],
)
def test_a_reason_is_asked_for_and_what_was_typed_stays(reason: str, sentence: str) -> None:
    order = make.an_order("placed")
    page = signed_in(order.provider.account).post(address("refuse", order), {"reason": reason})
    assert sentence in str(page.context["form"].errors["reason"])
    order.refresh_from_db()
    assert order.status == OrderStatus.PLACED


def test_the_reason_stands_on_the_other_sides_page() -> None:
    order = make.an_order("placed")
    signed_in(order.provider.account).post(address("refuse", order), {"reason": "单价与商定的不同"})
    page = signed_in(order.consumer.account).get(order.get_centre_url()).content.decode()
    assert "单价与商定的不同" in page
    order.booking.refresh_from_db()
    assert order.booking.status == BookingStatus.ACCEPTED


def test_accepting_shows_what_was_changed() -> None:
    order = make.an_order("placed")
    page = signed_in(order.provider.account).get(address("accept", order)).content.decode()
    assert "300 元" in page
    assert "320 元" in page


def test_completing_may_bring_the_report_along() -> None:
    order = make.an_order("active")
    report = SimpleUploadedFile("报告.pdf", PDF, "application/pdf")
    signed_in(order.provider.account).post(address("deliver", order), {"report": report})
    order.refresh_from_db()
    assert order.status == OrderStatus.DELIVERED
    assert [(one.kind, one.party) for one in order.documents.all()] == [("report", "provider")]


def test_after_a_dispute_the_consumer_reads_what_was_done_about_it() -> None:
    order = make.an_order("disputed")
    client = signed_in(order.provider.account)
    page = client.post(address("deliver", order), {"note": ""})
    assert page.context["form"].errors["note"] == ["对方提出了异议，请说明做了什么处理，对方会看到。"]
    order.refresh_from_db()
    assert order.status == OrderStatus.DISPUTED
    client.post(address("deliver", order), {"note": "重测了 2 号样品"})
    page = signed_in(order.consumer.account).get(order.get_centre_url()).content.decode()
    assert "重测了 2 号样品" in page


def test_a_report_that_is_refused_leaves_the_order_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    order = make.an_order("active")
    before = trail(order)

    def refuse(**_options: Any) -> None:
        raise OrderError("报告不能上传。")

    monkeypatch.setattr("orders.views.actions.upload_document", refuse)
    report = SimpleUploadedFile("报告.pdf", PDF, "application/pdf")
    page = signed_in(order.provider.account).post(address("deliver", order), {"report": report})
    assert page.context["form"].non_field_errors() == ["报告不能上传。"]
    order.refresh_from_db()
    assert (order.status, trail(order)) == (OrderStatus.ACTIVE, before)


def test_what_is_no_report_is_refused_at_its_field() -> None:
    order = make.an_order("active")
    program = SimpleUploadedFile("报告.pdf", b"MZ\x90\x00", "application/pdf")
    page = signed_in(order.provider.account).post(address("deliver", order), {"report": program})
    assert page.context["form"].errors["report"]
    order.refresh_from_db()
    assert order.status == OrderStatus.ACTIVE


def test_the_question_needs_few_queries(django_assert_num_queries: Any) -> None:
    order = make.an_order("placed")
    client = signed_in(order.provider.account)
    client.get(address("accept", order))
    with django_assert_num_queries(5):
        client.get(address("accept", order))
