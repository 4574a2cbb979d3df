"""The dashboard's panel: claims, and what of the payouts waits for whom, from the draw to the money taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from redemptions.admin_queue import LEDGER, SHOWN, case_url, queue_of, queue_url, wait_of
from redemptions.models import ClawBack, Objection, PayoutBatch, PayoutLine, Redemption
from redemptions.permissions import may_check, may_decide, may_pay
from redemptions.services.batches import ready_for_batch
from redemptions.statuses import BatchStatus, LineStatus, RedemptionStatus

BATCHES = "redemptions_payoutbatch_modeladmin"


@dataclass(frozen=True)
class Tile:
    """One kind of work: how much of it there is, and where it is done."""

    label: str
    count: int
    url: str


def payout_work(user: Any) -> list[tuple[str, QuerySet[Any], str]]:
    """The kinds of work that this user may do: its name, what waits, and the address where it is done."""
    batches, claims = reverse(f"{BATCHES}_index"), reverse(f"{LEDGER}_index")
    checks, decides, pays = may_check(user), may_decide(user), may_pay(user)
    not_own = ~Q(redemption__checked_by=user) & ~Q(redemption__decided_by=user)
    drawn = PayoutLine.objects.filter(
        not_own,
        batch__status=BatchStatus.DRAFT,
        status=LineStatus.WAITING,
        is_drawn=True,
        inspected_at=None,
    )
    exported = PayoutBatch.objects.filter(status=BatchStatus.EXPORTED)
    claw_backs = ClawBack.objects.filter(closed_at=None).exclude(proposed_by=user)
    offered: list[tuple[bool, str, QuerySet[Any], str]] = [
        (checks or decides, _("待抽查"), drawn, f"{batches}?status={BatchStatus.DRAFT}"),
        (
            decides,
            _("待处理的公示异议"),
            Objection.objects.filter(is_upheld=None),
            f"{batches}?work=objections",
        ),
        (
            decides,
            _("拨付失败，待更正账户"),
            # who has checked one does not renew its account
            Redemption.objects.filter(status=RedemptionStatus.FAILED).exclude(checked_by=user),
            f"{claims}?status={RedemptionStatus.FAILED}",
        ),
        (pays, _("可编入批次"), ready_for_batch(), reverse("make_batch")),
        (pays, _("待导入银行结果的批次"), exported, f"{batches}?status={BatchStatus.EXPORTED}"),
        (pays, _("待确认的追回"), claw_backs, f"{batches}?work=claw-backs"),
    ]
    return [(label, rows, url) for is_mine, label, rows, url in offered if is_mine]


def counted(*querysets: QuerySet[Any]) -> list[int]:
    """How many rows each has, in one query."""
    if not querysets:
        return []
    first, *others = [
        rows.order_by().annotate(place=Value(place)).values("place").annotate(count=Count("pk"))
        for place, rows in enumerate(querysets)
    ]
    counts = dict(first.union(*others, all=True).values_list("place", "count"))
    return [counts.get(place, 0) for place in range(len(querysets))]


class RedemptionPanel(Component):
    """The dashboard's panel of who checks, decides, inspects or pays: what waits, and the oldest claims; two queries."""

    name = "redemptions"
    template_name = "redemptions/admin/panel.html"
    order = 102

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        user = (parent_context or {})["request"].user
        queue, work = queue_of(user), payout_work(user)
        check, decide, failed, *payouts = counted(
            queue.filter(status=RedemptionStatus.SUBMITTED),
            queue.filter(status=RedemptionStatus.CHECKED),
            queue.filter(failed_checks__gt=0),
            *(rows for _label, rows, _url in work),
        )
        oldest = queue.select_related("order", "consumer", "parameters")[:SHOWN] if check + decide else []
        return {
            "counts": {"check": check, "decide": decide, "failed": failed},
            "oldest": [(claim, case_url(claim), wait_of(claim)) for claim in oldest],
            "may_check": may_check(user),
            "may_decide": may_decide(user),
            "queue_url": queue_url(),
            "tiles": [
                Tile(label, count, url) for (label, _rows, url), count in zip(work, payouts, strict=True)
            ],
        }
