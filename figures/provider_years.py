"""Computing a provider's year from its orders, bookings and evaluations. The programme's parameters settle the subsidy."""

from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Avg, Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Least, TruncDate

from accounts.money import NOTHING
from figures.year_figures import Served, YearFigures, subsidy_of
from institutions.models import Provider
from orders.models import Evaluation, Invoice, Order
from orders.statistics import first_answers
from orders.statuses import OrderStatus, ServiceKind
from programme.models import ProgrammeParameters
from vouchers.models import LedgerEntry
from vouchers.statuses import LedgerKind

HUNDREDTH = Decimal("0.01")


def compute_year(provider: Provider, year: int, parameters: ProgrammeParameters) -> YearFigures:
    """Orders count for the year of the consumer's 确认完成, evaluations and bookings for that in which they were made."""
    completed = Order.objects.filter(
        provider=provider, status=OrderStatus.COMPLETED, completed_at__year=year
    ).order_by()
    kinds = _kinds(completed)
    timed, on_time = _timed(completed)
    answers = first_answers(year, provider=provider)
    stars = Evaluation.objects.filter(order__provider=provider, at__year=year, hidden_at=None).aggregate(
        count=Count("pk"), mean=Avg(F("quality") + F("speed") + F("service"))
    )
    whole = YearFigures(
        kinds=kinds,
        consumers=completed.aggregate(found=Count("consumer", distinct=True))["found"],
        evaluations=stars["count"],
        mean_stars=_rounded(Decimal(stars["mean"]) / 3) if stars["count"] else None,
        timed=timed,
        on_time=on_time,
        answered=answers.count,
        answer_days=answers.days,
    )
    subsidy, lines = subsidy_of(whole.total, parameters)
    return YearFigures(**{**vars(whole), "subsidy_amount": subsidy, "subsidy_lines": lines})


# Of an order nobody was invoiced for in full, what was invoiced: the rest was agreed, and may never have been served.
_INVOICED = Coalesce(
    Subquery(
        Invoice.objects.filter(order=OuterRef("pk"), removed_at=None)
        .order_by()
        .values("order")
        .annotate(sum=Sum("amount"))
        .values("sum")
    ),
    NOTHING,
    output_field=DecimalField(max_digits=14, decimal_places=2),
)


def _kinds(completed: QuerySet[Order]) -> dict[str, Served]:
    """By kind, all three of them."""
    counted = {
        kind: (count, amount)
        for kind, count, amount in completed.values_list("kind").annotate(Count("pk"), Sum("total_amount"))
    }
    paid = {
        kind: (count, amount)
        for kind, count, amount in completed.filter(number__in=_with_vouchers(completed))
        .values("kind")
        .annotate(count=Count("pk"), amount=Sum(Least("total_amount", _INVOICED)))
        .values_list("kind", "count", "amount")
    }
    nothing = (0, NOTHING)
    return {
        kind.value: Served(*counted.get(kind.value, nothing), *paid.get(kind.value, nothing))
        for kind in ServiceKind
    }


def _with_vouchers(orders: QuerySet[Order]) -> list[str]:
    """Numbers of those for which voucher money was paid, and not taken back: what is only claimed may come to nothing."""
    return list(
        LedgerEntry.objects.filter(order_number__in=orders.values("number"))
        .order_by()
        .values("order_number")
        .annotate(
            used=Sum("amount", filter=Q(kind=LedgerKind.REDEEM), default=NOTHING)
            - Sum("amount", filter=Q(kind=LedgerKind.CLAW_BACK), default=NOTHING)
        )
        .filter(used__gt=0)
        .values_list("order_number", flat=True)
    )


def _timed(completed: QuerySet[Order]) -> tuple[int, int]:
    """How many orders had an agreed day, and how many were delivered by it. 补录 is put on record after it was delivered."""
    found = (
        completed.filter(is_direct=False, delivered_at__isnull=False)
        .annotate(delivered_on=TruncDate("delivered_at"))
        .aggregate(count=Count("pk"), on_time=Count("pk", filter=Q(delivered_on__lte=F("delivery_on"))))
    )
    return found["count"], found["on_time"]


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(HUNDREDTH, ROUND_HALF_UP)
