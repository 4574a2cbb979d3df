"""What a row of a workbook means for the provider's records: new, changed, the same, or refused with reasons.

Rows are judged in batches, with one query for the records they meet. The check before the confirmation and the import
itself judge by the same code.
"""

import copy
import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, cast

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from catalogue.exchange.cells import is_blank
from catalogue.exchange.columns import AttributeColumn, Column, ColumnKind, FieldColumn, InstrumentsColumn
from catalogue.exchange.reading import Source, SourceRow
from catalogue.exchange.subjects import EXAMPLE_NUMBER
from catalogue.models import ProviderRecord
from workflow.statuses import SubmissionStatus

ROWS_NAMED = 6


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Fault:
    """Something wrong with a row. ``key`` is that of the column it concerns, if it is one."""

    key: str
    sentence: str


@dataclass
class ParsedRow:
    """A row whose cells have been read: values by the key of their column, blank cells left out."""

    number: int
    key: str
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    # cells of attributes that are no value of theirs, unless the record has it already
    doubtful: dict[str, Any] = field(default_factory=dict)


@dataclass
class Verdict:
    """What a row comes to. ``record`` carries the new values; ``changes`` are as the audit trail has them.

    ``is_locked``: the record waits for review or is approved, and must be withdrawn before it takes the changes.
    """

    row: ParsedRow
    outcome: Outcome
    record: Any = None
    changes: dict[str, list[Any]] = field(default_factory=dict)
    instruments: list[int] | None = None
    is_locked: bool = False

    @property
    def faults(self) -> list[Fault]:
        return self.row.faults


