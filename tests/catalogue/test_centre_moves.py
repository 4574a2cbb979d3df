"""What its owner does with a whole record of whatever kind: submit, withdraw, copy, delete; and who else may not."""

import pytest
from django.urls import reverse

from catalogue.models import Instrument, InstrumentPhoto, Qualification, TestingService
from institutions.models import Suspension
from tests.catalogue.record_cases import CASES, data_for
from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    QualificationFactory,
    SiteImageFactory,
    TestingServiceFactory,
    UserFactory,
)
from workflow.models import AuditEntry
from workflow.statuses import SubmissionStatus

pytestmark = pytest.mark.django_db


@pytest.fixture(params=CASES, ids=lambda case: case.key)
def case(request):
    return request.param


# moves


def test_a_record_without_submitted_institution_stays_a_draft_and_says_why(client, case):
    provider = ProviderFactory()
    client.force_login(provider.account)
    record = case.factory(provider=provider)
    response = client.get(case.url("submit", record), follow=True)
    (problem,) = response.context["problems"]
    assert "机构信息还没有提交审核" in problem.sentence
    assert problem.url == reverse("institutions:overview")
    client.post(case.url("submit", record), {"confirmed": "1", "version": "1"})
    assert case.model.objects.get().status == SubmissionStatus.DRAFT


def test_withdrawing_takes_it_from_the_public_after_a_question(client, provider, case):
    record = case.factory(provider=provider, approved=True)
    assert "必须重新提交" in client.post(case.url("withdraw", record)).content.decode()
    assert case.model.objects.public().get() == record
    response = client.post(case.url("withdraw", record), {"confirmed": "1"})
    assert response.url == case.step(record, next(iter(case.steps)))
    assert not case.model.objects.public().exists()


def test_a_submitted_record_has_no_form(client, provider, case):
    record = case.factory(provider=provider, pending=True)
    for slug in case.steps:
        assert client.get(case.step(record, slug)).url == record.get_centre_url()
        response = client.post(case.step(record, slug), data_for(case, slug, version="2"))
        assert "请先点击“撤回并修改信息”" in response.content.decode()
    assert case.model.objects.get().internal_number == record.internal_number


@pytest.mark.parametrize("state", ["pending", "approved", "returned", "withdrawn"])
def test_what_a_reviewer_has_seen_is_not_deleted(client, provider, case, state):
    record = case.factory(provider=provider, state=state)
    assert "delete-dialog" not in client.get(case.url("detail", record)).content.decode()
    response = client.post(case.url("delete", record), {"confirmed": "1"}, follow=True)
    assert "只有从未提交过的草稿可以删除" in response.content.decode()
    assert case.model.objects.get().status == record.status


def test_a_draft_can_be_deleted_after_a_question(client, provider, case):
    record = case.factory(provider=provider)
    assert "不能恢复" in client.post(case.url("delete", record)).content.decode()
    assert case.model.objects.exists()
    assert client.post(case.url("delete", record), {"confirmed": "1"}).url == case.url("list")
    assert not case.model.objects.exists()
    assert list(AuditEntry.objects.filter(action="delete").values_list("record_title", flat=True)) == [
        str(record)
    ]


def test_what_others_rest_on_is_not_deleted(client, provider):
    qualification = QualificationFactory(provider=provider)
    CapabilityFactory(provider=provider, qualification=qualification)
    instrument = InstrumentFactory(provider=provider)
    TestingServiceFactory(provider=provider, instruments=[instrument])
    LabServiceFactory(provider=provider, instruments=[instrument])
    answers = {
        "qualifications": (qualification, "还用于“金属材料 抗拉强度”"),
        "instruments": (instrument, "还用于“金属材料力学性能检测”、“新型合金热处理工艺开发”"),
    }
    for key, (record, sentence) in answers.items():
        response = client.post(reverse(f"{key}:delete", args=[record.pk]), {"confirmed": "1"}, follow=True)
        assert sentence in response.content.decode()
    assert Qualification.objects.exists()
    assert list(TestingService.objects.get().instruments.all()) == [instrument]


# 复制


