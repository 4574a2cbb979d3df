"""What a reviewer of applications reads: the step, what was decided, what one decision on many costs the pool."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import UserFactory, seen
from tests.voucher_factories import ApplicationFactory, a_pool, checker, decider
from vouchers.models import Voucher
from vouchers.models.applications import CHECKERS, DECIDERS, VoucherApplication
from workflow import services as workflow
from workflow.models import ReviewTaskState

pytestmark = pytest.mark.django_db

QUEUE, BULK = "/admin/review/", reverse("review_bulk")


def decide(client, application, **data):
    content_type = ContentType.objects.get_for_model(VoucherApplication)
    address = reverse("review_decide", args=[content_type.pk, application.pk])
    data = {**seen(application), "decision": "approve", "reason": "", "next": QUEUE, **data}
    answer = client.post(address, data)
    assert answer["Location"] == QUEUE
    page = BeautifulSoup(client.get(QUEUE).text, "html.parser")
    return page.select_one(".messages ul > li").get_text(" ", strip=True)


def test_the_page_names_the_step_and_the_message_what_was_decided():
    consumer = ConsumerFactory(approved=True, name="灞桥精密仪器")
    application = ApplicationFactory(consumer=consumer, pending=True)
    first, second = signed_in(checker()), signed_in(decider())
    assert "第 1 步，共 2 步：初审" in first.get(application.get_review_url()).text
    name = f"灞桥精密仪器，{application}"
    assert decide(first, application) == f"已通过本步，转入下一步：{name}。"
    assert "第 2 步，共 2 步：审定" in second.get(application.get_review_url()).text
    application = VoucherApplication.objects.get()
    message = decide(second, application, granted_amount="50,000", reason="按需核定")
    assert message == f"已通过：{name}，发放 50,000 元。"
    html = second.get(application.get_review_url()).text
    assert "第 2 步" not in html
    assert "第 1 步" not in html


def test_an_application_that_is_returned_is_named_too():
    application = ApplicationFactory(pending=True)
    message = decide(signed_in(checker()), application, decision="return", reason="请补充")
    assert message == f"已退回：{application.consumer.name}，{application}。"


def test_a_decided_application_shows_what_it_became():
    a_pool()
    application = ApplicationFactory(checked=True)
    client = signed_in(decider())
    assert "发放结果" not in client.get(application.get_review_url()).text
    workflow.approve(
        record=application,
        actor=decider(),
        comment="按需核定",
        details={"granted_amount": Decimal(50000)},
    )
    card = BeautifulSoup(client.get(application.get_review_url()).text, "html.parser").find(
        "section", attrs={"aria-labelledby": "grant-title"}
    )
    shown = {row.dt.get_text(): row.dd.get_text() for row in card.select("dl > div")}
    voucher = Voucher.objects.get()
    assert shown == {
        "券号": voucher.number,
        "批准额度": "50,000 元",
        "申请额度": "80,000 元",
        "核减原因": "按需核定",
        "有效期": f"{voucher.valid_from} 至 {voucher.valid_until}",
    }
    assert card.a["href"] == f"/admin/vouchers/voucher/inspect/{voucher.pk}/"


def asked(decision="approve"):
    staff = signed_in(UserFactory(staff=True, groups=[CHECKERS, DECIDERS]))
    chosen = list(ReviewTaskState.objects.waiting().values_list("pk", flat=True))
    return staff.post(BULK, {"decision": decision, "chosen": chosen}).text


def test_a_decision_on_many_says_how_many_how_much_and_what_stays_in_the_pool():
    a_pool("1000000")
    ApplicationFactory(pending=True)
    html = asked()
    assert "共 1 份创新券申请，申请额度合计 80,000 元。" in html
    assert "都不在最后一步，通过后转入下一步，还不发放创新券。" in html
    ApplicationFactory(checked=True)
    ApplicationFactory(checked=True, applied_amount=Decimal("60000.50"))
    html = asked()
    assert "共 3 份创新券申请，申请额度合计 220,000.50 元。" in html
    assert "其中 2 份在最后一步，通过后发放 140,000.50 元。" in html
    assert "资金池现在可发放 1,000,000 元，发放后剩 859,999.50 元。" in html
    html = asked("return")
    assert "共 3 份创新券申请，申请额度合计 220,000.50 元。" in html
    assert "资金池现在" not in html


def test_a_pool_that_is_too_small_for_them_all_is_said_before():
    a_pool("100000")
    for _ in range(2):
        ApplicationFactory(checked=True)
    html = asked()
    assert "资金池现在可发放 100,000 元，不够 60,000 元" in html


def test_what_is_known_of_many_costs_the_same_for_many(django_assert_max_num_queries):
    a_pool()
    for _ in range(3):
        ApplicationFactory(checked=True)
    states = list(ReviewTaskState.objects.waiting())
    with django_assert_max_num_queries(3):
        VoucherApplication.bulk_facts(states, approving=True)


def test_the_last_step_of_many_is_the_last_step_of_each():
    applications = [ApplicationFactory(pending=True), ApplicationFactory(checked=True)]
    last = set(ReviewTaskState.objects.waiting().at_last_step().values_list("record_id", flat=True))
    assert last == {one.pk for one in applications if one.is_at_last_step} == {applications[1].pk}
