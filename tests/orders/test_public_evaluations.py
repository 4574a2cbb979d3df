"""What visitors read of evaluations: on the pages of the provider, the instrument and the service."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders.evaluations import public_name
from orders.models import Evaluation, Order
from orders.services.evaluations import answer_evaluation, evaluate, hide_evaluation, show_evaluation
from tests import order_factories as make
from tests.consumer_factories import ConsumerFactory
from tests.factories import InstrumentFactory, LabServiceFactory, ProviderFactory, TestingServiceFactory

pytestmark = pytest.mark.django_db

NAME = "西安华瑞新材料有限公司"


@pytest.fixture
def consumer() -> Any:
    return ConsumerFactory(approved=True, name=NAME)


@pytest.fixture
def provider() -> Any:
    return ProviderFactory(approved=True)


@pytest.fixture
def service(provider: Any) -> Any:
    return TestingServiceFactory(approved=True, provider=provider)


def evaluated(
    offer: Any, consumer: Any, quality: int = 5, speed: int = 5, service: int = 5, text: str = "数据可靠"
) -> Evaluation:
    order = make.an_order("completed", offer=offer, consumer=consumer)
    stars = {"quality": quality, "speed": speed, "service": service}
    return evaluate(order=order, evaluation=Evaluation(**stars, text=text), actor=consumer.account)


def many(order: Order, number: int) -> None:
    """As many more of completed orders like it, without the way there."""
    for at in range(number):
        like = Order.objects.get(pk=order.pk)
        like.pk, like.number, like.booking, like.is_direct = None, f"DD-{at}", None, True
        like.save()
        Evaluation.objects.create(order=like, quality=4, speed=4, service=4, text=f"第 {at + 1} 条")


def block(client: Client, subject: Any, **query: str) -> str:
    """The evaluations on the page; empty where it has none."""
    page = client.get(subject.get_absolute_url(), query).content.decode()
    found = re.search(r'id="evaluations".*?</section>', page, re.S)
    return found[0] if found else ""


def texts(html: str) -> list[str]:
    return re.findall(r'<p class="pre">(.*?)</p>', html)


@pytest.mark.parametrize("factory", [InstrumentFactory, TestingServiceFactory, LabServiceFactory])
def test_each_page_shows_its_own(client: Client, consumer: Any, provider: Any, factory: Any) -> None:
    shown, other = factory(approved=True, provider=provider), factory(approved=True, provider=provider)
    assert block(client, shown) == ""
    evaluated(shown, consumer, text="先")
    evaluated(other, consumer, text="后")
    assert texts(block(client, shown)) == ["先"]
    assert texts(block(client, other)) == ["后"]
    assert texts(block(client, provider)) == ["后", "先"]
    assert block(client, ProviderFactory(approved=True)) == ""


def test_the_means_have_one_decimal_half_up(client: Client, service: Any, consumer: Any) -> None:
    evaluated(service, consumer, quality=5, speed=4, service=3)
    evaluated(service, consumer, quality=4, speed=4, service=2)
    evaluated(service, consumer, quality=4, speed=4, service=2)
    evaluated(service, consumer, quality=4, speed=1, service=2)
    html = block(client, service)
    # 17/4, 13/4, 9/4, and 39/12 over all
    assert re.findall(r"<dd>(\d\.\d)</dd>", html) == ["4.3", "3.3", "2.3"]
    assert '<b class="num">3.3</b>' in html
    assert "共 4 条" in html


def test_who_has_written_is_masked_and_what_is_written_is_text(
    client: Client, service: Any, consumer: Any
) -> None:
    evaluation = evaluated(service, consumer, text="<script>alert(1)</script>")
    answer_evaluation(evaluation=evaluation, actor=service.provider.account, text="<b>谢谢</b>")
    html = block(client, service)
    assert "西安***公司" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;b&gt;谢谢&lt;/b&gt;" in html
    page = client.get(service.get_absolute_url()).content.decode()
    assert NAME not in page
    assert consumer.code not in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (NAME, "西安***公司"),
        ("甲公司", "甲***"),
        ("乙", "乙***"),
        ("渭水公司", "渭***"),
        ("渭水甲公司", "渭***"),
        ("", "***"),
    ],
)
def test_short_names_show_less(name: str, shown: str) -> None:
    """Of the five characters of 渭水甲公司 four would give it away."""
    assert public_name(name) == shown


def test_staff_hide_one_and_show_it_again(client: Client, service: Any, consumer: Any) -> None:
    evaluated(service, consumer, quality=1, text="第一条")
    evaluation = evaluated(service, consumer, quality=5, text="电话 13800001234")
    staff = make.mediator()
    hide_evaluation(evaluation=evaluation, actor=staff, reason="含有联系方式")
    html = block(client, service)
    assert texts(html) == ["第一条"]
    assert re.findall(r"<dd>(\d\.\d)</dd>", html) == ["1.0", "5.0", "5.0"]
    assert "含有联系方式" not in html
    show_evaluation(evaluation=evaluation, actor=staff, reason="已核实")
    assert texts(block(client, service)) == ["电话 13800001234", "第一条"]


def test_ten_on_a_page_newest_first(client: Client, service: Any, consumer: Any) -> None:
    first = evaluated(service, consumer, text="最早的")
    many(first.order, 11)
    provider = service.provider
    html = block(client, provider)
    assert texts(html) == [f"第 {at} 条" for at in range(11, 1, -1)]
    assert "共 12 条" in html
    assert 'href="?reviews=2#evaluations"' in html
    html = block(client, provider, reviews="2")
    assert texts(html) == ["第 1 条", "最早的"]
    assert 'href="?reviews=1#evaluations"' in html
    assert "共 12 条" in html


@pytest.mark.parametrize(
    "number", ["0", "-1", "3", "x", "９", "1.5", "", "\x00", "9" * 30, "9" * 4000, "9" * 5000, "<script>"]
)
def test_an_odd_page_number_is_a_calm_page(client: Client, service: Any, consumer: Any, number: str) -> None:
    evaluated(service, consumer)
    html = block(client, service.provider, reviews=number)
    assert texts(html) == ["数据可靠"]
    assert "<script>" not in html


def test_both_pagings_stand_side_by_side(client: Client, service: Any, consumer: Any) -> None:
    many(evaluated(service, consumer).order, 10)
    html = block(client, service.provider, page="1")
    assert 'href="?page=1&amp;reviews=2#evaluations"' in html


@pytest.mark.parametrize("subject", ["service", "provider"])
def test_evaluations_cost_one_query_however_many(
    client: Client, service: Any, consumer: Any, subject: str
) -> None:
    shown = service if subject == "service" else service.provider
    evaluation = evaluated(service, consumer)
    block(client, shown)

    def cost() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            block(client, shown)
        return [one["sql"] for one in queries if "orders_evaluation" in one["sql"]]

    assert len(cost()) == 1
    many(evaluation.order, 15)
    assert len(cost()) == 1


def test_a_page_in_english_leaves_only_what_was_written_in_chinese(
    client: Client, service: Any, consumer: Any
) -> None:
    evaluation = evaluated(service, consumer)
    answer_evaluation(evaluation=evaluation, actor=service.provider.account, text="谢谢")
    many(evaluation.order, 10)
    client.cookies["site_language"] = "en"
    for number in ("1", "2"):
        in_english = block(client, service.provider, reviews=number)
        assert "of 5 stars" in in_english
        left = re.sub(r'<(\w+)[^>]* lang="zh-Hans">.*?</\1>', "", in_english)
        assert re.findall(r"[\u3400-\u9fff]+", left) == []
