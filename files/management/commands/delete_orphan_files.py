"""Delete uploads that were never used: forms abandoned half-way leave them behind."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand, CommandParser
from django.db import models, transaction
from django.db.models import ManyToOneRel, ProtectedError
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.models import ReferenceIndex, Revision, RevisionMixin

from accounts.models import EXTERNAL_KINDS
from files.models import PrivateFile, SiteImage


class Command(BaseCommand):
    """A file stays as long as any row or any revision of a record points at it.

    Only what external accounts uploaded is looked at: editors may keep pictures for later.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--older-than-days", type=int, default=30, help="spare younger ones (default: 30)"
        )
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, older_than_days: int, dry_run: bool, **options: Any) -> None:
        before = timezone.now() - timedelta(days=older_than_days)
        private = PrivateFile.objects.filter(uploaded_at__lt=before, owner__kind__in=EXTERNAL_KINDS)
        images = SiteImage.objects.filter(created_at__lt=before, uploaded_by_user__kind__in=EXTERNAL_KINDS)
        for queryset in (private, images):
            used = used_keys(queryset.model)
            orphans = [item for item in queryset.iterator() if item.pk not in used]
            deleted = len(orphans) if dry_run else sum(map(_delete, orphans))
            label = queryset.model._meta.verbose_name
            self.stdout.write(f"{label}: {deleted} {'to delete' if dry_run else 'deleted'}")


def used_keys(model: type[models.Model]) -> set[int]:
    """Primary keys of the files that a row, a revision or a page's content points at."""
    used: set[int] = set()
    # a rendition is made from its image and dies with it: no reason to keep the image
    derived = [model.get_rendition_model()] if hasattr(model, "get_rendition_model") else []
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel) or relation.related_model in derived:
            continue
        field = relation.field
        rows = field.model._base_manager.exclude(**{field.attname: None})
        used.update(rows.values_list(field.attname, flat=True))
        used.update(_keys_in_revisions(field))
    content_type = ContentType.objects.get_for_model(model)
    references = ReferenceIndex.objects.filter(to_content_type=content_type)
    used.update(int(key) for key in references.values_list("to_object_id", flat=True).distinct())
    return used


def _keys_in_revisions(field: models.Field[Any, Any]) -> Iterator[int]:
    """What the field held in any revision, of its own model or of the one its rows are children of."""
    parent = next((key for key in field.model._meta.fields if isinstance(key, ParentalKey)), None)
    owner = parent.related_model if parent else field.model
    if not issubclass(owner, RevisionMixin):
        return
    content_type = ContentType.objects.get_for_model(owner)
    name = parent.remote_field.related_name if parent else field.name
    revisions = Revision.objects.filter(content_type=content_type)
    for value in revisions.values_list(f"content__{name}", flat=True).iterator():
        children = value if parent else [{field.name: value}]
        yield from (child[field.name] for child in children or [] if child.get(field.name))


@transaction.atomic
def _delete(item: models.Model) -> int:
    try:
        with transaction.atomic():
            item.delete()
    except ProtectedError:  # referenced since we looked
        return 0
    if isinstance(item, PrivateFile):  # Wagtail removes the files of its images itself
        transaction.on_commit(lambda: item.file.delete(save=False))
    return 1
