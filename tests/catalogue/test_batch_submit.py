"""完整性检查 and 批量提交: what many records lack, and handing in those that lack nothing."""

import datetime

import pytest
from django.urls import reverse

from accounts.models import Message
from catalogue.completeness import bulk_submission_problems, complete_ids
from catalogue.exceptions import CatalogueError
from catalogue.exchange.subjects import SUBJECTS
from catalogue.exchange.submitting import SubmitWorker, submit_many
from catalogue.models import AttributeDefinition, Instrument, Job, JobState, Qualification
from institutions.models import Provider
from tests.conftest import signed_in
from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    QualificationFactory,
    TestingServiceFactory,
)
from workflow import services
from workflow.models import AuditEntry
from workflow.statuses import SubmissionStatus

pytestmark = pytest.mark.django_db
FACTORIES = {
    "instruments": InstrumentFactory,
    "qualifications": QualificationFactory,
    "capabilities": CapabilityFactory,
    "testing": TestingServiceFactory,
    "labs": LabServiceFactory,
}
WRONG = {
    "instruments": [
        {"manufacturer": "", "price_amount": None},
        {"purchased_on": datetime.date(2999, 1, 1), "district": "蓝田县", "city": "6102"},
        {"contact_phone": "12", "disciplines": "x", "served_hours": 10, "run_hours": 1},
        {"instrument_class_id": None, "contact_email": "nobody"},
    ],
    "qualifications": [
        {"valid_to": datetime.date(2020, 1, 1), "valid_from": None},
        {"scan": None, "kind": ""},
    ],
    "capabilities": [{"field_id": None, "parameter": ""}, {"standard_name": "", "object_name": ""}],
    "testing": [{"price_kind": "range"}, {"price_amount": None, "price_unit": ""}, {"turnaround_days": 0}],
    "labs": [{"deliverables": ""}, {"price_kind": "nonsense"}],
}


@pytest.fixture
def provider() -> Provider:
    return ProviderFactory(approved=True)


def draft(provider: Provider, **fields) -> Instrument:
    return InstrumentFactory(provider=provider, **fields)


def page(provider: Provider, subject: str = "instruments", query: str = ""):
    return signed_in(provider.account).get(reverse("batches:completeness", args=[subject]) + query)


def submitted(provider: Provider, subject: str = "instruments", **data):
    return signed_in(provider.account).post(reverse("batches:submit", args=[subject]), data)


def pending(provider: Provider) -> set[str]:
    found = Instrument.objects.filter(provider=provider, status=SubmissionStatus.PENDING)
    return set(found.values_list("internal_number", flat=True))


# what each lacks


@pytest.mark.parametrize("subject", FACTORIES)
def test_many_records_get_the_answers_that_each_would_get_alone(subject):
    factory, model = FACTORIES[subject], SUBJECTS[subject].model
    place = {"instruments": "instrument_class_id"}.get(subject, "testing_field_id")
    code = "010200" if subject == "instruments" else "010100"
    AttributeDefinition.objects.create(**{place: code}, name="分辨率", kind="number", is_required=True)
    for waiting in (ProviderFactory(), ProviderFactory(approved=True)):
        factory(provider=waiting)
        for number, fields in enumerate(WRONG[subject]):
            record = factory(provider=waiting)
            attributes = {} if number % 2 else {"1": "x"}
            model.objects.filter(pk=record.pk).update(**fields, attributes=attributes)

    records = list(model.objects.order_by("pk"))
    alone = {record.pk: model.objects.get(pk=record.pk).submission_problems() for record in records}

    together = bulk_submission_problems(records)
    assert together == alone
    assert all(together[record.pk] for record in records if record.provider.status == "draft")


def test_photos_and_attributes_count(provider):
    complete = draft(provider)
    bare = draft(provider)
    bare.photos.all().delete()
    AttributeDefinition.objects.create(
        instrument_class_id="010100", name="分辨率", unit="nm", kind="number", is_required=True
    )
    lacking = draft(provider, instrument_class_id="010100")

    problems = bulk_submission_problems(list(Instrument.objects.filter(provider=provider).order_by("pk")))

    assert problems[complete.pk] == {}
    assert problems[bare.pk] == {"photos": ["请至少上传一张仪器照片。"]}
    assert [*problems[lacking.pk].values()] == [["请填写“分辨率（nm）”。"]]


def test_no_query_for_each_record(provider, django_assert_max_num_queries):
    for _number in range(6):
        draft(provider)
    records = list(Instrument.objects.all())

    with django_assert_max_num_queries(3):
        bulk_submission_problems(records)


