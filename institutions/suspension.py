"""Taking a provider from the public for a time, and bringing it back. States stay what they are.

Lock order: the provider's row first, then the suspension; the search index last, by the signal's receivers.
"""

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from accounts.services import notify
from institutions import permissions
from institutions.exceptions import InstitutionError
from institutions.models import Provider, Suspension
from workflow.audit import record_step
from workflow.signals import submission_moved
from workflow.statuses import Action


def suspend_provider(
    *, provider: Provider, actor: User, reason: str, until: datetime.date | None = None
) -> Suspension:
    """Take the provider and all that hangs on it from the public, until the end of that day or until lifted.

    Orders under way go on. Raises InstitutionError if the actor may not, the reason is empty, the day has passed, the
    provider was never approved, or is suspended already.
    """
    reason = reason.strip()
    require(
        permissions.may_suspend(actor), InstitutionError(_("您没有暂停接券机构的权限，请联系系统管理员。"))
    )
    require(bool(reason), InstitutionError(_("请填写暂停原因，机构会看到它。")))
    require(
        until is None or until >= timezone.localdate(),
        InstitutionError(_("“暂停至”不能早于今天，请改为今天或以后的日期；长期暂停的不必填写。")),
    )
    with transaction.atomic():
        provider = Provider.objects.locked(provider.pk)
        require(
            provider.approved_revision_id is not None,
            InstitutionError(_("这家机构还没有通过过审核，不在公开目录中，不需要暂停。")),
        )
        try:
            with transaction.atomic():
                suspension = Suspension.objects.create(
                    provider=provider, reason=reason, until=until, suspended_by=actor
                )
        except IntegrityError as error:
            raise InstitutionError(_("“%s”已经处于暂停中，请刷新页面查看。") % provider) from error
        _announce(
            suspension,
            Action.SUSPEND,
            actor=actor,
            reason=_("%(reason)s（暂停期限：%(term)s）") % {"reason": reason, "term": suspension.term},
            subject=_("机构“%s”已被暂停") % provider,
            body=_(
                "暂停原因：%(reason)s\n暂停期限：%(term)s\n"
                "暂停期间，本机构及其仪器、资质、能力和服务不公开；您仍可登录应用中心查看和修改信息，进行中的订单照常办理。"
            )
            % {"reason": reason, "term": suspension.term},
        )
    return suspension


def lift_suspension(*, suspension: Suspension, actor: User, reason: str = "") -> Suspension:
    """Bring the provider back: public is again exactly what is approved.

    Raises InstitutionError if the actor may not, or the suspension has been lifted already.
    """
    require(
        permissions.may_lift_suspension(actor),
        InstitutionError(_("您没有恢复接券机构的权限，请联系系统管理员。")),
    )
    reason = reason.strip()
    with transaction.atomic():
        suspension = _locked(suspension)
        require(suspension.is_in_force, InstitutionError(_("这次暂停已经恢复，请刷新页面查看。")))
        _lift(suspension, actor=actor, reason=reason)
    return suspension


def lift_expired() -> int:
    """Lift every suspension whose last day has passed; how many that were."""
    lifted = 0
    for suspension in Suspension.objects.in_force().filter(until__lt=timezone.localdate()).order_by("pk"):
        with transaction.atomic():
            suspension = _locked(suspension)
            if suspension.is_in_force:  # nobody has been quicker
                _lift(suspension, actor=None, reason=_("暂停期限已满，自动恢复。"))
                lifted += 1
    return lifted


def _locked(suspension: Suspension) -> Suspension:
    """As stored now, with its provider, both locked until the transaction ends."""
    provider = Provider.objects.locked(suspension.provider_id)
    stored = Suspension.objects.select_for_update().get(pk=suspension.pk)
    stored.provider = provider
    return stored


def _lift(suspension: Suspension, *, actor: User | None, reason: str) -> None:
    suspension.lifted_at = timezone.now()
    suspension.lifted_by = actor
    suspension.lift_reason = reason
    suspension.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    note = _("说明：%s\n") % reason if reason else ""
    _announce(
        suspension,
        Action.LIFT,
        actor=actor,
        reason=reason,
        subject=_("机构“%s”已恢复") % suspension.provider,
        body=note + _("暂停已结束。本机构及其仪器、资质、能力和服务中已通过审核的，重新公开。"),
    )


def _announce(
    suspension: Suspension, action: Action, *, actor: User | None, reason: str, subject: str, body: str
) -> None:
    """Audit trail, listeners (the search index), and the provider."""
    provider = suspension.provider
    provider.__dict__.pop("suspension", None)  # may have been read before
    record_step(record=provider, actor=actor, action=action, reason=reason)
    submission_moved.send(sender=Provider, record=provider, action=action, actor=actor)
    notify(
        recipient=provider.account,
        subject=subject,
        body=body,
        link=provider.get_centre_url(),
        text=_("贵机构的服务状态有变化"),
    )
