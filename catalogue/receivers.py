"""Keeps the search index in step with decisions, in the transaction that takes them."""

from typing import Any

from django.db.models.signals import post_delete

from catalogue.models import ProviderRecord
from catalogue.search.documents import SOURCES
from catalogue.search.indexing import sync_provider, sync_record
from institutions.models import Provider
from workflow.signals import submission_moved
from workflow.statuses import Action

# Moves that can change what the public sees.
VISIBLE_MOVES = frozenset({Action.APPROVE, Action.WITHDRAW})
PROVIDER_MOVES = VISIBLE_MOVES | {Action.SUSPEND, Action.LIFT}


def connect() -> None:
    for source in SOURCES.values():
        name = source.kind.value
        submission_moved.connect(record_moved, sender=source.model, dispatch_uid=f"catalogue.{name}_moved")
        post_delete.connect(record_deleted, sender=source.model, dispatch_uid=f"catalogue.{name}_deleted")
    submission_moved.connect(provider_moved, sender=Provider, dispatch_uid="catalogue.provider_moved")


def record_moved(*, record: ProviderRecord, action: Action, **_kwargs: Any) -> None:
    if action in VISIBLE_MOVES:
        sync_record(record)


def provider_moved(*, record: Provider, action: Action, **_kwargs: Any) -> None:
    if action in PROVIDER_MOVES:
        sync_provider(record)


def record_deleted(*, instance: ProviderRecord, **_kwargs: Any) -> None:
    if instance.live:
        sync_record(instance)
