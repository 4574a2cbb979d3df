"""Prove the ledger."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from vouchers.audit import Head, audit_ledger
from vouchers.models import Pool


def head(text: str) -> Head:
    match = re.fullmatch(r"(\d{4}):(\d{1,18}):([0-9a-f]{64})", text, re.ASCII)
    if match is None:
        raise ArgumentTypeError("a head is YEAR:COUNT:HASH, as this command prints it")
    return Head(int(match[1]), int(match[2]), match[3])


class Command(BaseCommand):
    help = "Verify chains, sums and pools of the ledger; name the first break and end with 1 if there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, help="only the pool of this year")
        parser.add_argument(
            "--head",
            dest="heads",
            action="append",
            default=[],
            type=head,
            metavar="YEAR:COUNT:HASH",
            help="a head that was printed earlier and must still be in the chain; may be repeated",
        )

    def handle(self, *args: Any, year: int | None, heads: list[Head], **options: Any) -> None:
        if year is not None and not Pool.objects.filter(year=year).exists():
            raise CommandError(f"There is no pool of {year}.")
        proof = audit_ledger(year, heads)
        if proof.broken:
            raise CommandError(f"The ledger is broken. {proof.broken}")
        for one in proof.heads:
            self.stdout.write(f"head {one}")
        self.stdout.write(f"{proof.entries} entries and {proof.vouchers} vouchers agree")
