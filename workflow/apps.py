import datetime
from numbers import Number
from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FORMULA_BEGINS = frozenset("=+-@\t\r\n＝＋－＠")


class WorkflowConfig(AppConfig):
    """Must stand after ``wagtail.admin`` in INSTALLED_APPS: ``ready`` undoes what it connects."""

    name = "workflow"
    verbose_name = _("审核")

    def ready(self) -> None:
        from accounts.two_factor import two_factor_reset
        from workflow.audit import record_two_factor_reset
        from workflow.setup import ensure_review_setup

        two_factor_reset.connect(record_two_factor_reset, dispatch_uid="workflow.two_factor_reset")
        _disconnect_wagtail_mailers()
        _mend_exports()
        # The permissions of every app exist once the last app with models has been migrated.
        last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
        post_migrate.connect(ensure_review_setup, sender=last, dispatch_uid="workflow.ensure_review_setup")


def _mend_exports() -> None:
    """In every export of the admin, text that a spreadsheet would run as a formula stays text, and moments are local.

    Names come from outside, also as the text of a record that a column refers to. Wagtail sees to formulas in xlsx only,
    and writes UTC.
    """
    from wagtail.admin.views.mixins import SpreadsheetExportMixin, list_to_str

    csv, xlsx = SpreadsheetExportMixin.FORMAT_CSV, SpreadsheetExportMixin.FORMAT_XLSX
    # The first kind that fits a value counts: these two are there already and stay first, the last is for all else.
    SpreadsheetExportMixin.custom_value_preprocess.update(
        {
            datetime.datetime: {csv: local_moment, xlsx: local_moment},
            list: {csv: lambda values: harmless_cell(list_to_str(values)), xlsx: list_to_str},
            object: {csv: harmless_value},
        }
    )


def local_moment(moment: datetime.datetime) -> datetime.datetime:
    """As the platform's clock shows it, without a zone (a cell of xlsx takes none)."""
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def harmless_value(value: Any) -> Any:
    """What can be no formula, as it is; the text of anything else, harmless."""
    if value is None or isinstance(value, Number | datetime.date | datetime.time):
        return value
    return harmless_cell(str(value))


def harmless_cell(text: str) -> str:
    """The text with an apostrophe before what begins like a formula (OWASP, CSV injection)."""
    return f"'{text}" if text[:1] in FORMULA_BEGINS and len(text) > 1 else text


def _disconnect_wagtail_mailers() -> None:
    """Wagtail mails every moderator inside the request at each step (53 queries measured on 8.0.1).

    Our services put one message in the owner's inbox and queue one mail instead.
    """
    from wagtail import signals
    from wagtail.models import TaskState, WorkflowState

    for signal, sender, uid in (
        (signals.task_submitted, TaskState, "group_approval_task_submitted_email_notification"),
        (signals.workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification"),
        (signals.workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification"),
        (signals.workflow_approved, WorkflowState, "workflow_state_approved_email_notification"),
    ):
        if not signal.disconnect(sender=sender, dispatch_uid=uid):
            raise RuntimeError(f"Wagtail no longer connects {uid}: see whether it mails some other way.")
