"""Make the search index anew, or compare it with the records."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.public_version import public_changed
from catalogue.search.checks import compare
from catalogue.search.indexing import rebuild

SHOWN = 10


class Command(BaseCommand):
    help = "Rebuild the catalogue's search index from the records; with --check only compare both."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail if index and records differ"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self.stdout.write(f"{rebuild()} documents indexed")
            public_changed()
            return
        differences = compare()
        for problem in differences.problems:
            self.stderr.write(problem)
        for what in ("missing", "surplus", "stale"):
            if places := sorted(getattr(differences, what)):
                more = ", …" if len(places) > SHOWN else ""
                shown = ", ".join(f"{kind} {pk}" for kind, pk in places[:SHOWN])
                self.stderr.write(f"{len(places)} {what}: {shown}{more}")
        if differences:
            raise CommandError("The index and the records differ; run rebuild_search.")
        self.stdout.write("index and records agree")
