"""Filters and columns of the catalogue's listings in the Wagtail admin."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column

from catalogue.models import Qualification, Validity, validity_condition


class QualificationFilterSet(WagtailFilterSet):
    validity = django_filters.ChoiceFilter(
        label=_("有效期"), choices=Validity.choices, method="filter_validity"
    )

    class Meta:
        model = Qualification
        fields = ["status", "kind", "provider__city"]

    def filter_validity(
        self, queryset: QuerySet[Qualification], name: str, value: str
    ) -> QuerySet[Qualification]:
        return queryset.filter(validity_condition(value))


class TermColumn(Column):
    """The last day of the term, and how it stands where that needs attention."""

    cell_template_name = "catalogue/admin/term_cell.html"

    def get_value(self, instance: Any) -> str:
        if instance.valid_to is None:
            return ""
        day = date_format(instance.valid_to, "Y-m-d")
        return day if instance.validity == Validity.VALID else f"{day} {instance.validity.label}"
