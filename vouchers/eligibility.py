"""Whether a consumer may apply for a voucher now, and for how much: every reason against it in one go, in sentences.

An institution is its code: whatever accounts it has count together. Money that went back unused (退券) counts as never granted
where it is about a ceiling; a share of use is of what was granted, so that nobody reaches it by giving back. Sources: the manual, section 五.2, and the programme's
parameters of the day (``programme.models``). Amounts in yuan.
"""

import datetime
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.money import NOTHING, format_yuan
from institutions.models import Consumer, ConsumerBan
from programme.models import ProgrammeParameters
from programme.selectors import current_parameters
from vouchers.models import Pool, Voucher
from vouchers.models.applications import VoucherApplication
from workflow.statuses import SubmissionStatus

APPLIED = gettext_lazy("申请额度")


@dataclass(frozen=True)
class Use:
    """What an institution was granted, has kept and has claimed. Vouchers that went back whole are left out."""

    granted_amount: Decimal = NOTHING
    kept_amount: Decimal = NOTHING
    used_amount: Decimal = NOTHING

    @property
    def percent(self) -> Decimal:
        """Exact, so that 29.9 is below 30."""
        return self.used_amount * 100 / self.granted_amount if self.granted_amount else Decimal(100)

    @property
    def percent_text(self) -> str:
        """Rounded down: what is refused for being below a share never reads as that share."""
        return str(self.percent.quantize(Decimal("0.1"), ROUND_DOWN)).removesuffix(".0")


@dataclass(frozen=True)
class Standing:
    """What counts for and against an application of a consumer on a day."""

    consumer: Consumer
    parameters: ProgrammeParameters
    today: datetime.date
    # of this programme year
    this_year: Use
    # of what could be used until a day of last year
    ended_last_year: Use
    has_had_vouchers: bool
    # the application that is open besides the one looked at
    open_application: VoucherApplication | None
    pool: Pool | None
    ban: ConsumerBan | None

    @property
    def pending_amount(self) -> Decimal:
        """Of the other application, while it waits for review."""
        other = self.open_application
        if other is None or other.status != SubmissionStatus.PENDING:
            return NOTHING
        return other.applied_amount or NOTHING

    @property
    def taken_amount(self) -> Decimal:
        return self.this_year.kept_amount + self.pending_amount

    @property
    def ceiling_amount(self) -> Decimal:
        """The most in all for the year, or for a first application."""
        first = None if self.has_had_vouchers else self.parameters.first_ceiling_amount
        return min(first or self.parameters.consumer_ceiling_amount, self.parameters.consumer_ceiling_amount)

    @property
    def left_amount(self) -> Decimal:
        """The most that may be applied for now."""
        return max(self.ceiling_amount - self.taken_amount, NOTHING)

    @property
    def reasons(self) -> list[str]:
        """Why nothing can be handed in, whatever the amount; empty where it may."""
        return [*filter(None, [self._institution_reason()]), *self._other_reasons()]

    @property
    def reasons_to_wait(self) -> list[str]:
        """Why an application is not even begun. It may be filled in while the institution waits for review (manual, 五.2)."""
        return self._other_reasons() if self.consumer.status == SubmissionStatus.PENDING else self.reasons

    def _other_reasons(self) -> list[str]:
        found = (
            self.ban_reason,
            self._open_reason(),
            self._used_up_reason(),
            *self.use_reasons,
            self.pool_reason,
        )
        return [sentence for sentence in found if sentence]

    @property
    def ban_reason(self) -> str:
        """That staff have suspended the right to vouchers, for how long and why; empty where they have not."""
        if self.ban is None:
            return ""
        return _("用券资格已暂停，暂停期间不能申请创新券。%s") % self.ban.facts

    @property
    def use_reasons(self) -> list[str]:
        """Why what was granted before has not been used enough; empty where it has."""
        return [reason for reason in (self._reapply_reason(), self._low_use_reason()) if reason]

    def amount_reasons(self, amount: Decimal, label: Any = APPLIED) -> list[str]:
        """Why this amount cannot be applied for or granted, each in its sentence; empty where it can."""
        if amount <= 0:
            sentence = (
                _("%s不能为 0，请填写大于 0 的金额。")
                if amount == 0
                else _("%s不能是负数，请填写大于 0 的金额。")
            )
            return [sentence % label]
        found = []
        if self.parameters.whole_yuan_only and amount != amount.to_integral_value():
            found.append(_("%s只取整元，不能带角、分，请修改金额。") % label)
        if reason := self._too_much(amount):
            found.append(reason)
        return found

    def _too_much(self, amount: Decimal) -> str:
        ceiling = self.parameters.consumer_ceiling_amount
        if amount > ceiling:
            return _("%(amount)s 元超过了每家机构每年 %(ceiling)s 元的上限，请减少金额。") % {
                "amount": format_yuan(amount),
                "ceiling": format_yuan(ceiling),
            }
        if amount > self.ceiling_amount:
            return _("首次申请不能超过 %s 元，请减少金额。") % format_yuan(self.ceiling_amount)
        if 0 < self.left_amount < amount:
            return _(
                "本年度已获批和正在申请的额度共 %(taken)s 元，最多还可申请 %(left)s 元，请减少金额。"
            ) % {"taken": format_yuan(self.taken_amount), "left": format_yuan(self.left_amount)}
        return self._used_up_reason()

    def _institution_reason(self) -> str:
        if self.consumer.status == SubmissionStatus.APPROVED:
            return ""
        return (
            _("机构信息目前是“%s”状态，通过审核后才能申请创新券，请先到“机构信息”办理。")
            % self.consumer.status_label
        )

    def _open_reason(self) -> str:
        if self.open_application is None:
            return ""
        return (
            _("已有一份申请还没有办完（%s），一家机构同时只能办理一份申请。")
            % self.open_application.status_label
        )

    def _used_up_reason(self) -> str:
        if self.left_amount > 0:
            return ""
        return _("本年度已获批和正在申请的额度共 %(taken)s 元，已达到 %(ceiling)s 元的上限，不能再申请。") % {
            "taken": format_yuan(self.taken_amount),
            "ceiling": format_yuan(self.ceiling_amount),
        }

    def _reapply_reason(self) -> str:
        least = self.parameters.reapply_used_percent
        if least is None or not self.this_year.granted_amount or self.this_year.percent > least:
            return ""
        return _("本年度已获批 %(granted)s 元，使用了 %(used)s%%；使用超过 %(least)d%% 后才能再次申请。") % {
            "granted": format_yuan(self.this_year.granted_amount),
            "used": self.this_year.percent_text,
            "least": least,
        }

    def _low_use_reason(self) -> str:
        least = self.parameters.low_use_percent
        ended = self.ended_last_year
        if least is None or not ended.granted_amount or ended.percent >= least:
            return ""
        return _(
            "%(year)d 年到期的创新券只使用了 %(used)s%%，低于 %(least)d%%，按规定 %(now)d 年度不能申请。"
        ) % {
            "year": self.today.year - 1,
            "used": ended.percent_text,
            "least": least,
            "now": self.today.year,
        }

    @property
    def pool_reason(self) -> str:
        if self.pool is None:
            return _("%d 年度的资金池还没有设立，暂时不能申请，请留意通知公告。") % self.today.year
        if self.pool.available_amount <= 0:
            return _("%d 年度的创新券资金已经用完，暂时不能申请，请留意通知公告。") % self.today.year
        return ""


