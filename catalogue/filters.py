"""What the public lists can be searched and narrowed by, as query parameters.

A value that is unknown or malformed is left out, never an error page: ``cleaned`` holds what was understood.
"""

from decimal import Decimal
from typing import Any, ClassVar

import django_filters
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.searching import QueryField
from catalogue.models import (
    Capability,
    Instrument,
    InstrumentClass,
    LabService,
    TestingField,
    TestingService,
)
from institutions.models import HostType, Provider
from institutions.regions import city_choices

TERMS = 8

SORTS = [("relevance", _("相关度")), ("newest", _("最新"))]
PRICE_SORTS = [*SORTS, ("price", _("价格从低到高")), ("-price", _("价格从高到低"))]


class QueryFilter(django_filters.CharFilter):
    field_class = QueryField


class PriceFilter(django_filters.NumberFilter):
    """An amount in yuan."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=Decimal(0), max_digits=12, decimal_places=2, **kwargs)


class PublicFilterSet(django_filters.FilterSet):
    @property
    def cleaned(self) -> dict[str, Any]:
        """The parameters that were understood and say something."""
        errors = self.errors
        return {
            name: value
            for name, value in self.form.cleaned_data.items()
            if name not in errors and value not in (None, "")
        }

    @property
    def params(self) -> dict[str, str]:
        """The same as they are written in an address."""
        return {
            name: str(value.pk if isinstance(value, Model) else value) for name, value in self.cleaned.items()
        }


class SearchFilterSet(PublicFilterSet):
    """Parses the parameters of a list that the search index answers; a subclass says what a category is."""

    q = QueryFilter(label=_("搜索"))
    city = django_filters.ChoiceFilter(label=_("所在城市"), choices=city_choices)
    institution = django_filters.ModelChoiceFilter(label=_("接券机构"), queryset=Provider.objects.public())
    sort = django_filters.ChoiceFilter(label=_("排序"), choices=SORTS)

    sorts: ClassVar[list[tuple[str, Any]]] = SORTS


class PricedFilterSet(SearchFilterSet):
    """Of what has a price, and may be paid with vouchers."""

    vouchers = django_filters.ChoiceFilter(label=_("创新券"), choices=[("1", _("可用创新券"))])
    price_min = PriceFilter(label=_("最低价格（元）"))
    price_max = PriceFilter(label=_("最高价格（元）"))
    sort = django_filters.ChoiceFilter(label=_("排序"), choices=PRICE_SORTS)

    sorts = PRICE_SORTS


class InstrumentFilterSet(PricedFilterSet):
    category = django_filters.ModelChoiceFilter(label=_("仪器分类"), queryset=InstrumentClass.objects.all())

    class Meta:
        model = Instrument
        fields: list[str] = []


class TestingFilterSet(PricedFilterSet):
    __test__ = False

    category = django_filters.ModelChoiceFilter(label=_("检测领域"), queryset=TestingField.objects.all())

    class Meta:
        model = TestingService
        fields: list[str] = []


class LabFilterSet(PricedFilterSet):
    category = django_filters.ModelChoiceFilter(label=_("服务领域"), queryset=TestingField.objects.all())

    class Meta:
        model = LabService
        fields: list[str] = []


class CapabilityFilterSet(SearchFilterSet):
    category = django_filters.ModelChoiceFilter(label=_("检测领域"), queryset=TestingField.objects.all())

    class Meta:
        model = Capability
        fields: list[str] = []


class ProviderFilterSet(PublicFilterSet):
    """Narrows providers by words of their name, city and type."""

    q = QueryFilter(label=_("搜索机构"), method="by_name")
    city = django_filters.ChoiceFilter(label=_("所在城市"), choices=city_choices)
    type = django_filters.ChoiceFilter(label=_("单位类型"), field_name="host_type", choices=HostType.choices)

    class Meta:
        model = Provider
        fields: list[str] = []

    def by_name(self, providers: QuerySet[Provider], name: str, words: str) -> QuerySet[Provider]:
        for word in words.split()[:TERMS]:
            providers = providers.filter(Q(name__icontains=word) | Q(host_name__icontains=word))
        return providers
