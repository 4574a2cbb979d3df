"""Moderated records, their review and the audit trail."""

from workflow.models.audit import AuditEntry
from workflow.models.submissions import (
    Evidence,
    ReviewPlan,
    ReviewSection,
    ReviewStep,
    StepAtHand,
    Submission,
)
from workflow.models.tasks import FourEyesTask, ReviewTask, ReviewTaskState

__all__ = [
    "AuditEntry",
    "Evidence",
    "FourEyesTask",
    "ReviewPlan",
    "ReviewSection",
    "ReviewStep",
    "ReviewTask",
    "ReviewTaskState",
    "StepAtHand",
    "Submission",
]
