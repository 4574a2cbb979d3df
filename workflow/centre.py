"""The application centre's way through a submission: steps, 完成, 撤回并修改信息, and the page of the record.

An app gives its model a flow, and mixes it into the four views::

    class ProviderFlow(ProviderRequiredMixin, SubmissionFlow):
        namespace = "institutions"
        steps = (Step("host", _("依托单位信息"), HostForm, "institutions/step_host.html"), …)

        def get_record(self): …

    class ProviderStepView(ProviderFlow, StepView): …

The namespace has the addresses ``step`` (with ``step``), ``submit`` and ``withdraw``; the record's own page
is ``record.get_centre_url()``.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.generic import TemplateView

from accounts.centre import CentreMixin
from accounts.exceptions import DomainError
from workflow import services
from workflow.differences import changed_values, field_label, plain_values, review_rows
from workflow.exceptions import IncompleteError, StaleFormError
from workflow.forms import StepForm
from workflow.history import history
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
class StepLink:
    """A step as the stepper shows it. ``url`` is empty while the record is not stored yet."""

    label: str | Promise
    url: str
    is_current: bool
    is_done: bool
    has_problems: bool


@dataclass(frozen=True)
class Problem:
    """Why a record cannot be submitted yet, and where to put it right."""

    label: str
    sentence: str
    url: str


class SubmissionFlow(CentreMixin):
    """What the views of one moderated model share."""

    namespace: ClassVar[str]
    steps: ClassVar[Sequence[Step]]
    approved_label: ClassVar[str | Promise] = ""

    kwargs: dict[str, Any]  # from the view

    def get_record(self) -> Submission:
        """The record this address is about, which is the user's own, or 404."""
        raise NotImplementedError

    def record_kwargs(self, record: Submission) -> dict[str, Any]:
        return {"pk": record.pk}

    @cached_property
    def record(self) -> Submission:
        return self.get_record()

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

    def problems(self) -> list[Problem]:
        """Everything that keeps the record from being submitted, in the order of the steps."""
        found = self.record.submission_problems()
        order = [name for step in self.steps for name in step.form.base_fields]
        return [
            Problem(field_label(type(self.record), name), sentence, self.problem_address(name))
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

    @property
    def status_label(self) -> str:
        if self.record.status == SubmissionStatus.APPROVED and self.approved_label:
            return str(self.approved_label)
        return str(SubmissionStatus(self.record.status).label)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(record=self.record, status_label=self.status_label, **kwargs)


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
        position = self.steps.index(self.step)
        match request.POST.get("action"):
            case "finish" if self.record.submission_problems():
                return redirect(self.last_step_checked)
            case "finish":
                return redirect(self.address("submit"))
            case "next" if position + 1 < len(self.steps):
                return redirect(self.address("step", step=self.steps[position + 1].slug))
        messages.success(request, _("已保存，尚未提交审核。全部填好后请点击“完成”提交。"))
        return redirect(self.address("step", step=self.step.slug))

    def save(self, form: StepForm) -> bool:
        """Store what was typed; False, with the reason in the form, where that was refused."""
        record = form.instance
        try:
            self.store(record, form.cleaned_data["version"] or 0)
        except StaleFormError as error:
            stored = self.get_record()
            same = not changed_values(plain_values(stored), plain_values(record))
            if same and stored.is_editable and not form.has_new_children():
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
        position = self.steps.index(self.step)
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
                required=dict.fromkeys([*self.record.required_to_submit, *self.extra_required], True),
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
                is_current=step == self.step,
                is_done=stored and not wrong,
                has_problems=(checked and wrong) or bool(step.field_names & notes.keys()),
            )


