"""Query parameters nobody types: every list answers them with a page or a sentence, on either database."""

import pytest
from django.urls import reverse

from catalogue.models import AttributeDefinition, Instrument
from tests.conftest import signed_in
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

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

VALUES = [
    "%00",
    "%ED%A0%80",
    "%FF%FE",
    "' OR '1'='1",
    "\\' | !'x':* & (",
    "%F0%9F%94%AC",
    "٣",
    "１",
    "9" * 4000,
    "1e999",
    "NaN",
    "1e-999999999",
    "(" * 300,
    "a" * 3000,
    "A/" * 1000,
    "﷽" * 200,
]
# All at once, and those that are read before the others are checked by themselves too.
PUBLIC = (
    "q", "city", "category", "institution", "vouchers", "price_min", "price_max", "sort", "page", "type",
    "a{a}", "a{a}_min", "a{a}_max",
)  # fmt: skip
API = (
    "q", "city", "institution", "vouchers", "price_min", "price_max", "sort", "cursor", "limit", "updated_since",
    "a{a}", "a{a}_min", "type",
)  # fmt: skip
KINDS = ("instruments", "testing", "labs", "capabilities", "providers")
APIS = ("instruments", "testing-services", "lab-services", "capabilities", "providers")


@pytest.fixture
def figure(db):
    provider = ProviderFactory(approved=True)
    made = AttributeDefinition.objects.create(
        instrument_class_id="010000",
        name="分辨率",
        unit="nm",
        kind="number",
        is_facet=True,
        is_searchable=True,
    )
    InstrumentFactory(provider=provider, approved=True)
    return made


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_public_lists_and_the_api_take_any_parameter(client, figure, value, settings):
    settings.API_RATES = {**settings.API_RATES, "anonymous": 100_000}
    everything = query_of(PUBLIC, value, figure)
    for kind in KINDS:
        for query in (
            everything,
            f"q={value}",
            f"category=010000&a{figure.pk}={value}&a{figure.pk}_min={value}",
        ):
            assert client.get(f"/catalogue/{kind}/?{query}").status_code == 200, (kind, query)
    for name in API:
        query = f"category=010000&{query_of((name,), value, figure)}"
        assert client.get(f"/api/v1/instruments/?{query}").status_code in {200, 400}, name
    for kind in APIS:
        answer = client.get(f"/api/v1/{kind}/?{query_of(API, value, figure)}")
        assert answer.status_code in {200, 400}, kind


def query_of(names, value, figure):
    return "&".join(f"{name.format(a=figure.pk)}={value}" for name in names)


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_lists_of_the_centre_take_any_parameter(figure, value):
    provider = ProviderFactory(approved=True)
    for factory in (
        InstrumentFactory,
        QualificationFactory,
        CapabilityFactory,
        TestingServiceFactory,
        LabServiceFactory,
    ):
        factory(provider=provider)
    own = signed_in(provider.account)
    for kind in ("instruments", "qualifications", "capabilities", "testing", "labs"):
        names = ("q", "status", "group", "voucher", "kind", "validity", "page")
        query = "&".join(f"{name}={value}" for name in names)
        for address in (
            f"/centre/{kind}/",
            f"/centre/batches/{kind}/export/",
            f"/centre/batches/{kind}/completeness/",
        ):
            assert own.get(f"{address}?{query}&show={value}").status_code == 200, address
    for address in ("/centre/batches/", "/centre/batches/instruments/nrii/download/"):
        assert own.get(f"{address}?page={value}&status={value}").status_code == 200
    answer = own.post(
        "/centre/batches/instruments/submit/",
        f"chosen={value}&scope={value}",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code in {200, 302}
    answer = own.post(
        reverse("api_tokens:list"), f"name={value}", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in {200, 302}
    assert Instrument.objects.filter(provider=provider, status="draft").count() == 1


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_listings_of_the_admin_take_any_parameter(figure, value):
    InstrumentFactory(approved=True)
    staff = signed_in(UserFactory(admin=True))
    names = ("q", "status", "city", "node", "state", "kind", "provider__city", "validity", "p", "ordering")
    for model in (
        "instrument",
        "qualification",
        "capability",
        "testingservice",
        "labservice",
        "attributedefinition",
    ):
        address = reverse(f"wagtailsnippets_catalogue_{model}:list")
        for query in (query_of(names, value, figure), f"export={value}"):
            assert staff.get(f"{address}?{query}").status_code in {200, 302, 404}, (model, query)
    names = ("q", "type", "state", "record_type", "p", "page", "export", "action")
    query = query_of(names, value, figure)
    assert signed_in(reviewer()).get(f"/admin/review/?{query}").status_code in {200, 302, 404}
