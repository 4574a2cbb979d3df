"""The public page of an instrument."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.models import AttributeDefinition, InstrumentPhoto
from catalogue.templatetags.catalogue import masked_phone, web_address
from tests.factories import (
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    SiteImageFactory,
    TestingServiceFactory,
    UserFactory,
    reviewer,
)
from workflow import services

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


def test_an_approved_instrument_shows_what_a_user_needs(client):
    instrument = InstrumentFactory(
        approved=True, user_notice="提前三天预约", service_hours="工作日 9:00–17:00"
    )
    response = client.get(instrument.get_absolute_url())
    page = response.content.decode()
    for text in (
        "气相色谱质谱联用仪",
        "Gas Chromatograph Mass Spectrometer (GC-MS)",
        "7890B-5977A",
        "安捷伦",
        "质量范围 1.6–1050 amu",
        "挥发性有机物的定性与定量分析",
        "液体样品不少于 2 mL",
        "有机物成分分析",
        "定性 300 元/样；定量 500 元/样",
        "工作日 9:00–17:00",
        "提前三天预约",
        "可用创新券",
        "西安市雁塔区科技路 1 号 3 号楼 201",
        instrument.provider.name,
    ):
        assert text in page
    assert "<b>300</b> 元/样品" in page
    assert ".webp" in page
    assert "style=" not in page
    assert [item["label"] for item in response.context["breadcrumbs"]] == ["仪器共享", "气相色谱质谱联用仪"]


@pytest.mark.parametrize("state", ["draft", "pending", "returned", "withdrawn"])
def test_an_instrument_that_is_not_approved_is_not_found(client, state):
    instrument = InstrumentFactory(state=state)
    assert client.get(instrument.get_absolute_url()).status_code == 404
    client.force_login(instrument.provider.account)
    assert client.get(instrument.get_absolute_url()).status_code == 404


def test_an_instrument_leaves_the_public_with_its_provider(client):
    instrument = InstrumentFactory(approved=True)
    services.withdraw(record=instrument.provider, actor=instrument.provider.account)
    assert client.get(instrument.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("path", ["0", "999999999", "99999999999999999999999999"])
def test_an_unknown_instrument_is_not_found(client, path):
    assert client.get(f"/catalogue/instruments/{path}/").status_code == 404


def test_contacts_are_masked_but_for_the_owner_staff_and_a_consumer_that_asks(client):
    instrument = InstrumentFactory(approved=True, contact_email="sunli@example.com")

    def sees(**query):
        page = client.get(instrument.get_absolute_url(), query).content.decode()
        assert ("138****1234" in page) != ("13800001234" in page)
        assert ("sunli@example.com" in page) == ("13800001234" in page)
        return "13800001234" in page

    assert not sees(contact="1")
    client.force_login(UserFactory())
    assert not sees(contact="1")
    client.force_login(UserFactory(consumer=True))
    assert not sees()
    assert sees(contact="1")
    client.force_login(instrument.provider.account)
    assert sees()
    client.force_login(reviewer())
    assert sees()


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812341234", "138****1234"),
        ("029-88881234", "029-****1234"),
        ("029-88881234-801", "029-****1234"),
        ("0911-8888123", "0911-****8123"),
        ("02988881234", "****1234"),
        ("88881234", "****1234"),
        ("8888123-80", "****8123"),
        ("", ""),
    ],
)
def test_masking_hides_the_middle(number, masked):
    assert masked_phone(number) == masked


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://lab.example.com", "https://lab.example.com"),
        ("HTTP://lab.example.com", "HTTP://lab.example.com"),
        ("javascript:alert(1)", ""),
        ("ftp://lab.example.com", ""),
        ("//lab.example.com", ""),
        (None, ""),
    ],
)
def test_only_web_addresses_become_links(url, address):
    assert web_address(url) == address


def test_related_instruments_are_public_and_others(client):
    provider = ProviderFactory(approved=True)
    instrument = InstrumentFactory(approved=True, provider=provider)
    same_provider = InstrumentFactory(approved=True, provider=provider, instrument_class_id="030100")
    same_class = InstrumentFactory(approved=True)
    InstrumentFactory(pending=True, provider=provider)
    related = client.get(instrument.get_absolute_url()).context["related"]
    assert related.same_provider == [same_provider]
    assert related.same_class == [same_class]


def test_services_that_use_the_instrument_are_named_and_only_public_ones(client):
    instrument = InstrumentFactory(approved=True)
    owner = instrument.provider
    testing = TestingServiceFactory(approved=True, provider=owner, instruments=[instrument])
    lab = LabServiceFactory(approved=True, provider=owner, instruments=[instrument])
    TestingServiceFactory(approved=True, provider=owner, name="用别的仪器的服务")
    TestingServiceFactory(pending=True, provider=owner, name="待审的服务", instruments=[instrument])
    response = client.get(instrument.get_absolute_url())
    assert response.context["services"] == [testing, lab]
    page = response.content.decode()
    assert "可提供的服务" in page
    assert f'<a href="{testing.get_absolute_url()}">金属材料力学性能检测</a>' in page
    assert f'<a href="{lab.get_absolute_url()}">新型合金热处理工艺开发</a>' in page
    assert "用别的仪器的服务" not in page
    assert "待审的服务" not in page


def test_public_attributes_are_printed_with_their_units(client):
    def attribute(name, **fields):
        return AttributeDefinition.objects.create(
            **{"instrument_class_id": "010000", "name": name, "kind": "number", **fields}
        )

    resolution = attribute("分辨率", unit="nm")
    analyser = attribute("质量分析器", kind="choice", choices="四极杆\n离子阱", instrument_class_id="010200")
    private = attribute("内部成本", is_public=False)
    instrument = InstrumentFactory(
        approved=True, attributes={resolution.key: "0.8", analyser.key: "四极杆", private.key: "7"}
    )
    response = client.get(instrument.get_absolute_url())
    assert response.context["attributes"] == [("分辨率", "0.8 nm"), ("质量分析器", "四极杆")]
    assert "内部成本" not in response.content.decode()


def test_what_is_only_for_the_national_platform_is_not_public(client):
    instrument = InstrumentFactory(
        approved=True, run_hours=1234, funding_source="专项经费", disciplines="15035"
    )
    page = client.get(instrument.get_absolute_url()).content.decode()
    for text in ("1234", "专项经费", "15035", "860,000", "860000"):
        assert text not in page.replace(instrument.contact_phone[-4:], "")


def test_every_photo_is_shown_and_a_lost_one_breaks_nothing(client):
    instrument = InstrumentFactory(approved=True)
    instrument.photos.update(sort_order=1)
    lost = SiteImageFactory()
    InstrumentPhoto.objects.create(instrument=instrument, image=SiteImageFactory(), sort_order=2)
    InstrumentPhoto.objects.create(instrument=instrument, image=lost, sort_order=3)
    lost.file.storage.delete(lost.file.name)
    response = client.get(instrument.get_absolute_url())
    assert response.status_code == 200
    page = response.content.decode()
    assert "查看第 1 张照片" in page
    assert "查看第 2 张照片" in page
    assert "查看第 3 张照片" not in page


def test_script_in_every_text_stays_text(client):
    attack = '"><script>alert(1)</script>'
    instrument = InstrumentFactory(
        approved=True,
        name=attack,
        name_en=attack,
        model=attack,
        manufacturer=attack,
        specifications=attack,
        functions=attack,
        sample_requirements=attack,
        service_content=attack,
        price_list=attack,
        user_notice=attack,
        contact_name="<b>x</b>",
    )
    page = client.get(instrument.get_absolute_url()).content.decode()
    assert "<script>" not in page
    assert "<b>x</b>" not in page
    assert page.count("&lt;script&gt;") >= 10


def test_detail_with_nothing_remembered_costs_at_most_20_queries_however_much_is_related(client):
    provider = ProviderFactory(approved=True)
    key = AttributeDefinition.objects.create(instrument_class_id="010000", name="分辨率", kind="number").key
    instrument = InstrumentFactory(approved=True, provider=provider, attributes={key: "0.8"})

    def queries():
        client.get(instrument.get_absolute_url())  # renditions are made at the first sight of a photo
        with CaptureQueriesContext(connection) as captured:
            assert client.get(instrument.get_absolute_url()).status_code == 200
        return len(captured)

    def fill():
        InstrumentFactory(approved=True, provider=provider)
        TestingServiceFactory(approved=True, provider=provider, instruments=[instrument])
        LabServiceFactory(approved=True, provider=provider, instruments=[instrument])

    fill()
    few = queries()
    for _ in range(4):
        fill()
    assert queries() == few <= 17
    client.force_login(UserFactory(consumer=True))
    assert queries() <= 20
