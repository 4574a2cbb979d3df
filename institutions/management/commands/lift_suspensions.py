"""Bring back the providers whose suspension has run out."""

from typing import Any

from django.core.management.base import BaseCommand

from institutions.suspension import lift_expired


class Command(BaseCommand):
    help = "Lift every suspension whose last day (in the site's time zone) has passed. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{lift_expired()} suspensions lifted")
