"""Go on with imports and other jobs whose worker is gone, where they stopped."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from catalogue.jobs.services import SILENCE, resume_silent_jobs


class Command(BaseCommand):
    """Started with the worker (which then knows that nobody else is at work) and by the daily maintenance."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        seconds = int(SILENCE.total_seconds())
        parser.add_argument(
            "--silent-seconds",
            type=int,
            default=seconds,
            help=f"only those not heard of for so long (default: {seconds})",
        )

    def handle(self, *args: Any, silent_seconds: int, **options: Any) -> None:
        count = resume_silent_jobs(silence=timedelta(seconds=silent_seconds))
        self.stdout.write(f"jobs resumed: {count}")
