"""The record under review, and decisions, on one or on many, in the Wagtail admin."""

import re
from typing import Any, cast

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View
from wagtail.admin import messages as admin_messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.exceptions import DomainError
from workflow import permissions, services
from workflow.admin_queue import ReviewerRequiredMixin, came_from, review_url
from workflow.differences import review_rows
from workflow.filters import ReviewQueueFilterSet
from workflow.forms_admin import BulkDecisionForm, DecisionForm
from workflow.models import AuditEntry, ReviewTaskState, StepAtHand, Submission
from workflow.working_days import working_days_between

BULK_LIMIT = 200
NOTE_LENGTH = 200
ONLY_READS = gettext_lazy("您只有查看权限，不能作审核决定：只有审核步骤所属用户组的成员可以通过或退回。")


class BulkDecideView(ReviewerRequiredMixin, WagtailAdminTemplateMixin, View):
    """Two steps: the chosen records with the decision to confirm, then the decision itself."""

    template_name = "workflow/admin/bulk.html"

    @property
    def queue(self) -> str:
        return came_from(self.request) or reverse("review_queue")

    def get(self, request: HttpRequest) -> HttpResponse:
        """A bare address, by hand or after signing in anew."""
        may_choose = permissions.is_reviewer(self.actor)
        messages.info(request, _("请在审核队列中勾选要处理的记录。") if may_choose else ONLY_READS)
        return redirect("review_queue")

    def post(self, request: HttpRequest) -> HttpResponse:
        if not permissions.is_reviewer(self.actor):
            messages.error(request, ONLY_READS)
            return redirect(self.queue)
        states = self.chosen_states()
        if not states:
            messages.error(request, _("请先勾选要处理的记录；它们也可能刚被其他人处理。"))
            return redirect(self.queue)
        form = BulkDecisionForm(request.POST)
        if "confirmed" not in request.POST:
            form = BulkDecisionForm(initial={"decision": request.POST.get("decision")})
            return self.confirm(form, states)
        if not form.is_valid():
            return self.confirm(form, states)
        result = services.decide_many(
            task_states=states,
            actor=self.actor,
            approving=form.cleaned_data["decision"] == "approve",
            reason=form.cleaned_data["reason"],
        )
        if result.done:
            messages.success(
                request, ngettext("已处理 %d 条记录。", "已处理 %d 条记录。", result.done) % result.done
            )
        for sentence in result.refused:
            messages.error(request, sentence)
        return redirect(self.queue)

    def chosen_states(self) -> list[ReviewTaskState]:
        chosen = [pk for pk in self.request.POST.getlist("chosen") if re.fullmatch(r"\d{1,18}", pk)][
            :BULK_LIMIT
        ]
        return list(
            ReviewTaskState.objects.waiting()
            .for_reviewer(self.actor)
            .filter(pk__in=chosen)
            .select_related("record_type")
            .order_by("due_on", "pk")
        )

    def confirm(self, form: BulkDecisionForm, states: list[ReviewTaskState]) -> HttpResponse:
        decision = form["decision"].value()
        title = _("批量退回") if decision == "return" else _("批量通过")
        kinds = {state.record_type: state.record_type.model_class() for state in states}
        context = {
            "form": form,
            "states": states,
            "decision": decision,
            "effects": {kind.name: model.approval_effect for kind, model in kinds.items()},
            "facts": [
                sentence
                for kind, model in kinds.items()
                for sentence in model.bulk_facts(
                    [state for state in states if state.record_type == kind], approving=decision != "return"
                )
            ],
            "queue": self.queue,
            "header_title": title,
            "breadcrumbs_items": [
                *self.breadcrumbs_items,
                {"url": self.queue, "label": _("审核队列")},
                {"url": "", "label": title},
            ],
        }
        return TemplateResponse(self.request, self.template_name, context)


class RecordMixin(ReviewerRequiredMixin):
    """Finds the moderated record an address names; anything else is a 404."""

    @cached_property
    def record(self) -> Submission:
        content_type = get_object_or_404(ContentType, pk=self.kwargs["content_type_id"])
        model = content_type.model_class()
        if model is None or not issubclass(model, Submission):
            raise Http404
        if not self.actor.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"):
            raise PermissionDenied
        record: Submission = get_object_or_404(model._default_manager, pk=self.kwargs["pk"])
        # kept as Wagtail's own lists keep it: it would be asked for again at each look at the step
        states = record.workflow_states.active().select_related("current_task_state__task")
        record._current_workflow_states = list(states[:1])
        return record


