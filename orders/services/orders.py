"""What consumers, providers and staff do with orders.

Lock order: the booking, then its order. Every verb raises OrderError with a sentence and then has changed nothing.
"""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import cast

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.exceptions import require
from accounts.models import User
from accounts.money import format_yuan
from institutions.models import Consumer
from institutions.services import consumer_of
from orders.differences import changes_against
from orders.exceptions import OrderError
from orders.models import OFFER_FIELDS, Booking, Order, OrderItem, line_amount
from orders.models.base import MOST_AMOUNT, MOST_QUANTITY
from orders.moves import acting, move, named, other, required_reason, tell, tell_mediators
from orders.numbers import ORDER_PREFIX, new_number
from orders.obstacles import DECLARED, declaration_problems, obstacles_to_book, obstacles_to_order_directly
from orders.services.bookings import EXPIRES_AFTER_WISH_DAYS
from orders.statuses import OrderStatus, Party, ServiceKind
from workflow.audit import record_step
from workflow.statuses import Action, SubmissionStatus

MOST_ITEMS = 50
NOTE_OF_DISPUTE = gettext_lazy("对方提出了异议，请说明做了什么处理，对方会看到。")
# Work done longer ago is no longer put on record: no voucher is valid for it.
MOST_DAYS_AGO = 730
MOST_DAYS_AHEAD = 730


def place_order(
    *,
    booking: Booking,
    order: Order,
    items: Sequence[OrderItem],
    total_amount: Decimal,
    actor: User,
    agrees: bool,
) -> Order:
    """确认并下单 from an accepted booking. ``order`` has its texts and day, ``items`` name, quantity, unit and unit price.

    Without a change against what was accepted it is 进行中 at once. With one the consumer declares (``agrees``) that the
    provider knows, and the provider accepts the order or refuses it (manual, section 五.3).
    """
    settled = settled_items(items, total_amount)
    late = ordered_day_problem(order.delivery_on)
    require(not late, OrderError(late))
    with transaction.atomic():
        booking = Booking.objects.locked(booking.pk)
        acting(booking, actor, Action.PLACE_ORDER)
        require(
            booking.expires_on >= timezone.localdate(),
            OrderError(_("%s已于 %s 过期，不能下单。请重新预约。") % (named(booking), booking.expires_on)),
        )
        move(booking, Action.PLACE_ORDER, actor=actor)
        problems = obstacles_to_book(actor, booking.offer)
        require(not problems, OrderError("".join(problems)))
        order.changes = changes_against(booking, order, settled)
        require(
            agrees or not order.changes,
            OrderError(
                _("订单与已接受的预约不一致。请先与接券机构沟通，一致后勾选“已与接券机构沟通一致”再提交。")
            ),
        )
        order.booking, order.consumer, order.provider = booking, booking.consumer, booking.provider
        order.offer = booking.offer
        order.offer_name = booking.offer_name
        _store(order, settled, actor, OrderStatus.PLACED if order.changes else OrderStatus.ACTIVE)
    return order


def place_direct_order(
    *,
    order: Order,
    items: Sequence[OrderItem],
    total_amount: Decimal,
    actor: User,
    is_compulsory: bool,
    is_related: bool,
) -> Order:
    """立即下单: put work already done on record, while the programme's switch is on. The provider accepts it, or refuses.

    ``order`` has its offer; its ``delivery_on`` is the day the work was done.
    """
    settled = settled_items(items, total_amount)
    problems = [
        *obstacles_to_order_directly(actor, order.offer),
        *declaration_problems(is_compulsory=is_compulsory, is_related=is_related),
        *filter(None, [direct_day_problem(order.delivery_on)]),
    ]
    require(not problems, OrderError("".join(problems)))
    with transaction.atomic():
        order.is_direct = True
        # locked: of the same form sent twice the second finds the first
        order.consumer = Consumer.objects.select_related("account").locked(consumer_of(actor).pk)
        order.provider = order.offer.provider
        order.total_amount = total_amount
        twin = twin_of(order)
        require(
            twin is None,
            OrderError(
                _(
                    "已有一份相同的补录订单 %s：服务、完成日期和金额都一样，可能是同一份提交了两次。请到“订单管理”中核对。"
                )
                % twin
            ),
        )
        _store(order, settled, actor, OrderStatus.PLACED)
    return order