class RecordView(SubmissionFlow, TemplateView):
    """The record to read: its state, what a reviewer said, all its fields, its history."""

    template_name = "workflow/centre/record.html"

    def return_notes(self) -> list[tuple[str, str]]:
        """What the reviewer said of single fields, by the field's name."""
        if self.record.status != SubmissionStatus.RETURNED:
            return []
        model = type(self.record)
        return [(field_label(model, name), note) for name, note in self.record.return_notes.items()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.record
        first = self.steps[0]
        return super().get_context_data(
            sections=review_rows(record, None),
            problems=self.problems() if record.is_editable else [],
            note_list=self.return_notes(),
            edit_url=self.address("step", step=first.slug) if record.is_editable else "",
            withdraw_url=self.address("withdraw") if record.is_withdrawable else "",
            withdraw_text=self.withdraw_text() if record.is_withdrawable else "",
            events=history(record, self.actor),
            **kwargs,
        )


class ConfirmedView(SubmissionFlow, TemplateView):
    """Something that is asked before it is done: 确定 posts with ``confirmed``, 取消 leads back.

    The dialog on the page that led here asks already where there is JavaScript.
    """

    template_name = "workflow/centre/confirm.html"
    http_method_names = ["post", "options"]
    title: ClassVar[str | Promise]
    is_danger: ClassVar[bool] = False

    def get_text(self) -> str:
        raise NotImplementedError

    def get_cancel_url(self) -> str:
        return self.record.get_centre_url()

    def perform(self) -> HttpResponse:
        """Do it. A DomainError becomes a message on the record's page."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.record.pk is None:
            raise Http404
        if "confirmed" not in request.POST:
            return self.render_to_response(self.get_context_data())
        try:
            return self.perform()
        except DomainError as error:
            messages.error(request, str(error))
            return redirect(self.record.get_centre_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=self.title,
            text=self.get_text(),
            is_danger=self.is_danger,
            cancel_url=self.get_cancel_url(),
            **kwargs,
        )


class SubmitView(ConfirmedView):
    """完成, once everything is there: show the record, ask, hand it in."""

    http_method_names = ["get", "head", "post", "options"]
    title = _lazy("提交审核")

    def get_text(self) -> str:
        return _(
            "确定把“%(title)s”提交审核吗？提交后请等待运营部门在线审核，一般 %(days)d 个工作日内完成。"
            "审核期间如需修改，可以撤回。"
        ) % {"title": self.record, "days": self.record.review_target_days}

    def get_cancel_url(self) -> str:
        return self.address("step", step=self.steps[-1].slug)

    def get_success_url(self) -> str:
        return self.record.get_centre_url()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.record.is_editable:
            return redirect(self.record.get_centre_url())
        if self.record.submission_problems():
            return redirect(self.last_step_checked)
        return self.render_to_response(self.get_context_data(sections=review_rows(self.record, None)))

    def perform(self) -> HttpResponse:
        record = self.record
        if record.is_editable and self.request.POST.get("version") != str(record.version):
            messages.warning(self.request, _("内容在您确认之前又有修改，请核对后再点击“确定”。"))
            return redirect(self.address("submit"))
        try:
            record = services.submit(record=record, actor=self.actor)
        except IncompleteError:
            return redirect(self.last_step_checked)
        messages.success(
            self.request,
            _("“%(title)s”已提交，请等待审核，预计 %(day)s前完成。结果会通过站内信和邮件告诉您。")
            % {"title": record, "day": date_format(cast(datetime.date, record.due_on), "n月j日")},
        )
        return redirect(self.get_success_url())


class WithdrawView(ConfirmedView):
    """撤回并修改信息: back to draft after a warning, and on to the first step."""

    title = _lazy("撤回并修改信息")
    is_danger = True

    def get_text(self) -> str:
        return self.withdraw_text()

    def perform(self) -> HttpResponse:
        services.withdraw(record=self.record, actor=self.actor)
        messages.success(
            self.request, _("已撤回，现在可以修改。改好后请在最后一步点击“完成”，重新提交审核。")
        )
        return redirect(self.address("step", step=self.steps[0].slug))
