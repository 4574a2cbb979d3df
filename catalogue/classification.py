"""Reading a table of instrument classes: tab-separated lines of parent, code and name, as NRII publishes them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from accounts.public_version import public_changed
from catalogue.models import InstrumentClass
from catalogue.search.indexing import rebuild

HEADER = ("parent", "code", "name")
LONGEST_NAME = 50


@dataclass(frozen=True)
class ClassRow:
    line: int
    parent: str
    code: str
    name: str


@dataclass(frozen=True)
class Outcome:
    added: int
    changed: int
    unchanged: int
    repeated: int


class ClassTableError(ValueError):
    """The table cannot be loaded. ``problems`` has a sentence for each line at fault."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def load_classes(lines: Iterable[str]) -> Outcome:
    """Add the classes of the table, and rename those known already; nothing is ever taken away.

    A line whose parent is its own code repeats a class that is not divided further, and is passed over. Raises
    ClassTableError with all that is wrong; then nothing is stored.
    """
    rows, repeated = _checked_rows(lines)
    with transaction.atomic():
        known = InstrumentClass.objects.in_bulk()
        _check_parents(rows, known)
        changed = [
            row
            for row in rows
            if (node := known.get(row.code)) and (node.name, node.parent_id or "") != (row.name, row.parent)
        ]
        added = [row for row in rows if row.code not in known]
        InstrumentClass.objects.bulk_create(
            [
                InstrumentClass(code=row.code, name=row.name, parent_id=row.parent or None)
                for row in changed + added
            ],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "parent"],
        )
        if changed:
            rebuild()  # instruments are found by the names of their classes
        public_changed()
    return Outcome(len(added), len(changed), len(rows) - len(added) - len(changed), repeated)


def _checked_rows(lines: Iterable[str]) -> tuple[list[ClassRow], int]:
    """Rows that hold together in themselves, parents before children, and how many only repeat others."""
    problems: list[str] = []
    rows: dict[str, ClassRow] = {}
    repeats: list[ClassRow] = []
    numbered = enumerate((line.rstrip("\r\n") for line in lines), start=1)
    if tuple(next(numbered, (1, ""))[1].split("\t")) != HEADER:
        raise ClassTableError([f"line 1: the columns must be {', '.join(HEADER)}, separated by tabs"])
    for number, line in numbered:
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(HEADER):
            problems.append(f"line {number}: {len(cells)} columns instead of {len(HEADER)}")
            continue
        row = ClassRow(number, *cells)
        if row.parent == row.code:
            repeats.append(row)
        elif fault := _fault(row):
            problems.append(f"line {number}: {fault}")
        elif (first := rows.setdefault(row.code, row)) is not row:
            if (first.name, first.parent) != (row.name, row.parent):
                problems.append(f"line {number}: {row.code} is “{first.name}” already in line {first.line}")
            else:
                repeats.append(row)
    problems += [
        f"line {row.line}: {row.code!r:.20} is its own parent, but no other line has it"
        for row in repeats
        if row.code not in rows
    ]
    if problems:
        raise ClassTableError(problems)
    return sorted(rows.values(), key=lambda row: row.code), len(repeats)


def _fault(row: ClassRow) -> str:
    """What is wrong with the row by itself, or nothing."""
    if len(row.code) != 6 or not (row.code.isascii() and row.code.isdigit()) or row.code.startswith("00"):
        return f"the code {row.code!r:.20} is not six digits"
    if not row.name or not row.name.isprintable():
        return "the name is empty or has characters that cannot be printed"
    if len(row.name) > LONGEST_NAME:
        return f"the name has {len(row.name)} characters; {LONGEST_NAME} fit"
    if row.parent != (above := _parent_of(row.code)):
        return f"the parent of {row.code} must be {above or 'empty'}, not {row.parent!r:.20}"
    return ""


def _parent_of(code: str) -> str:
    """Two digits for each level: the class above has the last pair that is not 00 replaced by it."""
    if code.endswith("0000"):
        return ""
    return f"{code[:2]}0000" if code.endswith("00") else f"{code[:4]}00"


def _check_parents(rows: list[ClassRow], known: dict[str, InstrumentClass]) -> None:
    codes = {row.code for row in rows} | set(known)
    if problems := [
        f"line {row.line}: the class above, {row.parent}, is neither in the table nor known"
        for row in sorted(rows, key=lambda row: row.line)
        if row.parent and row.parent not in codes
    ]:
        raise ClassTableError(problems)
