"""The public API: what anybody may read, in which form."""

import datetime
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.utils import timezone

from catalogue.models import AttributeDefinition, Instrument, InstrumentClass
from institutions.models import Provider, Suspension
from tests.api.helpers import INSTRUMENTS, LISTS, ids
from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    QualificationFactory,
    TestingServiceFactory,
    UserFactory,
)
from workflow import services

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


@pytest.mark.parametrize("route", LISTS)
def test_only_what_is_public_is_read(client, route):
    factory = LISTS[route]
    public = factory(approved=True)
    factory()
    factory(pending=True)
    factory(withdrawn=True)
    of_withdrawn = factory(approved=True)
    services.withdraw(record=of_withdrawn.provider, actor=of_withdrawn.provider.account)
    assert ids(client.get(f"/api/v1/{route}/")) == [public.pk]
    assert client.get(f"/api/v1/{route}/{public.pk}/").json()["id"] == public.pk
    response = client.get(f"/api/v1/{route}/{of_withdrawn.pk}/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert "no-store" in response["Cache-Control"]
    assert response.json() == {
        "type": "about:blank",
        "title": "未找到",
        "status": 404,
        "detail": "没有这条记录，或者它没有公开。",
    }


def test_an_instrument_as_the_page_shows_it(client):
    definition = AttributeDefinition.objects.create(
        instrument_class_id="010200", name="分辨率", unit="amu", kind="number"
    )
    secret = AttributeDefinition.objects.create(
        instrument_class_id="010000", name="内部评级", kind="text", is_public=False
    )
    instrument = InstrumentFactory(
        approved=True, attributes={definition.key: "0.1", secret.key: "甲"}, contact_email="sun@example.com"
    )
    photo = instrument.photos.get()
    found = client.get(f"{INSTRUMENTS}{instrument.pk}/").json()
    assert found == client.get(INSTRUMENTS).json()["results"][0]
    provider = instrument.provider
    updated = Instrument.objects.get().updated_at
    assert found == {
        "id": instrument.pk,
        "url": f"http://testserver/api/v1/instruments/{instrument.pk}/",
        "page_url": f"http://testserver/catalogue/instruments/{instrument.pk}/",
        "name": "气相色谱质谱联用仪",
        "name_en": "Gas Chromatograph Mass Spectrometer (GC-MS)",
        "category": {"code": "010200", "name": "质谱仪器", "path": ["分析仪器", "质谱仪器"]},
        "model": "7890B-5977A",
        "manufacturer": "安捷伦",
        "origin": "美国",
        "purchased_on": "2019-05-20",
        "city": {"code": "6101", "name": "西安市"},
        "district": "雁塔区",
        "location": "科技路 1 号 3 号楼 201",
        "specifications": "质量范围 1.6–1050 amu",
        "functions": "挥发性有机物的定性与定量分析",
        "sample_requirements": "液体样品不少于 2 mL",
        "service_content": "有机物成分分析",
        "price_amount": "300.00",
        "price_unit": "sample",
        "price_list": "定性 300 元/样；定量 500 元/样",
        "service_hours": "工作日 8:30–17:30",
        "user_notice": "",
        "accepts_vouchers": True,
        "contact_name": "孙丽",
        "contact_phone": "138****1234",
        "photos": [{"url": f"http://testserver/api/v1/instruments/{instrument.pk}/photos/{photo.image_id}/"}],
        "attributes": [
            {
                "id": definition.pk,
                "name": "分辨率",
                "unit": "amu",
                "kind": "number",
                "value": "0.1",
                "display": "0.1 amu",
            }
        ],
        "provider": {
            "id": provider.pk,
            "name": str(provider),
            "host_name": provider.host_name,
            "city": {"code": "6101", "name": "西安市"},
            "url": f"http://testserver/api/v1/providers/{provider.pk}/",
        },
        "published_at": timezone.localtime(Instrument.objects.get().first_published_at).isoformat(),
        "updated_at": timezone.localtime(updated).isoformat(),
    }


def test_a_photo_address_leads_to_the_picture_while_the_instrument_is_public(client):
    instrument = InstrumentFactory(approved=True)
    (photo,) = client.get(f"{INSTRUMENTS}{instrument.pk}/").json()["photos"]
    response = client.get(photo["url"])
    assert response.status_code == 302
    assert response["Location"].startswith("http://testserver/media/images/")
    assert response["Location"].endswith(".webp")
    services.withdraw(record=instrument, actor=instrument.provider.account)
    assert client.get(photo["url"]).status_code == 404


def test_a_service_names_its_public_instruments_and_nothing_of_the_contact_but_what_visitors_see(client):
    provider = ProviderFactory(approved=True)
    shown = InstrumentFactory(provider=provider, approved=True)
    hidden = InstrumentFactory(provider=provider)
    service = TestingServiceFactory(provider=provider, instruments=[shown, hidden])
    services.submit(record=service, actor=provider.account)
    services.approve(record=service, actor=UserFactory(admin=True))
    found = client.get(f"/api/v1/testing-services/{service.pk}/").json()
    assert found["instruments"] == [
        {
            "id": shown.pk,
            "name": shown.name,
            "model": shown.model,
            "url": f"http://testserver/api/v1/instruments/{shown.pk}/",
        }
    ]
    assert found == client.get("/api/v1/testing-services/").json()["results"][0]
    assert (found["price_label"], found["price_kind"]) == ("200 元/样品", "fixed")
    assert found["contact_phone"] == "029-****5678"
    assert "contact_email" not in found


def test_a_capability_names_its_qualification_while_that_is_public(client):
    provider = ProviderFactory(approved=True)
    qualification = QualificationFactory(provider=provider, approved=True)
    capability = CapabilityFactory(provider=provider, qualification=qualification, approved=True)
    url = f"/api/v1/capabilities/{capability.pk}/"
    first = client.get(url)
    assert first.json()["qualification"] == {
        "id": qualification.pk,
        "kind": "cma",
        "name": qualification.name,
        "certificate_number": qualification.certificate_number,
        "valid_from": qualification.valid_from.isoformat(),
        "valid_to": qualification.valid_to.isoformat(),
    }
    listed = client.get("/api/v1/capabilities/")
    services.withdraw(record=qualification, actor=provider.account)
    assert client.get(url, headers={"If-None-Match": first["ETag"]}).json()["qualification"] is None
    again = client.get("/api/v1/capabilities/", headers={"If-None-Match": listed["ETag"]})
    assert again.json()["results"][0]["qualification"] is None


def test_a_provider_with_its_qualifications(client):
    provider = ProviderFactory(approved=True)
    Provider.objects.update(website="javascript:alert(1)")
    qualification = QualificationFactory(provider=provider, approved=True)
    QualificationFactory(provider=provider)
    found = client.get(f"/api/v1/providers/{provider.pk}/").json()
    assert [one["id"] for one in found["qualifications"]] == [qualification.pk]
    assert "scan" not in found["qualifications"][0]
    assert found["website"] == ""
    assert found["contact_phone"] == "029-****1234"
    assert not {"host_code", "certificate", "legal_representative", "contact_email"} & found.keys()
    assert ids(client.get("/api/v1/providers/?type=institute&city=6101")) == [provider.pk]
    assert ids(client.get("/api/v1/providers/?q=秦岭 测试中心")) == [provider.pk]
    assert ids(client.get("/api/v1/providers/?type=hospital")) == []


def test_a_suspended_provider_is_gone_and_comes_back_as_changed(client):
    instrument = InstrumentFactory(approved=True)
    provider = instrument.provider
    before = client.get(INSTRUMENTS)
    Provider.objects.filter(pk=provider.pk).update(updated_at=timezone.now() - datetime.timedelta(days=9))
    Instrument.objects.update(updated_at=timezone.now() - datetime.timedelta(days=9))
    suspension = Suspension.objects.create(
        provider=provider, reason="整改", suspended_by=UserFactory(admin=True)
    )
    assert client.get(f"{INSTRUMENTS}{instrument.pk}/").status_code == 404
    assert client.get("/api/v1/providers/").json()["results"] == []
    yesterday = (timezone.localdate() - datetime.timedelta(days=1)).isoformat()
    suspension.lifted_at = timezone.now()
    suspension.save()
    assert ids(client.get(INSTRUMENTS)) == [instrument.pk]
    assert ids(client.get(f"{INSTRUMENTS}?updated_since={yesterday}")) == [instrument.pk]
    assert ids(client.get(f"/api/v1/providers/?updated_since={yesterday}")) == [provider.pk]
    assert before.status_code == 200


def test_filters_of_instruments(client):
    provider = ProviderFactory(approved=True)
    spectrometer = InstrumentFactory(provider=provider, approved=True)
    microscope = InstrumentFactory(
        approved=True,
        name="扫描电子显微镜",
        instrument_class_id="010100",
        city="6104",
        district="秦都区",
        price_amount=Decimal("800.00"),
        accepts_vouchers=False,
    )
    meter = InstrumentFactory(
        approved=True, name="拉力试验机", instrument_class_id="020100", price_amount=Decimal("50.00")
    )

    def found(query):
        return ids(client.get(f"{INSTRUMENTS}?{query}"))

    assert found("") == [meter.pk, microscope.pk, spectrometer.pk]
    assert found("category=010000") == [microscope.pk, spectrometer.pk]
    assert found("category=010100") == [microscope.pk]
    assert found("city=6104") == [microscope.pk]
    assert found(f"institution={provider.pk}") == [spectrometer.pk]
    assert found("institution=999999999") == []
    assert found("vouchers=1") == [meter.pk, spectrometer.pk]
    assert found("price_min=100&price_max=300") == [spectrometer.pk]
    assert found("q=" + quote("质谱")) == [spectrometer.pk]
    assert found("q=" + quote("质谱") + "&category=020000") == []
    assert found("q=smdz") == [microscope.pk]
    assert found("sort=price") == [meter.pk, spectrometer.pk, microscope.pk]
    assert found("sort=-price&category=010000") == [microscope.pk, spectrometer.pk]


def test_filters_of_services_go_by_the_institutions_city_and_the_field(client):
    service = LabServiceFactory(approved=True)
    assert ids(client.get("/api/v1/lab-services/?city=6101&category=010000")) == [service.pk]
    assert ids(client.get("/api/v1/lab-services/?q=" + quote("热处理"))) == [service.pk]
    assert ids(client.get("/api/v1/lab-services/?city=6102")) == []
    capability = CapabilityFactory(approved=True)
    assert ids(client.get("/api/v1/capabilities/?q=GB/T 228.1")) == [capability.pk]


def test_changes_since_a_time(client):
    old, new = InstrumentFactory(approved=True), InstrumentFactory(approved=True)
    long_ago = timezone.now() - datetime.timedelta(days=30)
    Instrument.objects.filter(pk=old.pk).update(updated_at=long_ago)
    Provider.objects.update(updated_at=long_ago)
    since = timezone.localtime(timezone.now() - datetime.timedelta(hours=1))
    assert ids(client.get(INSTRUMENTS, {"updated_since": since.isoformat()})) == [new.pk]
    assert ids(client.get(f"{INSTRUMENTS}?updated_since={since.isoformat()}")) == [new.pk]  # + as a space
    assert ids(client.get(INSTRUMENTS, {"updated_since": since.isoformat(), "q": "质谱"})) == [new.pk]
    Provider.objects.filter(pk=old.provider_id).update(updated_at=timezone.now())
    assert ids(client.get(INSTRUMENTS, {"updated_since": since.isoformat()})) == [new.pk, old.pk]


def test_codes_of_classes_fields_and_regions(client):
    AttributeDefinition.objects.create(
        instrument_class_id="010000", name="联用", kind="boolean", is_required=True
    )
    retired = AttributeDefinition.objects.create(
        instrument_class_id="010000", name="旧参数", kind="text", retired_at=timezone.now()
    )
    InstrumentClass.objects.create(code="010201", name="气质联用仪", parent_id="010200")
    listed = {one["code"]: one for one in client.get("/api/v1/instrument-classes/").json()["results"]}
    assert listed["010200"] == {"code": "010200", "name": "质谱仪器", "parent": "010000", "level": 2}
    assert [listed[code]["level"] for code in ("010000", "010201")] == [1, 3]
    found = client.get("/api/v1/instrument-classes/010201/").json()
    (definition,) = found["attributes"]
    assert (definition["name"], definition["kind"], definition["is_required"]) == ("联用", "boolean", True)
    assert definition["id"] != retired.pk
    assert client.get("/api/v1/testing-fields/010100/").json()["parent"] == "010000"
    regions = client.get("/api/v1/regions/").json()["results"]
    assert (regions[0]["code"], regions[0]["name"]) == ("6101", "西安市")
    assert "雁塔区" in client.get("/api/v1/regions/6101/").json()["districts"]
    for nowhere in ("instrument-classes/888888/", "testing-fields/x/", "regions/1101/"):
        assert client.get(f"/api/v1/{nowhere}").status_code == 404


def test_every_page_of_the_web_may_read_and_nobody_may_write(client):
    record = InstrumentFactory(approved=True)
    response = client.get(INSTRUMENTS, headers={"Origin": "https://example.com"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    for method in ("post", "put", "patch", "delete"):
        response = getattr(client, method)(f"{INSTRUMENTS}{record.pk}/")
        assert response.status_code == 405
        assert response.json()["title"] == "不支持这种操作"
    assert client.head(INSTRUMENTS).status_code == 200
    assert Instrument.objects.get().version == record.version


def test_another_format_is_refused_and_a_wrong_address_explained(client):
    response = client.get(INSTRUMENTS, headers={"Accept": "text/csv"})
    assert (response.status_code, response.json()["detail"]) == (406, "这里只提供 application/json。")
    for nowhere in ("/api/v1/", "/api/v1/instruments", "/api/v1/instrument/", "/api/v1/x/y/z"):
        response = client.get(nowhere)
        assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
        assert "接口没有这个地址" in response.json()["detail"]


def test_attributes_narrow_a_list_once_the_class_is_chosen(client):
    resolution, mode, secret = (
        AttributeDefinition.objects.create(instrument_class_id="010000", **fields)
        for fields in (
            {"name": "分辨率", "unit": "nm", "kind": "number", "is_facet": True},
            {"name": "离子源", "kind": "choice", "choices": "EI\nCI", "is_facet": True},
            {"name": "备注", "kind": "text"},
        )
    )
    fine, coarse = (
        InstrumentFactory(approved=True, attributes={resolution.key: value, mode.key: source})
        for value, source in (("0.5", "EI"), ("5", "CI"))
    )
    here = f"{INSTRUMENTS}?category=010000"
    assert ids(client.get(f"{here}&a{resolution.pk}_max=1")) == [fine.pk]
    assert ids(client.get(f"{here}&a{resolution.pk}_min=1&a{mode.pk}=CI")) == [coarse.pk]
    assert ids(client.get(f"{here}&a{resolution.pk}_min=1&a{mode.pk}=EI")) == []
    sentence = "先用 category 选定分类；参数的编号、能否筛选和选项见分类的详情。"
    for query, name in (
        (f"?a{mode.pk}=EI", f"a{mode.pk}"),
        (f"?category=010000&a{mode.pk}=FAB", f"a{mode.pk}"),
        (f"?category=010000&a{secret.pk}=x", f"a{secret.pk}"),
        (f"?category=010000&a{resolution.pk}_min=x", f"a{resolution.pk}_min"),
    ):
        response = client.get(INSTRUMENTS + query)
        assert (response.status_code, response.json()["errors"]) == (400, {name: [sentence]})
