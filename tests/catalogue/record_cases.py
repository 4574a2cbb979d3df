"""The kinds of records a provider keeps, each with what its steps are filled in with."""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    QualificationFactory,
    TestingServiceFactory,
    png_bytes,
)


@dataclass(frozen=True)
class Case:
    key: str
    factory: Any
    steps: dict[str, dict[str, Any]]

    @property
    def model(self):
        return self.factory._meta.model

    def url(self, name, record=None, **kwargs):
        return reverse(f"{self.key}:{name}", kwargs={"pk": record.pk, **kwargs} if record else None)

    def step(self, record, slug):
        return self.url("step", record, step=slug)


def photo():
    return SimpleUploadedFile("photo.png", png_bytes("navy", (80, 60)), "image/png")


OFFER = {
    "info": {
        "name": "室温拉伸试验",
        "internal_number": "X-1",
        "field": "010100",
        "content": "拉伸",
        "deliverables": "报告",
        "methods": "GB/T 228.1-2021",
        "sample_requirements": "试样 3 根",
    },
    "terms": {
        "turnaround_days": "５",
        "price_kind": "range",
        "price_amount": "200",
        "price_max_amount": "1,500",
        "price_unit": "sample",
        "accepts_vouchers": "on",
        "contact_name": "周强",
        "contact_phone": "029-88885678",
    },
}
CASES = [
    Case(
        "instruments",
        InstrumentFactory,
        {
            "basics": {
                "name": "扫描电子显微镜",
                "internal_number": "X-1",
                "instrument_class": "010100",
                "model": "JSM",
                "manufacturer": "日本电子",
                "origin": "日本",
                "original_value_amount": "2680000",
                "purchased_on": "2021-06-30",
                "city": "6101",
                "district": "雁塔区",
                "location": "科技路 1 号",
                "specifications": "分辨率 0.6 nm",
                "functions": "形貌分析",
                "sample_requirements": "导电固体",
            },
            "service": {
                "service_content": "形貌观察",
                "price_amount": "300",
                "price_unit": "hour",
                "service_hours": "工作日",
            },
            "contact": {"contact_name": "孙丽", "contact_phone": "13800001234"},
        },
    ),
    Case(
        "qualifications",
        QualificationFactory,
        {
            "certificate": {
                "kind": "cnas",
                "name": "实验室认可证书",
                "internal_number": "X-1",
                "certificate_number": "Ｌ１２３４",
                "issuer": "中国合格评定国家认可委员会",
                "scope": "金属材料",
                "valid_from": "2024年1月1日",
                "valid_to": f"{timezone.localdate().year + 3}-01-01",
            }
        },
    ),
    Case(
        "capabilities",
        CapabilityFactory,
        {
            "ability": {
                "field": "010100",
                "object_name": "金属材料",
                "parameter": "抗拉强度",
                "internal_number": "X-1",
                "standard_number": "GB／T 228.1—2021",
                "standard_name": "金属材料 拉伸试验",
            }
        },
    ),
    Case("testing", TestingServiceFactory, OFFER),
    Case("labs", LabServiceFactory, OFFER),
]
# what goes with a step besides its fields; made anew for each use, a file is read once
UPLOADS = {"basics": "photos", "certificate": "scan"}


def data_for(case, slug, **changes):
    data = {"version": "1", "action": "save", **case.steps[slug], **changes}
    return data | ({UPLOADS[slug]: photo()} if slug in UPLOADS else {})
