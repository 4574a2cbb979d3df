"""What an institution does with its own information, and what those who pay read of it."""

from typing import TypeVar, cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.masking import Masked
from accounts.models import User
from institutions import permissions
from institutions.exceptions import InstitutionError
from institutions.models import Consumer, Provider
from workflow import services as workflow
from workflow.audit import record_step
from workflow.exceptions import StaleFormError
from workflow.models import Submission
from workflow.statuses import Action

S = TypeVar("S", bound=Submission)


def provider_of(account: User) -> Provider:
    """The account's institution, or a new one that is not stored before its first save.

    A new one has the account's own contact to begin with.
    """
    return Provider.objects.select_related("account").filter(account=account).first() or Provider(
        account=account,
        contact_name=account.contact_name,
        contact_phone=account.mobile or "",
        contact_email=account.email,
    )


def save_provider(*, provider: Provider, actor: User, version: int) -> Provider:
    """Store what has been typed so far; the first save makes the institution.

    Raises InstitutionError if the actor may not keep it, and as ``workflow.services.save_draft`` does.
    """
    require(
        permissions.may_keep_provider(actor, provider),
        InstitutionError(_("只有接券机构账户可以填写本机构的信息。")),
    )
    return _save(provider, actor, version)


def consumer_of(account: User) -> Consumer:
    """As ``provider_of``, for the account of a consumer."""
    return Consumer.objects.select_related("account").filter(account=account).first() or Consumer(
        account=account,
        contact_name=account.contact_name,
        contact_mobile=account.mobile or "",
        contact_email=account.email,
    )


def save_consumer(*, consumer: Consumer, actor: User, version: int) -> Consumer:
    """As ``save_provider``, for a consumer."""
    require(
        permissions.may_keep_consumer(actor, consumer),
        InstitutionError(_("只有用券机构账户可以填写本机构的信息。")),
    )
    return _save(consumer, actor, version)


def reveal_bank_account(*, consumer: Consumer, actor: User) -> str:
    """The full account number, for those who pay; the audit trail keeps that they looked.

    Raises InstitutionError if the actor may not see it, or there is none.
    """
    require(
        permissions.may_view_bank_account(actor),
        InstitutionError(_("只有办理兑付的人员可以查看完整的银行账号。")),
    )
    require(bool(consumer.bank_account_number), InstitutionError(_("这个机构还没有填写银行账号。")))
    record_step(record=consumer, actor=actor, action=Action.VIEW_BANK)
    return cast(Masked, consumer.bank_account_number).reveal()


def _save(record: S, actor: User, version: int) -> S:
    if record.pk is not None:
        return workflow.save_draft(record=record, actor=actor, version=version)
    try:
        with transaction.atomic():
            return workflow.create_draft(record=record, actor=actor)
    except IntegrityError as error:
        # the account's other tab was first: one institution per account
        raise StaleFormError from error
