"""A provider's own records as a workbook: the columns of the import template, so that it can be edited and imported again.

State, reasons and the day of the last change come after them; an import passes over those.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from catalogue.exchange.columns import AttributeColumn, Column
from catalogue.exchange.sheets import SubjectSheet
from catalogue.exchange.subjects import EXPORT_ONLY
from catalogue.models import ProviderRecord
from catalogue.models.attributes import FIELD_PREFIX
from files.spreadsheets import Sheet
from workflow.differences import field_label
from workflow.statuses import SubmissionStatus

CHUNK = 500
EXPORT_ONLY_WIDTHS = (10, 40, 18)


def export_sheet(layout: SubjectSheet, records: QuerySet[Any]) -> Sheet:
    """The records in their order, one a row. Read in pieces: a fixed number of queries for each 500."""
    columns = _columns_for(layout, records)
    related = [field.name for field in layout.subject.model._meta.many_to_many]
    return Sheet(
        layout.subject.title,
        [*(column.title for column in columns), *map(str, EXPORT_ONLY)],
        _rows(layout, columns, records.prefetch_related(*related)),
        [*(column.width for column in columns), *EXPORT_ONLY_WIDTHS],
    )


def _columns_for(layout: SubjectSheet, records: QuerySet[Any]) -> list[Column]:
    """All columns of the template, of the attributes those that hold for one of the records at least."""
    attributes = [column for column in layout.columns if isinstance(column, AttributeColumn)]
    if not attributes:
        return layout.columns
    place = f"{layout.subject.model.category_field}_id"
    codes = records.order_by().values_list(place, flat=True).distinct()
    wanted = {key for code in codes if code for key in layout.attributes_of(code)}
    return [one for one in layout.columns if not isinstance(one, AttributeColumn) or one.key in wanted]


def _rows(layout: SubjectSheet, columns: Sequence[Column], records: QuerySet[Any]) -> Iterator[list[Any]]:
    applicable: dict[str, set[str]] = {}
    fields = [column for column in columns if not isinstance(column, AttributeColumn)]
    attributes = [column for column in columns if isinstance(column, AttributeColumn)]
    for record in records.iterator(CHUNK):
        record.attribute_book = layout.book
        code = record.category_code or ""
        if code not in applicable:
            applicable[code] = layout.attributes_of(code)
        yield [
            *(column.export(record) for column in fields),
            *(column.export(record) if column.key in applicable[code] else None for column in attributes),
            record.status_label,
            return_reasons(record),
            record.updated_at,
        ]


def return_reasons(record: ProviderRecord) -> str:
    """Why a returned record came back, with what was said of single fields."""
    if record.status != SubmissionStatus.RETURNED:
        return ""
    notes = (f"{_label(record, name)}：{note}" for name, note in record.return_notes.items())
    return "\n".join(filter(None, (record.return_reason, *notes)))


def _label(record: ProviderRecord, name: str) -> str:
    definition = record.attribute_book.by_key.get(name.removeprefix(FIELD_PREFIX))
    return definition.label if definition else field_label(type(record), name)
