"""Who can test to a standard: the public list of capabilities."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.models import AttributeDefinition, Qualification
from institutions.models import Suspension
from tests.factories import CapabilityFactory, ProviderFactory, QualificationFactory, UserFactory, reviewer
from workflow import services

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

LIST = "/catalogue/capabilities/"


@pytest.fixture
def provider():
    return ProviderFactory(approved=True, host_name="秦岭研究院", name="秦岭测试中心")


def found(response):
    return [record.standard_number for record in response.context["records"]]


def options(response, title):
    facet = next(facet for facet in response.context["facets"] if facet["title"] == title)
    return [(str(option["label"]), option["count"], option["active"]) for option in facet["options"]]


@pytest.mark.parametrize(
    "words",
    [
        "GB/T 228.1",
        "GB/T228.1",
        "GBT228.1",
        "gbt 228.1",
        "gb/t228.1",
        "228.1",
        "228.1-2021",
        "ＧＢ／Ｔ　２２８.１",
    ],
)
def test_a_standard_number_finds_who_can_test_to_it(client, provider, words):
    CapabilityFactory(approved=True, provider=provider)
    CapabilityFactory(approved=True, provider=provider, standard_number="GB/T 2281-2008")
    CapabilityFactory(approved=True, provider=provider, standard_number="GB/T 231.1-2018")
    response = client.get(LIST, {"q": words})
    assert found(response) == ["GB/T 228.1-2021"]
    page = response.content.decode()
    assert "228.1</mark>-2021" in page or "228.1-2021</mark>" in page
    assert "秦岭测试中心" in page
    assert f'href="{provider.get_absolute_url()}"' in page


def test_a_row_shows_what_is_tested_how_far_by_whom_and_on_what_ground(client, provider):
    qualification = QualificationFactory(
        approved=True, provider=provider, valid_to=timezone.localdate() + datetime.timedelta(days=30)
    )
    CapabilityFactory(approved=True, provider=provider, qualification=qualification)
    page = client.get(LIST).content.decode()
    for text in (
        "金属材料",
        "抗拉强度",
        "GB/T 228.1-2021",
        "金属材料 拉伸试验 第1部分：室温试验方法",
        "600 kN 以下",
        "秦岭测试中心",
        "西安市",
        "CMA",
        f"至 {qualification.valid_to:%Y-%m-%d}",
        "即将到期",
    ):
        assert text in page
    Qualification.objects.update(valid_to=timezone.localdate() - datetime.timedelta(days=1))
    assert "已过期" in client.get(LIST).content.decode()


@pytest.mark.parametrize("state", ["draft", "pending", "returned", "withdrawn"])
def test_a_qualification_that_is_not_public_is_not_named(client, provider, state):
    qualification = QualificationFactory(state=state, provider=provider)
    CapabilityFactory(approved=True, provider=provider, qualification=qualification)
    page = client.get(LIST).content.decode()
    assert "GB/T 228.1-2021" in page
    assert "CMA" not in page


def test_only_what_is_approved_of_public_providers_is_listed(client, provider):
    CapabilityFactory(approved=True, provider=provider, standard_number="GB/T 1")
    for state in ("draft", "pending", "returned", "withdrawn"):
        CapabilityFactory(state=state, provider=provider)
    hidden, suspended = CapabilityFactory(approved=True), CapabilityFactory(approved=True)
    services.withdraw(record=hidden.provider, actor=hidden.provider.account)
    Suspension.objects.create(provider=suspended.provider, reason="投诉核查", suspended_by=reviewer())
    for query in ({}, {"q": "抗拉强度"}):
        assert found(client.get(LIST, query)) == ["GB/T 1"]


def test_what_is_found_in_object_parameter_or_number_ranks_before_the_rest(client, provider):
    CapabilityFactory(approved=True, provider=provider, standard_number="GB/T 1", parameter="屈服强度")
    CapabilityFactory(
        approved=True,
        provider=provider,
        standard_number="GB/T 2",
        parameter="硬度",
        standard_name="屈服点测定",
    )
    CapabilityFactory(approved=True, provider=provider, standard_number="GB/T 3", parameter="硬度")
    response = client.get(LIST, {"q": "屈服"})
    assert found(response) == ["GB/T 1", "GB/T 2"]
    assert "<mark>屈服</mark>强度" in response.content.decode()
    assert "<mark>屈服</mark>点测定" in response.content.decode()


def test_facets_narrow_by_field_city_and_institution(client, provider):
    other = ProviderFactory(approved=True, name="汉江测试中心", city="6103", district="渭滨区")
    CapabilityFactory(approved=True, provider=provider, standard_number="GB/T 1")
    CapabilityFactory(approved=True, provider=other, standard_number="HJ 828-2017", field_id="030100")
    response = client.get(LIST)
    assert options(response, "检测领域") == [("材料", 1, False), ("环境", 1, False)]
    assert options(response, "所在城市") == [("西安市", 1, False), ("宝鸡市", 1, False)]
    assert options(response, "接券机构") == [("汉江测试中心", 1, False), ("秦岭测试中心", 1, False)]
    assert options(response, "创新券") == []
    assert response.context["price_form"] is None
    assert [str(sort["label"]) for sort in response.context["sorts"]] == ["最新"]
    response = client.get(LIST, {"category": "030000"})
    assert found(response) == ["HJ 828-2017"]
    assert options(response, "细分领域") == [("水和废水", 1, False)]
    assert found(client.get(LIST, {"institution": str(provider.pk)})) == ["GB/T 1"]
    assert found(client.get(LIST, {"city": "6103", "q": "hj828"})) == ["HJ 828-2017"]


def test_the_empty_list_says_what_to_do_next(client, provider):
    CapabilityFactory(approved=True, provider=provider)
    response = client.get(LIST, {"q": "ISO 9999"})
    page = response.content.decode()
    assert "没有找到符合条件的检测能力" in page
    assert "可以只输入标准编号的数字部分" in page
    assert response.context["empty_url"] == "?"


def test_attributes_are_shown_small(client, provider):
    definition = AttributeDefinition.objects.create(
        testing_field_id="010000", name="最大试验力", kind="number", unit="kN"
    )
    CapabilityFactory(approved=True, provider=provider, attributes={definition.key: "600"})
    assert "<dt>最大试验力</dt><dd>600 kN</dd>" in client.get(LIST).content.decode()


def test_script_in_every_text_stays_text(client, provider):
    attack = '"><script>alert(1)</script>'
    fields = dict.fromkeys(("object_name", "parameter", "standard_number", "standard_name", "limits"), attack)
    CapabilityFactory(approved=True, provider=provider, **fields)
    for query in ({}, {"q": "alert"}):
        assert "<script>" not in client.get(LIST, query).content.decode()


def test_the_list_costs_at_most_12_queries_and_none_per_row(client, provider):
    query = {"q": "抗拉", "category": "010000", "institution": str(provider.pk)}
    key = AttributeDefinition.objects.create(testing_field_id="010000", name="试验力", kind="number").key

    def queries(parameters):
        client.get(LIST, parameters)  # how an engine searches is its own matter
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST, parameters).status_code == 200
        return len(captured)

    def add():
        qualification = QualificationFactory(approved=True, provider=provider)
        CapabilityFactory(
            approved=True, provider=provider, qualification=qualification, attributes={key: "600"}
        )

    add()
    few = queries({}), queries(query)
    for _ in range(5):
        add()
    assert (queries({}), queries(query)) == few
    assert max(few) <= 9
    client.force_login(UserFactory(consumer=True))
    assert queries(query) <= 12
