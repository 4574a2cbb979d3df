"""The way from an entry or a warning to the page of what it is about."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from workflow.models import Submission


def record_url(record_type: ContentType | int, record_id: int, user: User) -> str:
    """Its page in the admin, for those who may read it; empty where there is none. No query, so it may have been deleted."""
    content_type = (
        record_type if isinstance(record_type, ContentType) else ContentType.objects.get_for_id(record_type)
    )
    model = content_type.model_class()
    if model is None:  # the trail outlives the models of its time
        return ""
    options = model._meta
    if not user.has_perm(f"{options.app_label}.view_{options.model_name}"):
        return ""
    if issubclass(model, Submission):
        return reverse("review_record", args=[content_type.pk, record_id])
    for name in _names(model):
        try:
            return reverse(name, args=[record_id])
        except NoReverseMatch:
            continue
    return ""


def standing_record(record_type: ContentType, record_id: int) -> models.Model | None:
    """The record as it is now, if it still is."""
    model: Any = record_type.model_class()
    return None if model is None else model._base_manager.filter(pk=record_id).first()


def _names(model: type[models.Model]) -> tuple[str, ...]:
    """An admin page of its own that an app declares (``staff_page``), or its row in a ledger."""
    options = model._meta
    own = getattr(model, "staff_page", "")
    ledger = f"{options.app_label}_{options.model_name}_modeladmin_inspect"
    return (own, ledger) if own else (ledger,)