class ReviewRecordView(RecordMixin, WagtailAdminTemplateMixin, TemplateView):
    """One record: its content beside the last approved version, evidence, history, and the decision."""

    template_name = "workflow/admin/record.html"
    header_icon = "clipboard-list"

    def get_page_title(self) -> str:
        return str(self.record)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": came_from(self.request) or reverse("review_queue"), "label": _("审核队列")},
            {"url": "", "label": str(self.record)},
        ]

    @cached_property
    def step(self) -> StepAtHand | None:
        return self.record.step_at_hand

    @property
    def form_class(self) -> type[DecisionForm]:
        return self.record.last_step_form if self.step and self.step.is_last else DecisionForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.record
        previous = record.approved_revision.as_object() if record.approved_revision else None
        if previous is not None and record.approved_revision_id == record.live_revision_id:
            previous = None  # what is shown is the approved version itself
        form = kwargs.pop("form", None) or self.form_class(record=record)
        today = timezone.localdate()
        may_decide = permissions.may_decide(self.actor, record)
        return super().get_context_data(
            record=record,
            sections=review_rows(record, previous),
            compared=previous is not None,
            evidence=record.review_evidence(),
            history=AuditEntry.objects.of(record).exclude(action="save")[:30],
            may_decide=may_decide,
            step_problem="" if may_decide else services.step_problem(record),
            form=form,
            notes=kwargs.pop("notes", {}),
            waited=working_days_between(timezone.localdate(record.submitted_at), today)
            if record.submitted_at
            else None,
            overdue=record.due_on is not None and record.due_on < today,
            step=self.step,
            next=came_from(self.request),
            decide_url=reverse("review_decide", args=[self.kwargs["content_type_id"], record.pk]),
            **kwargs,
        )


class ReviewDecideView(ReviewRecordView):
    """Carries out the decision; then leads back to where in the queue it came from, else to the next that waits."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A bare address, by hand or after signing in anew: nothing is decided, and the page says why."""
        may_decide = permissions.may_decide(self.actor, self.record)
        messages.info(request, _("还没有作出决定，请在本页填写。") if may_decide else self.why_not())
        return redirect(self.record.get_review_url())

    def why_not(self) -> str:
        if not permissions.is_reviewer(self.actor):
            return str(ONLY_READS)
        return _("您现在不能审核这条记录，原因见“审核决定”一栏。")

    @property
    def form_class(self) -> type[DecisionForm]:
        """The last step's for a decision on the last step only: one on a step before it is refused by the service."""
        state = self.record.current_workflow_state
        current = "" if state is None else str(state.current_task_state_id)
        return super().form_class if self.request.POST.get("task_state") == current else DecisionForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST, record=self.record)
        notes = self.posted_notes()
        if form.is_valid():
            try:
                said = self.decide(form, notes)
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                return self.lead_on(said)
        return self.render_to_response(self.get_context_data(form=form, notes=notes), status=422)

    def posted_notes(self) -> dict[str, str]:
        """What was written beside the fields. The owner's pages look each up, so none may name anything else."""
        names = [row.name for section in review_rows(self.record, None) for row in section.rows]
        posted = {name: self.request.POST.get(f"note-{name}", "") for name in names}
        return {name: text.replace("\0", "")[:NOTE_LENGTH] for name, text in posted.items() if text}

    def decide(self, form: DecisionForm, notes: dict[str, str]) -> str:
        """Make the decision; the sentence that says what was decided, on what."""
        reason = form.cleaned_data["reason"]
        seen = {
            "revision_id": form.cleaned_data["revision"],
            "task_state_id": form.cleaned_data["task_state"],
        }
        if form.cleaned_data["decision"] != "approve":
            record = services.return_for_changes(
                record=self.record, actor=self.actor, reason=reason, notes=notes, **seen
            )
            return _("已退回：%s。") % record.staff_title
        record = services.approve(
            record=self.record, actor=self.actor, comment=reason, details=form.details, **seen
        )
        if record.current_workflow_state is not None:
            return _("已通过本步，转入下一步：%s。") % record.staff_title
        return _("已通过：%s。") % "，".join(filter(None, [record.staff_title, record.approval_outcome]))

    def lead_on(self, said: str) -> HttpResponse:
        back = came_from(self.request)
        following = self.following(back)
        next_url = review_url(following, back) if following else reverse("review_queue")
        if not back:
            messages.success(self.request, said)
            return redirect(next_url)
        buttons = [admin_messages.button(next_url, _("审核下一条"))] if following else None
        admin_messages.success(self.request, said, buttons=buttons)
        return redirect(back)

    def following(self, back: str) -> ReviewTaskState | None:
        """The most urgent that waits, of those that the queue showed."""
        waiting = (
            ReviewTaskState.objects.waiting()
            .for_reviewer(self.actor)
            .exclude(workflow_state__requested_by=self.actor)
            .select_related("record_type")
            .order_by("due_on", "pk")
        )
        asked = QueryDict(back.partition("?")[2])
        shown = ReviewQueueFilterSet(asked, queryset=waiting, request=self.request).qs
        return cast(ReviewTaskState | None, shown.first())
