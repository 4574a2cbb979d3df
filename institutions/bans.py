"""Taking from a consumer the right to new vouchers, bookings and orders for a time, and giving it back.

Lock order: the consumer's row first, then the ban. Granting a voucher locks the same rows, so of a ban and a grant at once one
sees the other. Whether claims of vouchers it has go on is for those who decide them: ``ban_in_force`` tells.
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
from institutions.models import Consumer, ConsumerBan
from workflow.audit import record_step
from workflow.statuses import Action


def ban_in_force(consumer: Consumer) -> ConsumerBan | None:
    """The ban that counts today against the institution, whichever of its accounts it was laid on. One query."""
    if consumer.pk is None and not consumer.code:
        return None
    bans = ConsumerBan.objects.in_force().of_institution(consumer)
    return bans.select_related("consumer").order_by("pk").first()


def ban_consumer(
    *,
    consumer: Consumer,
    actor: User,
    reason: str,
    starts_on: datetime.date | None = None,
    until: datetime.date | None = None,
) -> ConsumerBan:
    """Keep the institution from applying, booking and ordering, from that day (today) until the end of the last, or until lifted.

    Raises InstitutionError if the actor may not, the reason is empty, a day has passed or they are the wrong way round, the
    consumer was never approved, or a ban stands already.
    """
    reason = reason.strip()
    today = timezone.localdate()
    starts_on = starts_on or today
    require(permissions.may_ban(actor), InstitutionError(_("您没有暂停用券资格的权限，请联系系统管理员。")))
    require(bool(reason), InstitutionError(_("请填写暂停原因，机构会看到它。")))
    require(starts_on >= today, InstitutionError(_("“暂停自”不能早于今天，请改为今天或以后的日期。")))
    require(
        until is None or until >= starts_on,
        InstitutionError(_("“暂停至”不能早于“暂停自”，请核对日期；长期暂停的不必填写。")),
    )
    with transaction.atomic():
        consumer = Consumer.objects.locked(consumer.pk)
        require(
            consumer.approved_revision_id is not None,
            InstitutionError(_("这家机构还没有通过过审核，不能申请和使用创新券，不需要暂停。")),
        )
        for over in consumer.bans.standing().filter(until__lt=today).select_for_update(of=("self",)):
            _lift(over, actor=None, reason=_("暂停期限已满，自动恢复。"))
        try:
            with transaction.atomic():
                ban = ConsumerBan.objects.create(
                    consumer=consumer, reason=reason, starts_on=starts_on, until=until, made_by=actor
                )
        except IntegrityError as error:
            raise InstitutionError(_("“%s”的用券资格已经暂停，请刷新页面查看。") % consumer) from error
        _announce(
            ban,
            Action.BAN,
            actor=actor,
            reason=_("%(reason)s（暂停期限：%(term)s）") % {"reason": reason, "term": ban.term},
            subject=_("机构“%s”的用券资格已暂停") % consumer,
            body=ban.facts
            + "\n"
            + _("暂停期间不能申请创新券、预约和下单；进行中的订单照常办理。如有异议，请联系运营部门。"),
        )
    return ban


def lift_ban(*, ban: ConsumerBan, actor: User, reason: str) -> ConsumerBan:
    """Give the right back before its time. Raises InstitutionError if the actor may not, does not say why, or it is lifted already."""
    require(
        permissions.may_lift_ban(actor), InstitutionError(_("您没有恢复用券资格的权限，请联系系统管理员。"))
    )
    reason = reason.strip()
    require(bool(reason), InstitutionError(_("请填写恢复说明，机构会看到它。")))
    with transaction.atomic():
        ban = _locked(ban)
        require(ban.lifted_at is None, InstitutionError(_("这次暂停已经恢复，请刷新页面查看。")))
        _lift(ban, actor=actor, reason=reason)
    return ban


def lift_expired_bans() -> int:
    """Put on record that the time of a ban has run out, and tell the institution; how many that were."""
    lifted = 0
    for ban in ConsumerBan.objects.standing().filter(until__lt=timezone.localdate()).order_by("pk"):
        with transaction.atomic():
            ban = _locked(ban)
            if ban.lifted_at is None:  # nobody has been quicker
                _lift(ban, actor=None, reason=_("暂停期限已满，自动恢复。"))
                lifted += 1
    return lifted


def _locked(ban: ConsumerBan) -> ConsumerBan:
    """As stored now, with its consumer, both locked until the transaction ends."""
    consumer = Consumer.objects.locked(ban.consumer_id)
    stored = ConsumerBan.objects.select_for_update(of=("self",)).get(pk=ban.pk)
    stored.consumer = consumer
    return stored


def _lift(ban: ConsumerBan, *, actor: User | None, reason: str) -> None:
    ban.lifted_at = timezone.now()
    ban.lifted_by = actor
    ban.lift_reason = reason
    ban.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    _announce(
        ban,
        Action.LIFT_BAN,
        actor=actor,
        reason=reason,
        subject=_("机构“%s”的用券资格已恢复") % ban.consumer,
        body=_("说明：%s\n") % reason + _("可以照常申请创新券、预约和下单。"),
    )


def _announce(
    ban: ConsumerBan, action: Action, *, actor: User | None, reason: str, subject: str, body: str
) -> None:
    consumer = ban.consumer
    record_step(record=consumer, actor=actor, action=action, reason=reason)
    notify(
        recipient=consumer.account,
        subject=subject,
        body=body,
        link=consumer.get_centre_url(),
        text=_("贵机构的用券资格有变化"),
    )
