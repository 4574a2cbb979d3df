"""What the lists can be narrowed by. Unlike on the pages, a value that makes no sense is said to be wrong."""

import datetime
import re
from typing import Any, cast

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from catalogue.api.paging import LARGEST_NUMBER
from catalogue.filters import PriceFilter, QueryFilter
from catalogue.filters import ProviderFilterSet as ProviderPageFilterSet
from catalogue.models import InstrumentClass, TestingField, TreeNode
from catalogue.search import Sort
from institutions.models import HostType, Provider, Suspension
from institutions.regions import city_choices

# A time before the first record, or one that a database cannot store, is a mistake.
EARLIEST, LATEST = 2000, 2100
BY_ATTRIBUTE = gettext_lazy(
    "选定后还可以按它的专业参数筛选（编号和选项见分类的详情）：a编号=选项（是/否写 1 或 0），数值写 a编号_min 和 a编号_max。"
)
WRONG_CHOICE = gettext_lazy("“%(value)s”不在可选范围内。")


class NodeField(forms.Field):
    """A code of a classification, of any level; cleans to the node."""

    def __init__(self, *, model: type[TreeNode], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model = model

    def clean(self, value: Any) -> TreeNode | None:
        code = str(value or "").strip()
        if not code:
            return None
        node = self.model._default_manager.filter(pk=code).first() if re.fullmatch("[0-9]{6}", code) else None
        if node is None:
            raise forms.ValidationError(
                _("%(type)s里没有代码“%(code)s”。")
                % {"type": self.model._meta.verbose_name, "code": code[:20]}
            )
        return node


@extend_schema_field(OpenApiTypes.STR)
class NodeFilter(django_filters.Filter):
    """With all that lies below the node."""

    field_class = NodeField

    def filter(self, queryset: QuerySet[Any], node: TreeNode | None) -> QuerySet[Any]:
        return queryset.filter(**{f"{self.field_name}__startswith": node.prefix}) if node else queryset


class MomentField(forms.Field):
    """A time with its zone, or a day; without a zone it is the province's. A space may stand for the plus sign."""

    def to_python(self, value: Any) -> datetime.datetime | None:
        text = str(value or "").strip()
        if not text:
            return None
        text = re.sub(r" (\d\d:?\d\d)\Z", r"+\1", text)
        try:
            moment = parse_datetime(text) or datetime.datetime.combine(
                cast(datetime.date, parse_date(text)), datetime.time()
            )
        except (ValueError, TypeError):
            moment = None
        if moment is None or not EARLIEST <= moment.year <= LATEST:
            raise forms.ValidationError(_("时间格式不对，应如 2026-01-31T08:00:00+08:00 或 2026-01-31。"))
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


@extend_schema_field(OpenApiTypes.DATETIME)
class MomentFilter(django_filters.Filter):
    field_class = MomentField


@extend_schema_field(OpenApiTypes.DATETIME)
class ChangedSinceFilter(MomentFilter):
    """What was decided on, or came back to the public, at that time or later; a provider's change is its records' too."""

    def filter(self, queryset: QuerySet[Any], moment: datetime.datetime | None) -> QuerySet[Any]:
        if moment is None:
            return queryset
        of_provider = "" if queryset.model is Provider else "provider__"
        lifted = Suspension.objects.filter(
            provider=OuterRef("pk" if queryset.model is Provider else "provider"), lifted_at__gte=moment
        )
        changed = Q(updated_at__gte=moment) | Q(**{f"{of_provider}updated_at__gte": moment})
        return queryset.filter(changed | Exists(lifted))


class WordsFilter(QueryFilter):
    """Answered by the search, not by the queryset."""

    def filter(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset


def choice_filter(label: Any, choices: Any, **kwargs: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        label=label, choices=choices, error_messages={"invalid_choice": WRONG_CHOICE}, **kwargs
    )


class RecordFilterSet(django_filters.FilterSet):
    q = WordsFilter(
        label=gettext_lazy("搜索词，与网站的搜索相同：中文任意片段、型号、标准编号、拼音首字母。"
                           "结果按相关度排列，最多翻到第 10000 条。")
    )  # fmt: skip
    institution = django_filters.NumberFilter(
        field_name="provider_id",
        label=gettext_lazy("接券机构的 id。"),
        min_value=1,
        max_value=LARGEST_NUMBER,
        decimal_places=0,
    )
    updated_since = ChangedSinceFilter(
        label=gettext_lazy(
            "只要这一时间之后有变化的记录，用于增量同步。撤下的记录不再出现，请定期用完整列表核对。"
        )
    )
    sort = choice_filter(
        gettext_lazy(
            "按搜索的顺序排列：relevance 相关度，newest 最新公开。不填时按编号从新到旧，适合完整同步。"
        ),
        [(sort.value, sort.value) for sort in (Sort.RELEVANCE, Sort.NEWEST)],
        method="by_search",
    )

    def by_search(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Nothing to do here: the view asks the search for the order."""
        return queryset


class PricedFilterSet(RecordFilterSet):
    vouchers = choice_filter(
        gettext_lazy("1：只要可用创新券的。"), [("1", gettext_lazy("可用创新券"))], method="with_vouchers"
    )
    price_min = PriceFilter(
        field_name="price_amount", lookup_expr="gte", label=gettext_lazy("最低价格（元）。")
    )
    price_max = PriceFilter(
        field_name="price_amount", lookup_expr="lte", label=gettext_lazy("最高价格（元）。")
    )
    sort = choice_filter(
        gettext_lazy(
            "按搜索的顺序排列：relevance 相关度，newest 最新公开，price 价格从低到高，-price 从高到低。"
            "不填时按编号从新到旧，适合完整同步。"
        ),
        [(sort.value, sort.value) for sort in Sort],
        method="by_search",
    )

    def with_vouchers(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(accepts_vouchers=True)


class InstrumentFilterSet(PricedFilterSet):
    category = NodeFilter(
        field_name="instrument_class__code",
        model=InstrumentClass,
        label=format_lazy("{}{}", gettext_lazy("仪器分类代码，含下级。"), BY_ATTRIBUTE),
    )
    city = choice_filter(gettext_lazy("所在城市的代码。"), city_choices)


class ServiceFilterSet(PricedFilterSet):
    category = NodeFilter(
        field_name="field__code",
        model=TestingField,
        label=format_lazy("{}{}", gettext_lazy("检测领域代码，含下级。"), BY_ATTRIBUTE),
    )
    city = choice_filter(gettext_lazy("机构所在城市的代码。"), city_choices, field_name="provider__city")


class CapabilityFilterSet(RecordFilterSet):
    category = NodeFilter(
        field_name="field__code",
        model=TestingField,
        label=format_lazy("{}{}", gettext_lazy("检测领域代码，含下级。"), BY_ATTRIBUTE),
    )
    city = choice_filter(gettext_lazy("机构所在城市的代码。"), city_choices, field_name="provider__city")


class ProviderFilterSet(ProviderPageFilterSet):
    q = QueryFilter(label=gettext_lazy("机构名称或依托单位名称中的词，空格隔开。"), method="by_name")
    city = choice_filter(gettext_lazy("所在城市的代码。"), city_choices)
    type = choice_filter(gettext_lazy("单位类型。"), HostType.choices, field_name="host_type")
    updated_since = ChangedSinceFilter(label=gettext_lazy("只要这一时间之后有变化的机构。"))
