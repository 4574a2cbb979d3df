"""Pools, vouchers and the ledger. ADR 0013 has the why.

The ledger is the truth. The amounts on pools and vouchers are its sums, kept so that a condition of the database can hold them.
Only ``vouchers.posting`` writes any of the three.
"""

import hashlib
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.admin import display
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Round
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.money import NOTHING, percent
from institutions.models import Consumer
from programme.models import ProgrammeParameters
from vouchers.exceptions import VoucherError
from vouchers.numbers import validate_number
from vouchers.querysets import LedgerEntryQuerySet, PoolQuerySet, VoucherQuerySet
from vouchers.statuses import PARTS, LedgerKind, VoucherStatus
from workflow.setup import AUDITORS, MANAGERS, PAYERS, REVIEWERS

GENESIS_HASH = "0" * 64


def money_field(label: Any, **options: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(label, max_digits=14, decimal_places=2, **options)


class Pool(models.Model):
    """The money of one programme year (a calendar year), and the head of its chain of entries. Amounts in yuan."""

    year = models.PositiveSmallIntegerField(_("项目年度"), unique=True)
    amount = money_field(_("资金总额（元）"), default=NOTHING)
    available_amount = money_field(_("可发放金额（元）"), default=NOTHING)
    entry_count = models.PositiveBigIntegerField(_("流水笔数"), default=0)
    head_hash = models.CharField(_("末笔校验值"), max_length=64, default=GENESIS_HASH)

    objects = PoolQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    staff_permissions: ClassVar[dict[str, tuple[str, ...]]] = {
        MANAGERS: ("view", "fund"),
        REVIEWERS: ("view",),
        PAYERS: ("view",),
        AUDITORS: ("view",),
    }

    class Meta:
        verbose_name = _("资金池")
        verbose_name_plural = _("资金池")
        ordering = ["-year"]
        default_permissions = ("view",)
        permissions = [("fund_pool", "向资金池注入资金")]
        constraints = [
            models.CheckConstraint(name="pool_never_overdrawn", condition=Q(available_amount__gte=0)),
            models.CheckConstraint(
                name="pool_available_within_amount", condition=Q(available_amount__lte=F("amount"))
            ),
        ]

    def __str__(self) -> str:
        return gettext("%d 年度资金池") % self.year

    @property
    @display(description=_("已发放（元）"))
    def issued_amount(self) -> Decimal:
        """What is out: granted and not come back."""
        return self.amount - self.available_amount

    @property
    @display(description=_("已发放（%）"))
    def used_percent(self) -> Decimal:
        """How much of the pool is out, in percent with one decimal."""
        return percent(self.issued_amount, self.amount)


class Voucher(models.Model):
    """Money that a consumer may claim for services within the validity. Its parts always add up to its amount.

    Services must fall within ``valid_from`` … ``valid_until``; they can be claimed until ``redeem_by``, after which what is left
    goes back to the pool.
    """

    number = models.CharField(_("券号"), max_length=22, unique=True, validators=[validate_number])
    consumer = models.ForeignKey(
        Consumer, verbose_name=_("用券机构"), on_delete=models.PROTECT, related_name="vouchers"
    )
    pool = models.ForeignKey(
        Pool, verbose_name=_("资金池"), on_delete=models.PROTECT, related_name="vouchers"
    )
    parameters = models.ForeignKey(
        ProgrammeParameters, verbose_name=_("项目参数"), on_delete=models.PROTECT, related_name="vouchers"
    )
    amount = money_field(_("券面金额（元）"))
    balance_amount = money_field(_("余额（元）"))
    reserved_amount = money_field(_("兑付审核中（元）"), default=NOTHING)
    redeemed_amount = money_field(_("已兑付（元）"), default=NOTHING)
    returned_amount = money_field(_("已退回（元）"), default=NOTHING)
    expired_amount = money_field(_("已过期（元）"), default=NOTHING)
    clawed_back_amount = money_field(_("已追回（元）"), default=NOTHING)
    valid_from = models.DateField(_("有效期自"))
    valid_until = models.DateField(_("有效期至"), help_text=_("含当天；服务和发票的日期须在有效期内。"))
    redeem_by = models.DateField(_("兑付截止日"), help_text=_("含当天；此后未用的金额退回资金池。"))
    granted_at = models.DateTimeField(_("发放时间"), default=timezone.now)

    objects = VoucherQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    staff_permissions: ClassVar[dict[str, tuple[str, ...]]] = {
        REVIEWERS: ("view", "grant"),
        PAYERS: ("view", "redeem"),
        MANAGERS: ("view",),
        AUDITORS: ("view",),
    }

    class Meta:
        verbose_name = _("创新券")
        verbose_name_plural = _("创新券")
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [("grant_voucher", "发放和收回创新券"), ("redeem_voucher", "兑付和追回创新券")]
        indexes = [
            models.Index(fields=["valid_until"], condition=Q(balance_amount__gt=0), name="voucher_ends"),
            models.Index(fields=["redeem_by"], condition=Q(balance_amount__gt=0), name="voucher_lapses"),
        ]
        constraints = [
            models.CheckConstraint(name="voucher_amount_positive", condition=Q(amount__gt=0)),
            *(
                models.CheckConstraint(
                    name=f"voucher_{part}_not_negative", condition=Q(**{f"{part}_amount__gte": 0})
                )
                for part in PARTS
            ),
            models.CheckConstraint(
                # rounded, because SQLite adds in floating point
                name="voucher_parts_add_up",
                condition=Q(amount=Round(sum((F(f"{part}_amount") for part in PARTS), Value(0)), 2)),
            ),
            models.CheckConstraint(
                name="voucher_dates_in_order",
                condition=Q(valid_from__lte=F("valid_until"), valid_until__lte=F("redeem_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    @display(description=_("状态"))
    def status(self) -> VoucherStatus:
        """As ``status_conditions`` has it, for one row."""
        today = timezone.localdate()
        if self.balance_amount > 0:
            if self.valid_until >= today:
                return VoucherStatus.USABLE
            return VoucherStatus.CLOSING if self.redeem_by >= today else VoucherStatus.OVERDUE
        if self.reserved_amount > 0:
            return VoucherStatus.REDEEMING
        if self.expired_amount > 0:
            return VoucherStatus.EXPIRED
        is_returned_whole = self.returned_amount >= self.amount
        return VoucherStatus.RETURNED if is_returned_whole else VoucherStatus.USED

    def get_status_display(self) -> str:
        return str(self.status.label)

    def get_centre_url(self) -> str:
        return reverse("vouchers:voucher", args=[self.pk])


class LedgerEntry(models.Model):
    """One movement of money. Append-only: by this model, and by triggers.

    Entries of a pool are numbered without a gap, and each carries the hash of the one before. The effects say what the
    entry added to the pool's available money and to the voucher's balance and reserved part, and the state after it.
    """

    pool = models.ForeignKey(Pool, verbose_name=_("资金池"), on_delete=models.PROTECT, related_name="entries")
    sequence = models.PositiveBigIntegerField(_("序号"))
    at = models.DateTimeField(_("时间"))
    kind = models.CharField(_("类型"), max_length=10, choices=LedgerKind)
    voucher = models.ForeignKey(
        Voucher,
        verbose_name=_("创新券"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="entries",
    )
    amount = money_field(_("金额（元）"))
    pool_effect = money_field(_("可发放金额变动（元）"))
    balance_effect = money_field(_("余额变动（元）"))
    reserved_effect = money_field(_("审核中变动（元）"))
    pool_after = money_field(_("变动后可发放金额（元）"))
    balance_after = money_field(_("变动后余额（元）"))
    reserved_after = money_field(_("变动后审核中（元）"))
    order_number = models.CharField(_("订单号"), max_length=40, blank=True)
    # nobody for the system itself
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("操作人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    actor_name = models.CharField(_("操作人姓名"), max_length=150)
    reason = models.TextField(_("说明"), max_length=500)
    # of a grant, as ``terms_text`` writes them: whose the voucher is and its dates
    terms = models.TextField(_("发放时的条件"), blank=True)
    previous_hash = models.CharField(_("上笔校验值"), max_length=64)
    hash = models.CharField(_("校验值"), max_length=64)

    objects = LedgerEntryQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    staff_permissions: ClassVar[dict[str, tuple[str, ...]]] = {
        MANAGERS: ("view",),
        REVIEWERS: ("view",),
        PAYERS: ("view",),
        AUDITORS: ("view",),
    }

    class Meta:
        verbose_name = _("资金流水")
        verbose_name_plural = _("资金流水")
        ordering = ["-pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["pool", "sequence"], name="ledger_sequence_once"),
            models.CheckConstraint(name="ledger_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="ledger_kind_known", condition=Q(kind__in=[kind.value for kind in LedgerKind])
            ),
            models.CheckConstraint(
                name="ledger_voucher_but_for_funds",
                condition=Q(kind=LedgerKind.FUND.value, voucher=None)
                | ~Q(kind=LedgerKind.FUND.value) & Q(voucher__isnull=False),
            ),
            models.CheckConstraint(
                name="ledger_nothing_negative_after",
                condition=Q(pool_after__gte=0, balance_after__gte=0, reserved_after__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(year)d 年度第 %(sequence)d 笔") % {
            "year": self.pool.year,
            "sequence": self.sequence,
        }

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise VoucherError(gettext("流水账只能追加，不能修改。"))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise VoucherError(gettext("流水账只能追加，不能删除。"))


# What the hash of an entry covers, in this order, after the hash of the one before and the pool's year.
HASHED: tuple[str, ...] = (
    "sequence",
    "at",
    "kind",
    "voucher__number",
    "amount",
    "pool_effect",
    "balance_effect",
    "reserved_effect",
    "pool_after",
    "balance_after",
    "reserved_after",
    "order_number",
    "actor_id",
    "actor_name",
    "reason",
    "terms",
)

# Columns of a voucher that its grant's entry holds, and with it the chain.
TERMS = ("consumer_id", "parameters_id", "valid_from", "valid_until", "redeem_by")


def terms_text(values: Sequence[Any]) -> str:
    """The values of ``TERMS``, as the entry of a grant holds them."""
    return json.dumps(dict(zip(TERMS, values, strict=True)), separators=(",", ":"), default=_as_text)


def content_of(entry: LedgerEntry) -> list[Any]:
    """The values of ``HASHED``."""
    return [_value_of(entry, path) for path in HASHED]


def _value_of(entry: LedgerEntry, path: str) -> Any:
    value: Any = entry
    for name in path.split("__"):
        value = getattr(value, name) if value is not None else None
    return value


def entry_hash(previous_hash: str, year: int, content: Sequence[Any]) -> str:
    """SHA-256 over the values of ``HASHED``, written as a JSON list: no two contents are written alike."""
    text = json.dumps(
        [previous_hash, year, *content], ensure_ascii=False, separators=(",", ":"), default=_as_text
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _as_text(value: Any) -> str:
    """Amounts with their two places, moments in UTC with their microseconds."""
    return str(value) if isinstance(value, Decimal) else value.isoformat()


class Deadline(models.TextChoices):
    USE = "use", _("有效期")
    REDEEM = "redeem", _("兑付期限")


class VoucherNotice(models.Model):
    """A notice that was sent: this many days before that deadline of the voucher. Each is sent once."""

    voucher = models.ForeignKey(Voucher, on_delete=models.CASCADE, related_name="notices")
    deadline = models.CharField(max_length=10, choices=Deadline)
    days = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("到期提醒")
        verbose_name_plural = _("到期提醒")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["voucher", "deadline", "days"], name="voucher_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.voucher} {self.deadline} {self.days}"
