"""Payout batches in the Wagtail admin: the ledger, and the page of one with its steps. Auditors read only."""

from typing import Any, ClassVar, cast

from django.contrib.admin import display
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.money import NOTHING, format_yuan
from institutions.permissions import may_view_bank_account
from orders.admin_inspect import trail
from orders.admin_ledgers import DealLedger, DealRowView, MadeYearFilter, PathFilter, unbroken
from redemptions import permissions
from redemptions.models import ClawBack, Objection, PayoutBatch, PayoutLine
from redemptions.services.batches import obstacle_to_close
from redemptions.statuses import BatchStatus, LineStatus
from workflow.admin_ledgers import minute

KEPT = ~Q(payouts__status=LineStatus.LEFT)


class BatchStatusFilter(PathFilter):
    title = gettext_lazy("状态")
    parameter_name = column = "status"
    choices_on_offer = BatchStatus.choices
    of_deal = False


class WorkFilter(PathFilter):
    """By what of the batch waits for somebody, whatever its state: the dashboard's tiles lead here."""

    title = gettext_lazy("待办")
    parameter_name = "work"
    column = "pk__in"
    of_deal = False
    choices_on_offer = (
        ("objections", gettext_lazy("有待处理的异议")),
        ("claw-backs", gettext_lazy("有待确认的追回")),
    )

    def condition(self, value: str | None) -> Q:
        if value == "objections":
            return Q(pk__in=Objection.objects.filter(is_upheld=None).values("line__batch"))
        open_ones = ClawBack.objects.filter(closed_at=None).values("redemption")
        paid = PayoutLine.objects.filter(status=LineStatus.PAID, redemption__in=open_ones)
        return Q(pk__in=paid.values("batch"))


class BatchRowView(DealRowView):
    """A batch with its lines, the draw, objections, files and steps."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch, actor = self.instance, cast(User, self.request.user)
        related = ("redemption__consumer", "redemption__provider", "inspected_by")
        lines: list[PayoutLine] = list(batch.payouts.select_related(*related))
        for line in lines:
            line.batch = batch
        objections = Objection.objects.filter(line__batch=batch).select_related("line", "answered_by")
        kept = [line for line in lines if line.status != LineStatus.LEFT]
        is_reviewer = permissions.may_check(actor) or permissions.may_decide(actor)
        return super().get_context_data(
            rows=[(line, is_reviewer and _waits_for(actor, line)) for line in lines],
            kept=len(kept),
            total=sum((line.amount for line in kept), NOTHING),
            by_status=_sums(kept),
            drawn=[line for line in lines if line.is_drawn],
            objections=[_of(batch, one) for one in objections],
            claw_backs=ClawBack.objects.filter(
                redemption__payouts__batch=batch, redemption__payouts__status="paid"
            )
            .select_related("redemption", "proposed_by", "closed_by")
            .distinct(),
            results=batch.results.select_related("imported_by"),
            events=trail(batch),
            may_pay=permissions.may_pay(actor),
            may_decide=permissions.may_decide(actor),
            may_download=permissions.may_pay(actor) and may_view_bank_account(actor),
            obstacle=obstacle_to_close(batch) if batch.status == BatchStatus.PUBLISHED else "",
            is_open=batch.exported_at is None and batch.status != BatchStatus.DONE,
            **kwargs,
        )


def _waits_for(actor: User, line: PayoutLine) -> bool:
    """Whether the actor may inspect this line now."""
    return bool(
        line.batch.status == BatchStatus.DRAFT
        and line.is_drawn
        and line.inspected_at is None
        and line.status == LineStatus.WAITING
        and actor.pk not in {line.redemption.checked_by_id, line.redemption.decided_by_id}
    )


def _of(batch: PayoutBatch, objection: Objection) -> Objection:
    objection.line.batch = batch
    return objection


def _sums(lines: list[PayoutLine]) -> list[tuple[str, int, Any]]:
    """(state, count, yuan) of each state there is."""
    found = []
    for status in (LineStatus.WAITING, LineStatus.PAID, LineStatus.FAILED):
        amounts = [line.amount for line in lines if line.status == status]
        if amounts:
            found.append((str(status.label), len(amounts), sum(amounts, NOTHING)))
    return found


class PayoutBatchAdmin(DealLedger):
    model = PayoutBatch
    menu_label = gettext_lazy("拨付批次")
    menu_icon = "list-ol"
    made_column = "made_at"
    index_template_name = "redemptions/admin/batch_index.html"
    inspect_view_class = BatchRowView
    inspect_template_name = "redemptions/admin/batch.html"
    inspect_view_fields = (
        "status",
        "made_by",
        "made_at",
        "published_on",
        "publicity_until",
        "exported_by",
        "exported_at",
        "export_hash",
    )
    list_display = ("shown_number", "standing", "count", "total", "publicity", "made", "exported")
    list_filter = (BatchStatusFilter, WorkFilter, MadeYearFilter)
    list_export = (
        "number",
        "get_status_display",
        "count",
        "kept_amount",
        "made_by",
        "made_at",
        "published_on",
        "publicity_until",
        "exported_at",
        "export_hash",
    )
    list_select_related: ClassVar[tuple[str, ...]] = ("made_by",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PayoutBatch]:
        rows: QuerySet[PayoutBatch] = super().get_queryset(request)
        return self.with_columns(rows) if "export" in request.GET else rows

    def with_columns(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.annotate(
            kept_count=Count("payouts", filter=KEPT), kept_sum=Sum("payouts__amount", filter=KEPT)
        )

    def found_by(self, word: str) -> Q:
        """By its number, 2026-003, or a part of that."""
        year, _dash, serial = word.partition("-")
        found = Q(payouts__redemption__number__iexact=word)
        if year.isdecimal() and len(year) <= 4 and (serial.isdecimal() or not serial):
            found |= Q(year=int(year), **({"serial": int(serial[:4])} if serial else {}))
        return Q(pk__in=PayoutBatch.objects.filter(found).values("pk"))

    @display(description=gettext_lazy("批次"), ordering="pk")
    def shown_number(self, batch: PayoutBatch) -> str:
        return unbroken(batch)

    @display(description=gettext_lazy("批次编号"))
    def number(self, batch: PayoutBatch) -> str:
        return batch.number

    @display(description=gettext_lazy("状态"))
    def standing(self, batch: Any) -> str:
        return unbroken(batch.get_status_display())

    @display(description=gettext_lazy("笔数"))
    def count(self, batch: Any) -> int:
        return int(batch.kept_count)

    @display(description=gettext_lazy("合计（元）"))
    def kept_amount(self, batch: Any) -> Any:
        return batch.kept_sum or NOTHING

    @display(description=gettext_lazy("合计（元）"))
    def total(self, batch: Any) -> str:
        return format_yuan(batch.kept_sum or NOTHING)

    @display(description=gettext_lazy("公示截止日"))
    def publicity(self, batch: PayoutBatch) -> str:
        return unbroken(batch.publicity_until.isoformat()) if batch.publicity_until else "—"

    @display(description=gettext_lazy("编制时间"), ordering="made_at")
    def made(self, batch: PayoutBatch) -> str:
        return unbroken(minute(batch.made_at))

    @display(description=gettext_lazy("导出时间"))
    def exported(self, batch: PayoutBatch) -> str:
        return unbroken(minute(batch.exported_at)) if batch.exported_at else "—"
