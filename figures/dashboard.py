"""Internal figures of a year, each with the list behind it: from the cells, the vouchers and what waits. Amounts in yuan."""

import datetime
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.money import NOTHING, percent
from figures.measures import BOOKED, DIRECT, Dimension, Measure
from figures.models import Cell
from institutions.models import Consumer
from programme.selectors import current_parameters
from redemptions.models import Redemption
from redemptions.statuses import IN_REVIEW, RedemptionStatus
from vouchers.models import Pool, Voucher
from workflow.models import ReviewTaskState
from workflow.working_days import working_days_between

FUNNEL = (
    Measure.APPLIED,
    Measure.GRANTED,
    Measure.ORDERED,
    Measure.COMPLETED,
    Measure.CLAIMED,
    Measure.REDEEMED,
)
# The ledger behind each, with its filters beside the year.
LISTS: dict[Measure, tuple[str, dict[str, str]]] = {
    Measure.APPLIED: ("vouchers_voucherapplication", {}),
    Measure.GRANTED: ("vouchers_voucher", {}),
    Measure.ORDERED: ("orders_order", {}),
    Measure.COMPLETED: ("orders_order", {"status": "completed"}),
    Measure.CLAIMED: ("vouchers_ledgerentry", {"kind__exact": "reserve"}),
    Measure.REDEEMED: ("vouchers_ledgerentry", {"kind__exact": "redeem"}),
}
# Working days that something has waited: up to so many; the last has no end.
AGES = (1, 2, 3, 5, None)
PACE_DAYS = 90
DAYS_A_MONTH = Decimal("30.4")
TENTH = Decimal("0.1")
# Shares of their vouchers that consumers have used, in percent, between nothing and all.
BOUNDS = (0, 30, 60, 100)
LOW_PERCENT = 30
LOW_LISTED = 20


def ledger(model: str, **query: str | int) -> str:
    """The address of a ledger of the admin with its filters."""
    address = reverse(f"{model}_modeladmin_index")
    return f"{address}?{urlencode(query)}" if query else address


@dataclass(frozen=True, slots=True)
class Stage:
    """``percent`` is its share of the stage before, by count; None of the first."""

    label: str
    count: int
    amount: Decimal
    percent: Decimal | None
    url: str
    permission: str


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits of one kind: by age in working days, as ``AGES``, how many past their target, and the longest wait."""

    label: str
    ages: Sequence[int]
    count: int
    overdue: int
    longest: int
    url: str
    overdue_url: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """A pool, what the last ``PACE_DAYS`` days granted from it, and for how many months it lasts at that pace; None for ever."""

    year: int
    available: Decimal
    granted: Decimal
    months: Decimal | None
    ends_on: datetime.date | None
    url: str


@dataclass(frozen=True, slots=True)
class Way:
    label: str
    count: int
    amount: Decimal
    count_percent: Decimal
    amount_percent: Decimal
    url: str


@dataclass(frozen=True, slots=True)
class Use:
    """How a consumer has used the vouchers of a year: what was claimed or paid of what it was granted and has not given back."""

    consumer: str
    granted: Decimal
    used: Decimal
    percent: Decimal
    url: str


@dataclass(frozen=True, slots=True)
class Band:
    label: str
    consumers: int
    granted: Decimal
    used: Decimal


def funnel(year: int) -> list[Stage]:
    cells = {cell.measure: cell for cell in Cell.objects.filter(year=year, dimension=Dimension.WHOLE)}
    stages: list[Stage] = []
    for measure in FUNNEL:
        cell = cells.get(measure)
        count, amount = (cell.count, cell.amount) if cell else (0, NOTHING)
        share = percent(count, stages[-1].count) if stages else None
        model, query = LISTS[measure]
        permission = "{}.view_{}".format(*model.split("_"))
        stages.append(
            Stage(str(measure.label), count, amount, share, ledger(model, year=year, **query), permission)
        )
    return stages


def queues() -> list[Queue]:
    """What waits for a decision now, by kind of record; the longest queue first."""
    today = timezone.localdate()
    rows = (
        ReviewTaskState.objects.waiting()
        .order_by()
        .values_list("record_type_id", TruncDate("started_at"), "due_on")
        .annotate(Count("pk"))
    )
    waited: dict[datetime.date, int] = {}
    found: dict[int, dict[str, Any]] = {}
    for type_id, since, due_on, count in rows:
        days = waited.setdefault(since, working_days_between(since, today))
        queue = found.setdefault(type_id, {"ages": [0] * len(AGES), "overdue": 0, "longest": 0})
        queue["ages"][_age(days)] += count
        queue["overdue"] += count if due_on and due_on < today else 0
        queue["longest"] = max(queue["longest"], days)
    made = [_queue(type_id, values) for type_id, values in found.items()]
    return sorted([*made, *_claims(today)], key=lambda queue: -queue.count)


def _claims(today: datetime.date) -> list[Queue]:
    """Claims that wait for 初审 or 复审, since they were submitted, each state as a queue of its own."""
    target = current_parameters().voucher_review_days
    rows = (
        Redemption.objects.filter(status__in=IN_REVIEW)
        .order_by()
        .values_list("status", TruncDate("submitted_at"))
        .annotate(Count("pk"))
    )
    found: dict[str, dict[str, Any]] = {}
    for status, since, count in rows:
        days = working_days_between(since, today)
        queue = found.setdefault(status, {"ages": [0] * len(AGES), "overdue": 0, "longest": 0})
        queue["ages"][_age(days)] += count
        queue["overdue"] += count if days > target else 0
        queue["longest"] = max(queue["longest"], days)
    return [
        Queue(
            label=_("兑付申请（%s）") % RedemptionStatus(status).label,
            count=sum(values["ages"]),
            url=(address := ledger("redemptions_redemption", status=status)),
            overdue_url=address,
            **values,
        )
        for status, values in found.items()
    ]


def _age(days: int) -> int:
    return next(place for place, most in enumerate(AGES) if most is None or days <= most)


def _queue(type_id: int, values: dict[str, Any]) -> Queue:
    model = ContentType.objects.get_for_id(type_id).model_class()
    address = f"{reverse('review_queue')}?record_type={type_id}"
    return Queue(
        label=str(model._meta.verbose_name) if model else "",
        count=sum(values["ages"]),
        url=address,
        overdue_url=f"{address}&due=overdue",
        **values,
    )


def age_labels() -> list[str]:
    labels, least = [], 0
    for most in AGES:
        if most is None:
            labels.append(_("%d 天及以上") % least)
        else:
            labels.append(
                _("%d 天") % most
                if least == most
                else _("%(least)d–%(most)d 天") % {"least": least, "most": most}
            )
            least = most + 1
    return labels


def forecasts() -> list[Forecast]:
    """Of this year's pool and those to come."""
    today = timezone.localdate()
    since = timezone.now() - datetime.timedelta(days=PACE_DAYS)
    paces = dict(
        Voucher.objects.filter(granted_at__gte=since, pool__year__gte=today.year)
        .order_by()
        .values_list("pool")
        .annotate(Sum("amount"))
    )
    found = []
    for pool in Pool.objects.filter(year__gte=today.year).order_by("year"):
        granted = paces.get(pool.pk, NOTHING)
        days = pool.available_amount * PACE_DAYS / granted if granted else None
        found.append(
            Forecast(
                year=pool.year,
                available=pool.available_amount,
                granted=granted,
                months=(days / DAYS_A_MONTH).quantize(TENTH) if days is not None else None,
                ends_on=today + datetime.timedelta(days=int(days))
                if days is not None and days < 3650
                else None,
                url=ledger("vouchers_ledgerentry", year=pool.year, kind__exact="grant"),
            )
        )
    return found


