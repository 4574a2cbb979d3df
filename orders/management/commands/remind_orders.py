"""Let bookings expire that came to nothing, and tell the sides that are waited for."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orders.reminders import expire_lapsed, remind_waiting


class Command(BaseCommand):
    help = "Expire bookings past their day; remind who has not answered, ordered or confirmed, in good time. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        expired, reminded = expire_lapsed(), remind_waiting()
        self.stdout.write(f"{expired.done} bookings expired, {reminded.done} reminders sent")
        if failures := expired.failures + reminded.failures:
            raise CommandError("\n".join(["Not done:", *failures]))
