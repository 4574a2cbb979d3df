"""Readings of evaluations: what visitors see of a provider, an instrument or a service."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Avg, Count, Window

from accounts.public_version import remembered
from institutions.models import Provider
from orders.models import OFFER_FIELDS, STARS, Evaluation, Offer, Order, kind_of

PER_PAGE = 10
# beyond it no database takes the offset
MOST_PAGES = 100_000
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class PublicEvaluations:
    """One page of the public evaluations, newest first, with figures over all of them: stars with one decimal."""

    rows: Sequence[Evaluation]
    count: int
    average: Decimal
    averages: dict[str, Decimal]
    page: int

    @property
    def previous_page(self) -> int:
        return self.page - 1

    @property
    def next_page(self) -> int:
        """0 where this is the last."""
        return self.page + 1 if self.page * PER_PAGE < self.count else 0


NONE = PublicEvaluations((), 0, Decimal(0), {}, 1)


def evaluation_of(order: Order) -> Evaluation | None:
    return Evaluation.objects.filter(order=order).first()


def public_evaluations(subject: Provider | Offer, page: int = 1) -> PublicEvaluations:
    """What the public reads of it. Beyond the last page it is the first.

    The first page is remembered until something public changes; one query reads rows and figures together.
    """
    column = "provider" if isinstance(subject, Provider) else OFFER_FIELDS[kind_of(subject)]
    key = ("evaluations", column, subject.pk)
    page = min(page, MOST_PAGES)
    if page > 1 and (found := _read(column, subject.pk, page)) is not NONE:
        return found
    return remembered(key, lambda: _read(column, subject.pk, 1))


def _read(column: str, pk: int, page: int) -> PublicEvaluations:
    start = (page - 1) * PER_PAGE
    figures = {f"mean_{name}": Window(Avg(name)) for name in STARS}
    rows: Any = (
        Evaluation.objects.public()
        .filter(**{f"order__{column}": pk})
        .select_related("order__consumer")
        .annotate(total=Window(Count("pk")), **figures)
        .order_by("-pk")
    )
    found = list(rows[start : start + PER_PAGE])
    if not found:
        return NONE
    means = {name: Decimal(str(getattr(found[0], f"mean_{name}"))) for name in STARS}
    average = sum(means.values(), Decimal(0)) / len(means)
    return PublicEvaluations(
        rows=found,
        count=found[0].total,
        average=_tenth(average),
        averages={name: _tenth(mean) for name, mean in means.items()},
        page=page,
    )


def public_name(name: str) -> str:
    """A consumer's name as strangers read it, its middle hidden: 西安***公司."""
    if len(name) <= 5:
        return f"{name[:1]}***"
    return f"{name[:2]}***{name[-2:]}"


def _tenth(mean: Decimal) -> Decimal:
    return mean.quantize(TENTH, ROUND_HALF_UP)
