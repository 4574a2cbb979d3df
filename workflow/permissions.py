"""Who may do what to a submission. Predicates only; the services raise the sentences."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from workflow.models import ReviewTask, Submission


def may_edit(user: User, record: Submission) -> bool:
    """Only its owner changes a record, and only while it is not submitted."""
    return record.owner.pk == user.pk and record.is_editable


def may_withdraw(user: User, record: Submission) -> bool:
    return record.owner.pk == user.pk and record.is_withdrawable


def may_review(user: User | AnonymousUser) -> bool:
    """Whether the review queue is the user's to see at all (reviewers, and auditors read-only)."""
    return bool(user.is_authenticated and user.has_perm("workflow.view_reviewtaskstate"))


def is_reviewer(user: User) -> bool:
    """Whether the user takes part in any review step, as opposed to only reading along."""
    return user.is_superuser or ReviewTask.objects.filter(groups__in=user.groups.all()).exists()


def may_decide(user: User, record: Submission) -> bool:
    """Whether the user may approve or return the record at its current step.

    In the step's group, and by four eyes (``Submission.barred``). Only at a step of our own kind: staff may put any of
    Wagtail's into the workflow, which know nothing of either.
    """
    task = record.current_workflow_task
    return isinstance(task, ReviewTask) and bool(task.get_actions(record, user))
