"""Supervision 监督: warnings 预警 and their follow-up, looks at private files, and the right to search the audit trail."""

from supervision.models.access import FileAccess
from supervision.models.alerts import Alert, AlertNote
from supervision.models.trail import AuditTrail

__all__ = ["Alert", "AlertNote", "AuditTrail", "FileAccess"]
