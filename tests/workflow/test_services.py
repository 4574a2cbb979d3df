"""Every move of a submission: what it does, and what it refuses."""

import datetime

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from wagtail.models import WorkflowState

from accounts.models import Message
from catalogue.models import Instrument, InstrumentPhoto
from tests.factories import InstrumentFactory, ProviderFactory, SiteImageFactory, UserFactory, reviewer
from workflow import services
from workflow.exceptions import IncompleteError, StaleFormError, WorkflowError
from workflow.models import AuditEntry, ReviewTaskState
from workflow.statuses import TRANSITIONS, Action, SubmissionStatus

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


def actions_of(record):
    return list(AuditEntry.objects.of(record).order_by("pk").values_list("action", flat=True))


def test_submitting_freezes_a_revision_and_sets_the_due_date_in_working_days():
    instrument = InstrumentFactory()
    # Wednesday 30 September 2026: the National Day holiday begins the day after
    with time_machine.travel(datetime.datetime(2026, 9, 30, 9, tzinfo=datetime.UTC), tick=False):
        instrument = services.submit(record=instrument, actor=instrument.owner)
    assert instrument.status == SubmissionStatus.PENDING
    assert instrument.due_on == datetime.date(2026, 10, 9)
    assert not instrument.live
    state = ReviewTaskState.objects.waiting().get()
    assert (state.record_title, state.institution_name, state.city_name) == (
        instrument.name,
        str(instrument.provider),
        "西安市",
    )
    assert state.revision_id == instrument.latest_revision_id


def test_an_incomplete_record_names_every_problem_and_stays_a_draft():
    instrument = InstrumentFactory(model="", price_amount=None)
    instrument.photos.all().delete()
    instrument = Instrument.objects.get(pk=instrument.pk)
    with pytest.raises(IncompleteError) as caught:
        services.submit(record=instrument, actor=instrument.owner)
    assert set(caught.value.problems) == {"model", "price_amount", "photos"}
    assert caught.value.problems["model"] == ["请填写“规格型号”。"]
    instrument.refresh_from_db()
    assert instrument.status == SubmissionStatus.DRAFT
    assert not WorkflowState.objects.for_instance(instrument).exists()


def test_approval_publishes_and_tells_the_owner(django_capture_on_commit_callbacks):
    instrument = InstrumentFactory(pending=True)
    actor = reviewer()
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        instrument = services.approve(record=instrument, actor=actor)
    assert instrument.status == SubmissionStatus.APPROVED
    assert instrument.live
    assert instrument.approved_revision_id == instrument.latest_revision_id == instrument.live_revision_id
    assert Instrument.objects.public().get() == instrument
    message = Message.objects.filter(recipient=instrument.owner).first()
    assert message.subject == "仪器“气相色谱质谱联用仪”已通过审核"
    assert message.link == instrument.get_centre_url()
    # one mail, to the owner; Wagtail's own mailers are silent
    assert [sent.to for sent in mail.outbox] == [[instrument.owner.email]]


def test_approval_keeps_what_changed_on_the_row_meanwhile():
    instrument = InstrumentFactory(pending=True)
    version = instrument.version
    instrument = services.approve(record=instrument, actor=reviewer())
    assert instrument.version == version + 1
    assert instrument.submitted_by == instrument.owner
    assert instrument.due_on is not None
    assert instrument.photos.count() == 1


def test_a_returned_record_carries_reason_and_notes_and_can_be_submitted_again():
    instrument = InstrumentFactory(pending=True)
    actor = reviewer()
    instrument = services.return_for_changes(
        record=instrument, actor=actor, reason="请补充", notes={"model": "型号不完整", "name": "  "}
    )
    assert instrument.status == SubmissionStatus.RETURNED
    assert instrument.return_reason == "请补充"
    assert instrument.return_notes == {"model": "型号不完整"}
    instrument = services.submit(record=instrument, actor=instrument.owner)
    assert instrument.status == SubmissionStatus.PENDING
    assert instrument.return_reason == ""
    assert instrument.return_notes == {}
    assert services.approve(record=instrument, actor=actor).is_public
    assert actions_of(instrument) == ["submit", "return", "submit", "approve"]


