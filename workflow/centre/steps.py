"""Filling in a submission, step by step."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from accounts.exceptions import DomainError
from workflow.centre.flow import Step, SubmissionFlow
from workflow.differences import changed_values, plain_values
from workflow.exceptions import StaleFormError
from workflow.forms import StepForm
from workflow.statuses import SubmissionStatus


@dataclass(frozen=True)
class StepLink:
    """A step as the stepper shows it. ``url`` is empty while the record is not stored yet."""

    label: str | Promise
    url: str
    is_current: bool
    is_done: bool
    has_problems: bool


class StepView(SubmissionFlow, TemplateView):
    """Fill in one step: 保存 stays, 下一步 goes on, 完成 checks everything and asks."""

    # children the record must have, which required_to_submit (fields of the row) cannot name
    extra_required: ClassVar[Sequence[str]] = ()

    @cached_property
    def step(self) -> Step:
        for step in self.steps:
            if step.slug == self.kwargs["step"]:
                return step
        raise Http404

    @property
    def position(self) -> int:
        """Which of the steps this is, counted from 0; the first, where it is none of them any more."""
        return next((n for n, step in enumerate(self.steps) if step.slug == self.step.slug), 0)

    def store(self, record: Any, version: int) -> None:
        """Save the draft through the app's own service."""
        raise NotImplementedError

    def get_template_names(self) -> list[str]:
        return [self.step.template]

    def build_form(self, *data: Any) -> StepForm:
        return self.step.form(*data, instance=self.record, owner=self.actor)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.record.is_editable:
            return redirect(self.record.get_centre_url())
        return self.show(self.build_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.build_form(request.POST, request.FILES)
        if not form.is_valid() or not self.save(form):
            return self.show(form)
        # what was saved may have changed which steps there are
        self.__dict__.pop("steps", None)
        position = self.position
        match request.POST.get("action"):
            # 完成 is offered on the last step: what follows it has only just become part of the way
            case "next" | "finish" if position + 1 < len(self.steps):
                return redirect(self.address("step", step=self.steps[position + 1].slug))
            case "finish" if self.record.submission_problems():
                return redirect(self.last_step_checked)
            case "finish":
                return redirect(self.address("submit"))
        messages.success(request, _("已保存，尚未提交审核。全部填好后请点击“完成”提交。"))
        return redirect(self.address("step", step=self.step.slug))

    def save(self, form: StepForm) -> bool:
        """Store what was typed; False, with the reason in the form, where that was refused."""
        record = form.instance
        try:
            self.store(record, form.cleaned_data["version"] or 0)
        except StaleFormError as error:
            stored = self.get_record()
            if stored.is_editable and not changed_values(plain_values(stored), plain_values(record)):
                return True  # a second click: what it would save is saved
            form.add_error(None, str(error))
            form.renew(stored.version)
        except DomainError as error:
            form.add_error(None, str(error))
        return not form.errors

    def show(self, form: StepForm) -> HttpResponse:
        problems = self.record.submission_problems()
        checked = "check" in self.request.GET and not form.is_bound
        notes = self.record.return_notes if self.record.status == SubmissionStatus.RETURNED else {}
        if checked:
            form.show_problems(problems)
        position = self.position
        return self.render_to_response(
            self.get_context_data(
                form=form,
                step=self.step,
                step_links=list(self.step_links(problems, notes, checked)),
                problems=self.problems() if checked else [],
                notes=notes,
                action_url=self.step_address(self.step),
                previous_url=self.step_address(self.steps[position - 1]) if position else "",
                is_last=position == len(self.steps) - 1,
                required=dict.fromkeys(
                    [*self.record.required_to_submit, *self.extra_required, *form.required_to_submit], True
                ),
                warnings=form.warnings(),
                position=position + 1,
                step_count=len(self.steps),
            )
        )

    def step_links(
        self, problems: Mapping[str, Any], notes: Mapping[str, Any], checked: bool
    ) -> Iterable[StepLink]:
        stored = self.record.pk is not None
        for step in self.steps:
            wrong = bool(step.field_names & problems.keys())
            yield StepLink(
                label=step.label,
                url=self.step_address(step) if stored else "",
                is_current=step.slug == self.step.slug,
                is_done=stored and not wrong,
                has_problems=(checked and wrong) or bool(step.field_names & notes.keys()),
            )
