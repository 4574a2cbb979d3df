"""Who may supervise what. Predicates only; the services raise the sentences."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from supervision.models import Alert

Anybody = User | AnonymousUser


def may_search_audit(user: Anybody) -> bool:
    """Auditors and managers to begin with. Reviewers see the trail of what they review on its own page."""
    return user.has_perm("supervision.view_audittrail")


def may_view_file_access(user: Anybody) -> bool:
    return user.has_perm("supervision.view_fileaccess")


def may_view_alerts(user: Anybody) -> bool:
    return user.has_perm("supervision.view_alert")


def is_about(alert: Alert, user: Anybody) -> bool:
    """Nobody follows up a warning about themselves."""
    return alert.record_type.model_class() is User and alert.record_id == user.pk


def may_follow_up(user: Anybody) -> bool:
    """Reviewers and managers; whoever only reads along may not."""
    return user.has_perm("supervision.change_alert")
