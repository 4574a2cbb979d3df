"""What a side is told to do next, and the buttons for what it may do now."""

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.models import Booking, Deal
from orders.statuses import BookingStatus, OrderStatus, Party
from workflow.statuses import Action

Words = str | Promise

BOOKING_STEPS: dict[tuple[BookingStatus, Party], Words] = {
    (BookingStatus.WAITING, Party.CONSUMER): _("已通知接券机构，一般两个工作日内答复；有补充可以先留言。"),
    (BookingStatus.WAITING, Party.PROVIDER): _(
        "请在两个工作日内答复：有疑问先留言；能做的接受预约，不能做的说明原因拒绝。"
    ),
    (BookingStatus.REPLIED, Party.CONSUMER): _("接券机构已回复，请查看沟通记录并继续沟通。"),
    (BookingStatus.REPLIED, Party.PROVIDER): _("等待对方回复；谈妥以后可以直接接受预约。"),
    (BookingStatus.ACCEPTED, Party.CONSUMER): _(
        "请核对单价、数量和交付日期，确认并下单。要改动的，请先与接券机构商定。"
    ),
    (BookingStatus.ACCEPTED, Party.PROVIDER): _("等待对方确认并下单。内容与您接受的一致时，下单后直接开始。"),
    (BookingStatus.ORDERED, Party.CONSUMER): _("已下单，后续请在订单中办理。"),
    (BookingStatus.ORDERED, Party.PROVIDER): _("对方已下单，后续请在订单中办理。"),
}
ORDER_STEPS: dict[tuple[OrderStatus, Party], Words] = {
    (OrderStatus.PLACED, Party.CONSUMER): _("等待接券机构核对并接单；在此之前可以撤回。"),
    (OrderStatus.PLACED, Party.PROVIDER): _(
        "请核对订单：与双方商定的一致就接单，不一致的说明原因拒绝。接券机构不能修改订单。"
    ),
    (OrderStatus.ACTIVE, Party.CONSUMER): _("服务进行中。完成后由接券机构点击“完成”，再由您确认。"),
    (OrderStatus.ACTIVE, Party.PROVIDER): _(
        "服务完成后请及时点击“完成”，否则用券机构不能确认、评价和上传发票、合同。"
    ),
    (OrderStatus.CONSUMER_CANCELS, Party.CONSUMER): _("已提议取消，等待对方答复。"),
    (OrderStatus.CONSUMER_CANCELS, Party.PROVIDER): _("对方提议取消这份订单，请答复是否同意。"),
    (OrderStatus.PROVIDER_CANCELS, Party.CONSUMER): _("对方提议取消这份订单，请答复是否同意。"),
    (OrderStatus.PROVIDER_CANCELS, Party.PROVIDER): _("已提议取消，等待对方答复。"),
    (OrderStatus.DELIVERED, Party.CONSUMER): _(
        "接券机构已完成服务。请核对结果，合格的确认完成，有问题的提出异议。"
    ),
    (OrderStatus.DELIVERED, Party.PROVIDER): _("已通知对方确认。"),
    (OrderStatus.DISPUTED, Party.CONSUMER): _(
        "请与接券机构协商；问题解决后可以直接确认完成。协商不成的，运营部门会介入调解。"
    ),
    (OrderStatus.DISPUTED, Party.PROVIDER): _(
        "请与用券机构协商；处理好以后再次点击“完成”。协商不成的，运营部门会介入调解。"
    ),
    (OrderStatus.COMPLETED, Party.CONSUMER): _(
        "服务已完成。评价、上传发票和合同都在这里办；材料齐全以后，才能申请使用创新券。"
    ),
    (OrderStatus.COMPLETED, Party.PROVIDER): _("订单已完成。请按约定向用券机构开具发票。"),
}
# In the order in which they are shown: (action, address, what the button says, its look).
BUTTONS: tuple[tuple[Action, str, Words, str], ...] = (
    (Action.PLACE_ORDER, "bookings:order", _("确认并下单"), "primary"),
    (Action.ACCEPT_BOOKING, "bookings:accept", _("接受预约"), "primary"),
    (Action.REFUSE_BOOKING, "bookings:refuse", _("拒绝"), ""),
    (Action.CANCEL_BOOKING, "bookings:cancel", _("取消预约"), "quiet"),
    (Action.ACCEPT_ORDER, "orders:accept", _("接单"), "primary"),
    (Action.REFUSE_ORDER, "orders:refuse", _("拒绝接单"), ""),
    (Action.WITHDRAW_ORDER, "orders:withdraw", _("撤回订单"), "quiet"),
    (Action.AGREE_CANCEL, "orders:agree_cancel", _("同意取消"), "primary"),
    (Action.DECLINE_CANCEL, "orders:decline_cancel", _("不同意取消"), ""),
    (Action.DROP_CANCEL, "orders:drop_cancel", _("撤回取消提议"), ""),
    (Action.DELIVER, "orders:deliver", _("完成"), "primary"),
    (Action.CONFIRM, "orders:confirm", _("确认完成"), "primary"),
    (Action.DISPUTE, "orders:dispute", _("提出异议"), ""),
    (Action.PROPOSE_CANCEL, "orders:propose_cancel", _("提议取消"), "quiet"),
)


@dataclass(frozen=True)
class Button:
    label: Words
    url: str
    look: str


def step_of(deal: Deal, party: Party) -> Words:
    """What that side is told; empty where it is over."""
    steps = BOOKING_STEPS if isinstance(deal, Booking) else ORDER_STEPS
    return steps.get((deal.status, party), "")


def buttons_of(deal: Deal, actions: Collection[Action]) -> list[Button]:
    return [
        Button(label, reverse(address, args=[deal.pk]), look)
        for action, address, label, look in BUTTONS
        if action in actions and address.startswith("bookings" if isinstance(deal, Booking) else "orders")
    ]
