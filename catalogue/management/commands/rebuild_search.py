"""Make the search index anew, or compare it with the records."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalogue.search.indexing import differences, rebuild


class Command(BaseCommand):
    help = "Rebuild the catalogue's search index from the records; with --check only compare both."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if index and records differ")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self.stdout.write(f"{rebuild()} documents indexed")
            return
        missing, surplus = differences()
        if missing or surplus:
            raise CommandError(
                f"index and records differ: {len(missing)} missing {sorted(missing)[:10]}, "
                f"{len(surplus)} surplus {sorted(surplus)[:10]}; run rebuild_search"
            )
        self.stdout.write("index and records agree")
