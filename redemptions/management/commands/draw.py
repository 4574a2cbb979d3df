"""Repeat the draw of a spot check."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from redemptions.draws import draw


class Command(BaseCommand):
    help = "Print which of the numbers a spot check draws, by its published seed and share."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("seed")
        parser.add_argument("percent", type=int)
        parser.add_argument("numbers", nargs="+")

    def handle(self, *args: Any, seed: str, percent: int, numbers: list[str], **options: Any) -> None:
        for number in draw(seed=seed, percent=percent, numbers=numbers):
            self.stdout.write(number)
