"""Take back the money of vouchers that have run out, and tell owners whose vouchers soon will."""

from typing import Any

from django.core.management.base import BaseCommand

from vouchers.expiry import expire_lapsed, remind_ending


class Command(BaseCommand):
    help = "Return unused money past its last day for claims to the pool; message owners 30, 7 and 1 days before. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{expire_lapsed()} vouchers expired, {remind_ending()} notices sent")
