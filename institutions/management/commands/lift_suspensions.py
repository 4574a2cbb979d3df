"""Bring back the providers whose suspension has run out, and the consumers whose ban has."""

from typing import Any

from django.core.management.base import BaseCommand

from institutions.bans import lift_expired_bans
from institutions.suspension import lift_expired


class Command(BaseCommand):
    help = "Lift every suspension and every ban whose last day (in the site's time zone) has passed. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{lift_expired()} suspensions, {lift_expired_bans()} bans lifted")
