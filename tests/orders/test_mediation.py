"""What staff do: mediate a dispute, hide an evaluation and show it again; and what the dashboard says waits."""

import pytest

from accounts.models import Message
from orders.models import Evaluation, Order
from orders.services import bookings, orders
from orders.statuses import BookingStatus, OrderStatus
from tests.conftest import signed_in
from tests.factories import auditor, editor
from tests.order_factories import a_direct_order, an_evaluation, an_order, mediator
from tests.orders.test_orders_admin import EVALUATIONS, ORDERS
from workflow.models import AuditEntry
from workflow.statuses import Action

pytestmark = pytest.mark.django_db

REASON = "双方已在 5 月 6 日的会上商定"


def mediate(order, client=None, **values):
    return (client or signed_in(mediator())).post(f"/admin/orders/{order.pk}/mediate/", values)


def told(account):
    return list(Message.objects.filter(recipient=account).order_by("-pk").values_list("body", flat=True))


@pytest.mark.parametrize(
    ("action", "status", "booked"),
    [
        (Action.MEDIATE_RESUME, OrderStatus.ACTIVE, BookingStatus.ORDERED),
        (Action.MEDIATE_CONFIRM, OrderStatus.DELIVERED, BookingStatus.ORDERED),
        (Action.MEDIATE_CANCEL, OrderStatus.CANCELLED, BookingStatus.CANCELLED),
    ],
)
def test_each_result_moves_the_order_and_tells_both_sides(action, status, booked):
    order, staff = an_order("disputed"), mediator()
    response = mediate(order, signed_in(staff), action=action.value, reason=REASON, confirmed="1")
    assert (response.status_code, response.url) == (302, f"{ORDERS}inspect/{order.pk}/")
    order.refresh_from_db()
    assert (order.status, order.booking.status) == (status, booked)
    entry = AuditEntry.objects.of(order).first()
    assert (entry.action, entry.actor, entry.reason) == (action, staff, REASON)
    for account in (order.consumer.account, order.provider.account):
        assert REASON in told(account)[0]
        assert str(action.label) in told(account)[0]


def test_the_mediator_reads_whom_to_call_what_was_written_and_every_dispute(django_assert_max_num_queries):
    order = an_order("disputed")
    provider, consumer = order.provider.account, order.consumer.account
    bookings.reply(booking=order.booking, actor=provider, text="2 号样品表面有划痕")
    orders.deliver(order=order, actor=provider, note="重测了 2 号样品")
    orders.dispute(order=order, actor=consumer, reason="重测的结果仍没有附图谱")
    client = signed_in(mediator())
    client.get(ORDERS)
    with django_assert_max_num_queries(18):
        page = client.get(f"/admin/orders/{order.pk}/mediate/").text
    first = AuditEntry.objects.of(order).filter(action=Action.DISPUTE).last().reason
    for shown in (
        order.consumer.contact_name,
        order.consumer.contact_mobile,
        order.offer.contact_name,
        order.offer.contact_phone,
        "2 号样品表面有划痕",
        "重测了 2 号样品",
        "重测的结果仍没有附图谱",
        first,
    ):
        assert shown
        assert shown in page, shown
    direct = a_direct_order()
    type(direct).objects.filter(pk=direct.pk).update(status=OrderStatus.DISPUTED)
    assert "双方留言" not in client.get(f"/admin/orders/{direct.pk}/mediate/").text


def test_cancelling_is_asked_for_once_more_with_what_was_typed():
    order = an_order("disputed")
    client = signed_in(mediator())
    response = mediate(order, client, action=Action.MEDIATE_CANCEL.value, reason=REASON)
    assert response.status_code == 200
    assert "确认取消订单" in response.text
    assert response.text.count(REASON) == 2  # in the question's form and in the other
    assert Order.objects.get().status == OrderStatus.DISPUTED
    response = mediate(order, client, action=Action.MEDIATE_CANCEL.value, reason=REASON, confirmed="1")
    assert response.status_code == 302
    assert Order.objects.get().status == OrderStatus.CANCELLED


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"action": Action.MEDIATE_RESUME.value, "reason": " "}, "请填写说明，双方都会看到。"),
        ({"reason": REASON}, "请选择调解结果。"),
        ({"action": "confirm", "reason": REASON}, "confirm"),
        ({"action": Action.MEDIATE_RESUME.value, "reason": "长" * 501}, "500"),
    ],
)
def test_what_is_missing_is_said_at_the_field_and_nothing_is_lost(values, sentence):
    order = an_order("disputed")
    response = mediate(order, **values)
    assert response.status_code == 422
    assert sentence in response.text
    assert values["reason"].strip() in response.text
    order.refresh_from_db()
    assert order.status == OrderStatus.DISPUTED
    assert not AuditEntry.objects.of(order).filter(action=Action.MEDIATE_RESUME).exists()


