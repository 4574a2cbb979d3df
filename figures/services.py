"""A provider's year: opened and computed by staff, confirmed or disputed by the provider. Confirmed, it stays as it is until staff open it again."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from accounts.money import format_yuan
from accounts.selectors import staff_who_may
from accounts.services import notify
from figures import permissions
from figures.exceptions import FiguresError
from figures.models import ProviderYear
from figures.provider_years import compute_year
from figures.statuses import MOVES, YearStatus
from institutions.models import Provider
from orders.models import Booking, Order
from orders.statuses import OrderStatus
from programme.selectors import current_parameters
from workflow.audit import record_step
from workflow.statuses import Action


def open_year(*, provider: Provider, year: int, actor: User | None) -> ProviderYear | None:
    """Compute the provider's year and ask it to check; None where it has been opened before. Nobody is the system.

    Raises FiguresError if the actor may not, or the year is not over.
    """
    require_openable(year, actor)
    with transaction.atomic():
        provider_year = ProviderYear(provider=provider, year=year)
        _compute(provider_year)
        try:
            with transaction.atomic():
                provider_year.save(force_insert=True)
        except IntegrityError:
            return None
        record_step(record=provider_year, actor=actor, action=Action.CREATE, reason=_("开放核对"))
        notify(
            recipient=provider_year.owner,
            subject=_("请核对 %d 年度服务情况") % year,
            body=_(
                "平台统计了贵机构 %(year)d 年度的服务情况，运行补助按此计算。请核对后确认；有出入的，请提出异议。"
            )
            % {"year": year},
            link=provider_year.get_centre_url(),
        )
    return provider_year


def require_openable(year: int, actor: User | None) -> None:
    require(
        actor is None or permissions.may_settle(actor),
        FiguresError(_("您没有开放核对年度服务情况的权限，请联系系统管理员。")),
    )
    require(
        year < timezone.localdate().year,
        FiguresError(_("%d 年还没有结束，年度结束后才能开放核对。") % year),
    )


def providers_of(year: int) -> list[Provider]:
    """Those with orders completed or bookings made in the year, and no year opened for it yet."""
    ordered = Order.objects.filter(completed_at__year=year, status=OrderStatus.COMPLETED).order_by()
    booked = Booking.objects.filter(created_at__year=year).order_by()
    found = Provider.objects.filter(
        Q(pk__in=ordered.values("provider")) | Q(pk__in=booked.values("provider"))
    ).exclude(years__year=year)
    return list(found.select_related("account").order_by("pk"))


def open_years(*, year: int, actor: User | None) -> int:
    """Open the year for every provider that did anything in it, each in its own transaction; how many it opened."""
    require_openable(year, actor)
    opened = (open_year(provider=provider, year=year, actor=actor) for provider in providers_of(year))
    return sum(one is not None for one in opened)


def confirm_year(*, provider_year: ProviderYear, actor: User, seen_at: str) -> ProviderYear:
    """确认 by the provider. ``seen_at`` is when the figures it looked at were computed: others are refused."""
    with transaction.atomic():
        provider_year = _owned(provider_year, actor)
        require(
            provider_year.computed_at.isoformat() == seen_at,
            FiguresError(_("统计数字刚刚更新过，请核对新的数字后再确认。")),
        )
        return _move(provider_year, Action.CONFIRM_FIGURES, actor, confirmed_at=timezone.now())


def dispute_year(*, provider_year: ProviderYear, actor: User, text: str) -> ProviderYear:
    """提出异议 by the provider; staff are told and answer."""
    text = text.strip()
    require(bool(text), FiguresError(_("请写明哪项数字有出入，以及您的依据。")))
    with transaction.atomic():
        provider_year = _move(
            _owned(provider_year, actor), Action.DISPUTE_FIGURES, actor, reason=text, dispute=text, answer=""
        )
        for account in staff_who_may("figures.settle_provideryear"):
            notify(
                recipient=account,
                subject=_("年度服务情况有异议：%s") % provider_year.provider,
                body=text,
                link=reverse("figures_provideryear_modeladmin_inspect", args=[provider_year.pk]),
            )
    return provider_year


def answer_year(*, provider_year: ProviderYear, actor: User, text: str) -> ProviderYear:
    """Answer a dispute with figures computed anew; it is the provider's turn again."""
    text = text.strip()
    require(bool(text), FiguresError(_("请填写答复，机构会看到。")))
    with transaction.atomic():
        provider_year = _computed_anew(provider_year, actor, Action.REPLY, reason=text, answer=text)
        notify(
            recipient=provider_year.owner,
            subject=_("%d 年度服务情况的异议已答复") % provider_year.year,
            body=text,
            link=provider_year.get_centre_url(),
        )
    return provider_year