class Checker:
    """Reads and judges the rows of one source.

    ``finds_twins``: look for internal numbers that more than one row has, which takes a pass over all rows.
    """

    def __init__(self, source: Source, *, finds_twins: bool = True) -> None:
        self.source, self.layout = source, source.layout
        self.twins = self._numbers_given_twice() if finds_twins else {}
        self.model = cast(Any, self.layout.subject.model)
        self.blank = self.model(provider=self.layout.provider)
        self._applicable: dict[str, set[str]] = {}

    def parse(self, row: SourceRow) -> ParsedRow:
        parsed = ParsedRow(row.number, "")
        cells = row.cells
        special = self.source.special_cells(row)
        is_1904 = self.source.facts.is_1904  # a day without its format would be four years off
        for place, column in self.source.columns.items():
            raw = cells[place] if place < len(cells) else ""
            if place in special:
                parsed.faults.append(Fault(column.key, special[place]))
            elif column.kind == ColumnKind.DATE and is_1904 and isinstance(raw, int | float):
                parsed.faults.append(
                    Fault(column.key, _("单元格里是数字，不是日期。请填写日期，如 2021-06-30。"))
                )
            elif raw != "" and not is_blank(raw):
                try:
                    parsed.values[column.key] = column.parse(raw)
                except ValidationError as error:
                    parsed.faults.extend(Fault(column.key, str(sentence)) for sentence in error.messages)
                    if isinstance(column, AttributeColumn):
                        parsed.doubtful[column.key] = raw
        self._take_key(parsed)
        return parsed

    def judge(self, rows: Sequence[ParsedRow], *, for_update: bool = False) -> list[Verdict]:
        """One verdict for each row. ``for_update`` locks the records they meet, until the transaction ends."""
        stored = self._stored({row.key for row in rows if row.key}, for_update=for_update)
        return [self._verdict(row, stored.get(row.key)) for row in rows]

    def _take_key(self, parsed: ParsedRow) -> None:
        column = self.layout.key_column
        parsed.key = parsed.values.pop(column.key, "")
        if not parsed.key:
            if not any(fault.key == column.key for fault in parsed.faults):
                parsed.faults.append(
                    Fault(
                        column.key,
                        _("请填写“%s”。系统按它识别记录，再次导入时更新而不重复新建。") % column.title,
                    )
                )
        elif parsed.key == EXAMPLE_NUMBER:
            parsed.faults.append(
                Fault(column.key, _("“%s”是模板示例的编号，请改为本单位的编号。") % EXAMPLE_NUMBER)
            )
        elif parsed.key in self.twins:
            numbers = self.twins[parsed.key]
            shown = "、".join(map(str, numbers[:ROWS_NAMED])) + ("……" if len(numbers) > ROWS_NAMED else "")
            parsed.faults.append(
                Fault(
                    column.key,
                    _("编号“%(key)s”在文件里出现了 %(count)d 次（第 %(rows)s 行），请只保留一行或改正编号。")
                    % {"key": parsed.key, "count": len(numbers), "rows": shown},
                )
            )

    def _numbers_given_twice(self) -> dict[str, list[int]]:
        """The rows of each internal number that more than one row has."""
        column, place = self.layout.key_column, self.source.key_place
        given: list[tuple[str, int]] = []
        for row in self.source.rows():
            raw = row.cells[place]
            if not is_blank(raw):
                try:
                    given.append((column.parse(raw), row.number))
                except ValidationError:
                    continue  # said when the row is read
        counts = Counter(key for key, _number in given)
        twins: dict[str, list[int]] = defaultdict(list)
        for key, number in given:
            if counts[key] > 1:
                twins[key].append(number)
        return dict(twins)

    def _stored(self, keys: Iterable[str], *, for_update: bool) -> dict[str, ProviderRecord]:
        """The provider's own records of these numbers; nobody else's are ever looked at."""
        records = self.model._default_manager.filter(
            provider=self.layout.provider, internal_number__in=keys
        ).order_by("pk")
        if for_update:
            records = records.select_for_update(of=("self",))
        if any(isinstance(column, InstrumentsColumn) for column in self.source.columns.values()):
            records = records.prefetch_related("instruments")
        return {record.internal_number: record for record in records}

    def _verdict(self, row: ParsedRow, stored: ProviderRecord | None) -> Verdict:
        if stored is None:
            record = copy.copy(self.blank)  # a third of the time of making one
            record.internal_number, record.attributes = row.key, {}
            self._demand_needed(row)
        else:
            record = stored
            self._allow_stored(row, record)
        status = SubmissionStatus(record.status)
        changes, instruments = self._apply(row, record)
        if changes or stored is None:
            self._check_whole(row, record)
        if row.faults:
            return Verdict(row, Outcome.REFUSED, record)
        if stored is None:
            return Verdict(row, Outcome.CREATED, record, {}, instruments)
        if not changes:
            return Verdict(row, Outcome.UNCHANGED, record)
        is_locked = status in {SubmissionStatus.PENDING, SubmissionStatus.APPROVED}
        return Verdict(row, Outcome.UPDATED, record, changes, instruments, is_locked)

    def _allow_stored(self, row: ParsedRow, record: ProviderRecord) -> None:
        """What a record has stays valid, whatever choices staff have taken away since."""
        for key, raw in row.doubtful.items():
            column = self.layout.by_key[key]
            if isinstance(column, AttributeColumn) and column.is_stored(raw, record):
                row.faults = [fault for fault in row.faults if fault.key != key]

    def _demand_needed(self, row: ParsedRow) -> None:
        faulty = {fault.key for fault in row.faults}
        for column in self.layout.columns:
            is_given = column.key in row.values or column.key in faulty or column is self.layout.key_column
            if column.is_needed and not is_given:
                row.faults.append(Fault(column.key, _("新建时请填写“%s”。") % column.title))

    def _apply(self, row: ParsedRow, record: ProviderRecord) -> tuple[dict[str, list[Any]], list[int] | None]:
        """Put the row's values into the record; what that changes, and the instruments where they are named."""
        changes: dict[str, list[Any]] = {}
        attributes: dict[str, Any] = {}
        instruments: list[int] | None = None
        for key, value in row.values.items():
            column = self.layout.by_key[key]
            if isinstance(column, AttributeColumn):
                if value is not None:
                    attributes[column.definition.key] = value
            elif isinstance(column, InstrumentsColumn):
                before, instruments = _linked(record, column, value)
                if before != instruments:
                    changes[key] = [before, instruments]
            elif isinstance(column, FieldColumn):
                old = getattr(record, column.attname)
                if old != value:
                    changes[key] = [_plain(old), _plain(value)]
                    setattr(record, column.attname, value)
        if attributes and record.attributes | attributes != record.attributes:
            before_attributes = copy.copy(record.attributes)
            record.attributes = before_attributes | attributes
            changes["attributes"] = [before_attributes, record.attributes]
        return changes, instruments

    def _check_whole(self, row: ParsedRow, record: ProviderRecord) -> None:
        """What no cell shows alone: the district lies in the city, an attribute holds for the class."""
        faulty = {fault.key for fault in row.faults}
        try:
            record.clean()
        except ValidationError as error:
            found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
            for key, sentences in found.items():
                if key not in faulty:
                    known = key if key in self.layout.by_key else ""
                    row.faults.extend(Fault(known, str(sentence)) for sentence in sentences)
        category = self.layout.by_key.get(self.layout.subject.model.category_field)
        if category is None or category.key in faulty:
            return
        applicable = self._applicable_to(record.category_code or "")
        for key in row.values:
            column = self.layout.by_key[key]
            if isinstance(column, AttributeColumn) and key not in applicable:
                row.faults.append(Fault(key, self._not_applicable(record, column, category)))

    def _applicable_to(self, code: str) -> set[str]:
        if code not in self._applicable:
            self._applicable[code] = self.layout.attributes_of(code)
        return self._applicable[code]

    def _not_applicable(self, record: ProviderRecord, column: AttributeColumn, category: Column) -> str:
        nodes, code = self.layout.nodes, record.category_code
        if nodes is None or not code:
            return _("填写“%(title)s”之前请先填写“%(category)s”。") % {
                "title": column.title,
                "category": category.title,
            }
        return _(
            "“%(title)s”只适用于“%(place)s”，这一行的%(category)s是“%(own)s”。请清空，或核对%(category)s。"
        ) % {
            "title": column.title,
            "place": nodes.by_code[column.definition.node_code].name,
            "category": category.title,
            "own": nodes.by_code[code].name,
        }


def _linked(record: Any, column: InstrumentsColumn, named: list[int]) -> tuple[list[int], list[int]]:
    """The instruments of a service before and after. Those without a number cannot be named, and stay."""
    before = [] if record.pk is None else [instrument.pk for instrument in record.instruments.all()]
    kept = [pk for pk in before if not column.numbers.get(pk)]
    return sorted(before), sorted({*named, *kept})


def _plain(value: Any) -> Any:
    """As ``workflow.differences.plain_values`` has it."""
    return str(value) if isinstance(value, datetime.date | Decimal) else value
