"""Providers as the public finds them."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.models import AttributeDefinition, Qualification
from institutions.models import Provider, Suspension
from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    QualificationFactory,
    TestingServiceFactory,
    UserFactory,
    reviewer,
)
from workflow import services

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

LIST = "/catalogue/providers/"


def names(response):
    return [str(provider) for provider in response.context["page_obj"]]


def test_only_approved_providers_are_listed_those_with_most_instruments_first(client):
    one = ProviderFactory(approved=True, host_name="甲所", name="甲中心")
    two = ProviderFactory(approved=True, host_name="乙所", name="乙中心")
    ProviderFactory(pending=True)
    ProviderFactory(withdrawn=True)
    ProviderFactory()
    InstrumentFactory(approved=True, provider=two)
    InstrumentFactory(approved=True, provider=one)
    InstrumentFactory(approved=True, provider=two)
    InstrumentFactory(pending=True, provider=one)
    response = client.get(LIST)
    assert [(str(p), p.instrument_count) for p in response.context["page_obj"]] == [
        ("乙中心", 2),
        ("甲中心", 1),
    ]


def test_providers_are_found_by_words_of_either_name(client):
    ProviderFactory(approved=True, host_name="渭水理工大学", name="分析测试中心")
    ProviderFactory(approved=True, host_name="汉江中药所", name="汉江中药所")
    assert names(client.get(LIST, {"q": "理工"})) == ["分析测试中心"]
    assert names(client.get(LIST, {"q": "测试  渭水"})) == ["分析测试中心"]
    assert names(client.get(LIST, {"q": "理工 中药"})) == []
    assert "没有找到符合条件的机构" in client.get(LIST, {"q": "理工 中药"}).content.decode()


def test_providers_narrow_by_city_and_type_and_each_filter_can_be_taken_away(client):
    ProviderFactory(approved=True, name="西安甲", city="6101")
    ProviderFactory(approved=True, name="宝鸡乙", city="6103", district="渭滨区", host_type="university")
    response = client.get(LIST, {"city": "6103", "type": "university"})
    assert names(response) == ["宝鸡乙"]
    assert [(chip["label"], chip["url"]) for chip in response.context["chips"]] == [
        ("宝鸡市", "?type=university"),
        ("高等院校", "?city=6103"),
    ]
    cities = response.context["facets"][0]["options"]
    assert [(o["label"], o["count"], o["active"]) for o in cities] == [
        ("西安市", 1, False),
        ("宝鸡市", 1, True),
    ]


@pytest.mark.parametrize(
    "query",
    [
        {"q": "x" * 10_000},
        {"q": "\x00"},
        {"q": "' OR 1=1 --"},
        {"q": '"><script>alert(1)</script>'},
        {"city": "<script>alert(1)</script>"},
        {"city": "\x00", "type": "\x00"},
        {"type": "'; DROP TABLE institutions_provider; --"},
        {"page": "0"},
        {"page": "99999"},
        {"page": "abc"},
        {"page": "9" * 5000},
    ],
)
def test_hostile_parameters_get_a_calm_page(client, query):
    ProviderFactory(approved=True)
    response = client.get(LIST, query)
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()
    assert Provider.objects.count() == 1


def test_a_provider_shows_itself_and_its_public_instruments(client):
    provider = ProviderFactory(approved=True, website="https://lab.example.com/x", address="科技路 9 号")
    shown = InstrumentFactory(approved=True, provider=provider)
    InstrumentFactory(pending=True, provider=provider)
    InstrumentFactory(approved=True)
    response = client.get(provider.get_absolute_url())
    page = response.content.decode()
    assert list(response.context["page_obj"]) == [shown]
    assert "从事新材料研究与测试。" in page
    assert "西安市雁塔区科技路 9 号" in page
    assert 'href="https://lab.example.com/x" rel="nofollow noopener noreferrer"' in page
    assert "029-****1234" in page
    assert "029-88881234" not in page
    assert provider.host_code not in page
    assert provider.certificate.get_absolute_url() not in page


def test_the_list_counts_what_each_provider_has_in_public(client):
    one, two = ProviderFactory(approved=True), ProviderFactory(approved=True)
    InstrumentFactory(approved=True, provider=one)
    for _ in range(2):
        TestingServiceFactory(approved=True, provider=one)
    LabServiceFactory(pending=True, provider=one)
    CapabilityFactory(approved=True, provider=one)
    LabServiceFactory(approved=True, provider=two)
    response = client.get(LIST)
    counts = response.context["counts"]
    assert dict(counts[one.pk]) == {"instrument": 1, "testing": 2, "capability": 1}
    assert dict(counts[two.pk]) == {"lab": 1}
    assert '<b class="num">2</b><span>检测服务</span>' in response.content.decode()


def test_a_provider_shows_what_it_offers_and_links_to_all_of_it(client):
    provider = ProviderFactory(approved=True)
    qualification = QualificationFactory(approved=True, provider=provider)
    capability = CapabilityFactory(approved=True, provider=provider, qualification=qualification)
    testing = TestingServiceFactory(approved=True, provider=provider)
    lab = LabServiceFactory(approved=True, provider=provider)
    hidden = [
        factory(state=state, provider=provider)
        for factory in (QualificationFactory, CapabilityFactory, TestingServiceFactory, LabServiceFactory)
        for state in ("draft", "pending", "returned", "withdrawn")
    ]
    for factory in (QualificationFactory, CapabilityFactory, TestingServiceFactory, LabServiceFactory):
        factory(approved=True)

    response = client.get(provider.get_absolute_url())

    offers = response.context["offers"]
    assert len(hidden) == 16
    assert (offers.qualifications, offers.capabilities) == ([qualification], [capability])
    assert (offers.testing, offers.labs) == ([testing], [lab])
    assert dict(offers.counts) == {"capability": 1, "testing": 1, "lab": 1}
    page = response.content.decode()
    for text in (
        'id="qualifications"',
        'id="capabilities"',
        f'href="/catalogue/capabilities/?institution={provider.pk}"',
        f'href="/catalogue/testing/?institution={provider.pk}"',
        f'href="/catalogue/labs/?institution={provider.pk}"',
        "CMA 检验检测机构资质认定",
        "检验检测机构资质认定证书",
        qualification.certificate_number,
        "陕西省市场监督管理局",
        "金属材料、高分子材料的力学性能与化学成分检测",
        f"{qualification.valid_from:%Y-%m-%d} 至 {qualification.valid_to:%Y-%m-%d}",
        "GB/T 228.1-2021",
    ):
        assert text in page
    assert qualification.scan.get_absolute_url() not in page


@pytest.mark.parametrize(("days", "flag"), [(61, None), (60, "即将到期"), (0, "即将到期"), (-1, "已过期")])
def test_a_qualification_is_flagged_60_days_ahead_and_shown_when_it_has_ended(client, days, flag):
    qualification = QualificationFactory(approved=True)
    ends = timezone.localdate() + datetime.timedelta(days=days)
    Qualification.objects.filter(pk=qualification.pk).update(valid_to=ends)
    page = client.get(qualification.provider.get_absolute_url()).content.decode()
    assert qualification.certificate_number in page
    assert [word for word in ("即将到期", "已过期") if word in page] == ([flag] if flag else [])


def test_only_the_first_20_capabilities_and_6_services_are_shown(client):
    provider = ProviderFactory(approved=True)
    for _ in range(21):
        CapabilityFactory(approved=True, provider=provider)
    for _ in range(7):
        TestingServiceFactory(approved=True, provider=provider)
    response = client.get(provider.get_absolute_url())
    offers = response.context["offers"]
    assert (len(offers.capabilities), len(offers.testing)) == (20, 6)
    assert "全部 21 项" in response.content.decode()
    assert "全部 7 项" in response.content.decode()


def test_a_suspended_provider_is_neither_listed_nor_found(client):
    provider = ProviderFactory(approved=True)
    instrument = InstrumentFactory(approved=True, provider=provider)
    Suspension.objects.create(provider=provider, reason="投诉核查", suspended_by=reviewer())
    assert client.get(provider.get_absolute_url()).status_code == 404
    assert client.get(instrument.get_absolute_url()).status_code == 404
    assert names(client.get(LIST)) == []


def test_a_provider_website_that_is_no_web_address_is_not_linked(client):
    provider = ProviderFactory(approved=True)
    Provider.objects.filter(pk=provider.pk).update(website="javascript:alert(1)")
    assert "javascript:" not in client.get(provider.get_absolute_url()).content.decode()


def test_contacts_are_shown_in_full_to_a_consumer_that_asks(client):
    provider = ProviderFactory(approved=True)
    client.force_login(UserFactory(consumer=True))
    assert "029-****1234" in client.get(provider.get_absolute_url()).content.decode()
    page = client.get(provider.get_absolute_url(), {"contact": "1"}).content.decode()
    assert "029-88881234" in page
    assert "test@example.com" in page


@pytest.mark.parametrize("state", ["draft", "pending", "returned", "withdrawn"])
def test_a_provider_that_is_not_approved_is_not_found(client, state):
    assert client.get(ProviderFactory(state=state).get_absolute_url()).status_code == 404


def test_a_withdrawn_provider_leaves_the_list_at_once(client):
    provider = ProviderFactory(approved=True)
    services.withdraw(record=provider, actor=provider.account)
    assert names(client.get(LIST)) == []


@pytest.mark.parametrize("page", ["0", "2", "99999", "abc"])
def test_pages_of_a_provider_clamp_kindly(client, page):
    provider = ProviderFactory(approved=True)
    InstrumentFactory(approved=True, provider=provider)
    response = client.get(provider.get_absolute_url(), {"page": page})
    assert response.status_code == 200
    assert response.context["page_obj"].number == 1


def test_lists_and_details_cost_no_query_per_row(client):
    provider = ProviderFactory(approved=True)

    def queries(path):
        client.get(path)  # renditions are made at the first sight of a photo
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    key = AttributeDefinition.objects.create(testing_field_id="010000", name="试验力", kind="number").key

    def fill():
        InstrumentFactory(approved=True, provider=provider)
        TestingServiceFactory(approved=True, provider=provider)
        LabServiceFactory(approved=True, provider=provider)
        qualification = QualificationFactory(approved=True, provider=provider)
        CapabilityFactory(
            approved=True, provider=provider, qualification=qualification, attributes={key: "600"}
        )

    fill()
    few = queries(LIST), queries(provider.get_absolute_url())
    for _ in range(3):
        ProviderFactory(approved=True)
        fill()
    assert (queries(LIST), queries(provider.get_absolute_url())) == few
    assert few[0] <= 6
    assert few[1] <= 13
    client.force_login(UserFactory(consumer=True))
    # session, account and unread messages besides
    assert queries(LIST) == few[0] + 3
    assert queries(provider.get_absolute_url()) == few[1] + 3
