"""The API's description of itself: valid, complete, offline, and true."""

import io
import json
import re

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi_checks

from catalogue.api.docs import document
from catalogue.api.urls import urlpatterns
from catalogue.models import AttributeDefinition
from tests.api.conftest import System
from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    QualificationFactory,
    TestingServiceFactory,
)
from voucher_site.wsgi import application

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

SCHEMA = "/api/v1/schema/"
NUMBERS = {0: "DRAFT-1", 1: "PUBLIC-1"}
EXAMPLES = {"read": 6, "own": 4}
METHODS = {"get", "put", "patch", "post", "delete"}


def operations():
    return [
        (path, method, operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


def test_the_schema_is_valid_and_nothing_in_it_is_guessed():
    out, err = io.StringIO(), io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out, stderr=err)
    assert out.getvalue().startswith("openapi: 3.1.0")
    assert "Warning" not in err.getvalue()


def test_every_address_but_the_documentation_itself_is_described():
    written = [one for one in urlpatterns if getattr(one, "name", "") not in {"schema", "docs", "nowhere"}]
    assert len(document()["paths"]) == len(written)


def test_every_operation_says_what_it_is():
    described = operations()
    assert len({operation["operationId"] for _path, _method, operation in described}) == len(described)
    tags = {tag["name"] for tag in document()["tags"]}
    for path, method, operation in described:
        assert operation["summary"], (path, method)
        assert set(map(str, operation["tags"])) <= tags
        assert {"401", "429"} <= operation["responses"].keys()
        for parameter in operation.get("parameters", []):
            assert parameter["description"], (path, method, parameter["name"])
        assert operation["security"] == ([{"token": []}] if "/my/" in path else [{"token": []}, {}])


def test_the_schema_is_json_and_sent_once(client):
    response = client.get(SCHEMA)
    assert response["Content-Type"] == "application/json"
    assert json.loads(response.content)["openapi"] == "3.1.0"
    assert client.get(SCHEMA, headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_the_documentation_needs_nothing_from_elsewhere(client):
    response = client.get("/api/v1/docs/")
    page = response.content.decode()
    loaded = re.findall(r'<(?:script|img|link rel="(?:stylesheet|icon)")[^>]* (?:src|href)="([^"]*)"', page)
    assert len(loaded) > 5
    assert [address for address in loaded if not address.startswith("/static/")] == []
    assert "<script>" not in page
    assert "style=" not in page
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy


@pytest.fixture
def populated(db, monkeypatch):
    """One record of each kind, public and draft, of the provider whose system asks, as often as it likes."""
    monkeypatch.setattr("django.conf.settings.API_RATES", dict.fromkeys(django_settings.API_RATES, 100_000))
    # Django's own test client does the same: the connection is the test's, not the request's
    monkeypatch.setattr(request_started, "send", lambda *args, **kwargs: [])
    monkeypatch.setattr(request_finished, "send", lambda *args, **kwargs: [])
    provider = ProviderFactory(approved=True)
    AttributeDefinition.objects.create(instrument_class_id="010000", name="分辨率", unit="nm", kind="number")
    for factory in (
        InstrumentFactory,
        QualificationFactory,
        CapabilityFactory,
        TestingServiceFactory,
        LabServiceFactory,
    ):
        factory(provider=provider, approved=True, internal_number="PUBLIC-1")
        factory(provider=provider, internal_number="DRAFT-1")
    return System(provider.account)


CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("part", ["read", "own"])
def test_what_the_api_answers_is_what_its_schema_says(populated, part, mode):
    """schemathesis: some well-formed or malformed requests for each operation, the same ones on every run."""
    schema = schemathesis.openapi.from_wsgi(SCHEMA, application)
    authorization = {"Authorization": f"Bearer {populated.text}"}
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if ("/my/" in operation.path) != (part == "own"):
            continue

        @settings(max_examples=EXAMPLES[part], suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def answers_as_described(case):
            if "number" in case.path_parameters:  # some of them hit a record
                case.path_parameters["number"] = NUMBERS.get(
                    len(str(case.body)) % 3, case.path_parameters["number"]
                )
            response = case.call(headers=authorization)
            case.validate_response(response, checks=CHECKS, headers=authorization)

        try:
            answers_as_described()
        except Unsatisfiable:
            continue  # nothing malformed can be made of an operation without parameters
        tried += 1
    assert tried > 10
