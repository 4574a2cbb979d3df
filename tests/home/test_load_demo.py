"""The demonstration province is complete, repeatable, and in the states the real services leave behind."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F, Model
from django.utils import timezone
from PIL import Image
from wagtail.models import ReferenceIndex, TaskState

from accounts.models import Message, User
from catalogue.models import Instrument, InstrumentPhoto
from catalogue.search.checks import compare
from files.models import PrivateFile, SiteImage
from home.demo import drawing
from home.demo.approvals import Approved, create_approved
from home.demo.clock import at
from home.demo.drawing import papers
from home.demo.people import LOGINS, PASSWORD, PROVIDER
from institutions.codes import validate_identity_code
from institutions.models import Provider
from policy.models import NoticePage, PolicyPage
from tests.factories import InstrumentFactory, ProviderFactory, SiteImageFactory, reviewer
from workflow import services
from workflow.models import AuditEntry, ReviewTaskState
from workflow.statuses import SubmissionStatus

# also keeps these tests ahead of those that empty the database
pytestmark = pytest.mark.django_db


def load() -> str:
    out = StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VOUCHER_DEMO", "1")
        call_command("load_demo", stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def printed(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The province, loaded once for this module and rolled back after it; what the command printed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load()
        transaction.set_rollback(True)


def test_it_is_refused_where_the_site_is_not_a_demonstration(
    settings, monkeypatch, django_assert_num_queries
) -> None:
    settings.DEBUG = False
    monkeypatch.delenv("VOUCHER_DEMO", raising=False)
    with django_assert_num_queries(0), pytest.raises(CommandError, match="VOUCHER_DEMO=1"):
        call_command("load_demo")


def test_the_province_is_as_large_as_promised(printed: str) -> None:
    public = Instrument.objects.public()
    assert Provider.objects.public().count() == 61
    assert public.count() >= 600
    assert len({code[:2] for code in public.values_list("instrument_class_id", flat=True)}) == 15
    assert set(Provider.objects.public().values_list("city", flat=True)) == {
        f"61{number:02d}" for number in range(1, 11)
    }
    assert NoticePage.objects.live().count() == 13
    assert PolicyPage.objects.live().count() == 6


def test_loading_again_changes_nothing(printed: str) -> None:
    models: tuple[type[Model], ...] = (
        User, Provider, Instrument, InstrumentPhoto, SiteImage, PrivateFile, AuditEntry, Message,
        TaskState, NoticePage, PolicyPage,
    )  # fmt: skip
    before = [model._default_manager.count() for model in models]
    assert load().startswith("0 providers, 0 instruments, 0 submissions and 0 pages added")
    assert [model._default_manager.count() for model in models] == before


def test_every_table_of_an_article_is_a_table(printed: str) -> None:
    pages = [*NoticePage.objects.all(), *PolicyPage.objects.all()]
    blocks = [block for page in pages for block in page.body]
    assert "table" in {block.block_type for block in blocks}
    assert [block for block in blocks if block.block_type == "text" and "<p>@" in str(block.value)] == []


def test_every_record_that_was_submitted_is_complete(printed: str) -> None:
    records = [
        *Provider.objects.exclude(status=SubmissionStatus.DRAFT),
        *Instrument.objects.exclude(status=SubmissionStatus.DRAFT).select_related("provider"),
    ]
    problems = {str(record): record.submission_problems() for record in records}
    assert {name: found for name, found in problems.items() if found} == {}
    for code in Provider.objects.values_list("host_code", flat=True):
        validate_identity_code(code)


def test_the_queue_has_something_of_everything(printed: str) -> None:
    waiting = ReviewTaskState.objects.waiting()
    assert waiting.count() == 25
    assert waiting.filter(resubmitted=True).count() == 6
    assert 0 < sum(state.is_overdue for state in waiting) < 25
    returned = [
        record
        for model in (Provider, Instrument)
        for record in model.objects.filter(status=SubmissionStatus.RETURNED)
    ]
    assert len(returned) == 8
    assert all(record.return_reason and record.return_notes for record in returned)


def test_what_was_resubmitted_differs_from_what_was_approved(printed: str) -> None:
    for state in ReviewTaskState.objects.waiting().filter(resubmitted=True):
        record = state.record_type.get_object_for_this_type(pk=state.record_id)
        approved = record.approved_revision.as_object()
        changed = "legal_representative" if isinstance(record, Provider) else "price_amount"
        assert getattr(record, changed) != getattr(approved, changed)


def test_the_providers_login_has_instruments_in_every_state(printed: str) -> None:
    states = Counter(
        Instrument.objects.filter(provider__account__username=PROVIDER.username).values_list(
            "status", flat=True
        )
    )
    assert states == {"approved": 18, "draft": 3, "pending": 2, "returned": 1}
    assert Message.objects.filter(recipient__username=PROVIDER.username, read_at=None).exists()


def test_every_login_is_printed_and_its_password_holds(printed: str) -> None:
    assert PASSWORD in printed
    for login in LOGINS:
        account = User.objects.get(username=login.username)
        assert login.username in printed
        assert account.check_password(PASSWORD)
        assert account.kind == login.kind
        assert account.has_perm("wagtailadmin.access_admin") is bool(login.group or login.superuser)
    assert not Provider.objects.filter(account__username="newprovider").exists()


def test_no_time_lies_in_the_future_or_out_of_order(printed: str) -> None:
    now = timezone.now()
    assert not AuditEntry.objects.filter(at__gt=now).exists()
    for model in (Provider, Instrument):
        assert not model.objects.filter(created_at__gt=F("submitted_at")).exists()
        assert not model.objects.filter(submitted_at__gt=F("decided_at")).exists()
        assert not model.objects.filter(updated_at__gt=now).exists()
    oldest = AuditEntry.objects.order_by("at").values_list("at", flat=True)[0]
    assert oldest < now - timedelta(days=300)


def test_the_search_index_holds_just_what_is_public(printed: str) -> None:
    assert not compare()


def test_the_pictures_of_lists_are_ready(printed: str) -> None:
    covers = SiteImage.objects.filter(
        pk__in=InstrumentPhoto.objects.filter(instrument__live=True).values("image")
    )
    assert covers.count() >= 30
    assert not covers.exclude(renditions__filter_spec="fill-480x300|format-webp").exists()


def trace(record: Instrument) -> dict[str, Any]:
    """Everything that submitting and approving left behind, without keys."""
    content_type = ContentType.objects.get_for_model(record)
    record.refresh_from_db()
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
        "photos": [photo["image"] for photo in revision.content["photos"]],
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
