"""Ledgers in the Wagtail admin: tables that are listed, filtered, inspected and exported, never written."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.views import IndexView, InspectView


def minute(moment: Any) -> str:
    """Local time, as 2026-03-01 09:30; nothing for nothing."""
    return date_format(timezone.localtime(moment), "Y-m-d H:i") if moment else ""


class ReadOnlyPermissionHelper(PermissionHelper):
    """A ledger is read, never written, whoever asks."""

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False


class LedgerIndexView(IndexView):
    """Narrowed by the filters on offer and nothing else.

    modeladmin hands every other parameter to the database as a lookup, over relations too:
    ``?actor__password__startswith=`` would read out password hashes letter by letter.
    """

    def get_filters(self, request: HttpRequest) -> tuple[list[Any], bool, dict[str, Any], bool]:
        specs, has_filters, _others, use_distinct = super().get_filters(request)
        return specs, has_filters, {}, use_distinct

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        # PostgreSQL takes no NUL
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    def get_queryset(self, request: HttpRequest | None = None) -> QuerySet[Any]:
        try:
            return super().get_queryset(request)
        except IncorrectLookupParameters as error:
            raise Http404 from error


class RowView(InspectView):
    """One row. modeladmin hands whatever stands in the address to the database."""

    def __init__(self, model_admin: Any, instance_pk: str) -> None:
        try:
            super().__init__(model_admin, instance_pk)
        except ValueError as error:
            raise Http404 from error

    def get_field_display_value(self, field_name: str, field: models.Field[Any, Any] | None = None) -> Any:
        """Moments and days as the lists have them."""
        value = getattr(self.instance, field_name)
        if value and isinstance(field, models.DateTimeField):
            return minute(value)
        if value and isinstance(field, models.DateField):
            return date_format(value, "Y-m-d")
        return super().get_field_display_value(field_name, field)