def standing_of(
    consumer: Consumer, *, besides: VoucherApplication | None = None, today: datetime.date | None = None
) -> Standing:
    """Today's, or that of a day. ``besides`` is the application looked at, which does not count against itself. Five queries."""
    today = today or timezone.localdate()
    institution = Q(consumer_id=consumer.pk)
    if consumer.code:
        institution |= Q(consumer__code=consumer.code)
    # of its other accounts what has been handed in; what they only write does not keep it from applying
    own_or_pending = Q(consumer_id=consumer.pk) | Q(status=SubmissionStatus.PENDING)
    others = VoucherApplication.objects.open().filter(institution, own_or_pending)
    if besides is not None and besides.pk is not None:
        others = others.exclude(pk=besides.pk)
    granted = Voucher.objects.filter(institution, returned_amount__lt=F("amount"))
    sums = granted.aggregate(
        ever=Count("pk"),
        **_sums("this_year", Q(pool__year=today.year)),
        **_sums("ended_last_year", Q(valid_until__year=today.year - 1)),
    )
    return Standing(
        consumer=consumer,
        parameters=current_parameters(),
        today=today,
        this_year=_use(sums, "this_year"),
        ended_last_year=_use(sums, "ended_last_year"),
        has_had_vouchers=bool(sums["ever"]),
        open_application=others.order_by("pk").first(),
        pool=Pool.objects.filter(year=today.year).first(),
        ban=consumer.ban,
    )


def _sums(name: str, which: Q) -> dict[str, Any]:
    return {
        f"{name}_granted": Sum("amount", filter=which),
        f"{name}_kept": Sum(F("amount") - F("returned_amount"), filter=which),
        f"{name}_used": Sum(F("reserved_amount") + F("redeemed_amount"), filter=which),
    }


def _use(sums: dict[str, Any], name: str) -> Use:
    amounts = (sums[f"{name}_{part}"] or 0 for part in ("granted", "kept", "used"))
    # SQLite sums in floating point
    return Use(*(Decimal(value).quantize(NOTHING) for value in amounts))
