"""What the views of one moderated model share: its record, its steps, what is still missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.centre import CentreMixin
from workflow.differences import field_label
from workflow.forms import StepForm
from workflow.models import Submission
from workflow.statuses import SubmissionStatus


@dataclass(frozen=True)
class Step:
    """One page of the way: its part of the address, its name, its form and its template."""

    slug: str
    label: str | Promise
    form: type[StepForm]
    template: str

    @property
    def field_names(self) -> frozenset[str]:
        return frozenset(self.form.base_fields)


@dataclass(frozen=True)
class Problem:
    """Why a record cannot be submitted yet, and where to put it right."""

    label: str
    sentence: str
    url: str


class SubmissionFlow(CentreMixin):
    """What the views of one moderated model share."""

    namespace: str
    base_steps: Sequence[Step]

    kwargs: dict[str, Any]  # from the view

    def get_record(self) -> Submission:
        """The record this address is about, which is the user's own, or 404."""
        raise NotImplementedError

    def record_kwargs(self, record: Submission) -> dict[str, Any]:
        return {"pk": record.pk}

    @cached_property
    def record(self) -> Submission:
        return self.get_record()

    @cached_property
    def steps(self) -> Sequence[Step]:
        """The steps of this record; which there are may depend on what it holds."""
        return self.base_steps

    def address(self, name: str, **kwargs: Any) -> str:
        return reverse(f"{self.namespace}:{name}", kwargs={**self.record_kwargs(self.record), **kwargs})

    def step_address(self, step: Step) -> str:
        """Where the step is filled in; a record that is not stored yet has its first step only."""
        return self.address("step", step=step.slug)

    @property
    def last_step_checked(self) -> str:
        """The last step with everything that is still missing listed on it."""
        return f"{self.address('step', step=self.steps[-1].slug)}?check=1"

    def problem_address(self, name: str) -> str:
        """Where to put a problem right: the field in its step."""
        for step in self.steps:
            if name in step.field_names:
                return f"{self.address('step', step=step.slug)}?check=1#id_{name}"
        return self.record.get_centre_url()

    def label_of(self, name: str) -> str:
        """What the pages call it: a field of the record, or of one of its steps only."""
        for step in self.steps:
            if name in step.form.required_to_submit:
                return str(step.form.base_fields[name].label)
        return field_label(type(self.record), name)

    def problems(self) -> list[Problem]:
        """Everything that keeps the record from being submitted, in the order of the steps."""
        found = self.record.submission_problems()
        order = [name for step in self.steps for name in step.form.base_fields]
        return [
            Problem(self.label_of(name), sentence, self.problem_address(name))
            for name in sorted(found, key=lambda name: order.index(name) if name in order else -1)
            for sentence in found[name]
        ]

    def withdraw_text(self) -> str:
        """The warning before 撤回并修改信息 (manual, section 四 and 五)."""
        if self.record.status == SubmissionStatus.APPROVED:
            return (
                _(
                    "撤回后，“%s”会立即从前台撤下，状态变为“未提交”。修改完成后必须重新提交，审核通过后才能再次公开。"
                )
                % self.record
            )
        return (
            _("撤回后，“%s”会退出审核，状态变为“未提交”。修改完成后必须重新提交，重新等待审核。")
            % self.record
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(record=self.record, **kwargs)
