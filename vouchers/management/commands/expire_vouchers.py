"""Take back the money of vouchers that have run out, and tell owners whose vouchers soon will."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from vouchers.expiry import expire_lapsed, remind_ending


class Command(BaseCommand):
    help = "Return unused money past its last day for claims to the pool; message owners 30, 7 and 1 days before. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        expired, reminded = expire_lapsed(), remind_ending()
        self.stdout.write(f"{expired.done} vouchers expired, {reminded.done} notices sent")
        if failures := expired.failures + reminded.failures:
            raise CommandError("\n".join(["Not done:", *failures]))