def twin_of(order: Order) -> Order | None:
    """An order put on record before that says the same."""
    twins = Order.objects.alive().filter(
        consumer=order.consumer,
        is_direct=True,
        kind=order.kind,
        delivery_on=order.delivery_on,
        total_amount=order.total_amount,
        requirements=order.requirements,
    )
    return twins.filter(**{OFFER_FIELDS[ServiceKind(order.kind)]: order.offer}).first()


def settled_items(items: Sequence[OrderItem], total_amount: Decimal) -> list[OrderItem]:
    """The items with their amounts. Raises OrderError where there is none, one is not in order, or the total does not add up."""
    require(bool(items), OrderError(_("请至少填写一个订单项目。")))
    require(
        len(items) <= MOST_ITEMS, OrderError(_("一份订单最多 %d 个项目，请合并或分开下单。") % MOST_ITEMS)
    )
    for item in items:
        require(item.quantity > 0, OrderError(_("“%s”的数量应大于 0。") % item.name))
        require(item.quantity < MOST_QUANTITY, OrderError(_("“%s”的数量过大，请核对单位。") % item.name))
        require(item.price_amount > 0, OrderError(_("“%s”的单价应大于 0 元。") % item.name))
        item.amount = line_amount(item.quantity, item.price_amount)
        require(item.amount > 0, OrderError(_("“%s”的金额不足 0.01 元，请核对数量和单价。") % item.name))
    total = sum((item.amount for item in items), Decimal(0))
    require(total < MOST_AMOUNT, OrderError(_("总金额过大，请核对单位是否为元。")))
    require(
        total == total_amount,
        OrderError(
            _("总金额 %(typed)s 元与各项目合计 %(sum)s 元不一致，请核对数量、单价和总金额。")
            % {"typed": format_yuan(total_amount), "sum": format_yuan(total)}
        ),
    )
    return list(items)


def ordered_day_problem(day: datetime.date) -> str:
    """What is wrong with the day of delivery of an order, in a sentence; empty where nothing is."""
    today = timezone.localdate()
    if day < today:
        return _("交付日期已过，请选择今天或以后的日期。")
    return _("交付日期请选在两年以内。") if day > today + datetime.timedelta(days=MOST_DAYS_AHEAD) else ""


def direct_day_problem(day: datetime.date) -> str:
    """The same of the day on which work put on record was done."""
    today = timezone.localdate()
    if day > today:
        return _("补录的订单须是已经完成的服务，完成日期不能晚于今天。未完成的请用“立即预约”。")
    if day < today - datetime.timedelta(days=MOST_DAYS_AGO):
        return _("完成日期在两年以前，已不能使用创新券，请核对日期。")
    return ""


def _store(order: Order, items: Sequence[OrderItem], actor: User, status: OrderStatus) -> None:
    order.status = status
    order.number = new_number(ORDER_PREFIX)
    order.total_amount = sum((item.amount for item in items), Decimal(0))
    order.accepted_at = timezone.now() if status == OrderStatus.ACTIVE else None
    try:
        with transaction.atomic():
            order.save(force_insert=True)
    except IntegrityError as error:
        raise OrderError(_("这条预约已经下过单，请到“订单管理”中查看。")) from error
    for item in items:
        item.order = order
    OrderItem.objects.bulk_create(items)
    declared = DECLARED if order.is_direct else ""
    record_step(record=order, actor=actor, action=Action.PLACE_ORDER, reason=str(declared))
    waits = status == OrderStatus.PLACED
    tell(
        order,
        Party.PROVIDER,
        _("收到新的订单：%s") % order.offer_name,
        _("%(consumer)s 下单 %(amount)s 元。%(next)s")
        % {
            "consumer": order.consumer,
            "amount": format_yuan(order.total_amount),
            "next": _("请核对后接单，或说明原因拒绝。")
            if waits
            else _("内容与您接受的预约一致，订单已开始。"),
        },
    )


