"""The public page of a service, of either kind."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.models import AttributeDefinition, LabService, Qualification, TestingService
from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    QualificationFactory,
    TestingServiceFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

TESTING, LABS = "/catalogue/testing/", "/catalogue/labs/"
BOTH = pytest.mark.parametrize(
    ("address", "factory"), [(TESTING, TestingServiceFactory), (LABS, LabServiceFactory)]
)


@pytest.fixture
def provider():
    return ProviderFactory(approved=True, host_name="秦岭研究院", name="秦岭测试中心")


@BOTH
@pytest.mark.parametrize("state", ["draft", "pending", "returned", "withdrawn"])
def test_a_service_that_is_not_approved_is_not_found(client, address, factory, state):
    service = factory(state=state)
    assert client.get(service.get_absolute_url()).status_code == 404
    client.force_login(service.provider.account)
    assert client.get(service.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("address", [TESTING, LABS])
@pytest.mark.parametrize("path", ["0", "999999999", "99999999999999999999999999"])
def test_an_unknown_service_is_not_found(client, address, path):
    assert client.get(f"{address}{path}/").status_code == 404


def test_a_testing_service_shows_what_a_user_needs(client, provider):
    instrument = InstrumentFactory(approved=True, provider=provider, name="万能试验机", model="CMT5105")
    hidden = InstrumentFactory(pending=True, provider=provider, name="待审的试验机")
    service = TestingServiceFactory(
        approved=True,
        provider=provider,
        price_kind="range",
        price_max_amount=Decimal(1500),
        price_list="加急加收 50%",
        user_notice="提前三天预约",
        instruments=[instrument, hidden],
    )
    response = client.get(service.get_absolute_url())
    page = response.content.decode()
    for text in (
        "金属材料力学性能检测",
        "室温和高温拉伸、弯曲、冲击试验。",
        "检测报告",
        "GB/T 228.1-2021 金属材料 拉伸试验",
        "5 个工作日",
        "<b>200–1,500</b> 元/样品",
        "加急加收 50%",
        "按标准加工的试样 3 根",
        "提前三天预约",
        "可用创新券",
        "秦岭测试中心",
        "西安市雁塔区",
        "周强",
    ):
        assert text in page
    assert 'href="/catalogue/testing/?category=010000">材料</a>' in page
    assert f'href="{instrument.get_absolute_url()}">万能试验机</a>' in page
    assert "待审的试验机" not in page
    assert "style=" not in page
    assert [str(item["label"]) for item in response.context["breadcrumbs"]] == [
        "检测服务",
        "金属材料力学性能检测",
    ]


def test_a_laboratory_service_by_agreement_shows_no_amount(client):
    service = LabServiceFactory(approved=True)
    page = client.get(service.get_absolute_url()).content.decode()
    assert "价格面议" in page
    assert "工艺方案、样件和研究报告" in page
    assert "使用的仪器" not in page


def test_contacts_are_masked_but_for_the_owner_and_a_consumer_that_asks(client):
    service = TestingServiceFactory(approved=True, contact_email="zhou@example.com")

    def sees(**query):
        page = client.get(service.get_absolute_url(), query).content.decode()
        assert ("029-****5678" in page) != ("029-88885678" in page)
        assert ("zhou@example.com" in page) == ("029-88885678" in page)
        return "029-88885678" in page

    assert not sees(contact="1")
    client.force_login(UserFactory())
    assert not sees(contact="1")
    client.force_login(UserFactory(consumer=True))
    assert not sees()
    assert sees(contact="1")
    client.force_login(service.provider.account)
    assert sees()


def test_around_a_service_stand_what_is_like_it_and_what_shows_that_it_can_be_done(client, provider):
    service = TestingServiceFactory(approved=True, provider=provider)
    like = TestingServiceFactory(approved=True, name="高温拉伸检测")
    TestingServiceFactory(approved=True, provider=provider, name="水质检测", field_id="030100")
    TestingServiceFactory(pending=True, provider=provider, name="待审的检测")
    qualification = QualificationFactory(approved=True, provider=provider)
    QualificationFactory(pending=True, provider=provider, name="待审的资质")
    capability = CapabilityFactory(approved=True, provider=provider, qualification=qualification)
    CapabilityFactory(approved=True, provider=provider, field_id="030100")
    CapabilityFactory(pending=True, provider=provider)
    CapabilityFactory(approved=True)

    around = client.get(service.get_absolute_url()).context["around"]

    assert around.related == [like]
    assert around.qualifications == [qualification]
    assert around.capabilities == [capability]
    assert around.instruments == []


def test_a_qualification_that_has_ended_is_flagged(client, provider):
    service = TestingServiceFactory(approved=True, provider=provider)
    qualification = QualificationFactory(approved=True, provider=provider)
    ends = timezone.localdate()
    for days, flagged in ((61, ""), (60, "即将到期"), (0, "即将到期"), (-1, "已过期")):
        Qualification.objects.filter(pk=qualification.pk).update(
            valid_to=ends + datetime.timedelta(days=days)
        )
        page = client.get(service.get_absolute_url()).content.decode()
        assert [word for word in ("即将到期", "已过期") if word in page] == ([flagged] if flagged else [])


def test_public_attributes_in_force_are_printed_and_no_others(client, provider):
    def attribute(name, **fields):
        return AttributeDefinition.objects.create(
            **{"testing_field_id": "010000", "name": name, "kind": "number", "unit": "kN", **fields}
        )

    shown, private = attribute("最大试验力"), attribute("内部成本", is_public=False)
    retired, elsewhere = (
        attribute("旧参数", retired_at=timezone.now()),
        attribute("水深", testing_field_id="030000"),
    )
    values = {one.key: "600" for one in (shown, private, retired, elsewhere)}
    service = TestingServiceFactory(approved=True, provider=provider, attributes=values)
    response = client.get(service.get_absolute_url())
    assert response.context["attributes"] == [("最大试验力", "600 kN")]
    page = response.content.decode()
    assert "专业参数" in page
    assert "<dt>最大试验力</dt><dd>600 kN</dd>" in page
    for name in ("内部成本", "旧参数", "水深"):
        assert name not in page


def test_script_in_every_text_stays_text(client):
    attack = '"><script>alert(1)</script>'
    fields = dict.fromkeys(
        ("name", "content", "deliverables", "methods", "price_list", "sample_requirements", "user_notice"),
        attack,
    )
    service = LabServiceFactory(approved=True, contact_name="<b>x</b>", **fields)
    for address in (service.get_absolute_url(), LABS, f"{LABS}?q=alert"):
        page = client.get(address).content.decode()
        assert "<script>" not in page
        assert "<b>x</b>" not in page
        assert "&lt;script&gt;" in page or "<mark>" in page


def queries(client, address, parameters=None):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, parameters).status_code == 200
    return len(captured)


@BOTH
def test_the_detail_costs_at_most_12_queries_however_much_is_around(client, provider, address, factory):
    AttributeDefinition.objects.create(testing_field_id="010000", name="最大试验力", kind="number")
    key = AttributeDefinition.objects.get().key
    service = factory(approved=True, provider=provider, attributes={key: "600"})

    def fill():
        instrument = InstrumentFactory(approved=True, provider=provider)
        service.instruments.add(instrument)
        service.save()
        qualification = QualificationFactory(approved=True, provider=provider)
        CapabilityFactory(
            approved=True, provider=provider, qualification=qualification, attributes={key: "300"}
        )
        factory(approved=True, provider=provider)

    fill()
    client.get(service.get_absolute_url())  # renditions are made at the first sight of a photo
    few = queries(client, service.get_absolute_url())
    for _ in range(3):
        fill()
    assert queries(client, service.get_absolute_url()) == few <= 9
    client.force_login(UserFactory(consumer=True))
    assert queries(client, service.get_absolute_url()) <= 12


def test_models_of_both_kinds_have_the_addresses_of_these_pages():
    assert TestingService(pk=7).get_absolute_url() == "/catalogue/testing/7/"
    assert LabService(pk=7).get_absolute_url() == "/catalogue/labs/7/"
