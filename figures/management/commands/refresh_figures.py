"""Bring the figures up to date."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from figures.refreshing import rebuild, refresh


class Command(BaseCommand):
    help = "Count what is new since the last time. Run it hourly; to repeat or interrupt it does no harm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="count everything from the beginning")

    def handle(self, *args: Any, **options: Any) -> None:
        done = rebuild() if options["rebuild"] else refresh()
        self.stdout.write(f"{done.consumers} consumers counted, {done.cells} cells written")
