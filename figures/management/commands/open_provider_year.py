"""Open a past year for checking by all providers."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from figures.exceptions import FiguresError
from figures.services import open_years


class Command(BaseCommand):
    help = "Compute what every provider delivered in a year, and ask each to check it. Those asked before are left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int)

    def handle(self, *args: Any, year: int, **options: Any) -> None:
        try:
            opened = open_years(year=year, actor=None)
        except FiguresError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{opened} years opened")
