"""Prove the ledger."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from vouchers.audit import audit_ledger
from vouchers.models import Pool


class Command(BaseCommand):
    help = "Verify chains, sums and pools of the ledger; name the first break and end with 1 if there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, help="only the pool of this year")

    def handle(self, *args: Any, year: int | None, **options: Any) -> None:
        if year is not None and not Pool.objects.filter(year=year).exists():
            raise CommandError(f"There is no pool of {year}.")
        proof = audit_ledger(year)
        if proof.broken:
            raise CommandError(f"The ledger is broken. {proof.broken}")
        for pool_year, entries, head in proof.heads:
            self.stdout.write(f"pool {pool_year}: {entries} entries, head {head}")
        self.stdout.write(f"{proof.entries} entries and {proof.vouchers} vouchers agree")
