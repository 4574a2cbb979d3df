"""The public list of instruments: search, facets, sort, paging, and what it costs."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.models import AttributeDefinition, Instrument
from tests.factories import InstrumentFactory, ProviderFactory, UserFactory
from workflow import services

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

LIST = "/catalogue/instruments/"


@pytest.fixture
def provider():
    return ProviderFactory(approved=True, host_name="秦岭研究院", name="秦岭测试中心")


def names(response):
    return [instrument.name for instrument in response.context["records"]]


def options(response, title):
    facet = next(facet for facet in response.context["facets"] if facet["title"] == title)
    return [(str(option["label"]), option["count"], option["active"]) for option in facet["options"]]


def test_only_approved_instruments_of_approved_providers_are_found(client, provider):
    InstrumentFactory(approved=True, provider=provider, name="公开的质谱仪")
    InstrumentFactory(pending=True, provider=provider, name="待审的质谱仪")
    InstrumentFactory(returned=True, provider=provider, name="退回的质谱仪")
    InstrumentFactory(withdrawn=True, provider=provider, name="撤回的质谱仪")
    hidden = InstrumentFactory(approved=True, name="机构撤回的质谱仪")
    services.withdraw(record=hidden.provider, actor=hidden.provider.account)
    for query in ({}, {"q": "质谱"}):
        response = client.get(LIST, query)
        assert names(response) == ["公开的质谱仪"]
        assert response.context["page_obj"].paginator.count == 1


def test_part_of_a_name_finds_and_is_marked(client, provider):
    InstrumentFactory(approved=True, provider=provider, name="气相色谱质谱联用仪", model="GC-MS 7890")
    InstrumentFactory(approved=True, provider=provider, name="万能试验机", name_en="", model="CMT5105")
    response = client.get(LIST, {"q": "色谱"})
    assert names(response) == ["气相色谱质谱联用仪"]
    assert "气相<mark>色谱</mark>质谱联用仪" in response.content.decode()
    response = client.get(LIST, {"q": "gcms"})
    assert names(response) == ["气相色谱质谱联用仪"]
    response = client.get(LIST, {"q": "gc-ms"})
    assert "<mark>GC-MS</mark> 7890" in response.content.decode()


def test_a_hit_in_the_functions_is_shown_as_an_excerpt(client, provider):
    InstrumentFactory(approved=True, provider=provider, name="万能试验机", functions="金属材料拉伸试验")
    assert "金属材料<mark>拉伸</mark>试验" in client.get(LIST, {"q": "拉伸"}).content.decode()


def test_facets_count_what_is_found_and_narrow_it(client, provider):
    other = ProviderFactory(approved=True, host_name="汉江研究所", name="汉江测试中心")
    InstrumentFactory(approved=True, provider=provider, name="质谱仪甲")
    InstrumentFactory(
        approved=True,
        provider=provider,
        name="色谱仪乙",
        instrument_class_id="010500",
        city="6103",
        district="渭滨区",
    )
    InstrumentFactory(
        approved=True, provider=other, name="量块丙", instrument_class_id="030100", accepts_vouchers=False
    )

    response = client.get(LIST)
    assert options(response, "创新券") == [("可用创新券", 2, False)]
    assert options(response, "仪器分类") == [("分析仪器", 2, False), ("计量仪器", 1, False)]
    assert options(response, "所在城市") == [("西安市", 2, False), ("宝鸡市", 1, False)]
    assert options(response, "接券机构") == [("秦岭测试中心", 2, False), ("汉江测试中心", 1, False)]

    response = client.get(LIST, {"category": "010000"})
    assert sorted(names(response)) == ["色谱仪乙", "质谱仪甲"]
    assert options(response, "二级分类") == [("质谱仪器", 1, False), ("色谱仪器", 1, False)]
    assert names(client.get(LIST, {"category": "010500"})) == ["色谱仪乙"]
    assert names(client.get(LIST, {"city": "6103"})) == ["色谱仪乙"]
    assert names(client.get(LIST, {"institution": str(other.pk)})) == ["量块丙"]
    assert sorted(names(client.get(LIST, {"vouchers": "1"}))) == ["色谱仪乙", "质谱仪甲"]


def test_institutions_with_most_hits_stand_first(client, provider):
    other = ProviderFactory(approved=True, name="汉江测试中心")
    for owner in (provider, other, other):
        InstrumentFactory(approved=True, provider=owner)
    assert options(client.get(LIST), "接券机构") == [("汉江测试中心", 2, False), ("秦岭测试中心", 1, False)]


def test_counts_beyond_the_cap_say_that_they_are_rough(client, provider, monkeypatch):
    monkeypatch.setattr("catalogue.search.service.CAP", 1)
    for _ in range(2):
        InstrumentFactory(approved=True, provider=provider)
    response = client.get(LIST, {"q": "质谱"})
    assert options(response, "所在城市") == [("西安市", "约 1", False)]
    assert '超过 <b class="num">1</b> 台' in response.content.decode()


def test_each_active_filter_is_a_chip_that_takes_itself_away(client, provider):
    InstrumentFactory(approved=True, provider=provider, name="质谱仪甲")
    response = client.get(
        LIST,
        {
            "q": "质谱",
            "category": "010200",
            "city": "6101",
            "vouchers": "1",
            "price_min": "100",
            "price_max": "500",
            "page": "1",
        },
    )
    assert names(response) == ["质谱仪甲"]
    chips = {chip["label"]: chip["url"] for chip in response.context["chips"]}
    assert list(chips) == ["“质谱”", "可用创新券", "质谱仪器", "西安市", "100–500 元"]
    assert "city" not in chips["西安市"]
    assert "price" not in chips["100–500 元"]
    assert "vouchers=1" in chips["100–500 元"]
    assert "q=" not in chips["“质谱”"]
    assert all("page" not in url for url in chips.values())


def test_prices_narrow_both_ways_and_a_reversed_range_is_understood(client, provider):
    for price in (80, 300, 1200):
        InstrumentFactory(approved=True, provider=provider, name=f"{price} 元", price_amount=Decimal(price))
    assert sorted(names(client.get(LIST, {"price_min": "300"}))) == ["1200 元", "300 元"]
    assert sorted(names(client.get(LIST, {"price_max": "300"}))) == ["300 元", "80 元"]
    assert names(client.get(LIST, {"price_min": "1000", "price_max": "100"})) == ["300 元"]


def test_a_price_that_is_no_number_is_explained_and_left_out(client, provider):
    InstrumentFactory(approved=True, provider=provider)
    response = client.get(LIST, {"price_min": "三百"})
    assert "请填写不小于 0 的数字" in response.content.decode()
    assert response.context["page_obj"].paginator.count == 1
    assert response.context["chips"] == []


def test_sorting_by_price_and_age(client, provider):
    for price in (300, 80, 1200):
        InstrumentFactory(approved=True, provider=provider, name=f"{price} 元", price_amount=Decimal(price))
    assert names(client.get(LIST, {"sort": "price"})) == ["80 元", "300 元", "1200 元"]
    assert names(client.get(LIST, {"sort": "-price"})) == ["1200 元", "300 元", "80 元"]
    assert names(client.get(LIST, {"sort": "newest"})) == ["1200 元", "80 元", "300 元"]
    labels = [sort["label"] for sort in client.get(LIST).context["sorts"]]
    assert labels == ["最新", "价格从低到高", "价格从高到低"]
    labels = [sort["label"] for sort in client.get(LIST, {"q": "元"}).context["sorts"]]
    assert labels[0] == "相关度"


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("1", 1),
        ("2", 2),
        ("3", 2),
        ("99999", 2),
        ("0", 1),
        ("-1", 1),
        ("abc", 1),
        ("9" * 5000, 1),
        ("2.5", 1),
    ],
)
def test_pages_clamp_kindly(client, provider, asked, number, monkeypatch):
    monkeypatch.setattr("catalogue.listing.PER_PAGE", 2)
    for _ in range(3):
        InstrumentFactory(approved=True, provider=provider)
    response = client.get(LIST, {"page": asked})
    assert response.status_code == 200
    assert response.context["page_obj"].number == number
    assert len(names(response)) == (2 if number == 1 else 1)


def test_the_empty_list_says_what_to_do_next(client, provider):
    InstrumentFactory(approved=True, provider=provider)
    response = client.get(LIST, {"q": "不存在的仪器"})
    page = response.content.decode()
    assert "没有找到符合条件的仪器" in page
    assert "可以换个说法" in page
    assert response.context["empty_url"] == "?"
    response = client.get(LIST, {"q": "质谱", "city": "6110"})
    assert names(response) == []
    assert "只按“质谱”搜索" in response.content.decode()
    assert names(client.get(LIST + response.context["empty_url"])) == ["气相色谱质谱联用仪"]


@pytest.mark.parametrize(
    "query",
    [
        {"q": "谱" * 10_000},
        {"q": "a" * 10_000},
        {"q": "\x00质谱"},
        {"q": "' OR 1=1 --"},
        {"q": '"'},
        {"q": "NEAR(a b) * ^ : AND OR NOT -"},
        {"q": "%_\\"},
        {"q": '"><script>alert(1)</script>'},
        {"category": "<script>alert(1)</script>", "city": "<script>alert(1)</script>"},
        {"category": "\x00", "city": "\x00", "institution": "\x00", "vouchers": "\x00", "sort": "\x00"},
        {"category": "999999"},
        {"institution": "'; DROP TABLE catalogue_instrument; --"},
        {"institution": "9" * 400},
        {"institution": "-1"},
        {"price_min": "NaN", "price_max": "Infinity"},
        {"price_min": "1e400", "price_max": "-5"},
        {"price_min": "<script>alert(1)</script>"},
        {"sort": "name); DELETE FROM catalogue_instrument"},
        {"vouchers": "maybe"},
        {"unknown": "<script>"},
    ],
)
def test_hostile_parameters_get_a_calm_page(client, provider, query):
    InstrumentFactory(approved=True, provider=provider)
    response = client.get(LIST, query)
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()
    assert all(len(value) <= 100 for value in response.context["filtering"].params.values())
    assert Instrument.objects.count() == 1


def test_facet_values_that_are_unknown_are_ignored(client, provider):
    InstrumentFactory(approved=True, provider=provider)
    response = client.get(LIST, {"city": "9999", "category": "123456", "institution": "77777", "sort": "up"})
    assert response.context["page_obj"].paginator.count == 1
    assert response.context["chips"] == []
    assert response.context["filtering"].params == {}


def test_the_institution_facet_never_offers_a_hidden_provider(client):
    hidden = ProviderFactory(withdrawn=True)
    response = client.get(LIST, {"institution": str(hidden.pk)})
    assert response.status_code == 200
    assert hidden.name not in response.content.decode()


def test_the_list_with_nothing_remembered_costs_at_most_13_queries_and_none_per_row(client, provider):
    query = {"q": "质谱", "category": "010000", "institution": str(provider.pk)}

    def queries(parameters):
        client.get(LIST, parameters)  # renditions are made at the first sight of a photo
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST, parameters).status_code == 200
        return len(captured)

    InstrumentFactory(approved=True, provider=provider)
    few = queries({}), queries(query)
    for _ in range(5):
        InstrumentFactory(approved=True, provider=provider)
    assert (queries({}), queries(query)) == few
    assert max(few) <= 11
    client.force_login(UserFactory(consumer=True))
    assert queries(query) <= 13


def test_with_attributes_to_filter_by_the_list_costs_at_most_12_queries(client, provider):
    keys = [
        AttributeDefinition.objects.create(
            instrument_class_id="010000", name=name, kind="number", is_facet=True
        ).key
        for name in ("分辨率", "加速电压")
    ]
    query = {
        "q": "质谱",
        "category": "010000",
        "institution": str(provider.pk),
        "city": "6101",
        "vouchers": "1",
        "price_min": "1",
        f"a{keys[0]}_min": "0.5",
    }
    for _ in range(3):
        InstrumentFactory(approved=True, provider=provider, attributes=dict.fromkeys(keys, "0.8"))
    client.get(LIST, query)  # renditions are made at the first sight of a photo
    with CaptureQueriesContext(connection) as captured:
        response = client.get(LIST, query)
    assert len(names(response)) == 3
    assert len(captured) <= 12


def test_filters_by_attribute_stay_in_every_link_and_form(client, provider):
    key = AttributeDefinition.objects.create(
        instrument_class_id="010000", name="分辨率", kind="number", unit="nm", is_facet=True
    ).key
    InstrumentFactory(approved=True, provider=provider, name="细的质谱仪", attributes={key: "0.8"})
    InstrumentFactory(approved=True, provider=provider, name="粗的质谱仪", attributes={key: "8"})
    response = client.get(LIST, {"q": "质谱", "category": "010000", f"a{key}_max": "1"})
    assert names(response) == ["细的质谱仪"]
    assert (f"a{key}_max", "1") in response.context["search_hidden"]
    assert (f"a{key}_max", "1") in response.context["price_hidden"]
    cities = next(facet for facet in response.context["facets"] if facet["title"] == "所在城市")
    assert f"a{key}_max=1" in cities["options"][0]["url"]
    taken_away = {chip["label"]: chip["url"] for chip in response.context["chips"]}
    assert f"a{key}" not in taken_away["分辨率：不大于 1 nm"]


def test_the_export_link_carries_what_the_list_is_narrowed_by(client, provider):
    InstrumentFactory(approved=True, provider=provider)
    page = client.get(LIST, {"q": "质谱", "city": "6101", "page": "1", "unknown": "x"}).content.decode()
    assert 'href="/catalogue/instruments/export/?q=%E8%B4%A8%E8%B0%B1&amp;city=6101" rel="nofollow"' in page