def test_what_is_settled_meanwhile_leads_back_with_a_sentence():
    order, client = an_order("disputed"), signed_in(mediator())
    orders.deliver(order=order, actor=order.provider.account, note="已重测")
    for answer in (client.get(f"/admin/orders/{order.pk}/mediate/"), mediate(order, client, reason=REASON)):
        assert (answer.status_code, answer.url) == (302, f"{ORDERS}inspect/{order.pk}/")
    assert "没有待调解的异议" in client.get(answer.url).text
    order.refresh_from_db()
    assert order.status == OrderStatus.DELIVERED


def test_only_who_may_mediate_is_led_there_and_may():
    order = an_order("disputed")
    address = f"/admin/orders/{order.pk}/mediate/"
    for shown in (ORDERS, f"{ORDERS}inspect/{order.pk}/", address, "/admin/"):
        assert address in signed_in(mediator()).get(shown).text or shown == address
    reader = signed_in(auditor())
    for shown in (ORDERS, f"{ORDERS}inspect/{order.pk}/", "/admin/"):
        assert address not in reader.get(shown).text
    for client in (reader, signed_in(editor()), signed_in(order.provider.account)):
        for response in (
            client.get(address),
            mediate(order, client, action=Action.MEDIATE_RESUME.value, reason=REASON),
        ):
            assert response.status_code == 302
            assert "inspect" not in response.url
    order.refresh_from_db()
    assert order.status == OrderStatus.DISPUTED


def test_an_order_that_is_none_is_not_found():
    assert signed_in(mediator()).get("/admin/orders/4711/mediate/").status_code == 404


def test_the_dashboard_counts_disputes_and_leads_to_those_that_wait_longest():
    assert "没有待调解的异议。" in signed_in(mediator()).get("/admin/").text
    disputed = [an_order("disputed") for _number in range(6)]
    an_order()
    html = signed_in(mediator()).get("/admin/").text
    assert '<strong class="review-overdue">6</strong>份订单有异议' in html
    assert [f"/admin/orders/{order.pk}/mediate/" in html for order in disputed] == [True] * 5 + [False]
    assert f'href="{ORDERS}?status=disputed"' in html


@pytest.fixture
def evaluation():
    return an_evaluation(text="报告晚了两周")


def test_an_evaluation_is_hidden_with_a_reason_and_shown_again(evaluation):
    staff = mediator()
    client = signed_in(staff)
    page = f"{EVALUATIONS}inspect/{evaluation.pk}/"
    hide, show = (f"/admin/evaluations/{evaluation.pk}/{verb}/" for verb in ("hide", "show"))
    assert hide in client.get(page).text
    assert hide in client.get(EVALUATIONS).text
    assert "报告晚了两周" in client.get(hide).text
    response = client.post(hide, {"reason": "含有个人信息"})
    assert (response.status_code, response.url) == (302, page)
    evaluation.refresh_from_db()
    assert (evaluation.hidden_by, evaluation.hidden_reason) == (staff, "含有个人信息")
    assert evaluation.hidden_at is not None
    for account in (evaluation.order.consumer.account, evaluation.order.provider.account):
        assert "含有个人信息" in told(account)[0]
    html = client.get(page).text
    assert show in html
    assert hide not in html
    assert "含有个人信息" in html
    assert client.get(hide).url == page
    assert client.post(show, {"reason": "已核实"}).url == page
    evaluation.refresh_from_db()
    assert (evaluation.hidden_at, evaluation.hidden_by, evaluation.hidden_reason) == (None, None, "")
    assert client.get(show).url == page


def test_nothing_is_hidden_without_a_reason_or_by_others(evaluation):
    address = f"/admin/evaluations/{evaluation.pk}/hide/"
    response = signed_in(mediator()).post(address, {"reason": ""})
    assert response.status_code == 422
    assert "请填写说明，双方都会看到。" in response.text
    reader = signed_in(auditor())
    assert address not in reader.get(f"{EVALUATIONS}inspect/{evaluation.pk}/").text
    for client in (reader, signed_in(editor()), signed_in(evaluation.order.provider.account)):
        assert client.post(address, {"reason": "不喜欢"}).status_code == 302
    assert Evaluation.objects.get().hidden_at is None
