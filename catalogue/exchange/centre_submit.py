"""完整性检查 and 批量提交 in the application centre."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from accounts.paging import clamped_page
from catalogue.centre.kinds import RecordKind
from catalogue.centre.records import RecordFlow
from catalogue.completeness import complete_ids, prepare_for_check, unsubmitted
from catalogue.exchange.centre import SubjectMixin
from catalogue.exchange.submitting import complete_among, submit_many
from catalogue.models import ProviderRecord
from workflow.centre.flow import Problem

PAGE_SIZE = 20
NAMED = 20
COMPLETE, INCOMPLETE = "complete", "incomplete"


@dataclass(frozen=True)
class Checked:
    """A record, and what it still lacks, each with where to put it right."""

    record: ProviderRecord
    problems: list[Problem]


class CompletenessView(SubjectMixin, TemplateView):
    """Drafts and returned records with everything they still lack; the complete ones can be ticked."""

    template_name = "catalogue/exchange/completeness.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        model = self.subject.model
        ids = list(unsubmitted(model, self.provider).values_list("pk", flat=True))
        complete = set(complete_ids(model, self.provider))
        show = self.request.GET.get("show", "")
        shown = [
            pk for pk in ids if show not in (COMPLETE, INCOMPLETE) or (pk in complete) == (show == COMPLETE)
        ]
        page = clamped_page(shown, self.request.GET.get("page"), PAGE_SIZE)
        page.object_list = self.checked(page)
        return super().get_context_data(
            page_obj=page,
            tabs=list(self.tabs(show, len(ids), len(complete))),
            complete_count=len(complete),
            total=len(ids),
            has_choice=any(not row.problems for row in page.object_list),
            **kwargs,
        )

    def checked(self, page: Page) -> list[Checked]:
        found = unsubmitted(self.subject.model, self.provider).in_bulk(list(page.object_list))
        records = [found[pk] for pk in page.object_list if pk in found]
        prepare_for_check(records)
        return [Checked(record, problems_of(self.kind, record)) for record in records]

    def tabs(self, show: str, total: int, complete: int) -> Iterator[dict[str, Any]]:
        for value, label, count in (
            ("", _("全部"), total),
            (COMPLETE, _("可以提交"), complete),
            (INCOMPLETE, _("还需补充"), total - complete),
        ):
            yield {
                "label": label,
                "url": f"?show={value}" if value else "?",
                "active": value == show,
                "count": count,
            }


def problems_of(kind: RecordKind, record: ProviderRecord) -> list[Problem]:
    """What the record's own pages would say it lacks, with their links."""
    flow = RecordFlow()
    flow.kind, flow.namespace, flow.base_steps = kind, kind.key, kind.steps
    flow.record = record
    return flow.problems()


class BulkSubmitView(SubjectMixin, TemplateView):
    """批量提交: the chosen complete records, or all of them; asked before it is done."""

    template_name = "catalogue/exchange/submit_confirm.html"
    http_method_names = ["post", "options"]

    @property
    def chosen(self) -> list[int] | None:
        """The records that were ticked; None for all that are complete."""
        posted = self.request.POST
        if posted.get("scope") == "all":
            return None
        return [int(pk) for pk in posted.getlist("chosen") if re.fullmatch(r"[0-9]{1,18}", pk)]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ids = complete_among(self.subject, self.provider, self.chosen)
        if not ids:
            messages.error(request, _("没有可以提交的记录。请先勾选完整的记录，或按提示补充完整。"))
            return redirect("batches:completeness", subject=self.subject.slug)
        if "confirmed" not in request.POST:
            return self.render_to_response(self.get_context_data(ids=ids))
        job = submit_many(subject=self.subject, provider=self.provider, actor=self.actor, chosen=self.chosen)
        return redirect("batches:detail", pk=job.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ids: list[int] = kwargs.pop("ids")
        named = self.subject.model._default_manager.in_bulk(ids[:NAMED])
        return super().get_context_data(
            count=len(ids),
            named=[named[pk] for pk in ids[:NAMED] if pk in named],
            more=max(len(ids) - NAMED, 0),
            chosen=self.chosen,
            days=self.subject.model.review_target_days(),
            **kwargs,
        )
