"""Keeps the search index in step with decisions, in the transaction that takes them."""

from typing import Any

from django.db.models.signals import post_delete

from catalogue.models import Instrument
from catalogue.search.indexing import sync_instrument, sync_provider
from institutions.models import Provider
from workflow.signals import submission_moved
from workflow.statuses import Action

# Moves that can change what the public sees.
VISIBLE_MOVES = frozenset({Action.APPROVE, Action.WITHDRAW})


def connect() -> None:
    submission_moved.connect(instrument_moved, sender=Instrument, dispatch_uid="catalogue.instrument_moved")
    submission_moved.connect(provider_moved, sender=Provider, dispatch_uid="catalogue.provider_moved")
    post_delete.connect(instrument_deleted, sender=Instrument, dispatch_uid="catalogue.instrument_deleted")


def instrument_moved(*, record: Instrument, action: Action, **_kwargs: Any) -> None:
    if action in VISIBLE_MOVES:
        sync_instrument(record.pk)


def provider_moved(*, record: Provider, action: Action, **_kwargs: Any) -> None:
    if action in VISIBLE_MOVES:
        sync_provider(record)


def instrument_deleted(*, instance: Instrument, **_kwargs: Any) -> None:
    if instance.live:
        sync_instrument(instance.pk)
