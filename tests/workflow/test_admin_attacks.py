"""What staff could do in the admin beyond their role, and what a submission could do to them."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from openpyxl import load_workbook
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from accounts.models import User
from catalogue.models import Instrument
from catalogue.search.checks import compare
from institutions.models import Suspension
from institutions.suspension import suspend_provider
from tests.consumer_factories import ConsumerFactory
from tests.factories import InstrumentFactory, ProviderFactory, UserFactory, auditor, reviewer, seen
from tests.voucher_factories import ApplicationFactory
from workflow.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

LEDGER = "/admin/institutions/suspension/"
SNIPPET = "/admin/snippets/catalogue/instrument"


def a_suspension(**fields: str) -> Suspension:
    provider = ProviderFactory(approved=True, **fields)
    return suspend_provider(provider=provider, actor=reviewer(), reason="投诉核查")


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
        "suspended_by__password__startswith=zzz",
        "suspended_by__email__startswith=zzz",
        "provider__account__inbox__body__contains=zzz",
        "reason__regex=zzz",
        "no_such_field=1",
    ],
)
def test_the_ledger_answers_no_lookup_that_is_not_on_offer(lookup):
    a_suspension()
    html = client_of(auditor()).get(f"{LEDGER}?{lookup}").content.decode()
    assert "投诉核查" in html  # a lookup that counted would find nothing


def test_the_ledger_is_still_narrowed_by_its_filters():
    a_suspension()
    client = client_of(auditor())
    assert "投诉核查" in client.get(f"{LEDGER}?in_force=yes").content.decode()
    assert "投诉核查" not in client.get(f"{LEDGER}?in_force=no").content.decode()
    assert client.get(f"{LEDGER}?suspended_at__gte=x").status_code == 404


@pytest.mark.parametrize("address", [LEDGER, "/admin/reports/site-history/"])
def test_an_exported_name_is_no_formula(address):
    InstrumentFactory(pending=True, name="=HYPERLINK(1)")
    a_suspension(name="=HYPERLINK(1)")
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
            **seen(instrument),
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
    a_suspension()
    html = client_of(auditor()).get(f"{LEDGER}?q=投诉%00").content.decode()
    assert "投诉核查" in html


@pytest.mark.parametrize(
    ("address", "column"),
    [("/admin/vouchers/voucher/", "consumer"), ("/admin/vouchers/voucherapplication/", "consumer")],
)
def test_the_text_of_a_record_in_an_exported_column_is_no_formula(address, column):
    consumer = ConsumerFactory(approved=True, name="=HYPERLINK(1)")
    ApplicationFactory(consumer=consumer, approved=True)
    response = client_of(auditor()).get(f"{address}?export=csv")
    cells = [cell for row in csv.reader(io.StringIO(response.getvalue().decode())) for cell in row]
    assert any(cell.startswith("'=HYPERLINK(1)") for cell in cells), column
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "@"}]


@pytest.mark.parametrize("value", [-1, Decimal("-1.50"), True, None, datetime.date(2026, 3, 1)])
def test_what_can_be_no_formula_is_exported_as_it_is(value):
    assert SpreadsheetExportMixin().preprocess_field_value("x", value, "csv") == value


def test_a_list_in_an_export_is_no_formula():
    assert SpreadsheetExportMixin.custom_value_preprocess[list]["csv"](["=1+1", "b"]) == "'=1+1, b"


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_an_exported_moment_is_the_platforms_own(format):
    with time_machine.travel("2026-02-28T23:30:00+00:00", tick=False):
        a_suspension()
    content = client_of(auditor()).get(f"{LEDGER}?export={format}").getvalue()
    if format == "csv":
        moments = {cell for row in csv.reader(io.StringIO(content.decode())) for cell in row}
        assert "2026-03-01 07:30:00" in moments
    else:
        rows = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
        moments = {cell for row in rows for cell in row}
        assert "2026-03-01 07:30:00" in {str(moment) for moment in moments}
    assert not [moment for moment in moments if "2026-02-28" in str(moment)]


@pytest.mark.parametrize(
    "ledger",
    [
        "institutions/suspension",
        "vouchers/pool",
        "vouchers/voucher",
        "vouchers/ledgerentry",
        "vouchers/voucherapplication",
    ],
)
@pytest.mark.parametrize("key", ["abc", "0", "9" * 30])
def test_a_row_of_a_ledger_that_there_is_not_is_not_found(ledger, key):
    assert client_of(auditor()).get(f"/admin/{ledger}/inspect/{key}/").status_code == 404
