"""评价 in the centre: by the consumer once, answered by the provider once."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from orders.models import Evaluation
from orders.services import evaluations
from tests import order_factories as make
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

STARS = {"quality": "5", "speed": "4", "service": "3", "text": "报告清楚"}


@pytest.fixture
def order() -> Any:
    return make.an_order("completed")


def url(order: Any, name: str = "evaluate") -> str:
    return reverse(f"orders:{name}", args=[order.pk])


def test_a_consumer_evaluates_once(order, django_assert_max_num_queries):
    client = signed_in(order.consumer.account)
    client.get(url(order))
    with django_assert_max_num_queries(8):
        html = client.get(url(order)).text
    assert (html.count('type="radio"'), html.count("<legend")) == (15, 3)
    assert client.post(url(order), STARS).status_code == 302
    assert list(Evaluation.objects.values_list("quality", "speed", "service", "text")) == [
        (5, 4, 3, "报告清楚")
    ]
    assert "不能重复评价" in client.post(url(order), STARS | {"quality": "1"}).text
    assert Evaluation.objects.get().quality == 5


@pytest.mark.parametrize("stars", ["", "0", "6", "五", "4.5"])
def test_stars_are_one_to_five(order, stars):
    response = signed_in(order.consumer.account).post(url(order), STARS | {"speed": stars})
    assert response.context["form"].errors == {"speed": ["请选择 1 至 5 颗星。"]}
    assert "报告清楚" in response.text
    assert not Evaluation.objects.exists()


def test_only_the_consumer_evaluates_and_only_what_is_completed(order):
    assert "只有下单的用券机构" in signed_in(order.provider.account).post(url(order), STARS).text
    running = make.an_order("delivered")
    client = signed_in(running.consumer.account)
    assert "这一步已经不能办理" in client.get(url(running)).text
    assert "确认完成以后才能评价" in client.post(url(running), STARS).text
    assert client.get(url(order)).status_code == 404
    assert not Evaluation.objects.exists()


def an_evaluation(order: Any) -> Evaluation:
    return evaluations.evaluate(
        order=order,
        evaluation=Evaluation(quality=5, speed=4, service=3, text="报告清楚"),
        actor=order.consumer.account,
    )


def test_the_provider_answers_once(order, django_assert_max_num_queries):
    client = signed_in(order.provider.account)
    assert client.get(url(order, "answer")).status_code == 404
    evaluation = an_evaluation(order)
    with django_assert_max_num_queries(10):
        assert "报告清楚" in client.get(url(order, "answer")).text
    assert "请填写“回复内容”" in client.post(url(order, "answer"), {"text": " "}).text
    assert client.post(url(order, "answer"), {"text": "谢谢"}).status_code == 302
    assert "只能回复一次" in client.post(url(order, "answer"), {"text": "再谢"}).text
    evaluation.refresh_from_db()
    assert evaluation.answer == "谢谢"


def test_the_consumer_does_not_answer(order):
    evaluation = an_evaluation(order)
    client = signed_in(order.consumer.account)
    assert "这一步已经不能办理" in client.get(url(order, "answer")).text
    assert "只有接券机构可以回复" in client.post(url(order, "answer"), {"text": "x"}).text
    evaluation.refresh_from_db()
    assert evaluation.answer == ""


def test_the_section_offers_what_each_side_may_do(order, django_assert_num_queries):
    def section(party: str) -> str:
        return render_to_string("orders/evaluations/section.html", {"deal": order, "party": party})

    assert url(order) in section("consumer")
    assert url(order) not in section("provider")
    evaluation = an_evaluation(order)
    with django_assert_num_queries(1):
        html = section("provider")
    assert ("报告清楚" in html, url(order, "answer") in html) == (True, True)
    assert url(order, "answer") not in section("consumer")
    evaluations.hide_evaluation(evaluation=evaluation, actor=make.mediator(), reason="含有联系方式")
    assert "原因：含有联系方式" in section("consumer")
