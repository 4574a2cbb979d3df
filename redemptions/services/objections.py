"""公示异议: anybody may object to a redemption while it is public; a decider answers. Open ones keep the publicity from ending."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.exceptions import require
from accounts.models import User
from accounts.selectors import staff_who_may
from accounts.services import notify
from redemptions import permissions
from redemptions.exceptions import RedemptionError
from redemptions.models import Objection, PayoutLine
from redemptions.moves import required_reason
from redemptions.services import review
from redemptions.services.batches import locked_line
from redemptions.statuses import BatchStatus, LineStatus, RedemptionStatus
from workflow.audit import record_step
from workflow.statuses import Action

# Of one line, whoever sends them: nobody keeps a payment back by a thousand forms.
MOST_OPEN = 20


def may_object_to(line: PayoutLine) -> bool:
    """Public, and to the end of the last day."""
    batch = line.batch
    return bool(
        batch.status == BatchStatus.PUBLISHED
        and line.is_public
        and line.status == LineStatus.WAITING
        and batch.publicity_until
        and timezone.localdate() <= batch.publicity_until
    )


def object_to(*, line: PayoutLine, name: str, contact: str, text: str) -> Objection:
    """From the public page, by whoever gives a name and a way to be asked back. The trail has no name of the objector."""
    name, contact, text = name.strip(), contact.strip(), text.strip()
    require(
        bool(name and contact and text),
        RedemptionError(_("请填写姓名或单位、联系方式和异议内容，以便核实。")),
    )
    with transaction.atomic():
        line, redemption = locked_line(line)
        require(
            may_object_to(line),
            RedemptionError(_("这一笔不在公示期内，不能再提出异议。请直接联系运营部门。")),
        )
        require(
            line.objections.filter(is_upheld=None).count() < MOST_OPEN,
            RedemptionError(_("这一笔已有多份异议正在处理。请直接联系运营部门。")),
        )
        waiting = Objection.objects.filter(line__batch=line.batch, line__status=LineStatus.WAITING)
        is_first = not waiting.filter(is_upheld=None).exists()
        objection = Objection.objects.create(
            line=line, name=name[:100], contact=contact[:100], text=text[:2000]
        )
        # the page may be in English; the trail is not
        changes = {"拨付编号": ["", line.reference], "异议": ["", str(objection.pk)]}
        record_step(record=redemption, actor=None, action=Action.OBJECT, changes=changes)
        if is_first:
            _tell_deciders(line)
    return objection


def _tell_deciders(line: PayoutLine) -> None:
    """Once while open ones keep the batch public, however many follow; nothing of what a stranger has written is mailed."""
    # whoever objects may read the page in English
    with override(settings.LANGUAGE_CODE):
        for account in staff_who_may("redemptions.decide_redemption"):
            notify(
                recipient=account,
                subject=_("公示异议待处理：%s") % line.batch.number,
                body=_("批次 %(batch)s 的 %(line)s 收到公示异议。处理完之前，这一批的公示不会结束。")
                % {"batch": line.batch.number, "line": line.reference},
                link=reverse("redemptions_payoutbatch_modeladmin_inspect", args=[line.batch_id]),
            )


def answer_objection(
    *, objection: Objection, actor: User, upheld: bool, answer: str, refuse: bool = False
) -> Objection:
    """By a decider. One that is upheld sends the redemption back, or with ``refuse`` ends it, for the answer as the reason."""
    require(
        permissions.may_decide(actor),
        RedemptionError(_("只有兑付复审人员可以处理公示异议。")),
    )
    answer = required_reason(answer, _("请填写处理意见；异议成立的，用券机构会看到。"))
    with transaction.atomic():
        line, redemption = locked_line(objection.line)
        objection = Objection.objects.select_for_update().get(pk=objection.pk)
        require(
            upheld or actor.pk not in {redemption.checked_by_id, redemption.decided_by_id},
            RedemptionError(
                _("兑付申请 %s 是您审核的，异议不成立须由没有参与初审和复审的人员认定。") % redemption.number
            ),
        )
        require(objection.is_upheld is None, RedemptionError(_("这份异议已经处理过了，请刷新页面。")))
        objection.is_upheld, objection.answer = upheld, answer[:1000]
        objection.answered_by, objection.answered_at = actor, timezone.now()
        objection.save(update_fields=["is_upheld", "answer", "answered_by", "answered_at"])
        verdict = _("成立") if upheld else _("不成立")
        changes = {_("拨付编号"): ["", line.reference], _("异议"): ["", verdict]}
        record_step(
            record=redemption, actor=actor, action=Action.ANSWER_OBJECTION, changes=changes, reason=answer
        )
        # an earlier one, a spot check or a decider may have sent it back already
        if redemption.status in {
            RedemptionStatus.RETURNED,
            RedemptionStatus.REFUSED,
            RedemptionStatus.WITHDRAWN,
        }:
            return objection
        if upheld and refuse:
            review.refuse_claim(redemption=redemption, actor=actor, reason=answer[:500])
        elif upheld:
            review.return_claim(redemption=redemption, actor=actor, reason=answer[:500])
    return objection