def reopen_year(*, provider_year: ProviderYear, actor: User, text: str) -> ProviderYear:
    """重新开放核对 after the confirmation, as when voucher money was taken back since: computed anew, to be confirmed anew.

    ``text`` says why; the provider reads it. The two sums that were confirmed, and when, stay in the trail.
    """
    text = text.strip()
    require(bool(text), FiguresError(_("请填写重新开放核对的原因，机构会看到。")))
    with transaction.atomic():
        provider_year = _computed_anew(
            provider_year,
            actor,
            Action.REOPEN_FIGURES,
            reason=text,
            answer=text,
            dispute="",
            confirmed_at=None,
        )
        notify(
            recipient=provider_year.owner,
            subject=_("%d 年度服务情况请重新核对") % provider_year.year,
            body=_("管理部门重新开放了核对，并按现在的数据重新统计。原因：%s") % text,
            link=provider_year.get_centre_url(),
        )
    return provider_year


def recompute_year(*, provider_year: ProviderYear, actor: User) -> ProviderYear:
    """Compute it anew while it waits for the provider, which is told where the numbers are others now."""
    with transaction.atomic():
        before = ProviderYear.objects.locked(provider_year.pk).figures
        provider_year = _computed_anew(provider_year, actor, Action.SAVE, reason=_("重新统计"))
        if provider_year.figures != before:
            notify(
                recipient=provider_year.owner,
                subject=_("%d 年度服务情况已重新统计") % provider_year.year,
                body=_("统计数字有变化，请重新核对。"),
                link=provider_year.get_centre_url(),
            )
    return provider_year


def _computed_anew(
    provider_year: ProviderYear, actor: User, action: Action, *, reason: str, **values: object
) -> ProviderYear:
    require(
        permissions.may_settle(actor),
        FiguresError(_("您没有处理年度服务情况的权限，请联系系统管理员。")),
    )
    with transaction.atomic():
        provider_year = ProviderYear.objects.locked(provider_year.pk)
        _require_movable(provider_year, action)
        before = (provider_year.served_amount, provider_year.subsidy_amount)
        _compute(provider_year)
        after = (provider_year.served_amount, provider_year.subsidy_amount)
        changes = {
            name: [str(was), str(becomes)]
            for name, was, becomes in zip(("served_amount", "subsidy_amount"), before, after, strict=True)
            if was != becomes
        }
        fields = ("figures", "parameters", "served_amount", "subsidy_amount", "computed_at")
        computed = {name: getattr(provider_year, name) for name in fields}
        return _move(provider_year, action, actor, reason=reason, changes=changes, **computed, **values)


def _compute(provider_year: ProviderYear) -> None:
    parameters = current_parameters()
    found = compute_year(provider_year.provider, provider_year.year, parameters)
    provider_year.figures = found.as_json()
    provider_year.parameters = parameters
    provider_year.served_amount = found.total.amount
    provider_year.subsidy_amount = found.subsidy_amount
    provider_year.computed_at = timezone.now()


def _owned(provider_year: ProviderYear, actor: User) -> ProviderYear:
    found: ProviderYear = ProviderYear.objects.locked(provider_year.pk)
    require(permissions.owns(actor, found), FiguresError(_("只有接券机构自己可以核对它的年度服务情况。")))
    return found


def _require_movable(provider_year: ProviderYear, action: Action) -> None:
    require(
        (YearStatus(provider_year.status), action) in MOVES,
        FiguresError(
            _("这份年度服务情况现在是“%(status)s”，不能%(action)s。请刷新页面，查看最新进展。")
            % {"status": provider_year.get_status_display(), "action": action.label}
        ),
    )


def _move(
    provider_year: ProviderYear,
    action: Action,
    actor: User,
    *,
    reason: str = "",
    changes: dict[str, list[str]] | None = None,
    **values: object,
) -> ProviderYear:
    """Change the state by the table, under a condition on the old one, with an entry in the trail."""
    _require_movable(provider_year, action)
    before = YearStatus(provider_year.status)
    after = MOVES[before, action]
    values["status"] = after
    written = ProviderYear.objects.filter(pk=provider_year.pk, status=before).update(**values)
    require(written == 1, FiguresError(_("这份年度服务情况刚刚有了变化，请刷新页面后再试一次。")))
    for name, value in values.items():
        setattr(provider_year, name, value)
    moved = {"status": [before.value, after.value]} if before != after else {}
    if action == Action.CONFIRM_FIGURES:
        reason = _("服务金额 %(served)s 元，运行补助 %(subsidy)s 元") % {
            "served": format_yuan(provider_year.served_amount),
            "subsidy": format_yuan(provider_year.subsidy_amount),
        }
    record_step(
        record=provider_year, actor=actor, action=action, changes=moved | (changes or {}), reason=reason
    )
    return provider_year
