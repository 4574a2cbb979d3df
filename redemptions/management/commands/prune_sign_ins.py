"""Forget from where institutions signed in, once no check asks any more."""

from typing import Any

from django.core.management.base import BaseCommand

from redemptions.sign_ins import forget_sign_ins


class Command(BaseCommand):
    help = "Delete addresses of sign-ins older than 90 days. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{forget_sign_ins()} sign-ins forgotten")
