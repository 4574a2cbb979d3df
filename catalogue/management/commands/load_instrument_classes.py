"""Load a table of instrument classes, such as the three levels of the national classification."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalogue.classification import ClassTableError, load_classes

LARGEST_FILE = 5 * 1024 * 1024
SHOWN = 20


class Command(BaseCommand):
    help = (
        "Load instrument classes from a UTF-8 file of tab-separated lines: parent, code, name. All of it or, where "
        "a line is wrong, nothing. Can be repeated."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            with file.open("rb") as stream:
                content = stream.read(LARGEST_FILE + 1)
            if len(content) > LARGEST_FILE:
                raise CommandError(f"{file} is larger than {LARGEST_FILE // 1024 // 1024} MB.")
            # not splitlines(): it would also break at characters that a name may not have
            outcome = load_classes(content.decode("utf-8-sig").split("\n"))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise CommandError(f"{file} is not UTF-8: see line {line}.") from error
        except ClassTableError as error:
            problems = error.problems[:SHOWN]
            if len(error.problems) > SHOWN:
                problems.append(f"and {len(error.problems) - SHOWN} more")
            raise CommandError("Nothing was loaded.\n" + "\n".join(problems)) from error
        self.stdout.write(
            f"{outcome.added} classes added, {outcome.changed} changed, {outcome.unchanged} unchanged; "
            f"{outcome.repeated} lines only repeat others."
        )
