"""The audit trail as a whole."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from workflow.models import AuditEntry
from workflow.setup import AUDITORS, MANAGERS


class AuditTrail(AuditEntry):
    """The trail of everybody and everything. Its own permission: reviewers read the trail of what they review, no more."""

    staff_permissions: ClassVar[dict[str, tuple[str, ...]]] = {AUDITORS: ("view",), MANAGERS: ("view",)}
    wagtail_reference_index_ignore = True

    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = _("全部审计记录")
        verbose_name_plural = _("全部审计记录")
