"""Who may move money. Predicates only; the services raise the sentences."""

from accounts.models import AccountKind, User
from vouchers.models import Voucher
from vouchers.models.applications import VoucherApplication
from workflow.statuses import SubmissionStatus


def owns(user: User, voucher: Voucher) -> bool:
    return voucher.consumer.account_id == user.pk


def may_fund(user: User) -> bool:
    return user.has_perm("vouchers.fund_pool")


def may_grant(user: User) -> bool:
    return user.has_perm("vouchers.grant_voucher")


def may_redeem(user: User) -> bool:
    """Pay out what is reserved, and take back what was paid."""
    return user.has_perm("vouchers.redeem_voucher")


def may_release(user: User, voucher: Voucher) -> bool:
    """The owner who withdraws a claim, and staff who send one back: whether they may is for who calls."""
    return owns(user, voucher) or user.kind == AccountKind.STAFF


def may_return(user: User, voucher: Voucher) -> bool:
    """The owner, or staff on its behalf."""
    return owns(user, voucher) or may_grant(user)


def may_drop(user: User, application: VoucherApplication) -> bool:
    """The owner throws away what it has never handed in: what a reviewer has seen and said stays."""
    return (
        application.consumer.account_id == user.pk
        and application.status == SubmissionStatus.DRAFT
        and application.submitted_at is None
    )