def ways(year: int) -> list[Way]:
    """Orders placed from a booking, and 补录."""
    cells = {
        cell.value: cell
        for cell in Cell.objects.filter(year=year, dimension=Dimension.WAY, measure=Measure.ORDERED)
    }
    count = sum(cell.count for cell in cells.values())
    amount = sum((cell.amount for cell in cells.values()), NOTHING)
    found = []
    for value, label, direct in ((BOOKED, _("预约下单"), "0"), (DIRECT, _("补录"), "1")):
        cell = cells.get(value)
        of_way = (cell.count, cell.amount) if cell else (0, NOTHING)
        shares = percent(of_way[0], count), percent(of_way[1], amount)
        found.append(Way(label, *of_way, *shares, ledger("orders_order", year=year, direct=direct)))
    return found


def _used(year: int) -> Any:
    """Each consumer with vouchers of the year's pool, what it keeps of them, and what of that was claimed or paid."""
    return (
        Voucher.objects.filter(pool__year=year)
        .order_by()
        .values("consumer_id")
        .annotate(
            granted=Sum(F("amount") - F("returned_amount")),
            used=Sum(F("reserved_amount") + F("redeemed_amount")),
        )
        .filter(granted__gt=0)
    )


def bands(year: int) -> list[Band]:
    """How many consumers have used so much of their vouchers."""
    labels = (_("未使用"), _("30% 以下"), _("30%–60%"), _("60%–100%"), _("全部用完"))
    parts = [Q(used=0), *(_between(*pair) for pair in itertools.pairwise(BOUNDS)), Q(used__gte=F("granted"))]
    sums = _used(year).aggregate(
        **{f"{place}_count": Count("consumer_id", filter=part) for place, part in enumerate(parts)},
        **{f"{place}_granted": Sum("granted", filter=part) for place, part in enumerate(parts)},
        **{f"{place}_used": Sum("used", filter=part) for place, part in enumerate(parts)},
    )
    return [
        Band(label, sums[f"{place}_count"], _yuan(sums[f"{place}_granted"]), _yuan(sums[f"{place}_used"]))
        for place, label in enumerate(labels)
    ]


def _between(least: int, most: int) -> Q:
    """Of what is kept, from ``least`` percent to below ``most``; anything at all."""
    return Q(used__gt=0, used__gte=F("granted") * least / 100, used__lt=F("granted") * most / 100)


def low_use(year: int) -> list[Use]:
    """The ``LOW_LISTED`` consumers that used least: below ``LOW_PERCENT``, those with most money first where it is the same."""
    rows = list(
        _used(year)
        .filter(used__lt=F("granted") * LOW_PERCENT / 100)
        .annotate(share=F("used") * 1.0 / F("granted"))
        .order_by("share", "-granted", "consumer_id")
        .values_list("consumer_id", "granted", "used")[:LOW_LISTED]
    )
    names = dict(Consumer.objects.filter(pk__in=[pk for pk, *_sums in rows]).values_list("pk", "name"))
    return [
        Use(
            names[pk],
            _yuan(granted),
            _yuan(used),
            percent(used, granted),
            ledger("vouchers_voucher", year=year, q=names[pk]),
        )
        for pk, granted, used in rows
    ]


def _yuan(amount: Any) -> Decimal:
    return Decimal(amount or 0).quantize(NOTHING)