@pytest.mark.parametrize("state", ["draft", "pending", "approved", "returned", "withdrawn"])
def test_a_copy_is_a_draft_with_the_same_content(client, provider, case, state):
    record = case.factory(provider=provider, state=state)
    case.model.objects.filter(pk=record.pk).update(attributes={"7": ["1", "2"]})
    before = case.model.objects.values().get(pk=record.pk)

    response = client.post(case.url("duplicate", record), follow=True)

    copy = case.model.objects.exclude(pk=record.pk).get()
    assert response.redirect_chain == [(case.step(copy, next(iter(case.steps))), 302)]
    assert "已复制为一份新的草稿" in response.content.decode()
    own = {"id", "internal_number", "scan_id", "created_at", "updated_at"}
    moved = {field.attname for field in case.model._meta.concrete_fields if field.name in MOVED}
    after = case.model.objects.values().get(pk=copy.pk)
    same = before.keys() - own - moved
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert (copy.status, copy.live, copy.version, copy.internal_number) == ("draft", False, 1, "")
    assert (copy.submitted_at, copy.approved_revision, copy.return_reason) == (None, None, "")
    assert case.model.objects.values().get(pk=record.pk) == before
    entry = AuditEntry.objects.of(copy).get()
    assert (entry.action, entry.actor, entry.reason) == ("create", provider.account, f"复制自“{record}”")


MOVED = {
    "status",
    "version",
    "submitted_at",
    "submitted_by",
    "due_on",
    "decided_at",
    "return_reason",
    "return_notes",
    "approved_revision",
    "live",
    "live_revision",
    "latest_revision",
    "has_unpublished_changes",
    "first_published_at",
    "last_published_at",
}


def test_a_copied_instrument_has_the_same_photos_in_their_order(client, provider):
    record = InstrumentFactory(provider=provider)
    InstrumentPhoto.objects.create(instrument=record, image=SiteImageFactory(), sort_order=5)
    client.post(reverse("instruments:duplicate", args=[record.pk]))
    copy = Instrument.objects.exclude(pk=record.pk).get()
    assert [photo.image for photo in copy.photos.all()] == [photo.image for photo in record.photos.all()]
    client.post(reverse("instruments:delete", args=[copy.pk]), {"confirmed": "1"})
    assert record.photos.count() == 2


def test_a_copied_service_uses_the_same_instruments_and_a_qualification_needs_its_own_scan(client, provider):
    instruments = InstrumentFactory.create_batch(2, provider=provider)
    service = TestingServiceFactory(provider=provider, instruments=instruments)
    qualification = QualificationFactory(provider=provider)
    client.post(reverse("testing:duplicate", args=[service.pk]))
    client.post(reverse("qualifications:duplicate", args=[qualification.pk]))
    assert set(TestingService.objects.exclude(pk=service.pk).get().instruments.all()) == set(instruments)
    assert Qualification.objects.exclude(pk=qualification.pk).get().scan is None


# who may come


def test_another_providers_record_is_not_found_at_any_address(client, provider, case):
    foreign = case.factory(approved=True)
    before = case.model.objects.values().get(pk=foreign.pk)
    data = {"confirmed": "1", "version": "1", "action": "save", "name": "改"}
    assert client.get(case.url("detail", foreign)).status_code == 404
    for slug in case.steps:
        assert client.get(case.step(foreign, slug)).status_code == 404
        assert client.post(case.step(foreign, slug), data).status_code == 404
    for name in ("submit", "withdraw", "delete", "duplicate"):
        assert client.post(case.url(name, foreign), data).status_code == 404
    assert list(case.model.objects.values()) == [before]


def test_only_providers_have_these_pages(client, case):
    record = case.factory()
    urls = [case.url(name) for name in ("list", "create")]
    urls += [case.url(name, record) for name in ("detail", "submit", "withdraw", "delete", "duplicate")]
    consumer, staff = UserFactory(consumer=True), UserFactory(admin=True)
    for url in urls:
        client.logout()
        assert client.post(url).url.startswith(reverse("account_login")), url
        client.force_login(consumer)
        assert client.post(url).status_code == 404, url
        client.force_login(staff)
        assert client.post(url).url == reverse("wagtailadmin_home"), url
    assert case.model.objects.get().version == 1


def test_an_unknown_step_is_not_found(client, provider, case):
    record = case.factory(provider=provider)
    assert client.get(case.step(record, "nonsense")).status_code == 404
    assert client.get(reverse(f"{case.key}:detail", args=[10**15])).status_code == 404


def test_a_suspended_provider_works_on_and_reads_why_nothing_is_public(client, provider, case):
    record = case.factory(provider=provider, approved=True)
    Suspension.objects.create(
        provider=provider, reason="原始记录不完整。", suspended_by=UserFactory(admin=True)
    )
    page = client.get(case.url("list")).content.decode()
    assert "原始记录不完整。" in page
    detail = client.get(case.url("detail", record))
    assert detail.context["public_url"] == ""
    assert "已通过审核。" in detail.content.decode()
    assert client.post(case.url("duplicate", record)).status_code == 302
