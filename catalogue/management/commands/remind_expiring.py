"""Tell providers which of their qualifications end soon or have ended."""

from typing import Any

from django.core.management.base import BaseCommand

from catalogue.reminders import remind_expiring


class Command(BaseCommand):
    help = "Message and mail providers whose qualifications end within 60, 30 or 7 days or have ended. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{remind_expiring()} providers reminded")
