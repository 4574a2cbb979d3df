"""End publicity that is over, and go on with results of the bank whose import was interrupted."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from redemptions.schedule import close_due
from redemptions.services.results import resume_results


class Command(BaseCommand):
    help = "Close batches whose last day of publicity is over; resume interrupted bank results. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        closed, waiting = close_due()
        resumed, failures = resume_results()
        self.stdout.write(f"{closed} batches closed, {resumed} results resumed")
        for sentence in waiting:
            self.stdout.write(sentence)
        if failures:
            raise CommandError("\n".join(["Not done:", *failures]))
