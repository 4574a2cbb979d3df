"""Evaluations: given once, answered once, hidden by staff with a reason. Every verb raises OrderError with a sentence."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.exceptions import require
from accounts.models import User
from accounts.public_version import public_changed
from orders import permissions
from orders.exceptions import OrderError
from orders.models import STARS, Evaluation, Order
from orders.moves import required_reason, tell
from orders.permissions import party_of
from orders.statuses import OrderStatus, Party
from workflow.audit import record_step
from workflow.statuses import Action


def evaluate(*, order: Order, evaluation: Evaluation, actor: User) -> Evaluation:
    """评价 of a completed order by its consumer, one to five stars each, once."""
    require(
        all(getattr(evaluation, name) in range(1, 6) for name in STARS),
        OrderError(_("请为服务质量、完成速度和服务态度各选择 1 至 5 颗星。")),
    )
    with transaction.atomic():
        order = Order.objects.locked(order.pk)
        require(
            party_of(actor, order) == Party.CONSUMER, OrderError(_("只有下单的用券机构可以评价这份订单。"))
        )
        require(order.status == OrderStatus.COMPLETED, OrderError(_("确认完成以后才能评价。")))
        evaluation.order = order
        try:
            with transaction.atomic():
                evaluation.save(force_insert=True)
        except IntegrityError as error:
            raise OrderError(_("这份订单已经评价过，不能重复评价。")) from error
        record_step(record=order, actor=actor, action=Action.EVALUATE, reason=evaluation.text)
        tell(
            order,
            Party.PROVIDER,
            _("收到新的评价：%s") % order.offer_name,
            evaluation.text or _("用券机构已评价，可回复一次。"),
        )
        public_changed()
    return evaluation


def answer_evaluation(*, evaluation: Evaluation, actor: User, text: str) -> Evaluation:
    """回复 by the provider, once."""
    require(bool(text.strip()), OrderError(_("请填写回复内容。")))
    with transaction.atomic():
        evaluation = _locked(evaluation)
        require(
            permissions.may_answer(actor, evaluation),
            OrderError(_("只有接券机构可以回复评价，且只能回复一次。")),
        )
        evaluation.answer, evaluation.answered_at = text.strip(), timezone.now()
        evaluation.save(update_fields=["answer", "answered_at"])
        record_step(record=evaluation.order, actor=actor, action=Action.ANSWER, reason=evaluation.answer)
        tell(
            evaluation.order,
            Party.CONSUMER,
            _("接券机构回复了您的评价：%s") % evaluation.order.offer_name,
            evaluation.answer,
        )
        public_changed()
    return evaluation


def hide_evaluation(*, evaluation: Evaluation, actor: User, reason: str) -> Evaluation:
    """Keep it from the public; both sides go on seeing it, with the reason."""
    reason = required_reason(reason)
    return _shown(evaluation, actor, Action.HIDE, reason, hidden_at=timezone.now(), hidden_by=actor)


def show_evaluation(*, evaluation: Evaluation, actor: User, reason: str) -> Evaluation:
    """Let the public read it again."""
    reason = required_reason(reason)
    return _shown(evaluation, actor, Action.SHOW, reason, hidden_at=None, hidden_by=None)


SAID = {
    True: (gettext_lazy("一条评价已被隐藏：%s"), gettext_lazy("运营部门隐藏了这条评价。原因：%s")),
    False: (gettext_lazy("一条评价已恢复显示：%s"), gettext_lazy("运营部门恢复显示这条评价。原因：%s")),
}


def _shown(evaluation: Evaluation, actor: User, action: Action, reason: str, **values: object) -> Evaluation:
    require(permissions.may_hide(actor), OrderError(_("您没有隐藏或恢复评价的权限，请联系系统管理员。")))
    with transaction.atomic():
        evaluation = _locked(evaluation)
        hides = action == Action.HIDE
        require(
            (evaluation.hidden_at is None) == hides,
            OrderError(_("这条评价已经隐藏。") if hides else _("这条评价没有隐藏。")),
        )
        values["hidden_reason"] = reason if hides else ""
        for name, value in values.items():
            setattr(evaluation, name, value)
        evaluation.save(update_fields=[*values])
        record_step(record=evaluation.order, actor=actor, action=action, reason=reason)
        subject, said = SAID[hides]
        for party in (Party.CONSUMER, Party.PROVIDER):
            tell(evaluation.order, party, subject % evaluation.order.offer_name, said % reason)
        public_changed()
    return evaluation


def _locked(evaluation: Evaluation) -> Evaluation:
    """The order's row is the lock of its evaluation."""
    order = Order.objects.locked(evaluation.order_id)
    locked = Evaluation.objects.get(pk=evaluation.pk)
    locked.order = order
    return locked
