"""Writing history: rows that are made now and say when they would have been made."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import models
from django.utils import timezone


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the services believe it is ``moment``, in UTC as they always have it."""
    real = timezone.now
    timezone.now = lambda: moment.astimezone(UTC)
    try:
        yield
    finally:
        timezone.now = real


@contextmanager
def given_timestamps(*model_classes: type[models.Model]) -> Iterator[None]:
    """Let rows keep the times they are given, where the model would put in the present one."""
    fields = [
        field
        for model in model_classes
        for field in model._meta.local_fields
        if isinstance(field, models.DateField) and (field.auto_now or field.auto_now_add)
    ]
    before = [(field, field.auto_now, field.auto_now_add) for field in fields]
    for field in fields:
        field.auto_now = field.auto_now_add = False
    try:
        yield
    finally:
        for field, auto_now, auto_now_add in before:
            field.auto_now, field.auto_now_add = auto_now, auto_now_add
