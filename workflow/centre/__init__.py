"""The application centre's way through a submission: steps, 完成, 撤回并修改信息, and the page of the record.

An app gives its model a flow, and mixes it into the four views::

    class ProviderFlow(ProviderRequiredMixin, SubmissionFlow):
        namespace = "institutions"
        base_steps = (Step("host", _("依托单位信息"), HostForm, "institutions/step_host.html"), …)

        def get_record(self): …

    class ProviderStepView(ProviderFlow, StepView): …

The namespace has the addresses ``step`` (with ``step``), ``submit`` and ``withdraw``; the record's own page
is ``record.get_centre_url()``.
"""

from workflow.centre.flow import Step, SubmissionFlow
from workflow.centre.moves import ConfirmedView, SubmitView, WithdrawView
from workflow.centre.record import RecordView
from workflow.centre.steps import StepView

__all__ = [
    "ConfirmedView",
    "RecordView",
    "Step",
    "StepView",
    "SubmissionFlow",
    "SubmitView",
    "WithdrawView",
]
