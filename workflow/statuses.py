"""States of a submission, the moves between them, and who may make each."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SubmissionStatus(models.TextChoices):
    DRAFT = "draft", _("未提交")
    PENDING = "pending", _("待审核")
    APPROVED = "approved", _("已通过")
    RETURNED = "returned", _("已退回")


class Action(models.TextChoices):
    """What people do to a submission; the verbs of the audit trail."""

    CREATE = "create", _("新建")
    SAVE = "save", _("保存")
    SUBMIT = "submit", _("提交审核")
    WITHDRAW = "withdraw", _("撤回")
    APPROVE_STEP = "approve_step", _("通过本步")
    APPROVE = "approve", _("审核通过")
    RETURN = "return", _("退回")
    DELETE = "delete", _("删除")
    SUSPEND = "suspend", _("暂停")
    LIFT = "lift", _("恢复")
    FUND = "fund", _("注入资金")
    GRANT = "grant", _("发放")
    RESERVE = "reserve", _("预留")
    RELEASE = "release", _("解除预留")
    REDEEM = "redeem", _("兑付")
    RETURN_VOUCHER = "return_voucher", _("退券")
    EXPIRE = "expire", _("到期收回")
    CLAW_BACK = "claw_back", _("追回")
    VIEW_BANK = "view_bank", _("查看银行账号")


EDITABLE = frozenset({SubmissionStatus.DRAFT, SubmissionStatus.RETURNED})
WITHDRAWABLE = frozenset({SubmissionStatus.PENDING, SubmissionStatus.APPROVED})

# (from, action) -> to. Whatever is not in this table is refused.
TRANSITIONS: dict[tuple[SubmissionStatus, Action], SubmissionStatus] = {
    (SubmissionStatus.DRAFT, Action.SUBMIT): SubmissionStatus.PENDING,
    (SubmissionStatus.RETURNED, Action.SUBMIT): SubmissionStatus.PENDING,
    (SubmissionStatus.PENDING, Action.WITHDRAW): SubmissionStatus.DRAFT,
    (SubmissionStatus.APPROVED, Action.WITHDRAW): SubmissionStatus.DRAFT,
    (SubmissionStatus.PENDING, Action.APPROVE_STEP): SubmissionStatus.PENDING,
    (SubmissionStatus.PENDING, Action.APPROVE): SubmissionStatus.APPROVED,
    (SubmissionStatus.PENDING, Action.RETURN): SubmissionStatus.RETURNED,
}
