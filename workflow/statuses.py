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
    BOOK = "book", _("预约")
    REPLY = "reply", _("留言")
    ACCEPT_BOOKING = "accept_booking", _("接受预约")
    REFUSE_BOOKING = "refuse_booking", _("拒绝预约")
    CANCEL_BOOKING = "cancel_booking", _("取消预约")
    EXPIRE_BOOKING = "expire_booking", _("预约过期")
    PLACE_ORDER = "place_order", _("下单")
    ACCEPT_ORDER = "accept_order", _("接单")
    REFUSE_ORDER = "refuse_order", _("拒绝接单")
    WITHDRAW_ORDER = "withdraw_order", _("撤回订单")
    PROPOSE_CANCEL = "propose_cancel", _("提议取消")
    AGREE_CANCEL = "agree_cancel", _("同意取消")
    DECLINE_CANCEL = "decline_cancel", _("不同意取消")
    DROP_CANCEL = "drop_cancel", _("撤回取消提议")
    DELIVER = "deliver", _("完成")
    CONFIRM = "confirm", _("确认完成")
    DISPUTE = "dispute", _("提出异议")
    MEDIATE_RESUME = "mediate_resume", _("调解：继续服务")
    MEDIATE_CONFIRM = "mediate_confirm", _("调解：请用券机构确认")
    MEDIATE_CANCEL = "mediate_cancel", _("调解：取消订单")
    EVALUATE = "evaluate", _("评价")
    ANSWER = "answer", _("回复评价")
    HIDE = "hide", _("隐藏评价")
    SHOW = "show", _("恢复显示评价")
    UPLOAD = "upload", _("上传")
    REPLACE = "replace", _("替换")
    CLAIM = "claim", _("提交兑付申请")
    WITHDRAW_CLAIM = "withdraw_claim", _("撤回兑付申请")
    CHECK_CLAIM = "check_claim", _("兑付初审通过")
    APPROVE_CLAIM = "approve_claim", _("兑付复审通过")
    RETURN_CLAIM = "return_claim", _("退回兑付申请")
    REFUSE_CLAIM = "refuse_claim", _("不予兑付")
    DRAW = "draw", _("抽签抽查")
    INSPECT = "inspect", _("抽查")
    MAKE_BATCH = "make_batch", _("编制拨付批次")
    LEAVE_BATCH = "leave_batch", _("移出拨付批次")
    PUBLISH_BATCH = "publish_batch", _("公示")
    CLOSE_BATCH = "close_batch", _("公示结束")
    OBJECT = "object", _("提出公示异议")
    ANSWER_OBJECTION = "answer_objection", _("处理公示异议")
    EXPORT_BATCH = "export_batch", _("导出拨付清单")
    IMPORT_RESULT = "import_result", _("导入银行结果")
    PAY = "pay", _("拨付成功")
    FAIL_PAYMENT = "fail_payment", _("拨付失败")
    RENEW_ACCOUNT = "renew_account", _("更正收款账户")
    BAN = "ban", _("暂停用券资格")
    LIFT_BAN = "lift_ban", _("恢复用券资格")
    WARN = "warn", _("预警")
    FOLLOW_UP = "follow_up", _("跟进预警")
    CONFIRM_FIGURES = "confirm_figures", _("确认年度服务情况")
    DISPUTE_FIGURES = "dispute_figures", _("对年度服务情况提出异议")
    REOPEN_FIGURES = "reopen_figures", _("重新开放核对")


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
