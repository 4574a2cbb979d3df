"""Encrypts every stored account number anew under the first key, in the rows and in their revisions, and all secrets of 两步验证.

Afterwards older keys are needed for backups only; docs/operations.md says when to run it.
"""

from typing import Any, cast

from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand
from django.db import transaction
from wagtail.models import Revision

from accounts.two_factor import renew_secrets
from institutions.fields import MaskedNumberField
from institutions.models import Consumer

FIELD = "bank_account_number"


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        rows = sum(self.renew_row(pk) for pk in Consumer.objects.values_list("pk", flat=True).iterator())
        of_consumers = Revision.objects.filter(content_type=ContentType.objects.get_for_model(Consumer))
        revisions = sum(self.renew_revision(revision) for revision in of_consumers.iterator())
        secrets = renew_secrets()
        self.stdout.write(
            f"{rows} rows, {revisions} revisions and {secrets} secrets of the second step encrypted under the first key."
        )

    def renew_row(self, pk: int) -> int:
        """Locked, so that what its owner saves meanwhile is not put back."""
        with transaction.atomic():
            number = Consumer.objects.locked(pk).bank_account_number
            return Consumer.objects.filter(pk=pk).exclude(**{FIELD: ""}).update(**{FIELD: number})

    def renew_revision(self, revision: Revision) -> int:
        """A revision is written once, so nothing meanwhile changes it."""
        field = cast(MaskedNumberField, Consumer._meta.get_field(FIELD))
        stored = revision.content.get(FIELD)
        if not stored:
            return 0
        revision.content[FIELD] = field.get_prep_value(stored)
        return Revision.objects.filter(pk=revision.pk).update(content=revision.content)
