"""Take down the looks of papers of orders that nobody has claimed yet, so that claims are compared with these too."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q

from files.models import PrivateFile
from redemptions.checks.scans import remember

CHUNK = 50


class Command(BaseCommand):
    help = "Hash scans of invoices, contracts and reports that have no hash. Run it daily; half a second each, the oldest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--most", type=int, default=5000, help="so many in one run (5000)")

    def handle(self, *args: Any, most: int, **options: Any) -> None:
        of_orders = Q(invoices__isnull=False) | Q(order_documents__isnull=False)
        rows = PrivateFile.objects.filter(of_orders, scan_hash=None).distinct().order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:most])
        for start in range(0, len(keys), CHUNK):
            remember(PrivateFile.objects.filter(pk__in=keys[start : start + CHUNK]))
        self.stdout.write(f"{len(keys)} scans hashed")
