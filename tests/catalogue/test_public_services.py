"""Testing and laboratory services as the public finds them: lists and details of both kinds."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.models import TestingService
from institutions.models import Suspension
from tests.factories import (
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    TestingServiceFactory,
    UserFactory,
    reviewer,
)
from workflow import services

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

TESTING, LABS = "/catalogue/testing/", "/catalogue/labs/"
BOTH = pytest.mark.parametrize(
    ("address", "factory"), [(TESTING, TestingServiceFactory), (LABS, LabServiceFactory)]
)


@pytest.fixture
def provider():
    return ProviderFactory(approved=True, host_name="秦岭研究院", name="秦岭测试中心")


def names(response):
    return [record.name for record in response.context["records"]]


def options(response, title):
    facet = next(facet for facet in response.context["facets"] if facet["title"] == title)
    return [(str(option["label"]), option["count"], option["active"]) for option in facet["options"]]


@BOTH
def test_only_what_is_approved_of_public_providers_is_listed(client, provider, address, factory):
    factory(approved=True, provider=provider, name="公开的服务")
    for state in ("draft", "pending", "returned", "withdrawn"):
        factory(state=state, provider=provider, name=f"{state} 的服务")
    hidden = factory(approved=True, name="机构撤回的服务")
    services.withdraw(record=hidden.provider, actor=hidden.provider.account)
    for query in ({}, {"q": "服务"}):
        response = client.get(address, query)
        assert names(response) == ["公开的服务"]
        assert response.context["found"].total == 1


@BOTH
def test_a_suspended_provider_has_no_service_in_public(client, address, factory):
    service = factory(approved=True)
    Suspension.objects.create(provider=service.provider, reason="投诉核查", suspended_by=reviewer())
    assert client.get(service.get_absolute_url()).status_code == 404
    assert names(client.get(address)) == []


def test_the_two_kinds_do_not_mix(client, provider):
    testing = TestingServiceFactory(approved=True, provider=provider, name="拉伸检测")
    lab = LabServiceFactory(approved=True, provider=provider, name="拉伸工艺开发")
    InstrumentFactory(approved=True, provider=provider, name="拉伸试验机")
    assert names(client.get(TESTING, {"q": "拉伸"})) == ["拉伸检测"]
    assert names(client.get(LABS, {"q": "拉伸"})) == ["拉伸工艺开发"]
    assert client.get(f"{LABS}{max(testing.pk, lab.pk) + 1}/").status_code == 404


def test_names_rank_before_texts_and_hits_are_marked(client, provider):
    TestingServiceFactory(approved=True, provider=provider, name="疲劳检测", content="也做冲击试验")
    TestingServiceFactory(
        approved=True, provider=provider, name="冲击韧性检测", content="夏比摆锤", methods=""
    )
    response = client.get(TESTING, {"q": "冲击"})
    assert names(response) == ["冲击韧性检测", "疲劳检测"]
    page = response.content.decode()
    assert "<mark>冲击</mark>韧性检测" in page
    assert "也做<mark>冲击</mark>试验" in page


@pytest.mark.parametrize("words", ["GB/T 228.1", "GBT228.1", "gb/t228.1", "228.1", "gb/t 228.1-2021"])
def test_a_standard_among_the_methods_finds_the_service(client, provider, words):
    TestingServiceFactory(approved=True, provider=provider, name="力学性能检测")
    TestingServiceFactory(approved=True, provider=provider, name="硬度检测", methods="GB/T 231.1-2018")
    response = client.get(TESTING, {"q": words})
    assert names(response) == ["力学性能检测"]
    assert "<mark>" in response.content.decode()


def test_facets_count_fields_level_by_level(client, provider):
    other = ProviderFactory(approved=True, name="汉江测试中心", city="6103", district="渭滨区")
    TestingServiceFactory(approved=True, provider=provider, name="拉伸", field_id="010100")
    TestingServiceFactory(
        approved=True, provider=provider, name="注塑", field_id="010200", accepts_vouchers=False
    )
    TestingServiceFactory(approved=True, provider=other, name="水质", field_id="030100")

    response = client.get(TESTING)
    assert options(response, "检测领域") == [("材料", 2, False), ("环境", 1, False)]
    assert options(response, "所在城市") == [("西安市", 2, False), ("宝鸡市", 1, False)]
    assert options(response, "接券机构") == [("秦岭测试中心", 2, False), ("汉江测试中心", 1, False)]
    assert options(response, "创新券") == [("可用创新券", 2, False)]
    assert options(response, "细分领域") == []

    response = client.get(TESTING, {"category": "010000"})
    assert sorted(names(response)) == ["拉伸", "注塑"]
    assert options(response, "细分领域") == [("金属材料", 1, False), ("高分子材料", 1, False)]
    assert names(client.get(TESTING, {"category": "010200"})) == ["注塑"]
    assert names(client.get(TESTING, {"city": "6103"})) == ["水质"]
    assert names(client.get(TESTING, {"institution": str(other.pk)})) == ["水质"]
    assert sorted(names(client.get(TESTING, {"vouchers": "1"}))) == ["拉伸", "水质"]
    chips = [
        chip["label"] for chip in client.get(TESTING, {"category": "010200", "city": "6101"}).context["chips"]
    ]
    assert chips == ["高分子材料", "西安市"]


def test_an_instrument_class_is_no_field_and_is_left_out(client, provider):
    TestingServiceFactory(approved=True, provider=provider, name="拉伸")
    response = client.get(TESTING, {"category": "020700"})
    assert names(response) == ["拉伸"]
    assert response.context["filtering"].params == {}


def test_prices_narrow_and_sort_and_by_agreement_stands_last(client, provider):
    TestingServiceFactory(approved=True, provider=provider, name="甲", price_amount=Decimal(300))
    TestingServiceFactory(
        approved=True,
        provider=provider,
        name="乙",
        price_kind="range",
        price_amount=Decimal(80),
        price_max_amount=Decimal(900),
    )
    TestingServiceFactory(
        approved=True, provider=provider, name="丙", price_kind="agreement", price_amount=None, price_unit=""
    )
    response = client.get(TESTING, {"sort": "price"})
    assert names(response) == ["乙", "甲", "丙"]
    page = response.content.decode()
    assert "<b>80–900</b> 元/样品" in page
    assert "<b>300</b> 元/样品" in page
    assert "价格面议" in page
    assert names(client.get(TESTING, {"price_min": "500", "price_max": "100"})) == ["甲"]
    assert "请填写不小于 0 的数字" in client.get(TESTING, {"price_min": "三百"}).content.decode()


def test_a_search_is_carried_to_the_other_lists(client, provider):
    TestingServiceFactory(approved=True, provider=provider)
    assert client.get(TESTING).context["tabs"] == []
    tabs = client.get(
        TESTING, {"q": "拉伸", "city": "6101", "category": "010000", "sort": "price", "page": "2"}
    ).context["tabs"]
    carried = "?q=%E6%8B%89%E4%BC%B8&city=6101"
    assert [(str(tab["label"]), tab["url"], tab["active"]) for tab in tabs] == [
        ("仪器共享", f"/catalogue/instruments/{carried}", False),
        ("检测服务", f"/catalogue/testing/{carried}", True),
        ("实验服务", f"/catalogue/labs/{carried}", False),
        ("检测能力", f"/catalogue/capabilities/{carried}", False),
    ]


@BOTH
def test_the_empty_list_says_what_to_do_next(client, provider, address, factory):
    factory(approved=True, provider=provider, name="拉伸服务")
    response = client.get(address, {"q": "不存在的"})
    assert "没有找到符合条件的" in response.content.decode()
    assert "可以换个说法" in response.content.decode()
    assert response.context["empty_url"] == "?"
    response = client.get(address, {"q": "拉伸", "city": "6110"})
    assert "只按“拉伸”搜索" in response.content.decode()
    assert names(client.get(address + response.context["empty_url"])) == ["拉伸服务"]


@pytest.mark.parametrize(("asked", "number"), [("2", 2), ("99999", 2), ("0", 1), ("abc", 1), ("9" * 5000, 1)])
def test_pages_clamp_kindly(client, provider, asked, number, monkeypatch):
    monkeypatch.setattr("catalogue.listing.PER_PAGE", 2)
    for _ in range(3):
        TestingServiceFactory(approved=True, provider=provider)
    response = client.get(TESTING, {"page": asked})
    assert response.context["page_obj"].number == number
    assert len(names(response)) == (2 if number == 1 else 1)


@pytest.mark.parametrize("address", [TESTING, LABS, "/catalogue/capabilities/"])
@pytest.mark.parametrize(
    "query",
    [
        {"q": "谱" * 10_000},
        {"q": "\x00质谱"},
        {"q": "' OR 1=1 --"},
        {"q": "NEAR(a b) * ^ : AND OR NOT -"},
        {"q": '"><script>alert(1)</script>'},
        {"q": "GB/T " * 50 + "228.1"},
        {"category": "\x00", "city": "\x00", "institution": "\x00", "vouchers": "\x00", "sort": "\x00"},
        {"category": "<script>alert(1)</script>", "institution": "-1"},
        {"institution": "9" * 400},
        {"price_min": "NaN", "price_max": "1e400"},
        {"sort": "name); DELETE FROM catalogue_testingservice"},
        {"a1": "<script>", "a1_min": "NaN", "a99999999999999999999": "x"},
        {"unknown": "<script>", "page": "-1"},
    ],
)
def test_hostile_parameters_get_a_calm_page(client, provider, address, query):
    TestingServiceFactory(approved=True, provider=provider)
    response = client.get(address, query)
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()
    assert all(len(value) <= 100 for value in response.context["filtering"].params.values())
    assert TestingService.objects.count() == 1


def queries(client, address, parameters=None):
    client.get(
        address, parameters
    )  # how an engine searches is its own matter; what it finds is kept for a while
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, parameters).status_code == 200
    return len(captured)


@BOTH
def test_the_list_costs_at_most_12_queries_and_none_per_row(client, provider, address, factory):
    query = {"q": "服务", "category": "010000", "institution": str(provider.pk), "city": "6101"}
    factory(approved=True, provider=provider, name="服务")
    few = queries(client, address), queries(client, address, query)
    for _ in range(5):
        factory(approved=True, provider=provider, name="服务")
    assert (queries(client, address), queries(client, address, query)) == few
    assert max(few) <= 9
    client.force_login(UserFactory(consumer=True))
    assert queries(client, address, query) <= 12
