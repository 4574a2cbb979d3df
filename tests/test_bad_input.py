"""Addresses, headers and methods nobody means: every public page has a clean answer, none is a fault of ours.

``test_hostile_addresses`` goes through the values of the catalogue's filters one by one; here are all public pages, and
what lies around parameters.
"""

import pytest
from django.test import Client

from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    TestingServiceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

LISTS = [f"/catalogue/{kind}/" for kind in ("instruments", "testing", "labs", "capabilities", "providers")]
COLUMNS = [
    "/notices/",
    *(f"/policy/{part}" for part in ("", "interpretation/", "guides/", "faq/", "downloads/")),
]
PAGES = ["/", *LISTS, *COLUMNS, "/search/", "/api/v1/docs/"]
APIS = [
    *(
        f"/api/v1/{kind}/"
        for kind in ("instruments", "testing-services", "lab-services", "capabilities", "providers")
    ),
    "/api/v2/pages/",
]
SCRIPT = '"><script>alert(1)</script>'
MARK = "alert(1)"

QUERIES = {
    "page 0": "page=0",
    "page beyond": "page=99999",
    "page in words": "page=abc",
    "page below": "page=-1",
    "page enormous": "page=" + "9" * 5000,
    "page of a float": "page=1.5",
    "10,000 characters": "q=" + "a" * 10_000,
    "10,000 Chinese characters": "q=" + "%E8%89%B2" * 10_000,
    "NUL": "q=%00&page=%00&city=%00&category=%00&topic=%00&year=%00&status=%00&type=%00&tab=%00&%00=1",
    "unknown facet": "nothing=1&facet=x&a99999999=1&a0_min=x",
    "script": "&".join(
        f"{name}=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
        for name in (
            "q",
            "city",
            "category",
            "institution",
            "sort",
            "type",
            "topic",
            "year",
            "status",
            "tab",
            "page",
        )
    ),
    "script as a name": "%22%3E%3Cscript%3Ealert(1)%3C/script%3E=1",
    "bytes that are no text": "q=%ff%fe&city=%c0%80&page=%ff",
    "not an encoding": "q=%u0041&city=%zz&page=%",
    "lone surrogate": "q=%ED%A0%80&topic=%ED%A0%80",
    "given twice": "page=1&page=2&q=a&q=b&city=6101&city=6102&year=1&year=2",
    "no value": "q&page&city&&&=&==",
    "a year that is none": "year=0&year_min=99999999999",
    "years beyond": "year=999999999999999999999",
    "many parameters": "&".join(f"p{number}=1" for number in range(900)),
    "brackets": "q[]=a&q[0]=b&city[$ne]=1",
}


@pytest.fixture
def catalogue():
    provider = ProviderFactory(approved=True)
    return [
        factory(approved=True, provider=provider)
        for factory in (InstrumentFactory, TestingServiceFactory, LabServiceFactory, CapabilityFactory)
    ]


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_public_pages_answer_any_parameters_calmly(client, query):
    for page in PAGES:
        response = client.get(f"{page}?{query}")
        assert response.status_code == 200, page
        text = response.content.decode()
        assert f"<script>{MARK}" not in text, page


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_the_apis_answer_or_refuse_in_a_sentence(client, query, settings):
    settings.API_RATES = {**settings.API_RATES, "anonymous": 100_000}
    for address in APIS:
        response = client.get(f"{address}?{query}")
        assert response.status_code in {200, 400}, address
        if response.status_code == 400:
            assert response["Content-Type"] == "application/problem+json", address
            assert response.json()["title"] == "请求有误", address


@pytest.mark.parametrize(
    "query", ["page=0", "page=abc", "page=99999", "q=%00", "%ff=%ff", "x=" + "y" * 10_000]
)
def test_pages_of_one_record_look_at_no_parameter_they_do_not_know(client, catalogue, query):
    for record in catalogue[:3]:
        assert client.get(f"{record.get_absolute_url()}?{query}").status_code == 200
    assert client.get(f"{catalogue[0].provider.get_absolute_url()}?{query}").status_code == 200


PATHS = {
    "no record": "/catalogue/instruments/999999999/",
    "a number no database has": "/catalogue/instruments/99999999999999999999999/",
    "as long in the API": "/api/v1/instruments/99999999999999999999999/",
    "below zero": "/catalogue/instruments/-1/",
    "zero": "/catalogue/providers/0/",
    "Arabic digits": "/catalogue/testing/%D9%A3/",
    "NUL": "/notices/%00/",
    "NUL in the catalogue": "/catalogue/labs/%00/",
    "bytes that are no text": "/policy/%ff%fe/",
    "not an encoding": "/policy/%u0041/",
    "script": "/policy/%3Cscript%3Ealert(1)%3C/script%3E/",
    "upwards": "/notices/../../etc/passwd",
    "upwards, encoded": "/media/%2e%2e/%2e%2e/etc/passwd",
    "long": "/notices/" + "a" * 8000 + "/",
    "deep": "/notices/" + "a/" * 2000,
    "Chinese": "/通知/",
    "line ends": "/notices/%0d%0aSet-Cookie:x=1/",
    "other case": "/Catalogue/Instruments/",
    "a document of nobody": "/documents/999999999999999999999/x.pdf",
    "a sitemap of nothing": "/sitemap-%00.xml",
}


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_an_address_of_nothing_is_not_found(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert f"<script>{MARK}" not in response.content.decode()
    assert "Set-Cookie" not in response.headers
    if not path.startswith("/api/"):
        assert "找不到这个页面" in response.content.decode()


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "a b", "[::1", "x" * 300, "evil.example:99999"]
)
@pytest.mark.parametrize(
    "path", ["/", "/catalogue/instruments/", "/sitemap.xml", "/robots.txt", "/api/v1/instruments/"]
)
def test_a_host_that_is_not_ours_is_refused_on_a_page_of_ours(path, host):
    response = Client(raise_request_exception=False).get(path, headers={"host": host})
    text = response.content.decode()
    assert response.status_code == 400
    assert "无法处理这个请求" in text
    assert host not in text
    assert "Traceback" not in text
    assert "ALLOWED_HOSTS" not in text


def test_a_forwarded_host_is_not_believed(client):
    response = client.get("/", headers={"x-forwarded-host": "evil.example", "x-original-url": "/admin/"})
    assert response.status_code == 200
    assert "evil.example" not in response.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_lists_and_records_are_only_read(method, catalogue):
    # with the check against forgery, as in production: a form from elsewhere is refused before the method is
    strict = Client(enforce_csrf_checks=True)
    lenient = Client()
    for address in [*LISTS, *(record.get_absolute_url() for record in catalogue[:3])]:
        assert getattr(lenient, method)(address).status_code == 405, address
        assert getattr(strict, method)(address).status_code in {403, 405}, address


@pytest.mark.parametrize("address", ["/sitemap.xml", "/robots.txt", "/sitemap-pages.xml"])
def test_what_robots_read_is_read_with_head_too(client, address):
    assert client.head(address).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_pages_of_the_editors_are_only_read(method):
    strict = Client(enforce_csrf_checks=True)
    for address in ("/", *COLUMNS):
        assert getattr(strict, method)(address).status_code in {403, 405}, address
