"""States of a redemption 兑付 and of a payout batch 拨付批次, the moves between them, and who may make each."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflow.statuses import Action


class Role(models.TextChoices):
    """In which capacity somebody acts on a redemption."""

    CONSUMER = "consumer", _("用券机构")
    CHECKER = "checker", _("兑付初审")
    DECIDER = "decider", _("兑付复审")
    PAYER = "payer", _("兑付管理")
    SYSTEM = "system", _("系统")


class RedemptionStatus(models.TextChoices):
    SUBMITTED = "submitted", _("待初审")
    CHECKED = "checked", _("待复审")
    APPROVED = "approved", _("待公示")
    PUBLISHED = "published", _("公示中")
    PAYABLE = "payable", _("待拨付")
    PAID = "paid", _("已拨付")
    FAILED = "failed", _("拨付失败")
    RETURNED = "returned", _("已退回")
    WITHDRAWN = "withdrawn", _("已撤回")
    REFUSED = "refused", _("不予兑付")


# What the consumer reads where it is not the state's own name.
CONSUMER_LABELS: dict[RedemptionStatus, str | Promise] = {
    RedemptionStatus.SUBMITTED: _("已提交"),
    RedemptionStatus.CHECKED: _("审核中"),
    RedemptionStatus.APPROVED: _("审核通过，待公示"),
    RedemptionStatus.FAILED: _("拨付失败，请更正账户"),
}
TONES: dict[RedemptionStatus, str] = {
    RedemptionStatus.SUBMITTED: "wait",
    RedemptionStatus.CHECKED: "wait",
    RedemptionStatus.APPROVED: "info",
    RedemptionStatus.PUBLISHED: "info",
    RedemptionStatus.PAYABLE: "info",
    RedemptionStatus.PAID: "good",
    RedemptionStatus.FAILED: "bad",
    RedemptionStatus.RETURNED: "bad",
    RedemptionStatus.WITHDRAWN: "neutral",
    RedemptionStatus.REFUSED: "bad",
}

# Nothing is claimed any more; the order's papers may be changed, and it may be claimed anew.
OPEN_AGAIN = frozenset({RedemptionStatus.RETURNED, RedemptionStatus.WITHDRAWN})
# Its money is set aside on the vouchers.
RESERVING = frozenset(
    {
        RedemptionStatus.SUBMITTED,
        RedemptionStatus.CHECKED,
        RedemptionStatus.APPROVED,
        RedemptionStatus.PUBLISHED,
        RedemptionStatus.PAYABLE,
        RedemptionStatus.FAILED,
    }
)
# A reviewer has to act.
IN_REVIEW = frozenset({RedemptionStatus.SUBMITTED, RedemptionStatus.CHECKED})

# (from, action, who) -> to. Whatever is not in this table is refused, and changes nothing.
MOVES: dict[tuple[RedemptionStatus, Action, Role], RedemptionStatus] = {
    (RedemptionStatus.RETURNED, Action.CLAIM, Role.CONSUMER): RedemptionStatus.SUBMITTED,
    (RedemptionStatus.WITHDRAWN, Action.CLAIM, Role.CONSUMER): RedemptionStatus.SUBMITTED,
    (RedemptionStatus.SUBMITTED, Action.WITHDRAW_CLAIM, Role.CONSUMER): RedemptionStatus.WITHDRAWN,
    (RedemptionStatus.CHECKED, Action.WITHDRAW_CLAIM, Role.CONSUMER): RedemptionStatus.WITHDRAWN,
    (RedemptionStatus.SUBMITTED, Action.CHECK_CLAIM, Role.CHECKER): RedemptionStatus.CHECKED,
    (RedemptionStatus.SUBMITTED, Action.RETURN_CLAIM, Role.CHECKER): RedemptionStatus.RETURNED,
    (RedemptionStatus.CHECKED, Action.APPROVE_CLAIM, Role.DECIDER): RedemptionStatus.APPROVED,
    (RedemptionStatus.CHECKED, Action.RETURN_CLAIM, Role.DECIDER): RedemptionStatus.RETURNED,
    (RedemptionStatus.CHECKED, Action.REFUSE_CLAIM, Role.DECIDER): RedemptionStatus.REFUSED,
    # what a spot check or an objection has brought to light
    (RedemptionStatus.APPROVED, Action.RETURN_CLAIM, Role.DECIDER): RedemptionStatus.RETURNED,
    (RedemptionStatus.APPROVED, Action.REFUSE_CLAIM, Role.DECIDER): RedemptionStatus.REFUSED,
    (RedemptionStatus.PUBLISHED, Action.RETURN_CLAIM, Role.DECIDER): RedemptionStatus.RETURNED,
    (RedemptionStatus.PUBLISHED, Action.REFUSE_CLAIM, Role.DECIDER): RedemptionStatus.REFUSED,
    # what comes to light later: not while the list is at the bank
    (RedemptionStatus.PAYABLE, Action.RETURN_CLAIM, Role.DECIDER): RedemptionStatus.RETURNED,
    (RedemptionStatus.PAYABLE, Action.REFUSE_CLAIM, Role.DECIDER): RedemptionStatus.REFUSED,
    (RedemptionStatus.FAILED, Action.RETURN_CLAIM, Role.DECIDER): RedemptionStatus.RETURNED,
    (RedemptionStatus.FAILED, Action.REFUSE_CLAIM, Role.DECIDER): RedemptionStatus.REFUSED,
    (RedemptionStatus.APPROVED, Action.PUBLISH_BATCH, Role.PAYER): RedemptionStatus.PUBLISHED,
    # where the programme asks for no publicity
    (RedemptionStatus.APPROVED, Action.CLOSE_BATCH, Role.PAYER): RedemptionStatus.PAYABLE,
    (RedemptionStatus.PUBLISHED, Action.CLOSE_BATCH, Role.PAYER): RedemptionStatus.PAYABLE,
    # the scheduled command, when the days are over
    (RedemptionStatus.PUBLISHED, Action.CLOSE_BATCH, Role.SYSTEM): RedemptionStatus.PAYABLE,
    # out of a batch that was public: it is made public anew
    (RedemptionStatus.PUBLISHED, Action.LEAVE_BATCH, Role.PAYER): RedemptionStatus.APPROVED,
    (RedemptionStatus.PAYABLE, Action.PAY, Role.PAYER): RedemptionStatus.PAID,
    (RedemptionStatus.PAYABLE, Action.FAIL_PAYMENT, Role.PAYER): RedemptionStatus.FAILED,
    # the account the institution has now, as its reviewed information has it
    (RedemptionStatus.FAILED, Action.RENEW_ACCOUNT, Role.DECIDER): RedemptionStatus.PAYABLE,
    (RedemptionStatus.APPROVED, Action.RENEW_ACCOUNT, Role.DECIDER): RedemptionStatus.APPROVED,
    (RedemptionStatus.PAYABLE, Action.RENEW_ACCOUNT, Role.DECIDER): RedemptionStatus.PAYABLE,
}


class BatchStatus(models.TextChoices):
    DRAFT = "draft", _("编制中")
    PUBLISHED = "published", _("公示中")
    READY = "ready", _("待导出")
    EXPORTED = "exported", _("待银行结果")
    DONE = "done", _("已完成")


class LineStatus(models.TextChoices):
    WAITING = "waiting", _("待拨付")
    PAID = "paid", _("已拨付")
    FAILED = "failed", _("拨付失败")
    LEFT = "left", _("已移出")


# Holds its redemption: no other line may have it.
HOLDING_LINES = frozenset({LineStatus.WAITING, LineStatus.PAID})