def test_returning_without_any_reason_is_refused():
    instrument = InstrumentFactory(pending=True)
    with pytest.raises(WorkflowError, match="请填写原因"):
        services.return_for_changes(record=instrument, actor=reviewer(), reason="  ", notes={"model": " "})
    instrument.refresh_from_db()
    assert instrument.status == SubmissionStatus.PENDING


def test_withdrawing_an_approved_record_takes_it_off_the_public_and_keeps_the_version_to_compare():
    instrument = InstrumentFactory(approved=True)
    approved = instrument.approved_revision_id
    instrument = services.withdraw(record=instrument, actor=instrument.owner)
    assert instrument.status == SubmissionStatus.DRAFT
    assert not Instrument.objects.public().exists()
    assert instrument.approved_revision_id == approved
    instrument.model = "8890"
    services.save_draft(record=instrument, actor=instrument.owner, version=instrument.version)
    instrument = services.submit(record=instrument, actor=instrument.owner)
    assert instrument.approved_revision.as_object().model == "7890B-5977A"
    assert ReviewTaskState.objects.waiting().get().resubmitted


def test_withdrawing_a_pending_record_empties_the_queue():
    instrument = InstrumentFactory(pending=True)
    services.withdraw(record=instrument, actor=instrument.owner)
    assert not ReviewTaskState.objects.waiting().exists()


def test_an_institution_that_withdraws_hides_its_instruments():
    instrument = InstrumentFactory(approved=True)
    services.withdraw(record=instrument.provider, actor=instrument.owner)
    assert not Instrument.objects.public().exists()
    instrument.refresh_from_db()
    assert instrument.status == SubmissionStatus.APPROVED


def test_nobody_decides_their_own_submission_even_with_the_right_group():
    staff = reviewer()
    provider = ProviderFactory(pending=True)
    type(provider).objects.filter(pk=provider.pk).update(submitted_by=staff)
    WorkflowState.objects.for_instance(provider).update(requested_by=staff)
    with pytest.raises(WorkflowError, match="您本人提交的"):
        services.approve(record=provider, actor=staff)
    provider.refresh_from_db()
    assert provider.status == SubmissionStatus.PENDING


@pytest.mark.parametrize("outsider", ["owner", "other provider", "consumer", "staff without group"])
def test_only_the_review_group_decides(outsider):
    instrument = InstrumentFactory(pending=True)
    actor = {
        "owner": lambda: instrument.owner,
        "other provider": UserFactory,
        "consumer": lambda: UserFactory(consumer=True),
        "staff without group": lambda: UserFactory(staff=True),
    }[outsider]()
    with pytest.raises(WorkflowError):
        services.approve(record=instrument, actor=actor)
    with pytest.raises(WorkflowError):
        services.return_for_changes(record=instrument, actor=actor, reason="x")
    instrument.refresh_from_db()
    assert instrument.status == SubmissionStatus.PENDING
    assert actions_of(instrument) == ["submit"]


def test_a_decision_on_a_version_no_longer_current_is_refused():
    instrument = InstrumentFactory(pending=True)
    seen = instrument.latest_revision_id
    services.withdraw(record=instrument, actor=instrument.owner)
    services.submit(record=instrument, actor=instrument.owner)
    with pytest.raises(WorkflowError, match="重新提交过"):
        services.approve(record=instrument, actor=reviewer(), revision_id=seen)
    instrument.refresh_from_db()
    assert instrument.status == SubmissionStatus.PENDING


@pytest.mark.parametrize("state", ["pending", "approved"])
def test_a_submitted_record_cannot_be_edited_or_submitted(state):
    instrument = InstrumentFactory(state=state)
    instrument.model = "changed"
    with pytest.raises(WorkflowError, match="撤回并修改信息"):
        services.save_draft(record=instrument, actor=instrument.owner, version=instrument.version)
    with pytest.raises(WorkflowError, match="撤回并修改信息"):
        services.submit(record=instrument, actor=instrument.owner)
    instrument.refresh_from_db()
    assert instrument.model == "7890B-5977A"
    assert instrument.status == state