def test_what_is_complete_is_known_anew_after_each_change(provider):
    first, second = draft(provider), draft(provider, manufacturer="")
    assert complete_ids(Instrument, provider) == [first.pk]

    second.manufacturer = "岛津"
    services.save_draft(record=second, actor=provider.account, version=second.version)
    assert set(complete_ids(Instrument, provider)) == {first.pk, second.pk}

    AttributeDefinition.objects.create(
        instrument_class_id="010200", name="分辨率", kind="number", is_required=True
    )
    assert complete_ids(Instrument, provider) == []


# the page


def test_the_page_lists_what_each_record_lacks_with_links(provider):
    complete = draft(provider, name="质谱仪")
    lacking = draft(provider, name="色谱仪", price_amount=None, manufacturer="")
    draft(provider, name="待审核", pending=True)
    InstrumentFactory(name="别人的")

    response = page(provider)

    rows = {row.record.pk: row.problems for row in response.context["page_obj"]}
    assert rows.keys() == {complete.pk, lacking.pk}
    assert rows[complete.pk] == []
    assert [(one.sentence, one.url) for one in rows[lacking.pk]] == [
        (
            "请填写“生产厂商”。",
            f"/centre/instruments/{lacking.pk}/basics/?check=1#id_manufacturer",
        ),
        (
            "请填写“参考价格（元）”。",
            f"/centre/instruments/{lacking.pk}/service/?check=1#id_price_amount",
        ),
    ]
    assert [tab["count"] for tab in response.context["tabs"]] == [2, 1, 1]
    html = response.content.decode()
    assert "提交全部完整的记录（1）" in html
    assert html.count('name="chosen"') == 1


def test_returned_records_are_listed_too_with_what_the_reviewer_said(provider):
    record = draft(provider, returned=True)

    response = page(provider)

    assert [row.record.pk for row in response.context["page_obj"]] == [record.pk]
    assert "审核意见：照片不清晰，请更换。" in response.content.decode()


@pytest.mark.parametrize(
    ("show", "expected"), [("complete", ["A"]), ("incomplete", ["B"]), ("junk", ["A", "B"])]
)
def test_the_page_shows_one_half_alone(provider, show, expected):
    draft(provider, name="A")
    draft(provider, name="B", model="")

    rows = page(provider, query=f"?show={show}").context["page_obj"]

    assert sorted(row.record.name for row in rows) == expected


def test_a_provider_that_has_not_submitted_its_own_information_is_sent_there():
    provider = ProviderFactory()
    draft(provider)

    [row] = page(provider).context["page_obj"]

    assert [problem.url for problem in row.problems] == ["/centre/institution/"]


@pytest.mark.parametrize("subject", FACTORIES)
def test_every_kind_has_the_page(subject, provider):
    FACTORIES[subject](provider=provider)

    response = page(provider, subject)

    assert response.context["complete_count"] == 1


def test_nothing_to_submit_says_so(provider):
    assert "没有等待提交的记录" in page(provider).content.decode()


def test_the_page_needs_no_query_for_each_row(provider, django_assert_max_num_queries):
    AttributeDefinition.objects.create(instrument_class_id="010200", name="分辨率", kind="number")
    for number in range(8):
        draft(provider, model="" if number % 2 else "X")
    client = signed_in(provider.account)

    with django_assert_max_num_queries(16):
        response = client.get(reverse("batches:completeness", args=["instruments"]))

    assert len(response.context["page_obj"].object_list) == 8


# submitting


def test_all_complete_records_are_asked_for_and_then_submitted(provider, django_capture_on_commit_callbacks):
    draft(provider, internal_number="A")
    draft(provider, internal_number="B", returned=True)
    draft(provider, internal_number="C", model="")

    asked = submitted(provider, scope="all")
    assert (asked.context["count"], Job.objects.count(), pending(provider)) == (2, 0, set())
    assert "确定把这 2 条仪器提交审核吗？" in asked.content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        done = submitted(provider, scope="all", confirmed="1")

    job = Job.objects.get()
    assert done["Location"] == reverse("batches:detail", args=[job.pk])
    assert (job.state, job.total, job.position) == (JobState.DONE, 2, 2)
    assert (job.updated_count, job.refused_count) == (2, 0)
    assert pending(provider) == {"A", "B"}
    assert "已提交 2 条，请等待审核。" in signed_in(provider.account).get(done["Location"]).content.decode()
    assert Message.objects.get(link=done["Location"]).body == "已提交 2 条，0 条没有提交。"


