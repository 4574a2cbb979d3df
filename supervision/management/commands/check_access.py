"""Warn about people who saw unusually much of what is private yesterday."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from supervision.checks import check_day


class Command(BaseCommand):
    help = "Warn about who looked at more private files or bank accounts yesterday than a day's work needs. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        self.stdout.write(f"{check_day(yesterday)} people saw unusually much on {yesterday}")
