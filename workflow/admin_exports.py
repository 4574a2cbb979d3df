"""Exports of the listings in the admin, with Chinese headings, row by row.

Wagtail's own hold all records and the whole workbook in memory, and ask for what a record refers to one by one.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpResponseBase
from django.utils.functional import cached_property, lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from files.models import PrivateFile, SiteImage
from files.spreadsheets import Sheet, spreadsheet_response
from workflow.differences import field_label
from workflow.models import Submission

CHUNK = 500
# What the workflow maintains, after the record's own fields.
STATE_FIELDS = ("status", "submitted_at", "decided_at", "return_reason")


class StreamedExportMixin(SpreadsheetExportMixin):
    """One format, the workbook: what looks like a formula stays text in it, also after somebody has edited it."""

    FORMATS = (SpreadsheetExportMixin.FORMAT_XLSX,)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponseBase:
        if not self.is_export:
            return super().render_to_response(context, **kwargs)
        queryset = context["object_list"]
        name = str(queryset.model._meta.verbose_name)
        headings = [self.get_heading(queryset, field) for field in self.list_export]
        return spreadsheet_response(name=name, sheets=[Sheet(name, headings, self._rows(queryset))])

    def _rows(self, queryset: models.QuerySet[Any]) -> Iterator[list[Any]]:
        related = _relations(queryset.model, self.list_export)
        for item in (
            queryset.select_related(*related).iterator(CHUNK) if related else queryset.iterator(CHUNK)
        ):
            yield list(self.to_row_dict(item).values())

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons = super().header_more_buttons
        return [button for button in buttons if getattr(button, "url", "") != self.csv_export_url]


# asked when an export is made: a viewset reads its headings while the site starts
lazy_label = lazy(field_label, str)


def export_fields(model: type[Submission]) -> dict[str, Any]:
    """What an export of a moderated record holds, with its headings: all that is reviewed but files, photos and lists."""
    reviewed = (name for section in model.review_sections for name in section.fields)
    fields = {}
    for name in (*reviewed, *STATE_FIELDS):
        field: Any = model._meta.get_field(name)
        if not field.concrete or field.many_to_many or isinstance(field, models.JSONField):
            continue
        if field.related_model is not None and issubclass(field.related_model, PrivateFile | SiteImage):
            continue
        fields[f"get_{name}_display" if field.choices else name] = lazy_label(model, name)
    if "provider" in {field.name for field in model._meta.concrete_fields}:
        fields = {"provider": str(_("接券机构")), **fields}
    return fields


def _relations(model: type[models.Model], paths: Sequence[str]) -> list[str]:
    """The records that a row refers to, to be read with it."""
    found = []
    for path in paths:
        names: list[str] = []
        place: Any = model
        for part in path.split("."):
            try:
                field = place._meta.get_field(part)
            except FieldDoesNotExist:
                break
            if not (field.many_to_one or field.one_to_one):
                break
            names.append(part)
            place = field.related_model
        if names:
            found.append("__".join(names))
    return found
