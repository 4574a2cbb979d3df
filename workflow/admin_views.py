"""The review queue, the record under review, and decisions, in the Wagtail admin."""

import re
from typing import Any, cast

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView, WagtailAdminTemplateMixin

from accounts.exceptions import DomainError
from accounts.models import User
from workflow import permissions, services
from workflow.admin_exports import StreamedExportMixin
from workflow.differences import review_rows
from workflow.filters import ReviewQueueFilterSet
from workflow.forms_admin import BulkDecisionForm, DecisionForm
from workflow.models import AuditEntry, ReviewTaskState, Submission
from workflow.querysets import ReviewTaskStateQuerySet
from workflow.working_days import working_days_between

BULK_LIMIT = 200
NOTE_LENGTH = 200


class ReviewerRequiredMixin(View):
    """Reviewers, and auditors who only read. Wagtail turns the refusal into its own message."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not permissions.may_review(request.user):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    @property
    def actor(self) -> User:
        return cast(User, self.request.user)


class SelectColumn(BaseColumn):
    """A checkbox for bulk decisions, labelled with the record's name for screen readers."""

    header_template_name = "workflow/admin/select_header.html"
    cell_template_name = "workflow/admin/select_cell.html"


class DueColumn(Column):
    """The date a decision is due, red once it has passed."""

    cell_template_name = "workflow/admin/due_cell.html"


def queue_columns(*, selectable: bool) -> list[BaseColumn]:
    columns: list[BaseColumn] = [SelectColumn("pk", label="")] if selectable else []
    return [
        *columns,
        TitleColumn(
            "record_title",
            label=gettext_lazy("名称"),
            get_url=lambda state: state.get_review_url(),
            width="28%",
        ),
        Column("record_type_name", label=gettext_lazy("类型"), classname="review-nowrap"),
        Column("institution_name", label=gettext_lazy("机构")),
        Column("city_name", label=gettext_lazy("城市"), classname="review-nowrap"),
        DateColumn("started_at", label=gettext_lazy("提交时间"), sort_key="started_at"),
        Column("waited", label=gettext_lazy("已等待"), classname="review-nowrap"),
        DueColumn(
            "due_display", label=gettext_lazy("审核期限"), sort_key="due_on", classname="review-nowrap"
        ),
        Column("outcome", label=gettext_lazy("状态"), classname="review-nowrap"),
    ]


class ReviewQueueView(ReviewerRequiredMixin, StreamedExportMixin, BaseListingView):
    """Everything that waits for the reviewer, most urgent first."""

    model = ReviewTaskState
    page_title = gettext_lazy("审核队列")
    header_icon = "clipboard-list"
    index_url_name = "review_queue"
    index_results_url_name = "review_queue_results"
    template_name = "workflow/admin/queue.html"
    results_template_name = "workflow/admin/queue_results.html"
    table_classname = "listing review-queue"
    filterset_class = ReviewQueueFilterSet
    default_ordering = ("due_on", "pk")
    paginate_by = 50
    is_searchable = True
    search_backend_name = None
    search_fields = ["record_title", "institution_name"]
    verbose_name_plural = gettext_lazy("待审核记录")
    export_headings = {
        "record_title": gettext_lazy("名称"),
        "record_type_name": gettext_lazy("类型"),
        "institution_name": gettext_lazy("机构"),
        "city_name": gettext_lazy("城市"),
        "started_at": gettext_lazy("提交时间"),
        "waited": gettext_lazy("已等待"),
        "due_on": gettext_lazy("审核期限"),
        "outcome": gettext_lazy("状态"),
        "finished_at": gettext_lazy("办理时间"),
        "finished_by": gettext_lazy("办理人"),
    }
    list_export = list(export_headings)

    def get_base_queryset(self) -> ReviewTaskStateQuerySet:
        queryset = ReviewTaskState.objects.select_related("record_type", "finished_by")
        if not self.showing_decided:
            queryset = queryset.waiting()
        if permissions.is_reviewer(self.actor):
            queryset = queryset.for_reviewer(self.actor)
        return queryset

    @cached_property
    def showing_decided(self) -> bool:
        return self.request.GET.get("state") == "decided"

    @cached_property
    def selectable(self) -> bool:
        return not self.showing_decided and permissions.is_reviewer(self.actor)

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return queue_columns(selectable=self.selectable)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(*args, selectable=self.selectable, **kwargs)