def test_the_trail_says_where_a_submission_came_from(provider, django_capture_on_commit_callbacks):
    record = draft(provider)

    with django_capture_on_commit_callbacks(execute=True):
        submitted(provider, scope="all", confirmed="1")

    entry = AuditEntry.objects.of(record).get(action="submit")
    assert (entry.actor, entry.reason) == (provider.account, f"批量提交 #{Job.objects.get().pk}")


def test_only_ticked_records_are_submitted(provider, django_capture_on_commit_callbacks):
    chosen, _other = draft(provider, internal_number="A"), draft(provider, internal_number="B")

    with django_capture_on_commit_callbacks(execute=True):
        submitted(provider, chosen=[chosen.pk], confirmed="1")

    assert pending(provider) == {"A"}


def test_nothing_ticked_is_asked_for(provider):
    draft(provider)

    for chosen in ([], ["x"], ["99999999999999999999"], ["0"]):
        response = submitted(provider, chosen=chosen, confirmed="1")
        assert response["Location"] == reverse("batches:completeness", args=["instruments"])

    assert (Job.objects.count(), pending(provider)) == (0, set())


def test_records_of_others_and_incomplete_ones_are_never_submitted(provider):
    theirs, lacking = InstrumentFactory(), draft(provider, model="")

    submitted(provider, chosen=[theirs.pk, lacking.pk], confirmed="1")

    assert Job.objects.count() == 0
    assert not Instrument.objects.filter(status=SubmissionStatus.PENDING).exists()


def test_one_that_fails_stops_no_other(provider, django_capture_on_commit_callbacks):
    first, second, third = (draft(provider, internal_number=number, name=number) for number in "ABC")
    with django_capture_on_commit_callbacks():
        job = submit_many(subject=SUBJECTS["instruments"], provider=provider, actor=provider.account)
    Instrument.objects.filter(pk=second.pk).update(manufacturer="")
    third.delete()

    SubmitWorker(job).run()

    assert pending(provider) == {"A"}
    assert (job.position, job.updated_count, job.refused_count) == (3, 1, 2)
    assert {(line["title"], line["sentence"], line["url"]) for line in job.report["lines"]} == {
        ("B", "请填写“生产厂商”。", f"/centre/instruments/{second.pk}/"),
        ("记录", "这条记录已被删除，没有提交。", ""),
    }
    assert first.pk in job.options["ids"]


def test_it_goes_on_where_it_stopped(provider, monkeypatch, django_capture_on_commit_callbacks):
    for number in "ABC":
        draft(provider, internal_number=number)
    with django_capture_on_commit_callbacks():
        job = submit_many(subject=SUBJECTS["instruments"], provider=provider, actor=provider.account)
    submit, calls = services.submit, []

    def power_cut(**kwargs):
        calls.append(kwargs["record"].internal_number)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return submit(**kwargs)

    monkeypatch.setattr("catalogue.exchange.submitting.workflow.submit", power_cut)
    with pytest.raises(KeyboardInterrupt):
        SubmitWorker(job).run()
    stored = Job.objects.select_related("actor").get(pk=job.pk)
    assert (stored.position, stored.updated_count, len(pending(provider))) == (1, 1, 1)

    SubmitWorker(stored).run()

    assert (stored.position, stored.updated_count, stored.refused_count) == (3, 3, 0)
    assert pending(provider) == {"A", "B", "C"}
    assert calls.count(calls[0]) == 1


def test_a_second_click_is_refused_while_the_first_is_at_work(provider):
    draft(provider)
    submitted(provider, scope="all", confirmed="1")  # nothing commits here: it stays at work

    response = signed_in(provider.account).post(
        reverse("batches:submit", args=["instruments"]), {"scope": "all", "confirmed": "1"}, follow=True
    )

    assert Job.objects.count() == 1
    assert "正在处理，请等它完成" in response.content.decode()


def test_without_anything_complete_the_service_refuses(provider):
    draft(provider, model="")

    with pytest.raises(CatalogueError, match="没有可以提交的记录"):
        submit_many(subject=SUBJECTS["instruments"], provider=provider, actor=provider.account)


def test_an_expired_qualification_is_not_submitted(provider):
    QualificationFactory(provider=provider, valid_to=datetime.date(2021, 1, 1), valid_from=None)

    response = page(provider, "qualifications")

    [row] = response.context["page_obj"]
    assert "这项资质已过期，不能提交。请填写换发后的证书信息。" in [one.sentence for one in row.problems]
    assert complete_ids(Qualification, provider) == []
