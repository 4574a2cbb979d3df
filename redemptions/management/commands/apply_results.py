"""Go on with results of the bank whose import was interrupted."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from redemptions.services.results import resume_results


class Command(BaseCommand):
    help = "Apply what is left of imported bank results. Safe to repeat and to kill: each line is whole or untouched."

    def handle(self, *args: Any, **options: Any) -> None:
        resumed, failures = resume_results()
        self.stdout.write(f"{resumed} results applied")
        if failures:
            raise CommandError("\n".join(["Not done:", *failures]))
