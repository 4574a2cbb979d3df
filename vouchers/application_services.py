"""What becomes of an application for a voucher, besides what every submission goes through (``workflow.services``).

Lock order: the application, the consumers of its institution (those with its code) in primary-key order, the pool.
"""

from decimal import Decimal
from typing import cast

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from accounts.money import format_yuan
from institutions.models import Consumer
from vouchers import permissions
from vouchers.eligibility import standing_of
from vouchers.exceptions import VoucherError
from vouchers.models.applications import Grant, VoucherApplication
from vouchers.services import grant_voucher
from workflow import services as workflow
from workflow.audit import record_step
from workflow.exceptions import StaleFormError
from workflow.statuses import Action


def open_application_of(consumer: Consumer) -> VoucherApplication:
    """The consumer's application that is not approved yet, or a new one that is not stored before its first save."""
    application = (
        VoucherApplication.objects.open()
        .filter(consumer_id=consumer.pk)
        .select_related("consumer__account")
        .first()
    )
    return cast(VoucherApplication | None, application) or VoucherApplication(
        consumer=consumer, last_year_revenue_amount=consumer.revenue_amount
    )


def save_application(*, application: VoucherApplication, actor: User, version: int) -> VoucherApplication:
    """Store what has been typed so far; the first save makes the application.

    Raises VoucherError with all that speaks against a new one, StaleFormError where the account's other tab was first, and
    as ``workflow.services.save_draft`` does.
    """
    require(
        application.consumer.account_id == actor.pk,
        VoucherError(_("只有用券机构账户可以为本机构申请创新券。")),
    )
    if application.pk is not None:
        return workflow.save_draft(record=application, actor=actor, version=version)
    standing = standing_of(application.consumer)
    if standing.open_application and standing.open_application.consumer_id == application.consumer_id:
        raise StaleFormError
    require(not standing.reasons_to_wait, VoucherError("".join(standing.reasons)))
    try:
        with transaction.atomic():
            return workflow.create_draft(record=application, actor=actor)
    except IntegrityError as error:
        raise StaleFormError from error


def drop_application(*, application: VoucherApplication, actor: User) -> None:
    """Delete an application that its owner does not go on with. Raises VoucherError if it was ever handed in."""
    with transaction.atomic():
        application = VoucherApplication.objects.locked(application.pk)
        require(
            permissions.may_drop(actor, application),
            VoucherError(_("只能删除从未提交过的申请；撤回或被退回的申请，请修改后重新提交。")),
        )
        record_step(record=application, actor=actor, action=Action.DELETE)
        application.delete()


def grant_application(
    *,
    application: VoucherApplication,
    actor: User,
    comment: str = "",
    granted_amount: Decimal | None = None,
) -> str:
    """Make an approved application a voucher, inside the transaction of the last approval; what its owner is told.

    ``granted_amount`` in yuan, None for what was applied for. Less needs the comment, which says why. Raises VoucherError if
    the amount may not be granted, or the pool has not so much left.
    """
    applied = cast(Decimal, application.applied_amount)
    amount = applied if granted_amount is None else granted_amount
    comment = comment.strip()
    require(
        amount <= applied,
        VoucherError(_("批准额度不能超过申请的 %s 元，请减少金额。") % format_yuan(applied)),
    )
    require(
        amount == applied or bool(comment),
        VoucherError(_("批准额度少于申请额度时，请在“审核意见”中写明原因，申请人会看到。")),
    )
    consumer = _locked_institution(application)
    standing = standing_of(consumer, besides=application)
    against = [
        *filter(None, [standing.ban_reason]),
        *standing.use_reasons,
        *standing.amount_reasons(amount, _("批准额度")),
    ]
    require(not against, VoucherError("".join(against)))
    voucher = grant_voucher(
        consumer=consumer,
        amount=amount,
        actor=actor,
        parameters=standing.parameters,
        reason=_("创新券申请：%s") % application,
    )
    Grant.objects.create(application=application, voucher=voucher, reason=comment if amount < applied else "")
    said = _("申请 %(applied)s 元，获批 %(granted)s 元，券号 %(number)s。") % {
        "applied": format_yuan(applied),
        "granted": format_yuan(amount),
        "number": voucher.number,
    }
    if amount < applied:
        return said + _("核减原因：%s") % comment
    return said + comment


def _locked_institution(application: VoucherApplication) -> Consumer:
    """The application's consumer, locked with all that bear its code: an institution has one ceiling, whatever its accounts."""
    code = Consumer.objects.values_list("code", flat=True).get(pk=application.consumer_id)
    same = Q(pk=application.consumer_id) | (Q(code=code) if code else Q(pk=None))
    locked = {one.pk: one for one in Consumer.objects.filter(same).order_by("pk").select_for_update()}
    return locked[application.consumer_id]
