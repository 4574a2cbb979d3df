"""Requests of a provider's system that arrive at the same moment."""

import time

import pytest
from django.db import connection

from catalogue.api.own.views import OwnRecordView
from catalogue.api.own.writing import RecordWriter
from catalogue.jobs import services as jobs
from catalogue.jobs.tasks import work_on
from catalogue.models import Instrument, Job
from institutions.models import Provider
from tests.api.conftest import INSTRUMENT, System
from tests.catalogue.workbooks import checked, filled, instrument_row
from tests.factories import InstrumentFactory, ProviderFactory
from tests.threads import at_once
from workflow.models import AuditEntry

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.reviewed]


def send_at_once(system):
    bodies = [{**INSTRUMENT, "model": model} for model in ("A", "B", "C")]
    return at_once(*(lambda body=body: system.put("YQ-1", body) for body in bodies))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one after the other by itself")
def test_without_waiting_for_each_other_all_but_one_are_refused(monkeypatch):
    monkeypatch.setattr(OwnRecordView, "wait_for_others", lambda view: None)
    take = RecordWriter.take
    monkeypatch.setattr(RecordWriter, "take", lambda writer, body: (take(writer, body), time.sleep(0.5)))
    responses = send_at_once(System(ProviderFactory(approved=True).account))
    assert sorted(response.status_code for response in responses) == [201, 409, 409]
    assert Instrument.objects.get().version == 1


def test_one_number_sent_twice_at_once_is_one_record():
    system = System(ProviderFactory(approved=True).account)
    responses = send_at_once(system)
    assert sorted(response.status_code for response in responses) == [200, 200, 201]
    instrument = Instrument.objects.get()
    assert instrument.version == 3
    actions = AuditEntry.objects.of(instrument).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["create", "save", "save"]


def test_a_number_that_a_page_takes_meanwhile_is_late_not_wrong(monkeypatch):
    system = System(ProviderFactory(approved=True).account)
    take = RecordWriter.take

    def take_late(writer, body):
        InstrumentFactory(provider=writer.record.provider, internal_number="YQ-1")
        take(writer, body)

    monkeypatch.setattr(RecordWriter, "take", take_late)
    response = system.put("YQ-1", INSTRUMENT)
    assert response.status_code == 409
    assert "“YQ-1”刚被本单位的另一条" in response.json()["detail"]


def test_of_two_that_know_the_same_version_one_is_told():
    system = System(ProviderFactory(approved=True).account)
    etag = system.put("YQ-1", INSTRUMENT)["ETag"]
    responses = at_once(
        *(lambda model=model: system.patch("YQ-1", {"model": model}, If_Match=etag) for model in ("A", "B"))
    )
    assert sorted(response.status_code for response in responses) == [200, 412]
    assert Instrument.objects.get().version == 2


def test_submitted_twice_at_once_it_is_submitted_once():
    system = System(ProviderFactory(approved=True).account)
    system.put("YQ-1", INSTRUMENT)
    system.add_photos("YQ-1", "navy")
    responses = at_once(*(lambda: system.act("YQ-1", "submit") for _ in range(2)))
    assert sorted(response.status_code for response in responses) == [200, 409]
    assert AuditEntry.objects.filter(action="submit", record_title=INSTRUMENT["name"]).count() == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_numbers_that_an_import_and_the_api_send_at_once_are_one_record_each(
    workers, django_capture_on_commit_callbacks
):
    """So they are where two workers have been given the same import."""
    system = System(ProviderFactory(approved=True).account)
    provider = Provider.objects.get()
    rows = [instrument_row(单位内部编号=f"YQ-{number}") for number in (1, 2, 3)]
    content = filled("instruments", provider, rows)
    job = checked("instruments", provider, content, django_capture_on_commit_callbacks)
    # as it stands when its worker begins; here the task has run already
    job = jobs.confirm_job(job=job, actor=system.account)
    Job.objects.filter(pk=job.pk).update(state="running", position=0, created_count=0, finished_at=None)
    Instrument.objects.all().delete()

    answers = at_once(
        *[lambda: work_on.func(job.pk, job.options["ticket"])] * workers,
        *(lambda number=number: system.put(f"YQ-{number}", INSTRUMENT) for number in (1, 2, 3)),
    )

    assert {answer.status_code for answer in answers if answer is not None} <= {200, 201, 409}
    job.refresh_from_db()
    assert (job.state, job.position) == ("done", 3)
    numbers = Instrument.objects.values_list("internal_number", flat=True)
    assert sorted(numbers) == ["YQ-1", "YQ-2", "YQ-3"]
