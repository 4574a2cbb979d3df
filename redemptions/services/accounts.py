"""The account that a redemption is paid to: the consumer's reviewed one, or the provider's, as the programme has it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.masking import Masked
from accounts.models import User
from institutions.bank import account_name_problem, number_problem
from institutions.models import Consumer, Provider
from programme.models import Payee
from redemptions.exceptions import RedemptionError
from redemptions.models import ProviderAccount, Redemption
from workflow.audit import record_step
from workflow.statuses import Action, SubmissionStatus

ACCOUNT_FIELDS = ("payee_name", "bank_name", "bank_branch", "account_number")


def save_provider_account(*, provider: Provider, account: ProviderAccount, actor: User) -> ProviderAccount:
    """Store the provider's own account; one that a decider has frozen on a redemption stays there as it was."""
    require(provider.account_id == actor.pk, RedemptionError(_("只能填写本机构的收款账户。")))
    problem = account_name_problem(account.account_name, provider.host_name) or number_problem(
        account.account_number, declared=account.declares_no_card
    )
    require(not problem, RedemptionError(problem))
    with transaction.atomic():
        before = ProviderAccount.objects.filter(provider=provider).first()
        account.provider, account.saved_by = provider, actor
        account.pk = before.pk if before else None
        account.save()
        record_step(
            record=account,
            actor=actor,
            action=Action.SAVE,
            changes={"account": [str(before) if before else "", str(account)]},
        )
    return account


def account_of(redemption: Redemption) -> dict[str, Any]:
    """The payee's account as it is now, locked. Raises RedemptionError where there is none that may be paid to."""
    if redemption.payee == Payee.PROVIDER:
        account = ProviderAccount.objects.select_for_update().filter(provider=redemption.provider_id).first()
        require(
            account is not None,
            RedemptionError(
                _("接券机构“%s”还没有填写收款账户，请其在应用中心“收款账户”中填写。") % redemption.provider
            ),
        )
        return _values(account, "account_name", "account_number")
    consumer = Consumer.objects.locked(redemption.consumer_id)
    require(
        consumer.status == SubmissionStatus.APPROVED,
        RedemptionError(
            _("“%(consumer)s”的机构信息现在是“%(status)s”，收款账户须等机构信息审核通过后才能使用。")
            % {"consumer": consumer, "status": consumer.get_status_display()}
        ),
    )
    return _values(consumer, "bank_account_name", "bank_account_number")


def _values(row: Any, name: str, number: str) -> dict[str, Any]:
    return {
        "payee_name": getattr(row, name),
        "bank_name": row.bank_name,
        "bank_branch": row.bank_branch,
        "account_number": getattr(row, number),
    }


def same_account(redemption: Any, account: Mapping[str, Any]) -> bool:
    """Whether it is the account that was approved, number included."""
    return all(plain(getattr(redemption, name)) == plain(account[name]) for name in ACCOUNT_FIELDS)


def account_text(account: Mapping[str, Any]) -> str:
    """As the audit trail has it: the number by its last four digits."""
    return _("%(name)s，%(bank)s，%(number)s") % {
        "name": account["payee_name"],
        "bank": account["bank_name"],
        "number": account["account_number"],
    }


def account_digest(account: Mapping[str, Any]) -> str:
    """Of all of it: a page carries it, so that what is approved is what was shown. The key of the site keeps it from being guessed."""
    return salted_hmac(
        "redemptions.account", "\n".join(plain(account[name]) for name in ACCOUNT_FIELDS)
    ).hexdigest()


def account_shown(redemption: Redemption) -> dict[str, Any] | None:
    """The account that approving or renewing would freeze now, for the page; None where there is none yet."""
    if redemption.payee == Payee.PROVIDER:
        account = ProviderAccount.objects.filter(provider=redemption.provider_id).first()
        return _values(account, "account_name", "account_number") if account else None
    return _values(redemption.consumer, "bank_account_name", "bank_account_number")


def plain(value: Any) -> str:
    """A field of an account in full, the number too."""
    return value.reveal() if isinstance(value, Masked) else str(value)
