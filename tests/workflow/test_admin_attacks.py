"""What staff could do in the admin beyond their role, and what a submission could do to them."""

import csv
import io

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from accounts.models import User
from catalogue.models import Instrument
from catalogue.search.checks import compare
from tests.factories import InstrumentFactory, UserFactory, auditor, reviewer
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db

LEDGER = "/admin/workflow/auditentry/"
SNIPPET = "/admin/snippets/catalogue/instrument"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("who", [reviewer, lambda: UserFactory(admin=True)])
def test_nobody_unpublishes_past_the_services(who):
    instrument = InstrumentFactory(approved=True)
    client = client_of(who())
    entries = AuditEntry.objects.count()
    addresses = (
        f"{SNIPPET}/unpublish/{instrument.pk}/",
        f"{SNIPPET}/history/{instrument.pk}/revisions/{instrument.latest_revision_id}/unschedule/",
    )
    for address in addresses:
        for answer in (client.get(address), client.post(address)):
            assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    instrument.refresh_from_db()
    assert (instrument.status, instrument.live) == ("approved", True)
    assert instrument.scheduled_revision is None
    assert AuditEntry.objects.count() == entries
    assert not compare()


@pytest.mark.parametrize(
    "lookup",
    [
        "actor__password__startswith=zzz",
        "actor__email__startswith=zzz",
        "actor__inbox__body__contains=zzz",
        "record_title__regex=zzz",
        "no_such_field=1",
    ],
)
def test_the_ledger_answers_no_lookup_that_is_not_on_offer(lookup):
    InstrumentFactory(pending=True, name="透射电子显微镜")
    html = client_of(auditor()).get(f"{LEDGER}?{lookup}").content.decode()
    assert "透射电子显微镜" in html  # a lookup that counted would find nothing


def test_the_ledger_is_still_narrowed_by_its_filters():
    InstrumentFactory(pending=True, name="透射电子显微镜")
    client = client_of(auditor())
    assert "透射电子显微镜" in client.get(f"{LEDGER}?action__exact=submit").content.decode()
    assert "透射电子显微镜" not in client.get(f"{LEDGER}?action__exact=return").content.decode()
    assert client.get(f"{LEDGER}?at__gte=x").status_code == 404


@pytest.mark.parametrize("address", [LEDGER, "/admin/reports/site-history/"])
def test_an_exported_name_is_no_formula(address):
    InstrumentFactory(pending=True, name="=HYPERLINK(1)")
    response = client_of(auditor()).get(f"{address}?export=csv")
    text = b"".join(response.streaming_content).decode()
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "@"}]


def test_a_note_on_a_field_there_is_not_is_dropped_and_others_are_cut_to_size():
    instrument = InstrumentFactory(pending=True)
    content_type = ContentType.objects.get_for_model(Instrument)
    response = client_of(reviewer()).post(
        f"/admin/review/{content_type.pk}/{instrument.pk}/decide/",
        {
            "decision": "return",
            "revision": instrument.latest_revision_id,
            "reason": "",
            "note-name": "不规范\0" + "长" * 300,
            "note-no_such_field": "x",
        },
    )
    assert response.status_code == 302
    instrument.refresh_from_db()
    assert instrument.return_notes == {"name": "不规范" + "长" * 197}
    assert client_of(instrument.owner).get(instrument.get_centre_url()).status_code == 200


def test_the_ledger_is_searched_for_an_invisible_character():
    InstrumentFactory(pending=True, name="透射电子显微镜")
    html = client_of(auditor()).get(f"{LEDGER}?q=透射%00").content.decode()
    assert "透射电子显微镜" in html
