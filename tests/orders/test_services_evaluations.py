"""Evaluations: once by the consumer, answered once by the provider, hidden and shown by staff with a reason."""

from typing import Any

import pytest

from accounts.models import Message
from orders.exceptions import OrderError
from orders.models import Evaluation
from orders.services.evaluations import answer_evaluation, evaluate, hide_evaluation, show_evaluation
from tests import order_factories as make
from tests.factories import UserFactory, auditor
from workflow.models import AuditEntry
from workflow.statuses import Action

pytestmark = pytest.mark.django_db


def given(order: Any = None, actor: Any = None, **fields: Any) -> Evaluation:
    order = order or make.an_order("completed")
    values = {"quality": 5, "speed": 4, "service": 3, "text": "数据可靠", **fields}
    return evaluate(order=order, evaluation=Evaluation(**values), actor=actor or order.consumer.account)


def everything() -> list[Any]:
    return [list(Evaluation.objects.values()), Message.objects.count(), AuditEntry.objects.count()]


def test_the_consumer_evaluates_a_completed_order_once() -> None:
    evaluation = given()
    assert (evaluation.quality, evaluation.speed, evaluation.service) == (5, 4, 3)
    before = everything()
    with pytest.raises(OrderError, match="这份订单已经评价过，不能重复评价。"):
        given(evaluation.order)
    assert everything() == before


@pytest.mark.parametrize("state", ["placed", "active", "delivered", "disputed"])
def test_before_completion_there_is_nothing_to_evaluate(state: str) -> None:
    order = make.an_order(state)
    with pytest.raises(OrderError, match="确认完成以后才能评价。"):
        given(order)
    assert not Evaluation.objects.exists()


def test_nobody_else_evaluates() -> None:
    order = make.an_order("completed")
    for actor in (order.provider.account, make.mediator(), make.ConsumerFactory(approved=True).account):
        with pytest.raises(OrderError, match="只有下单的用券机构可以评价"):
            given(order, actor)
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize("stars", [None, 0, 6, -1])
@pytest.mark.parametrize("name", ["quality", "speed", "service"])
def test_each_has_one_to_five_stars(name: str, stars: Any) -> None:
    order = make.an_order("completed")
    with pytest.raises(OrderError, match="各选择 1 至 5 颗星"):
        given(order, **{name: stars})
    assert not Evaluation.objects.exists()


def test_the_provider_answers_once() -> None:
    evaluation = given()
    provider = evaluation.order.provider.account
    answered = answer_evaluation(evaluation=evaluation, actor=provider, text=" 感谢支持 ")
    assert (answered.answer, answered.answered_at is not None) == ("感谢支持", True)
    before = everything()
    with pytest.raises(OrderError, match="且只能回复一次"):
        answer_evaluation(evaluation=evaluation, actor=provider, text="补充一句")
    assert everything() == before


def test_nobody_else_answers_and_nothing_is_no_answer() -> None:
    evaluation = given()
    order = evaluation.order
    before = everything()
    for actor in (order.consumer.account, make.mediator(), make.an_order("placed").provider.account):
        before = everything()
        with pytest.raises(OrderError, match="只有接券机构可以回复评价"):
            answer_evaluation(evaluation=evaluation, actor=actor, text="感谢")
        assert everything() == before
    with pytest.raises(OrderError, match="请填写回复内容"):
        answer_evaluation(evaluation=evaluation, actor=order.provider.account, text=" \n")
    assert everything() == before


def test_staff_hide_an_evaluation_and_show_it_again_with_a_reason() -> None:
    evaluation, staff = given(), make.mediator()
    hidden = hide_evaluation(evaluation=evaluation, actor=staff, reason="含个人信息")
    assert (hidden.hidden_by, hidden.hidden_reason) == (staff, "含个人信息")
    assert not Evaluation.objects.public().exists()
    before = everything()
    with pytest.raises(OrderError, match="这条评价已经隐藏。"):
        hide_evaluation(evaluation=evaluation, actor=staff, reason="再次")
    assert everything() == before
    shown = show_evaluation(evaluation=evaluation, actor=staff, reason="已更正")
    assert (shown.hidden_at, shown.hidden_by, shown.hidden_reason) == (None, None, "")
    assert list(Evaluation.objects.public()) == [evaluation]
    with pytest.raises(OrderError, match="这条评价没有隐藏。"):
        show_evaluation(evaluation=evaluation, actor=staff, reason="再次")
    entries = AuditEntry.objects.of(evaluation.order).order_by("pk").values_list("action", "reason")
    assert list(entries)[-2:] == [(Action.HIDE, "含个人信息"), (Action.SHOW, "已更正")]


def test_hiding_needs_the_permission_and_a_reason() -> None:
    evaluation = given()
    order = evaluation.order
    actors = (order.consumer.account, order.provider.account, UserFactory(staff=True), auditor())
    before = everything()
    for actor in actors:
        for verb in (hide_evaluation, show_evaluation):
            with pytest.raises(OrderError, match="您没有隐藏或恢复评价的权限"):
                verb(evaluation=evaluation, actor=actor, reason="不好看")
    with pytest.raises(OrderError, match="请填写原因"):
        hide_evaluation(evaluation=evaluation, actor=make.mediator(), reason=" ")
    assert everything() == before


def test_both_sides_are_told_that_an_evaluation_is_hidden_and_why() -> None:
    evaluation = given()
    hide_evaluation(evaluation=evaluation, actor=make.mediator(), reason="含个人信息")
    told = Message.objects.filter(subject__startswith="一条评价已被隐藏")
    order = evaluation.order
    assert {one.recipient for one in told} == {order.consumer.account, order.provider.account}
    assert all(one.body.endswith("原因：含个人信息") for one in told)
