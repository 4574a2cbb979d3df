"""What happens when the last step of a workflow is approved (WAGTAIL_FINISH_WORKFLOW_ACTION)."""

from typing import Any


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """Publish what was approved, at once or at its time.

    The approval is the permission: Wagtail's own action asks for the publish permission as well, without which
    everything rolls back, and with which an approver publishes past the workflow. And it takes the latest revision,
    where this takes the one that was decided on.
    """
    workflow_state.current_task_state.revision.publish(user=user, skip_permission_checks=True)