class BulkDecideView(ReviewerRequiredMixin, WagtailAdminTemplateMixin, View):
    """Two steps: the chosen records with the decision to confirm, then the decision itself."""

    template_name = "workflow/admin/bulk.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        states = self.chosen_states()
        if not states:
            messages.error(request, _("请先勾选要处理的记录；它们也可能刚被其他人处理。"))
            return redirect("review_queue")
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
        return redirect("review_queue")

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
        context = {
            "form": form,
            "states": states,
            "decision": decision,
            "effects": {
                state.record_type_name: state.record_type.model_class().approval_effect for state in states
            },
            "header_title": title,
            "breadcrumbs_items": [
                *self.breadcrumbs_items,
                {"url": reverse("review_queue"), "label": _("审核队列")},
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
        return get_object_or_404(model._default_manager, pk=self.kwargs["pk"])


class ReviewRecordView(RecordMixin, WagtailAdminTemplateMixin, TemplateView):
    """One record: its content beside the last approved version, evidence, history, and the decision."""

    template_name = "workflow/admin/record.html"
    header_icon = "clipboard-list"

    def get_page_title(self) -> str:
        return str(self.record)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("review_queue"), "label": _("审核队列")},
            {"url": "", "label": str(self.record)},
        ]

    @property
    def form_class(self) -> type[DecisionForm]:
        return self.record.last_step_form if self.record.is_at_last_step else DecisionForm

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
            decide_url=reverse("review_decide", args=[self.kwargs["content_type_id"], record.pk]),
            **kwargs,
        )


class ReviewDecideView(ReviewRecordView):
    """Carries out the decision, then shows the next record that waits."""

    http_method_names = ["post"]

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
                self.decide(form, notes)
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                return redirect(self.next_url())
        return self.render_to_response(self.get_context_data(form=form, notes=notes), status=422)

    def posted_notes(self) -> dict[str, str]:
        """What was written beside the fields. The owner's pages look each up, so none may name anything else."""
        names = [row.name for section in review_rows(self.record, None) for row in section.rows]
        posted = {name: self.request.POST.get(f"note-{name}", "") for name in names}
        return {name: text.replace("\0", "")[:NOTE_LENGTH] for name, text in posted.items() if text}

    def decide(self, form: DecisionForm, notes: dict[str, str]) -> None:
        reason = form.cleaned_data["reason"]
        seen = {
            "revision_id": form.cleaned_data["revision"],
            "task_state_id": form.cleaned_data["task_state"],
        }
        if form.cleaned_data["decision"] == "approve":
            record = services.approve(
                record=self.record,
                actor=self.actor,
                comment=reason,
                details=form.details,
                **seen,
            )
            done = record.current_workflow_state is None
            messages.success(
                self.request, (_("已通过：%s") if done else _("已通过本步，转入下一步：%s")) % record
            )
        else:
            services.return_for_changes(
                record=self.record, actor=self.actor, reason=reason, notes=notes, **seen
            )
            messages.success(self.request, _("已退回：%s") % self.record)

    def next_url(self) -> str:
        waiting = (
            ReviewTaskState.objects.waiting()
            .for_reviewer(self.actor)
            .exclude(workflow_state__requested_by=self.actor)
            .select_related("record_type")
            .order_by("due_on", "pk")
            .first()
        )
        return waiting.get_review_url() if waiting else reverse("review_queue")
