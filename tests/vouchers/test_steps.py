"""A decision counts for the step it was made on, and nobody takes part in two steps of a submission."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from wagtail.models import GroupApprovalTask, TaskState, Workflow, WorkflowContentType, WorkflowTask

from policy.models import EditorialTask
from tests.conftest import signed_in
from tests.factories import UserFactory, seen
from tests.voucher_factories import ApplicationFactory, checker
from vouchers.models import Voucher
from vouchers.models.applications import CHECKERS, DECIDERS, VoucherApplication
from workflow import permissions, services
from workflow.exceptions import WorkflowError
from workflow.models import ReviewTaskState

pytestmark = pytest.mark.django_db

PASSED = "本步已由他人处理，请刷新页面查看。"


@pytest.fixture
def both():
    """Two people, each a member of the groups of both steps."""
    return [UserFactory(staff=True, groups=[CHECKERS, DECIDERS]) for _ in range(2)]


def decide_address(application):
    content_type = ContentType.objects.get_for_model(VoucherApplication)
    return reverse("review_decide", args=[content_type.pk, application.pk])


def stored(application):
    return VoucherApplication.objects.get(pk=application.pk)


def test_a_decision_on_a_step_that_is_past_is_refused(both):
    application = ApplicationFactory(pending=True)
    step = application.current_workflow_task_state.pk
    services.approve(record=application, actor=both[0], task_state_id=step)
    with pytest.raises(WorkflowError, match=PASSED):
        services.approve(record=application, actor=both[1], task_state_id=step)
    with pytest.raises(WorkflowError, match=PASSED):
        services.return_for_changes(record=application, actor=both[1], reason="改", task_state_id=step)
    assert (stored(application).status, Voucher.objects.count()) == ("pending", 0)


@pytest.mark.parametrize("besides", [{}, {"granted_amount": "80000"}])
def test_a_stale_page_of_the_first_step_grants_nothing(both, besides):
    application = ApplicationFactory(pending=True)
    post = {**seen(application), "decision": "approve", "reason": "材料齐全", **besides}
    first, second = (signed_in(user) for user in both)
    page = first.get(application.get_review_url()).text
    assert f'name="task_state" value="{post["task_state"]}"' in page
    assert first.post(decide_address(application), post).status_code == 302
    answer = second.post(decide_address(application), post)
    assert answer.status_code == 422
    assert PASSED in answer.text
    assert (stored(application).status, Voucher.objects.count()) == ("pending", 0)
    # sent once more from the page that came back: it stays a decision on the first step
    assert second.post(decide_address(application), answer.context["form"].data).status_code == 422
    assert not Voucher.objects.exists()


def test_a_post_that_names_no_step_decides_nothing(both):
    application = ApplicationFactory(pending=True)
    post = {"revision": application.latest_revision_id, "decision": "approve", "reason": ""}
    assert signed_in(both[0]).post(decide_address(application), post).status_code == 422
    assert application.current_workflow_task_state == stored(application).current_workflow_task_state


def test_a_bulk_decision_is_on_the_steps_that_were_chosen(both):
    application = ApplicationFactory(pending=True)
    chosen = list(ReviewTaskState.objects.waiting())
    services.approve(record=application, actor=both[0])
    result = services.decide_many(task_states=chosen, actor=both[1], approving=True)
    assert (result.done, result.refused) == (0, [f"“{chosen[0].record_title}”：{PASSED}"])
    assert not Voucher.objects.exists()


def test_wagtails_own_action_is_on_the_step_it_was_called_for(both):
    application = ApplicationFactory(pending=True)
    state = application.current_workflow_task_state
    services.approve(record=application, actor=both[0])
    for action in ("approve", "reject"):
        with pytest.raises(WorkflowError, match=PASSED):
            state.task.specific.on_action(state, both[1], action, comment="改")


def test_who_approved_a_step_decides_none_after_it(both):
    application = services.approve(record=ApplicationFactory(pending=True), actor=both[0])
    assert [permissions.may_decide(user, application) for user in both] == [False, True]
    with pytest.raises(WorkflowError, match="您不能审核这条记录"):
        services.approve(record=application, actor=both[0])


def foreign_workflow(kind):
    workflow = Workflow.objects.create(name="外来流程")
    for group in (CHECKERS, DECIDERS):
        task = kind.objects.create(name=f"外来步骤 {group}")
        task.groups.add(Group.objects.get(name=group))
        WorkflowTask.objects.create(workflow=workflow, task=task)
    content_type = ContentType.objects.get_for_model(VoucherApplication)
    WorkflowContentType.objects.filter(content_type=content_type).update(workflow=workflow)


@pytest.mark.parametrize("kind", [GroupApprovalTask, EditorialTask])
def test_a_step_that_is_none_of_ours_decides_nothing_by_any_way(both, kind):
    foreign_workflow(kind)
    application = ApplicationFactory(pending=True)
    (state,) = TaskState.objects.filter(workflow_state=application.current_workflow_state)
    sentence = f"审核流程的步骤“外来步骤 {CHECKERS}”不是“审核步骤”"
    with pytest.raises(WorkflowError, match=sentence):
        services.approve(record=application, actor=both[0])
    with pytest.raises(WorkflowError, match=sentence):
        services.return_for_changes(record=application, actor=both[0], reason="改")
    client = signed_in(both[0])
    assert sentence in client.get(application.get_review_url()).text
    for name, *args in (("workflow_action", "approve", state.pk), ("workflow_action", "reject", state.pk)):
        address = reverse(f"wagtailsnippets_vouchers_voucherapplication:{name}", args=[application.pk, *args])
        for answer in (client.get(address), client.post(address, {"comment": "x"})):
            assert (answer.status_code, answer["Location"]) == (302, application.get_review_url())
    # nor by the editor, which such a step opens to its group
    editor = reverse("wagtailsnippets_vouchers_voucherapplication:edit", args=[application.pk])
    action = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    for answer in (client.get(editor), client.post(editor, action)):
        assert (answer.status_code, answer["Location"]) == (302, reverse("wagtailadmin_home"))
    state.refresh_from_db()
    assert state.status == TaskState.STATUS_IN_PROGRESS
    assert (stored(application).status, stored(application).live) == ("pending", False)


def test_wagtails_address_of_the_last_step_asks_for_the_amount_too(both):
    """It has no field for it, so it leads to the page that has."""
    application = ApplicationFactory(checked=True)
    state = application.current_workflow_task_state
    for name in ("workflow_action", "collect_workflow_action_data"):
        address = reverse(
            f"wagtailsnippets_vouchers_voucherapplication:{name}", args=[application.pk, "approve", state.pk]
        )
        assert signed_in(both[1]).post(address, {"comment": "x"})["Location"] == application.get_review_url()
    assert (stored(application).status, Voucher.objects.count()) == ("pending", 0)


def test_callers_without_a_page_name_no_step():
    application = services.approve(record=ApplicationFactory(pending=True), actor=checker())
    assert application.is_at_last_step