def accept_order(*, order: Order, actor: User) -> Order:
    """接单 of an order that differs from its booking, or of work put on record."""
    with transaction.atomic():
        order = _locked(order)
        acting(order, actor, Action.ACCEPT_ORDER)
        require(
            order.provider.is_public and order.offer.is_public,
            OrderError(_("这项服务或贵单位目前不公开（已撤回、正在审核或已暂停），不能接新的订单。")),
        )
        require(
            order.consumer.status == SubmissionStatus.APPROVED,
            OrderError(_("用券机构的机构信息目前不在“已通过”状态，请等它通过审核后再接单。")),
        )
        move(order, Action.ACCEPT_ORDER, actor=actor, accepted_at=timezone.now())
        tell(order, Party.CONSUMER, _("接券机构已接单：%s") % order.offer_name, _("订单进行中。"))
    return order


def refuse_order(*, order: Order, actor: User, reason: str) -> Order:
    """拒绝接单 with a reason. The booking stands: the consumer may order again."""
    reason = required_reason(reason)
    with transaction.atomic():
        order = _locked(order)
        move(order, Action.REFUSE_ORDER, actor=actor, reason=reason, closing_reason=reason)
        _booking_follows(order, Action.REFUSE_ORDER, actor)
        again = _("预约仍然有效，可修改后重新下单。") if order.booking else ""
        tell(
            order,
            Party.CONSUMER,
            _("接券机构未接单：%s") % order.offer_name,
            _("原因：%(reason)s %(again)s") % {"reason": reason, "again": again},
        )
    return order


def withdraw_order(*, order: Order, actor: User, reason: str) -> Order:
    """撤回订单, by the consumer before the provider has answered."""
    reason = required_reason(reason)
    with transaction.atomic():
        order = _locked(order)
        move(order, Action.WITHDRAW_ORDER, actor=actor, reason=reason, closing_reason=reason)
        _booking_follows(order, Action.WITHDRAW_ORDER, actor)
        tell(order, Party.PROVIDER, _("订单已撤回：%s") % order.offer_name, _("原因：%s") % reason)
    return order


def propose_cancel(*, order: Order, actor: User, reason: str) -> Order:
    """提议取消, by either side; the other agrees or does not. Until then neither delivers."""
    reason = required_reason(reason)
    with transaction.atomic():
        order = _locked(order)
        party = move(order, Action.PROPOSE_CANCEL, actor=actor, reason=reason, closing_reason=reason)
        tell(
            order,
            other(party),
            _("对方提议取消订单：%s") % order.offer_name,
            _("原因：%s 请答复是否同意。") % reason,
        )
    return order


def agree_to_cancel(*, order: Order, actor: User) -> Order:
    with transaction.atomic():
        order = _locked(order)
        party = move(order, Action.AGREE_CANCEL, actor=actor, reason=order.closing_reason)
        _booking_follows(order, Action.AGREE_CANCEL, actor)
        tell(order, other(party), _("订单已取消：%s") % order.offer_name, _("对方同意取消，订单已取消。"))
    return order


def decline_to_cancel(*, order: Order, actor: User, reason: str) -> Order:
    reason = required_reason(reason)
    with transaction.atomic():
        order = _locked(order)
        party = move(order, Action.DECLINE_CANCEL, actor=actor, reason=reason, closing_reason="")
        tell(
            order,
            other(party),
            _("对方不同意取消订单：%s") % order.offer_name,
            _("订单继续进行。原因：%s") % reason,
        )
    return order


def drop_cancel(*, order: Order, actor: User) -> Order:
    """撤回取消提议, by who proposed it."""
    with transaction.atomic():
        order = _locked(order)
        party = move(order, Action.DROP_CANCEL, actor=actor, closing_reason="")
        tell(order, other(party), _("对方撤回了取消提议：%s") % order.offer_name, _("订单继续进行。"))
    return order


