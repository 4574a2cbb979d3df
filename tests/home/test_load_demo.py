"""The demonstration province is complete, repeatable, and in the states the real services leave behind."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F, Model
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.documents.models import Document
from wagtail.models import Page, Revision, TaskState

from accounts.models import Message, User
from catalogue.attributes import clean_value
from catalogue.models import (
    AttributeDefinition,
    AttributeKind,
    Capability,
    Instrument,
    InstrumentPhoto,
    Job,
    LabService,
    PriceKind,
    ProviderRecord,
    Qualification,
    TestingService,
    Validity,
)
from catalogue.search.checks import compare
from files.models import PrivateFile, SiteImage
from home.demo.forms import FORMS
from home.demo.people import CONSUMER, LOGINS, PASSWORD, PROVIDER, SUSPENDED
from institutions.bank import may_be_card
from institutions.codes import validate_identity_code
from institutions.models import Consumer, ConsumerBan, Provider, Suspension
from orders.models import Booking, Evaluation, Order
from orders.statuses import BookingStatus, OrderStatus
from orders.waiting import waiting_for
from policy.models import Download, Faq, GuidePage, InterpretationPage, NoticePage, PolicyPage, Topic
from redemptions.models import Redemption
from supervision.models import Alert, AlertNote, FileAccess
from supervision.statuses import AlertStatus
from vouchers.audit import audit_ledger
from vouchers.models import LedgerEntry, Voucher
from vouchers.models.applications import VoucherApplication
from workflow.models import AuditEntry, ReviewTaskState
from workflow.permissions import may_decide
from workflow.statuses import SubmissionStatus

# ahead of those that empty the database, and first of all: the province is loaded in one process alone
pytestmark = [pytest.mark.django_db, pytest.mark.long]


KINDS: tuple[type[ProviderRecord], ...] = (Instrument, Qualification, Capability, TestingService, LabService)
# What was changed of records that wait again.
CHANGED = {
    Provider: "legal_representative",
    Consumer: "bank_account_number",
    Instrument: "price_amount",
    Qualification: "scope",
    Capability: "limits",
    TestingService: "sample_requirements",
    LabService: "turnaround_days",
}


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
    assert Provider.objects.public().count() == 60
    assert public.count() >= 600
    for model, least in (
        (Qualification, 80),
        (Capability, 400),
        (TestingService, 140),
        (LabService, 80),
    ):
        assert model.objects.public().count() >= least
    assert len({code[:2] for code in public.values_list("instrument_class_id", flat=True)}) == 15
    assert set(Provider.objects.public().values_list("city", flat=True)) == {
        f"61{number:02d}" for number in range(1, 11)
    }
    assert NoticePage.objects.live().count() == 13
    assert PolicyPage.objects.live().count() == 6


def test_what_is_supervised_is_there_to_see(printed: str) -> None:
    made = Alert.objects.filter(code__startswith="supervision.")
    assert Counter(made.values_list("status", flat=True)) == dict.fromkeys(AlertStatus, 1)
    # the contract that one claim uses again
    found = Alert.objects.filter(code="redemptions.scans").values_list("status", flat=True)
    assert set(found) == {AlertStatus.OPEN}
    ban = ConsumerBan.objects.in_force().get()
    assert not ban.consumer.bans.exclude(pk=ban.pk).exists()
    assert FileAccess.objects.count() == 40
    assert FileAccess.objects.filter(at__gt=timezone.now()).count() == 0


def test_loading_again_changes_nothing(printed: str) -> None:
    models: tuple[type[Model], ...] = (
        User, Provider, Consumer, Instrument, Qualification, Capability, TestingService, LabService, AttributeDefinition,
        Suspension, Job, InstrumentPhoto, SiteImage, PrivateFile, AuditEntry, Message, TaskState, NoticePage, PolicyPage,
        InterpretationPage, GuidePage, Faq, Download, Document, VoucherApplication, Voucher, LedgerEntry,
        Booking, Order, Evaluation, Redemption, Alert, AlertNote, ConsumerBan, FileAccess,
    )  # fmt: skip
    before = [model._default_manager.count() for model in models]
    assert load().startswith(
        "0 providers, 0 consumers, 0 voucher applications, 0 instruments, 0 qualifications, 0 capabilities, 0 testing services, 0 laboratory services, "
        "0 attributes, 0 bookings and orders, 0 submissions and 0 pages added"
    )
    assert [model._default_manager.count() for model in models] == before


def test_a_document_has_the_number_of_its_year_and_the_repealed_one_a_successor(printed: str) -> None:
    policies = list(PolicyPage.objects.all())
    assert [
        one.document_number for one in policies if f"〔{one.issued_on.year}〕" not in one.document_number
    ] == []
    assert [(one.slug, one.replaced_by.slug) for one in policies if one.replaced_by] == [
        ("interim-measures", "measures")
    ]
    assert [one.slug for one in policies if one.is_repealed] == ["interim-measures"]
    assert len({one.document_number for one in policies}) == 6


def test_every_table_of_an_article_is_a_table(printed: str) -> None:
    pages = [
        page
        for model in (NoticePage, PolicyPage, InterpretationPage, GuidePage)
        for page in model.objects.all()
    ]
    blocks = [block for page in pages for block in page.body]
    assert {block.block_type for block in blocks} == {
        "heading", "text", "table", "notice", "steps", "accordion",
    }  # fmt: skip
    assert [block for block in blocks if block.block_type == "text" and "｜" in str(block.value)] == []
    assert [block for block in blocks if block.block_type == "text" and "<p>@" in str(block.value)] == []


def test_the_policy_column_has_something_of_everything(printed: str) -> None:
    assert GuidePage.objects.live().count() == 6
    assert {
        guide.slug: [step.lane for step in guide.drawn_flow.steps] for guide in GuidePage.objects.all()
    } == {
        "six-preparations": [],
        "provider-inclusion": [1, 1, 1, 2, 1, 1, 2, 1],
        "consumer-inclusion": [1, 1, 1, 1, 2, 1],
        "apply": [1, 1, 1, 1, 2, 2, 1],
        "book-and-order": [2, 1, 2, 1, 1, 2],
        "redeem": [1, 1, 2, 2, 2, 1],
    }
    interpretations = InterpretationPage.objects.live()
    assert interpretations.count() == 5
    assert all(page.policy for page in interpretations)
    assert Faq.objects.filter(live=True, live_revision__isnull=False).count() == 31
    assert set(Topic.objects.values_list("pk")) == set(Faq.objects.values_list("topic_id"))
    assert [one.document.file_extension for one in Download.objects.select_related("document")] == [
        "docx", "xlsx", "xlsx", "docx", "xlsx", "pdf",
    ]  # fmt: skip
    articles = [*NoticePage.objects.all(), *PolicyPage.objects.all(), *interpretations]
    assert [article.title for article in articles if not article.topics.all()] == []
    assert [article.slug for article in articles if article.attachments] == ["apply-now", "detailed-rules"]


def test_a_notice_waits_for_its_day_and_another_has_ended(printed: str) -> None:
    waiting = NoticePage.objects.get(slug="user-survey")
    assert (waiting.live, waiting.first_published_at) == (False, None)
    assert waiting.go_live_at > timezone.now()
    assert Revision.page_revisions.get(approved_go_live_at=waiting.go_live_at).content_object == waiting
    ended = NoticePage.objects.get(slug="open-day")
    assert (ended.live, ended.expired) == (False, True)
    pinned = {notice.slug: notice.pinned_until for notice in NoticePage.objects.filter(pinned=True)}
    assert pinned == {"apply-now": None, "spring-training": timezone.localdate() + timedelta(days=3)}


def test_pages_of_the_column_were_written_in_the_past(printed: str) -> None:
    below = Page.objects.live().type((NoticePage, PolicyPage, InterpretationPage, GuidePage))
    assert below.count() == 13 + 6 + 5 + 6
    assert below.filter(first_published_at__gt=timezone.now()).count() == 0


def test_files_of_the_demonstration_can_be_opened_and_never_change() -> None:
    for form in FORMS:
        content = form.content()
        assert form.content() == content
        if form.extension == "pdf":
            assert content.startswith(b"%PDF-1.4")
            assert content.endswith(b"%%EOF\n")
            start = int(content.split()[-2])
            assert content[start : start + 4] == b"xref"
        elif form.extension == "xlsx":
            sheet = load_workbook(BytesIO(content)).active
            assert sheet["A1"].value == form.title
        else:
            with ZipFile(BytesIO(content)) as package:
                text = ElementTree.fromstring(package.read("word/document.xml"))  # noqa: S314 - our own
            assert "".join(text.itertext()).startswith(form.title)


def test_every_record_that_was_submitted_is_complete(printed: str) -> None:
    records = [
        record
        for model in (Provider, Consumer)
        for record in model.objects.exclude(status=SubmissionStatus.DRAFT)
    ]
    for model in KINDS:
        submitted = model.objects.exclude(status=SubmissionStatus.DRAFT).select_related("provider")
        if model is Qualification:  # what has ended since could not be submitted again
            submitted = submitted.filter(valid_to__gte=timezone.localdate())
        records += submitted
    problems = {f"{record} {record.pk}": record.submission_problems() for record in records}
    assert {name: found for name, found in problems.items() if found} == {}
    for code in Provider.objects.values_list("host_code", flat=True):
        validate_identity_code(code)


def test_the_queue_has_something_of_everything(printed: str) -> None:
    waiting = ReviewTaskState.objects.waiting()
    assert waiting.count() == 48
    assert waiting.filter(resubmitted=True).count() == 11
    assert 0 < sum(state.is_overdue for state in waiting) < 48
    assert waiting.values("record_type").distinct().count() == 3 + len(KINDS)
    returned = [
        record
        for model in (Provider, Consumer, *KINDS)
        for record in model.objects.filter(status=SubmissionStatus.RETURNED)
    ]
    assert len(returned) == 17
    assert all(record.return_reason and record.return_notes for record in returned)


def test_what_was_resubmitted_differs_from_what_was_approved(printed: str) -> None:
    for state in ReviewTaskState.objects.waiting().filter(resubmitted=True):
        record = state.record_type.get_object_for_this_type(pk=state.record_id)
        approved = record.approved_revision.as_object()
        changed = CHANGED[type(record)]
        assert getattr(record, changed) != getattr(approved, changed)


def test_consumers_stand_in_every_state(printed: str) -> None:
    consumers = Consumer.objects.all()
    states = Counter(consumers.values_list("status", flat=True))
    assert states == {"approved": 9, "pending": 2, "returned": 1, "draft": 1}
    assert consumers.get(account__username=CONSUMER.username).status == SubmissionStatus.APPROVED
    assert {consumer.size_label for consumer in consumers} == {"大型", "中型", "小型", "微型"}
    assert {consumer.consumer_type for consumer in consumers} == {"sme", "incubator", "network"}
    assert consumers.get(consumer_type="incubator").incubated.count() == 3
    numbers = [one.bank_account_number.reveal() for one in consumers if one.bank_account_number]
    assert len(set(numbers)) == 12
    assert not any(map(may_be_card, numbers))


def test_vouchers_are_where_the_manual_shows_them(printed: str) -> None:
    applications = VoucherApplication.objects.order_by("pk")
    of_consumer = applications.filter(consumer__account__username=CONSUMER.username)
    assert [one.status for one in of_consumer] == ["approved", "approved", "returned"]
    cut = of_consumer[1]
    assert (cut.applied_amount, cut.granted_amount) == (120_000, 80_000)
    assert cut.grant.reason
    ending = of_consumer[0].grant.voucher
    assert timezone.localdate() <= ending.valid_until <= timezone.localdate() + timedelta(days=30)
    assert 0 < ending.balance_amount < ending.amount
    others = applications.pending().exclude(pk__in=of_consumer)
    assert {one.current_workflow_task.name for one in others} == {"初审", "审定"}
    reviewers = [User.objects.get(username=name) for name in ("reviewer", "reviewer2")]
    assert [[may_decide(user, one) for user in reviewers] for one in others] == [[False, True], [True, False]]
    assert audit_ledger().broken is None


def test_the_ledgers_numbers_rise_with_its_times(printed: str) -> None:
    entries = list(LedgerEntry.objects.order_by("pk").values_list("at", "pool_id", "sequence"))
    assert len(entries) > 12
    times = [at for at, _pool, _sequence in entries]
    assert times == sorted(times)
    for pool in {pool for _at, pool, _sequence in entries}:
        numbers = [number for _at, of, number in entries if of == pool]
        assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (Instrument, {"approved": 18, "draft": 9, "pending": 2, "returned": 1}),
        (Qualification, {"approved": 3, "draft": 3, "pending": 2, "returned": 1}),
        (Capability, {"approved": 14, "draft": 3, "pending": 2, "returned": 1}),
        (TestingService, {"approved": 4, "draft": 3, "pending": 2, "returned": 1}),
        (LabService, {"approved": 2, "draft": 3, "pending": 2, "returned": 1}),
    ],
)
def test_the_providers_login_has_records_of_each_kind_in_every_state(printed, model, expected) -> None:
    own = model.objects.filter(provider__account__username=PROVIDER.username)
    assert Counter(own.values_list("status", flat=True)) == expected
    assert Message.objects.filter(recipient__username=PROVIDER.username, read_at=None).exists()


def test_qualifications_stand_in_every_way(printed: str) -> None:
    validity = Counter(record.validity for record in Qualification.objects.public())
    assert validity[Validity.EXPIRING] >= 7
    assert validity[Validity.EXPIRED] >= 4
    own = Qualification.objects.public().filter(provider__account__username=PROVIDER.username)
    assert {record.validity for record in own} == set(Validity)


def test_what_is_offered_hangs_together(printed: str) -> None:
    services_offered = [*TestingService.objects.public(), *LabService.objects.public()]
    linked = [service for service in services_offered if service.instruments.exists()]
    assert len(linked) >= 100
    for service in linked:
        assert {one.provider_id for one in service.instruments.all()} == {service.provider_id}
    assert {service.price_kind for service in services_offered} == set(PriceKind)
    resting = Capability.objects.public().exclude(qualification=None).select_related("qualification")
    assert resting.count() >= 200
    assert all(one.qualification.provider_id == one.provider_id for one in resting)


def test_attributes_are_defined_of_every_kind_and_have_values(printed: str) -> None:
    definitions = {definition.key: definition for definition in AttributeDefinition.objects.all()}
    assert {definition.kind for definition in definitions.values()} == set(AttributeKind)
    assert AttributeDefinition.objects.exclude(retired_at=None).count() == 1
    used = Counter()
    for model in (Instrument, Capability, TestingService, LabService):
        for values in model.objects.exclude(attributes={}).values_list("attributes", flat=True):
            used.update(values.keys())
            for key, value in values.items():
                assert clean_value(definitions[key], value) == value
    assert set(used) == set(definitions)
    assert Instrument.objects.public().exclude(funding_source="").count() >= 450


def test_one_institution_is_suspended(printed: str) -> None:
    suspension = Suspension.objects.in_force().get()
    assert suspension.provider.account.username == SUSPENDED.username
    assert suspension.provider.status == SubmissionStatus.APPROVED
    assert suspension.until > timezone.localdate()
    assert not Provider.objects.public().filter(pk=suspension.provider_id).exists()


def test_a_workbook_has_been_imported_with_two_rows_refused(printed: str) -> None:
    job = Job.objects.get()
    assert (job.state, job.created_count, job.refused_count) == ("done", 6, 2)
    assert job.refused_file is not None
    drafts = Instrument.objects.filter(provider=job.provider, photos=None, status=SubmissionStatus.DRAFT)
    assert drafts.count() == 6


def test_every_login_is_printed_and_its_password_holds(printed: str) -> None:
    assert PASSWORD in printed
    for login in LOGINS:
        account = User.objects.get(username=login.username)
        assert login.username in printed
        assert account.check_password(PASSWORD)
        assert account.kind == login.kind
        assert account.has_perm("wagtailadmin.access_admin") is bool(login.groups or login.superuser)
    assert not Provider.objects.filter(account__username="newprovider").exists()


def test_no_time_lies_in_the_future_or_out_of_order(printed: str) -> None:
    now = timezone.now()
    assert not AuditEntry.objects.filter(at__gt=now).exists()
    for model in (Provider, Consumer, *KINDS):
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


def test_bookings_and_orders_stand_in_every_state_but_expired(printed: str) -> None:
    waiting = set(BookingStatus) - {BookingStatus.EXPIRED}
    assert set(Booking.objects.values_list("status", flat=True)) == waiting
    assert set(Order.objects.values_list("status", flat=True)) == {
        OrderStatus.PLACED,
        OrderStatus.ACTIVE,
        OrderStatus.DELIVERED,
        OrderStatus.DISPUTED,
        OrderStatus.COMPLETED,
        OrderStatus.CANCELLED,
    }
    assert Order.objects.filter(is_direct=True).count() == 2
    assert Evaluation.objects.count() == 15
    for login in (PROVIDER, CONSUMER):
        account = User.objects.get(username=login.username)
        assert len(waiting_for(account)) >= 2


def test_claims_stand_in_every_state_of_the_review(printed: str) -> None:
    states = Counter(Redemption.objects.values_list("status", flat=True))
    assert states["submitted"] == states["checked"] == states["returned"] == 1
    claim = Redemption.objects.filter(amount__lt=F("claimed_amount")).get()
    assert claim.reason == "样品处理费不在支持范围，予以核减。"
    assert audit_ledger().broken is None
