"""The review queue, the record page and decisions in the Wagtail admin."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState, Workflow, WorkflowState

from catalogue.models import Instrument, InstrumentPhoto
from institutions.models import Provider
from tests.factories import (
    InstrumentFactory,
    PrivateFileFactory,
    ProviderFactory,
    SiteImageFactory,
    UserFactory,
    auditor,
    editor,
    reviewer,
    seen,
)
from workflow import services
from workflow.differences import changes_text
from workflow.exceptions import WorkflowError
from workflow.models import AuditEntry, ReviewTask, ReviewTaskState
from workflow.setup import WORKFLOW_NAME

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

QUEUE = "/admin/review/"


@pytest.fixture
def staff():
    return reviewer(username="审核员")


@pytest.fixture
def client(staff):
    client = Client()
    client.force_login(staff)
    return client


def many_pending(count):
    """``count`` pending instruments written in bulk, as the services would leave them."""
    provider = ProviderFactory(approved=True)
    sample = InstrumentFactory(provider=provider, pending=True, name="样本")
    base = Instrument.objects.filter(pk=sample.pk).values().get()
    base.pop("id")
    rows = Instrument.objects.bulk_create(
        Instrument(**{**base, "name": f"待审仪器{n}", "internal_number": f"B{n}"}) for n in range(count)
    )
    workflow = Workflow.objects.get(name=WORKFLOW_NAME)
    content_type = ContentType.objects.get_for_model(Instrument)
    states = WorkflowState.objects.bulk_create(
        WorkflowState(
            content_type=content_type,
            base_content_type=content_type,
            object_id=str(row.pk),
            workflow=workflow,
            requested_by=provider.account,
        )
        for row in rows
    )
    task = ReviewTask.objects.get(workflow_tasks__workflow=workflow)
    task_states = TaskState.objects.bulk_create(
        TaskState(
            workflow_state=state,
            task=task,
            status="in_progress",
            revision_id=sample.latest_revision_id,
            content_type=ContentType.objects.get_for_model(ReviewTaskState),
        )
        for state in states
    )
    for parent, row in zip(task_states, rows, strict=True):
        ReviewTaskState(
            taskstate_ptr=parent,
            record_type=content_type,
            record_id=row.pk,
            record_title=row.name,
            institution_name=str(provider),
            city_name="西安市",
            due_on=sample.due_on,
        ).save_base(raw=True)
    return rows


def test_the_queue_shows_the_most_urgent_first_and_links_to_the_record(client):
    instrument = InstrumentFactory(pending=True, name="扫描电子显微镜")
    html = client.get(QUEUE).content.decode()
    assert "扫描电子显微镜" in html
    assert instrument.get_review_url() in html
    assert "批量通过" in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=电子显微", True),
        ("q=光谱", False),
        ("due=overdue", False),
        ("due=later", True),
        ("resubmitted=True", False),
        ("resubmitted=False", True),
        ("city_name=西安市", True),
        ("city_name=<script>", True),  # an unknown value filters nothing
        ("state=decided", False),
        ("p=999", True),
        ("ordering=-started_at", True),
        ("ordering=status;drop", True),
    ],
)
def test_the_queue_filters(client, query, found):
    InstrumentFactory(pending=True, name="扫描电子显微镜")
    response = client.get(f"{QUEUE}?{query}")
    assert response.status_code == 200
    assert ("扫描电子显微镜" in response.content.decode()) is found


def test_a_decided_record_is_found_under_decided(client, staff):
    services.approve(record=InstrumentFactory(pending=True, name="离子色谱仪"), actor=staff)
    assert "离子色谱仪" not in client.get(QUEUE).content.decode()
    html = client.get(f"{QUEUE}?state=decided").content.decode()
    assert "离子色谱仪" in html
    assert "批量通过" not in html


def test_with_5000_pending_admin_home_and_queue_stay_small(client, django_assert_max_num_queries):
    many_pending(5000)
    for address in ("/admin/", QUEUE, f"{QUEUE}?q=仪器4999&due=later"):
        client.get(address)  # the first request fills content types and the like
        with django_assert_max_num_queries(20, info=address):
            assert client.get(address).status_code == 200


def test_the_record_page_shows_fields_photos_scans_evidence_and_history(
    client, django_assert_max_num_queries
):
    provider = ProviderFactory(pending=True)
    client.get(provider.get_review_url())
    with django_assert_max_num_queries(29):
        html = client.get(provider.get_review_url()).content.decode()
    for expected in (provider.host_name, provider.host_code, "条件核对", "属于本省", "审核决定", "提交审核"):
        assert expected in html
    assert provider.certificate.get_absolute_url() in html


def test_the_record_page_marks_what_changed_since_the_last_approval(client):
    instrument = InstrumentFactory(approved=True)
    services.withdraw(record=instrument, actor=instrument.owner)
    instrument = Instrument.objects.get(pk=instrument.pk)
    instrument.model = "8890-5977C"
    instrument = resubmitted(instrument)
    response = client.get(instrument.get_review_url())
    rows = {row.name: row for section in response.context["sections"] for row in section.rows}
    assert (rows["model"].old, rows["model"].new) == ("7890B-5977A", "8890-5977C")
    assert [name for name, row in rows.items() if row.changed] == ["model"]


def resubmitted(record):
    """Save the withdrawn record as it now is, and hand it in again."""
    services.save_draft(record=record, actor=record.owner, version=record.version)
    return services.submit(record=record, actor=record.owner)


def marked_as_changed(client, record):
    sections = client.get(record.get_review_url()).context["sections"]
    return [row.name for section in sections for row in section.rows if row.changed]


def test_another_photo_of_the_same_title_is_marked_as_changed(client):
    instrument = InstrumentFactory(withdrawn=True)
    [before] = instrument.photos.all()
    instrument.photos.set([InstrumentPhoto(image=SiteImageFactory(title=before.image.title))])
    assert marked_as_changed(client, resubmitted(instrument)) == ["photos"]


def test_another_scan_of_the_same_name_is_marked_as_changed(client):
    provider = ProviderFactory(withdrawn=True)
    provider.certificate = PrivateFileFactory(owner=provider.account, name=provider.certificate.name)
    assert marked_as_changed(client, resubmitted(provider)) == ["certificate"]


def decide(client, record, **data):
    address = reverse("review_decide", args=[ContentType.objects.get_for_model(record).pk, record.pk])
    return client.post(address, {**seen(record), **data})


def test_approving_from_the_record_leads_to_the_next_one(client):
    first = InstrumentFactory(pending=True)
    second = InstrumentFactory(pending=True)
    response = decide(client, first, decision="approve")
    assert response.status_code == 302
    assert response["Location"] == second.get_review_url()
    first.refresh_from_db()
    assert first.is_public
    assert decide(client, second, decision="approve")["Location"] == QUEUE


def test_returning_from_the_record_keeps_notes_by_field(client):
    instrument = InstrumentFactory(pending=True)
    decide(client, instrument, decision="return", reason="", **{"note-model": "型号不全", "note-name": ""})
    instrument.refresh_from_db()
    assert instrument.status == "returned"
    assert instrument.return_notes == {"model": "型号不全"}
    assert instrument.return_reason == "请按各字段旁的说明修改后重新提交。"


def test_a_refused_decision_keeps_what_the_reviewer_typed(client):
    instrument = InstrumentFactory(pending=True)
    services.withdraw(record=instrument, actor=instrument.owner)
    services.submit(record=instrument, actor=instrument.owner)
    response = decide(
        client, instrument, decision="return", reason="我写了很久", **{"note-model": "型号不全"}
    )
    assert response.status_code == 422
    html = response.content.decode()
    assert "重新提交过" in html
    assert "我写了很久" in html
    assert 'value="型号不全"' in html


def test_bulk_approval_asks_first_then_decides_all(client):
    instruments = [InstrumentFactory(pending=True) for _ in range(3)]
    chosen = list(ReviewTaskState.objects.waiting().values_list("pk", flat=True))
    response = client.post(reverse("review_bulk"), {"decision": "approve", "chosen": chosen})
    assert response.status_code == 200
    assert "将通过下列 3 条记录" in response.content.decode()
    assert Instrument.objects.public().count() == 0
    response = client.post(
        reverse("review_bulk"), {"decision": "approve", "chosen": chosen, "confirmed": "1", "reason": ""}
    )
    assert response["Location"] == QUEUE
    assert set(Instrument.objects.public()) == set(instruments)


def test_bulk_return_needs_a_reason(client):
    instrument = InstrumentFactory(pending=True)
    data = {"decision": "return", "chosen": [ReviewTaskState.objects.waiting().get().pk], "confirmed": "1"}
    response = client.post(reverse("review_bulk"), {**data, "reason": " "})
    assert "请填写退回原因" in response.content.decode()
    instrument.refresh_from_db()
    assert instrument.status == "pending"
    client.post(reverse("review_bulk"), {**data, "reason": "资料不全"})
    instrument.refresh_from_db()
    assert (instrument.status, instrument.return_reason) == ("returned", "资料不全")


@pytest.mark.parametrize("chosen", [[], ["abc"], ["999999"], ["-1"], ["9" * 30]])
def test_bulk_with_nothing_to_decide_says_so(client, chosen):
    response = client.post(reverse("review_bulk"), {"decision": "approve", "chosen": chosen}, follow=True)
    assert "请先勾选" in response.content.decode()


def test_an_auditor_reads_but_cannot_decide():
    instrument = InstrumentFactory(pending=True)
    client = Client()
    client.force_login(auditor())
    assert "批量通过" not in client.get(QUEUE).content.decode()
    html = client.get(instrument.get_review_url()).content.decode()
    assert "您只能查看" in html
    assert decide(client, instrument, decision="approve").status_code == 422
    chosen = [ReviewTaskState.objects.waiting().get().pk]
    client.post(reverse("review_bulk"), {"decision": "approve", "chosen": chosen, "confirmed": "1"})
    instrument.refresh_from_db()
    assert instrument.status == "pending"


@pytest.mark.parametrize("who", [lambda: UserFactory(), lambda: UserFactory(consumer=True), editor])
def test_others_do_not_reach_the_queue(who):
    instrument = InstrumentFactory(pending=True)
    client = Client()
    client.force_login(who())
    for address in (QUEUE, "/admin/review/results/", instrument.get_review_url()):
        assert client.get(address).status_code in {302, 403, 404}
    assert decide(client, instrument, decision="approve").status_code in {302, 403, 404}
    instrument.refresh_from_db()
    assert instrument.status == "pending"


def test_a_record_that_is_not_moderated_or_missing_is_a_404(client, staff):
    content_type = ContentType.objects.get_for_model(type(staff))
    assert client.get(reverse("review_record", args=[content_type.pk, staff.pk])).status_code == 404
    content_type = ContentType.objects.get_for_model(Instrument)
    assert client.get(reverse("review_record", args=[content_type.pk, 999])).status_code == 404


def test_script_in_a_submission_is_shown_as_text(client):
    instrument = InstrumentFactory(pending=True, name="<script>alert(1)</script>")
    for address in (QUEUE, instrument.get_review_url(), "/admin/"):
        html = client.get(address).content.decode()
        assert "<script>alert(1)" not in html
        assert "&lt;script&gt;alert(1)" in html


def test_snippet_listings_are_read_only_and_lead_to_the_review_page(client):
    instrument = InstrumentFactory(pending=True)
    base = "/admin/snippets/catalogue/instrument/"
    html = client.get(base).content.decode()
    assert instrument.get_review_url() in html
    for address in (f"{base}add/", f"{base}edit/{instrument.pk}/", f"{base}delete/{instrument.pk}/"):
        assert client.get(address).status_code in {302, 403, 404}
        client.post(address, {"name": "changed"})
    instrument.refresh_from_db()
    assert instrument.name == "气相色谱质谱联用仪"
    assert client.get("/admin/snippets/institutions/provider/").status_code == 200
    assert Provider.objects.count() == 1


def test_changes_in_the_trail_are_told_in_words():
    changes = {
        "status": ["draft", "pending"],
        "model": ["", "7890B"],
        "accepts_vouchers": [True, False],
        "photos": [[{"image": 1}], []],
        "a_field_of_the_past": [None, 7],
    }
    assert changes_text(Instrument, changes) == (
        "状态：未提交 → 待审核；规格型号：（空） → 7890B；可使用创新券：是 → 否；"
        "仪器照片：1 项 → 0 项；a_field_of_the_past：（空） → 7"
    )


def test_a_decision_through_wagtails_own_actions_ends_in_our_services(staff):
    approved, returned = InstrumentFactory(pending=True), InstrumentFactory(pending=True)
    for record, action in ((approved, "approve"), (returned, "reject")):
        state = record.current_workflow_task_state
        state.task.specific.on_action(state, staff, action, comment="请补充")
        record.refresh_from_db()
    assert approved.is_public
    assert (returned.status, returned.return_reason) == ("returned", "请补充")
    assert AuditEntry.objects.of(returned).first().action == "return"


def test_wagtails_own_actions_are_refused_to_the_owner():
    instrument = InstrumentFactory(pending=True)
    state = instrument.current_workflow_task_state
    assert state.task.specific.get_actions(instrument, instrument.owner) == []
    with pytest.raises(WorkflowError, match="您不能审核这条记录"):
        state.task.specific.on_action(state, instrument.owner, "approve")
    instrument.refresh_from_db()
    assert instrument.status == "pending"


def test_a_record_deleted_meanwhile_is_named_in_a_bulk_decision(staff):
    kept, gone = InstrumentFactory(pending=True), InstrumentFactory(pending=True, name="将被删除的仪器")
    states = list(ReviewTaskState.objects.waiting().order_by("pk"))
    Instrument.objects.filter(pk=gone.pk).delete()
    result = services.decide_many(task_states=states, actor=staff, approving=True)
    assert (result.done, result.refused) == (1, ["“将被删除的仪器”：记录已被删除。"])
    kept.refresh_from_db()
    assert kept.is_public
