"""What tests of the API read of answers and of the trail."""

from tests.factories import CapabilityFactory, InstrumentFactory, LabServiceFactory, TestingServiceFactory
from workflow.models import AuditEntry

INSTRUMENTS = "/api/v1/instruments/"
LISTS = {
    "instruments": InstrumentFactory,
    "testing-services": TestingServiceFactory,
    "lab-services": LabServiceFactory,
    "capabilities": CapabilityFactory,
}


def errors_of(response, status=400):
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    return response.json()["errors"]


def trail(record):
    return list(AuditEntry.objects.of(record).order_by("pk").values_list("action", "reason"))


def ids(response):
    assert response.status_code == 200, response.content.decode()
    return [one["id"] for one in response.json()["results"]]


def walk(client, url):
    """All records of a list, page by page."""
    found, pages = [], 0
    while url:
        body = client.get(url).json()
        found += [one["id"] for one in body["results"]]
        url, pages = body["next"], pages + 1
    return found, pages
