"""An invented province to try the platform on: institutions and what they offer, a review queue, notices, logins."""

import logging
import os
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import User
from accounts.public_version import public_changed
from catalogue.models import Capability, Instrument, LabService, Qualification, TestingService
from catalogue.search.indexing import rebuild
from home.demo.front import arrange_home
from home.demo.pages import load_pages
from home.demo.people import EDITOR, LOGINS, PASSWORD, hashed_password
from home.demo.province import load_province
from institutions.models import Consumer, Provider
from vouchers.models.applications import VoucherApplication

NAMES: dict[Any, str] = {
    Provider: "providers",
    Consumer: "consumers",
    VoucherApplication: "voucher applications",
    Instrument: "instruments",
    Qualification: "qualifications",
    Capability: "capabilities",
    TestingService: "testing services",
    LabService: "laboratory services",
}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--scale", type=int, default=1, help="that many times the institutions (default: 1)"
        )

    def handle(self, *args: Any, scale: int, **options: Any) -> None:
        if not (settings.DEBUG or os.environ.get("VOUCHER_DEMO") == "1"):
            raise CommandError(
                "This site does not run with DEBUG on, and the demo's logins share one published password. "
                "Set VOUCHER_DEMO=1 if it really is a demonstration."
            )
        if scale < 1:
            raise CommandError("--scale is 1 or more.")
        started = time.monotonic()
        logging.disable(logging.INFO)
        # The demo's addresses are all at example.com, where no mail arrives.
        mailer, settings.EMAIL_BACKEND = (
            settings.EMAIL_BACKEND,
            "django.core.mail.backends.dummy.EmailBackend",
        )
        try:
            with transaction.atomic():
                outcome = load_province(scale=scale, password=hashed_password())
                editor = User.objects.get(username=EDITOR.username)
                pages = load_pages(editor=editor)
                arrange_home(editor=editor)
                if outcome.records:
                    rebuild()
                public_changed()
        finally:
            settings.EMAIL_BACKEND = mailer
            logging.disable(logging.NOTSET)
        counted = ", ".join(f"{outcome.records[model]} {name}" for model, name in NAMES.items())
        self.stdout.write(
            f"{counted}, {outcome.attributes} attributes, {outcome.deals} bookings and orders, {outcome.submissions} submissions and {pages} pages "
            f"added in {time.monotonic() - started:.1f} s."
        )
        self.stdout.write(f"\nLogins, all with the password {PASSWORD}:")
        for login in LOGINS:
            self.stdout.write(f"  {login.username:<14}{login.role}")