def test_a_stale_form_is_refused_and_changes_nothing():
    instrument = InstrumentFactory()
    stale = Instrument.objects.get(pk=instrument.pk)
    instrument.model = "first"
    services.save_draft(record=instrument, actor=instrument.owner, version=instrument.version)
    stale.model = "second"
    with pytest.raises(StaleFormError):
        services.save_draft(record=stale, actor=stale.owner, version=stale.version)
    instrument.refresh_from_db()
    assert instrument.model == "first"


def test_saving_records_what_changed():
    instrument = InstrumentFactory()
    instrument.model = "8890"
    services.save_draft(record=instrument, actor=instrument.owner, version=instrument.version)
    entry = AuditEntry.objects.of(instrument).get()
    assert entry.action == Action.SAVE
    assert entry.changes == {"model": ["7890B-5977A", "8890"]}


def test_somebody_elses_record_cannot_be_saved_submitted_or_withdrawn():
    instrument = InstrumentFactory()
    stranger = UserFactory()
    for attempt in (
        lambda: services.save_draft(record=instrument, actor=stranger, version=instrument.version),
        lambda: services.submit(record=instrument, actor=stranger),
        lambda: services.withdraw(record=instrument, actor=stranger),
    ):
        with pytest.raises(WorkflowError):
            attempt()
    assert actions_of(instrument) == []


@pytest.mark.parametrize("status", list(SubmissionStatus))
@pytest.mark.parametrize("action", [Action.SUBMIT, Action.WITHDRAW, Action.APPROVE, Action.RETURN])
def test_every_pair_of_state_and_action_follows_the_table(status, action):
    state = {"draft": "draft", "pending": "pending", "approved": "approved", "returned": "returned"}[status]
    instrument = InstrumentFactory(state=state)
    actor = reviewer()
    attempts = {
        Action.SUBMIT: lambda: services.submit(record=instrument, actor=instrument.owner),
        Action.WITHDRAW: lambda: services.withdraw(record=instrument, actor=instrument.owner),
        Action.APPROVE: lambda: services.approve(record=instrument, actor=actor),
        Action.RETURN: lambda: services.return_for_changes(record=instrument, actor=actor, reason="改"),
    }
    expected = TRANSITIONS.get((status, action))
    if expected is None:
        with pytest.raises(WorkflowError):
            attempts[action]()
        expected = status
    else:
        attempts[action]()
    instrument.refresh_from_db()
    assert instrument.status == expected


def test_bulk_decisions_go_on_past_one_that_is_refused():
    instruments = [InstrumentFactory(pending=True) for _ in range(3)]
    states = list(
        ReviewTaskState.objects.waiting().filter(record_type=ContentType.objects.get_for_model(Instrument))
    )
    services.withdraw(record=instruments[1], actor=instruments[1].owner)
    result = services.decide_many(task_states=states, actor=reviewer(), approving=True)
    assert result.done == 2
    assert len(result.refused) == 1
    assert [Instrument.objects.get(pk=one.pk).status for one in instruments] == [
        "approved",
        "draft",
        "approved",
    ]


def test_a_save_that_changes_only_photos_leaves_an_audit_entry():
    instrument = InstrumentFactory()
    cover = instrument.photos.get()
    other = InstrumentPhoto(image=SiteImageFactory(), sort_order=1)
    instrument.photos.set([cover, other])
    services.save_draft(record=instrument, actor=instrument.owner, version=instrument.version)
    entry = AuditEntry.objects.of(instrument).get()
    assert entry.action == Action.SAVE
    assert entry.changes == {
        "photos": [
            [{"image": cover.image_id}],
            [{"image": cover.image_id}, {"image": other.image_id}],
        ]
    }


def test_a_save_that_changes_nothing_leaves_no_audit_entry():
    instrument = InstrumentFactory()
    version = instrument.version
    instrument = services.save_draft(record=instrument, actor=instrument.owner, version=version)
    assert instrument.version == version + 1
    assert not AuditEntry.objects.of(instrument).exists()
