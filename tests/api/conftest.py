"""Clients of the API as a provider's own system has them."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from catalogue.api.tokens import issue_token
from tests.factories import ProviderFactory, png_bytes

INSTRUMENT = {
    "name": "场发射扫描电子显微镜",
    "name_en": "FE-SEM",
    "category": "010100",
    "model": "JSM-7900F",
    "manufacturer": "日本电子",
    "origin": "日本",
    "source": "purchased",
    "original_value_amount": "2680000.00",
    "purchased_on": "2021-06-30",
    "city": "6101",
    "district": "雁塔区",
    "location": "科技路 1 号",
    "specifications": "分辨率 0.6 nm",
    "functions": "形貌与成分分析",
    "sample_requirements": "导电固体",
    "service_content": "形貌观察",
    "price_amount": "300.00",
    "price_unit": "hour",
    "price_list": "形貌 300 元/小时",
    "service_hours": "工作日",
    "user_notice": "提前预约",
    "accepts_vouchers": True,
    "contact_name": "孙丽",
    "contact_phone": "13800001234",
    "contact_email": "sun@example.com",
}


class System:
    """A provider's own system: a client with a token, and nothing of a browser."""

    def __init__(self, account: User, name: str = "实验室系统") -> None:
        self.account = account
        self.token, self.text = issue_token(actor=account, name=name)
        self.client = Client(headers={"Authorization": f"Bearer {self.text}"})

    def url(self, number: str = "", *, of: str = "instruments", more: str = "") -> str:
        below = f"{quote(number, safe='')}/{more}" if number else ""
        return f"/api/v1/my/{of}/{below}"

    def send(
        self,
        method: str,
        number: str,
        body: Any = None,
        *,
        of: str = "instruments",
        query: str = "",
        **headers: str,
    ) -> HttpResponse:
        content = json.dumps(body) if body is not None else ""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = self.url(number, of=of) + query
        return self.client.generic(method, url, content, "application/json", headers=named)

    def put(self, number: str, body: Any, **options: str) -> HttpResponse:
        return self.send("PUT", number, body, **options)

    def patch(self, number: str, body: Any, **options: str) -> HttpResponse:
        return self.send("PATCH", number, body, **options)

    def get(self, number: str = "", *, of: str = "instruments", query: str = "") -> HttpResponse:
        return self.client.get(self.url(number, of=of) + query)

    def act(self, number: str, action: str, *, of: str = "instruments") -> HttpResponse:
        return self.client.post(self.url(number, of=of, more=f"{action}/"))

    def add_photos(self, number: str, *colours: str, query: str = "") -> HttpResponse:
        photos = [photo(f"{colour}.png", colour) for colour in colours]
        return self.client.post(self.url(number, more="photos/") + query, {"photos": photos})


def photo(name: str = "photo.png", colour: str = "navy") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png_bytes(colour, (80, 60)), "image/png")


@pytest.fixture
def system(db: None) -> System:
    """The system of an approved provider."""
    return System(ProviderFactory(approved=True).account)
