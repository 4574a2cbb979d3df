"""Let go of the files of old imports and other jobs; delete_orphan_files then deletes them."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from catalogue.jobs.services import release_old_files


class Command(BaseCommand):
    """What the jobs did stays on record. Those never confirmed are cancelled."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--older-than-days", type=int, default=90, help="spare younger ones (default: 90)"
        )

    def handle(self, *args: Any, older_than_days: int, **options: Any) -> None:
        count = release_old_files(older_than=timedelta(days=older_than_days))
        self.stdout.write(f"jobs whose files were released: {count}")
