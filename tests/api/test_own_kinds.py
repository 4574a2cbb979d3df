"""Qualifications, capabilities and services through the API."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalogue.models import (
    Capability,
    LabService,
    Qualification,
    TestingService,
)
from files.models import PrivateFile
from tests.api.helpers import errors_of
from tests.factories import (
    InstrumentFactory,
    QualificationFactory,
    png_bytes,
)

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


def test_qualifications_with_their_scan(system):
    body = {
        "kind": "CMA 检验检测机构资质认定",
        "name": "检验检测机构资质认定证书",
        "certificate_number": "230021340567",
        "issuer": "陕西省市场监督管理局",
        "scope": "金属材料",
        "valid_from": "2023-05-01",
        "valid_to": "2027-05-01",
    }
    of = {"of": "qualifications"}
    response = system.put("ZZ-1", body, **of)
    assert response.status_code == 201
    assert response.json()["problems"] == {"scan": ["请上传“证书扫描件”。"]}
    url = system.url("ZZ-1", of="qualifications", more="scan/")
    for status, version in ((201, 2), (200, 2)):
        scan = SimpleUploadedFile("证书.png", png_bytes("teal"), "image/png")
        response = system.client.post(url, {"scan": scan})
        assert (response.status_code, response.json()["version"]) == (status, version)
    assert response.json()["scan"]["name"] == "证书.png"
    qualification = Qualification.objects.get()
    assert (qualification.kind, qualification.scan.owner) == ("cma", system.account)
    bad = SimpleUploadedFile("证书.png", b"GIF89a", "image/png")
    assert errors_of(system.client.post(url, {"scan": bad}))["scan"]
    assert Qualification.objects.get().scan == qualification.scan
    assert PrivateFile.objects.filter(pk=qualification.scan_id).exists()


def test_capabilities_name_a_qualification_of_ones_own(system):
    own = QualificationFactory(provider=system.account.provider, internal_number="ZZ-1")
    QualificationFactory(internal_number="ZZ-2")
    body = {
        "category": "010100",
        "object_name": "金属材料",
        "parameter": "抗拉强度",
        "standard_number": "GB/T 228.1-2021",
        "standard_name": "拉伸试验",
        "qualification": "ZZ-1",
    }
    of = {"of": "capabilities"}
    assert system.put("NL-1", body, **of).status_code == 201
    assert Capability.objects.get().qualification == own
    assert system.get("NL-1", **of).json()["qualification"] == {
        "id": own.pk,
        "internal_number": "ZZ-1",
        "name": own.name,
    }
    assert system.put("NL-1", system.get("NL-1", **of).json(), **of).json()["version"] == 1
    assert system.patch("NL-1", {"qualification": own.certificate_number}, **of).json()["version"] == 1
    assert errors_of(system.patch("NL-1", {"qualification": "ZZ-2"}, **of)) == {
        "qualification": ["本机构没有这个编号的检测资质，请填写它的内部编号或证书编号。"]
    }
    assert system.act("NL-1", "submit", **of).json()["status"] == "pending"


@pytest.mark.parametrize(
    ("slug", "model"), [("testing-services", TestingService), ("lab-services", LabService)]
)
def test_services_name_their_instruments(system, slug, model, django_assert_max_num_queries):
    provider = system.account.provider
    used = [InstrumentFactory(provider=provider, internal_number=number) for number in ("YQ-1", "YQ-2")]
    InstrumentFactory(internal_number="YQ-3")
    body = {
        "name": "金属材料力学性能检测",
        "category": "010100",
        "content": "拉伸",
        "deliverables": "报告",
        "turnaround_days": 5,
        "price_kind": "range",
        "price_amount": 200,
        "price_max_amount": "500",
        "price_unit": "样品",
        "contact_name": "周强",
        "contact_phone": "029-88885678",
        "instruments": ["YQ-1", "YQ-2"],
    }
    of = {"of": slug}
    response = system.put("FW-1", body, **of)
    assert response.status_code == 201, response.content.decode()
    assert set(model.objects.get().instruments.all()) == set(used)
    read = system.get("FW-1", **of).json()
    assert {one["internal_number"] for one in read["instruments"]} == {"YQ-1", "YQ-2"}
    assert system.put("FW-1", read, **of).json()["version"] == 1
    assert errors_of(system.patch("FW-1", {"instruments": ["YQ-1", "YQ-3"]}, **of)) == {
        "instruments": ["本机构没有内部编号为“YQ-3”的仪器，请核对编号或先建立仪器。"]
    }
    assert errors_of(system.patch("FW-1", {"price_max_amount": 100}, **of)) == {
        "price_max_amount": ["最高价格不能低于价格，请核对。"]
    }
    assert system.patch("FW-1", {"instruments": ["YQ-2"]}, **of).status_code == 200
    assert list(model.objects.get().instruments.all()) == [used[1]]
    assert system.act("FW-1", "submit", **of).json()["status"] == "pending"
    for number in ("FW-2", "FW-3"):
        system.put(number, body, **of)
    with django_assert_max_num_queries(7):
        assert len(system.get(**of).json()["results"]) == 3
