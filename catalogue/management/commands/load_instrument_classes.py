"""Load a longer table of the national instrument classification."""

import csv
import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from catalogue.models import InstrumentClass


class Command(BaseCommand):
    """A tab-separated file with the columns ``parent``, ``code`` and ``name``, parents before children.

    Classes that are there already take the name and parent of the file; none is removed. The national
    table writes a class that is not divided further as its own child: such a line is passed over. A line
    that is wrong refuses the whole file.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="UTF-8, tab-separated: parent, code, name; with a header")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        known = set(InstrumentClass.objects.values_list("pk", flat=True))
        nodes = []
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                for row in (reader := csv.DictReader(lines, delimiter="\t")):
                    node = InstrumentClass(
                        code=(row.get("code") or "").strip(),
                        name=(row.get("name") or "").strip(),
                        parent_id=(row.get("parent") or "").strip() or None,
                    )
                    if node.parent_id == node.code and node.code in known:
                        continue
                    if problem := _problem(node, known):
                        raise CommandError(f"line {reader.line_num}: {problem}")
                    known.add(node.code)
                    nodes.append(node)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        with transaction.atomic():
            InstrumentClass.objects.bulk_create(
                nodes,
                update_conflicts=True,
                unique_fields=["code"],
                update_fields=["name", "parent"],
                batch_size=500,
            )
        self.stdout.write(f"{len(nodes)} classes loaded, {len(known)} in all")


def _problem(node: InstrumentClass, known: set[str]) -> str:
    """What is wrong with a line, if anything."""
    if not re.fullmatch(r"[0-9]{6}", node.code):
        return f"the code {node.code!r} is not six digits"
    if not 0 < len(node.name) <= 50:
        return f"the name of {node.code} is missing, or longer than 50 characters"
    if node.parent_id is None:
        return "" if node.code.endswith("0000") else f"{node.code} has no parent"
    if node.parent_id not in known:
        return f"the parent {node.parent_id!r} of {node.code} is not known; parents come first"
    return ""
