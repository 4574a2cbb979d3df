"""The parts of the demonstration: records approved in bulk as the services would, and pictures drawn."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from PIL import Image
from wagtail.models import ReferenceIndex

from accounts.models import Message
from catalogue.models import Instrument, InstrumentPhoto, ProviderRecord, TestingService
from home.demo import drawing
from home.demo.approvals import Approved, create_approved
from home.demo.clock import at
from home.demo.drawing import papers
from tests.factories import (
    InstrumentFactory,
    ProviderFactory,
    SiteImageFactory,
    TestingServiceFactory,
    reviewer,
)
from workflow import services
from workflow.models import AuditEntry, ReviewTaskState

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


def trace(record: ProviderRecord) -> dict[str, Any]:
    """Everything that submitting and approving left behind, without keys."""
    content_type = ContentType.objects.get_for_model(record)
    record.refresh_from_db()
    stored = type(record).objects.get(pk=record.pk)
    review = ReviewTaskState.objects.get(record_type=content_type, record_id=record.pk)
    revision = record.latest_revision
    unlike = {"id", "latest_revision", "live_revision", "approved_revision", "internal_number"}
    own = (field.name for field in record._meta.concrete_fields if field.name not in unlike)
    of_review = ("status", "started_at", "finished_at", "finished_by", "comment", "record_title",
                 "institution_name", "city_name", "due_on", "resubmitted", "task", "content_type")  # fmt: skip
    of_state = ("status", "created_at", "requested_by", "workflow", "base_content_type")
    return {
        "record": {name: getattr(record, name) for name in own},
        "revisions": (
            record.latest_revision_id == record.live_revision_id == record.approved_revision_id,
            revision.user, revision.created_at, revision.object_str, revision.base_content_type,
        ),
        "content": set(revision.content),
        "photos": [photo["image"] for photo in revision.content.get("photos", [])],
        "instruments": sorted(revision.content.get("instruments", [])),
        "linked": sorted(link.pk for link in getattr(stored, "instruments", Instrument.objects.none()).all()),
        "review": {name: getattr(review, name) for name in of_review},
        "state": {name: getattr(review.workflow_state, name) for name in of_state},
        "current": review.workflow_state.current_task_state_id == review.pk,
        "trail": list(
            AuditEntry.objects.of(record).values_list(
                "action", "at", "actor", "actor_name", "record_title", "changes", "reason"
            )
        ),
        "message": Message.objects.filter(link=record.get_centre_url()).values_list("subject", "body", "created_at").get(),
        "references": set(
            ReferenceIndex.get_references_for_object(record).values_list("to_content_type", "to_object_id", "model_path")
        ),
    }  # fmt: skip


def test_approving_in_bulk_leaves_what_the_services_leave(db: None) -> None:
    provider = ProviderFactory(state="approved")
    decider, image = reviewer(), SiteImageFactory()
    created = timezone.now() - timedelta(days=20)
    submitted, decided = created + timedelta(hours=3), created + timedelta(days=1)
    values = {
        field.name: getattr(InstrumentFactory.build(provider=provider), field.name)
        for field in Instrument._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in {"created_at", "updated_at"}
    }

    one = Instrument(**values | {"internal_number": "A-1", "provider": provider})
    one.photos = [InstrumentPhoto(image=image, sort_order=0)]
    with at(created):
        services.create_draft(record=one, actor=provider.account)
    with at(submitted):
        services.submit(record=one, actor=provider.account)
    with at(decided):
        services.approve(record=one, actor=decider)

    other = Instrument(**values | {"internal_number": "A-2", "provider": provider})
    photos = [InstrumentPhoto(instrument=other, image=image, sort_order=0)]
    create_approved([Approved(other, created, submitted, decided, decider, photos)])

    assert trace(other) == trace(one)


def test_approving_services_in_bulk_leaves_what_the_services_leave(db: None) -> None:
    instrument = InstrumentFactory(approved=True)
    provider, decider = instrument.provider, reviewer()
    created = timezone.now() - timedelta(days=20)
    submitted, decided = created + timedelta(hours=3), created + timedelta(days=1)
    values = {
        field.name: getattr(TestingServiceFactory.build(provider=provider), field.name)
        for field in TestingService._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in {"created_at", "updated_at"}
    }

    one = TestingService(**values | {"internal_number": "A-1", "provider": provider})
    one.instruments = [instrument]
    with at(created):
        services.create_draft(record=one, actor=provider.account)
    with at(submitted):
        services.submit(record=one, actor=provider.account)
    with at(decided):
        services.approve(record=one, actor=decider)

    other = TestingService(**values | {"internal_number": "A-2", "provider": provider})
    create_approved([Approved(other, created, submitted, decided, decider, instruments=[instrument])])

    assert trace(one)["linked"] == [instrument.pk]
    assert trace(other) == trace(one)


@pytest.mark.parametrize("subject", drawing.SUBJECTS)
def test_every_subject_is_drawn(subject: str) -> None:
    picture = Image.open(BytesIO(drawing.instrument_photo(subject, 1)))
    assert (picture.format, picture.size) == ("JPEG", (960, 720))
    assert drawing.instrument_photo(subject, 1) == drawing.instrument_photo(subject, 1)
    assert drawing.instrument_photo(subject, 1) != drawing.instrument_photo(subject, 2)


def test_a_certificate_can_be_drawn_without_a_chinese_font(monkeypatch) -> None:
    rows = [("名称", "关中理工大学")]
    with_font = drawing.certificate("营业执照", rows)
    for cached in (papers._certificate_paper, papers._chinese):
        cached.cache_clear()
    monkeypatch.setattr(papers, "_chinese_font_file", lambda: None)
    without = drawing.certificate("营业执照", rows)
    for cached in (papers._certificate_paper, papers._chinese):
        cached.cache_clear()
    assert Image.open(BytesIO(with_font)).size == Image.open(BytesIO(without)).size == (840, 1188)
