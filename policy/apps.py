from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    name = "policy"
    verbose_name = _("政策栏目")

    def ready(self) -> None:
        from wagtail.models import TaskState
        from wagtail.signals import task_approved, task_rejected, task_submitted

        from policy import moderation
        from policy.wagtail_labels import label_fields
        from workflow.signals import staff_groups_ready

        staff_groups_ready.connect(moderation.ensure_editorial_setup, dispatch_uid="policy.editorial_setup")
        task_submitted.connect(moderation.tell_editors, sender=TaskState, dispatch_uid="policy.tell_editors")
        for signal in (task_approved, task_rejected):
            signal.connect(moderation.tell_submitter, sender=TaskState, dispatch_uid="policy.tell_submitter")
        label_fields()
