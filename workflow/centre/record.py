"""A submission to read, as its owner sees it."""

from typing import Any

from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from workflow.centre.flow import SubmissionFlow
from workflow.differences import SectionRows, review_rows
from workflow.history import history
from workflow.statuses import SubmissionStatus


class RecordView(SubmissionFlow, TemplateView):
    """The record to read: its state, what a reviewer said, all its fields, its history."""

    template_name = "workflow/centre/record.html"

    def return_notes(self, sections: list[SectionRows]) -> list[tuple[str, str]]:
        """What the reviewer said of single fields, by what the page calls them."""
        if self.record.status != SubmissionStatus.RETURNED:
            return []
        labels = {row.name: row.label for section in sections for row in section.rows}
        return [(labels.get(name, _("其他")), note) for name, note in self.record.return_notes.items()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.record
        first = self.steps[0]
        sections = review_rows(record, None)
        return super().get_context_data(
            sections=sections,
            problems=self.problems() if record.is_editable else [],
            note_list=self.return_notes(sections),
            edit_url=self.address("step", step=first.slug) if record.is_editable else "",
            withdraw_url=self.address("withdraw") if record.is_withdrawable else "",
            withdraw_text=self.withdraw_text() if record.is_withdrawable else "",
            events=history(record, self.actor),
            **kwargs,
        )