def deliver(*, order: Order, actor: User, note: str = "") -> Order:
    """完成: the provider has done the work. Only then can the consumer confirm (manual, section 四.7).

    After a dispute only with a note of what was done about it, which the consumer reads.
    """
    note = note.strip()
    with transaction.atomic():
        order = _locked(order)
        acting(order, actor, Action.DELIVER)
        require(bool(note) or order.status != OrderStatus.DISPUTED, OrderError(str(NOTE_OF_DISPUTE)))
        move(order, Action.DELIVER, actor=actor, reason=note, delivered_at=timezone.now())
        said = _("处理说明：%s ") % note if note else ""
        tell(
            order,
            Party.CONSUMER,
            _("服务已完成，请确认：%s") % order.offer_name,
            said + _("请核对服务结果，点击“确认完成”；有问题的可“提出异议”。"),
        )
    return order


def confirm(*, order: Order, actor: User) -> Order:
    """确认完成, by the consumer and nobody else: silence is no confirmation."""
    with transaction.atomic():
        order = _locked(order)
        move(order, Action.CONFIRM, actor=actor, completed_at=timezone.now())
        tell(
            order,
            Party.PROVIDER,
            _("用券机构已确认完成：%s") % order.offer_name,
            _("订单已完成。请按约定开具发票。"),
        )
    return order


def dispute(*, order: Order, actor: User, reason: str) -> Order:
    """提出异议 with the reason; the provider mends it, or staff mediate."""
    reason = required_reason(reason)
    with transaction.atomic():
        order = _locked(order)
        move(order, Action.DISPUTE, actor=actor, reason=reason, dispute_reason=reason)
        tell(
            order,
            Party.PROVIDER,
            _("用券机构提出异议：%s") % order.offer_name,
            _("原因：%s 请与对方联系；处理好以后再次点击“完成”。运营部门也可介入调解。") % reason,
        )
        tell_mediators(order, reason)
    return order


MEDIATIONS = (Action.MEDIATE_RESUME, Action.MEDIATE_CONFIRM, Action.MEDIATE_CANCEL)


def mediate(*, order: Order, action: Action, actor: User, reason: str) -> Order:
    """What staff find in a dispute, one of ``MEDIATIONS``: go on, ask the consumer to confirm, or cancel. Both sides are told."""
    require(action in MEDIATIONS, OrderError(_("请选择调解结果。")))
    reason = required_reason(reason)
    with transaction.atomic():
        order = _locked(order)
        closing = {"closing_reason": reason} if action == Action.MEDIATE_CANCEL else {}
        move(order, action, actor=actor, reason=reason, **closing)
        if action == Action.MEDIATE_CANCEL:
            _booking_follows(order, action, actor)
        for party in (Party.CONSUMER, Party.PROVIDER):
            tell(
                order,
                party,
                _("异议的调解结果：%s") % order.offer_name,
                _("%(result)s。说明：%(reason)s") % {"result": action.label, "reason": reason},
            )
    return order


def _locked(order: Order) -> Order:
    """The order as stored now, its booking locked before it."""
    if order.booking_id:
        booking = Booking.objects.locked(order.booking_id)
        locked: Order = Order.objects.locked(order.pk)
        locked.booking = booking
        return locked
    return cast(Order, Order.objects.locked(order.pk))


def _booking_follows(order: Order, action: Action, actor: User) -> None:
    booking = order.booking
    if booking is None:
        return
    values: dict[str, object] = {"closing_reason": order.closing_reason}
    if action == Action.WITHDRAW_ORDER:  # it stands, as long as it would have
        values = {}
    elif action == Action.REFUSE_ORDER:  # there is time to order again
        again_until = timezone.localdate() + datetime.timedelta(days=EXPIRES_AFTER_WISH_DAYS)
        values = {"expires_on": max(booking.expires_on, again_until)}
    move(booking, action, actor=actor, reason=order.closing_reason, **values)
