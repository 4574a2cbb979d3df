"""What the lists of bookings and orders can be searched and narrowed by, as query parameters."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from catalogue.filters import TERMS, PublicFilterSet, QueryFilter
from orders.forms.fields import in_our_words
from orders.models import Booking, Order
from orders.numbers import WHOLE
from orders.statuses import Party, ServiceKind
from workflow.forms import DayField

# The names by which the other institution is found.
NAMES = {
    Party.PROVIDER: ("consumer__name",),
    Party.CONSUMER: ("provider__name", "provider__host_name"),
}


class DayFilter(django_filters.DateFilter):
    field_class = DayField


class DealFilterSet(PublicFilterSet):
    """``party`` is the side that looks. Days are those of Asia/Shanghai on which it was sent, both included."""

    q = QueryFilter(label=_("编号、服务名称或对方机构"), method="search")
    kind = django_filters.ChoiceFilter(
        label=_("服务类型"), choices=ServiceKind.choices, empty_label=_("全部服务类型")
    )
    since = DayFilter(label=_("提交日期从"), field_name="created_at", lookup_expr="date__gte")
    until = DayFilter(label=_("提交日期至"), field_name="created_at", lookup_expr="date__lte")

    def __init__(self, *args: Any, party: Party, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.party = party
        self.form.auto_id = "filter-%s"
        in_our_words(self.form)

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Every word, each in one of the names; a whole number is looked up."""
        for word in value.split()[:TERMS]:
            if WHOLE.fullmatch(word.upper()):
                rows = rows.filter(number=word.upper())
                continue
            found = Q()
            for column in ("number", "offer_name", *NAMES[self.party]):
                found |= Q(**{f"{column}__icontains": word})
            rows = rows.filter(found)
        return rows

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """By what was understood; the rest is left out, and said beside its field."""
        for name, value in self.cleaned.items():
            rows = self.filters[name].filter(rows, value)
        return rows


class BookingFilterSet(DealFilterSet):
    class Meta:
        model = Booking
        fields: list[str] = []


class OrderFilterSet(DealFilterSet):
    direct = django_filters.ChoiceFilter(
        label=_("下单方式"),
        field_name="is_direct",
        choices=[("0", _("预约下单")), ("1", _("补录"))],
        empty_label=_("全部下单方式"),
    )

    class Meta:
        model = Order
        fields: list[str] = []
