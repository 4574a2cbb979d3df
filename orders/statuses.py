"""States of bookings and orders, the moves between them, who may make each, and what each side calls a state."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflow.statuses import Action


class Party(models.TextChoices):
    """On whose behalf somebody acts on a booking or an order."""

    CONSUMER = "consumer", _("用券机构")
    PROVIDER = "provider", _("接券机构")
    STAFF = "staff", _("运营部门")
    SYSTEM = "system", _("系统")


class ServiceKind(models.TextChoices):
    """What is booked; the programme settles a share for each."""

    INSTRUMENT = "instrument", _("仪器共享")
    TESTING = "testing", _("检验检测")
    LAB = "lab", _("实验服务")


class BookingStatus(models.TextChoices):
    WAITING = "waiting", _("待回复")
    REPLIED = "replied", _("已回复")
    ACCEPTED = "accepted", _("已接受预约")
    ORDERED = "ordered", _("已接单")
    REFUSED = "refused", _("已拒绝")
    CANCELLED = "cancelled", _("已取消")
    EXPIRED = "expired", _("已过期")


class OrderStatus(models.TextChoices):
    PLACED = "placed", _("待接单")
    ACTIVE = "active", _("进行中")
    CONSUMER_CANCELS = "consumer_cancels", _("用券机构提议取消")
    PROVIDER_CANCELS = "provider_cancels", _("接券机构提议取消")
    DELIVERED = "delivered", _("待确认")
    DISPUTED = "disputed", _("有异议")
    COMPLETED = "completed", _("已完成")
    REFUSED = "refused", _("已拒绝接单")
    CANCELLED = "cancelled", _("已取消")


# What a side reads where it is not the state's own name.
BOOKING_LABELS: dict[tuple[BookingStatus, Party], str | Promise] = {
    (BookingStatus.WAITING, Party.CONSUMER): _("等待回复"),
    (BookingStatus.REPLIED, Party.CONSUMER): _("机构已回复"),
    (BookingStatus.ACCEPTED, Party.CONSUMER): _("已接受，待下单"),
    (BookingStatus.ACCEPTED, Party.PROVIDER): _("已接受，待对方下单"),
    (BookingStatus.ORDERED, Party.CONSUMER): _("已下单"),
    (BookingStatus.REFUSED, Party.CONSUMER): _("机构已拒绝"),
}
ORDER_LABELS: dict[tuple[OrderStatus, Party], str | Promise] = {
    (OrderStatus.PLACED, Party.CONSUMER): _("等待机构接单"),
    (OrderStatus.CONSUMER_CANCELS, Party.CONSUMER): _("已提议取消，待对方同意"),
    (OrderStatus.CONSUMER_CANCELS, Party.PROVIDER): _("对方提议取消，待您答复"),
    (OrderStatus.PROVIDER_CANCELS, Party.CONSUMER): _("对方提议取消，待您答复"),
    (OrderStatus.PROVIDER_CANCELS, Party.PROVIDER): _("已提议取消，待对方同意"),
    (OrderStatus.DELIVERED, Party.CONSUMER): _("待您确认完成"),
    (OrderStatus.DELIVERED, Party.PROVIDER): _("待对方确认"),
    (OrderStatus.REFUSED, Party.CONSUMER): _("机构未接单"),
}

# The colours of their badges.
TONES: dict[str, str] = {
    BookingStatus.WAITING: "wait",
    BookingStatus.REPLIED: "info",
    BookingStatus.ACCEPTED: "good",
    BookingStatus.ORDERED: "good",
    BookingStatus.REFUSED: "bad",
    BookingStatus.CANCELLED: "neutral",
    BookingStatus.EXPIRED: "neutral",
    OrderStatus.PLACED: "wait",
    OrderStatus.ACTIVE: "info",
    OrderStatus.CONSUMER_CANCELS: "wait",
    OrderStatus.PROVIDER_CANCELS: "wait",
    OrderStatus.DELIVERED: "wait",
    OrderStatus.DISPUTED: "bad",
    OrderStatus.COMPLETED: "good",
}

# The provider still has to say yes or no.
UNANSWERED = frozenset({BookingStatus.WAITING, BookingStatus.REPLIED})
# May still become an order; these expire.
OPEN_BOOKINGS = UNANSWERED | {BookingStatus.ACCEPTED}
# Keep the instrument's time for themselves.
HOLDING = frozenset({BookingStatus.ACCEPTED, BookingStatus.ORDERED})
# Came to nothing: its booking may be ordered anew.
VOID_ORDERS = frozenset({OrderStatus.REFUSED, OrderStatus.CANCELLED})
# Under way, whatever becomes of the institutions meanwhile.
RUNNING_ORDERS = frozenset(OrderStatus) - VOID_ORDERS - {OrderStatus.COMPLETED}

# Nothing goes on before that side has acted; the dashboard says so, and reminders do.
AWAITED: dict[BookingStatus | OrderStatus, Party] = {
    BookingStatus.WAITING: Party.PROVIDER,
    BookingStatus.REPLIED: Party.CONSUMER,
    BookingStatus.ACCEPTED: Party.CONSUMER,
    OrderStatus.PLACED: Party.PROVIDER,
    OrderStatus.CONSUMER_CANCELS: Party.PROVIDER,
    OrderStatus.PROVIDER_CANCELS: Party.CONSUMER,
    OrderStatus.DELIVERED: Party.CONSUMER,
    OrderStatus.DISPUTED: Party.PROVIDER,
}

# (from, action, who) -> to. Whatever is not in these tables is refused, and changes nothing.
BOOKING_MOVES: dict[tuple[BookingStatus, Action, Party], BookingStatus] = {
    (BookingStatus.WAITING, Action.REPLY, Party.PROVIDER): BookingStatus.REPLIED,
    (BookingStatus.WAITING, Action.REPLY, Party.CONSUMER): BookingStatus.WAITING,
    (BookingStatus.REPLIED, Action.REPLY, Party.PROVIDER): BookingStatus.REPLIED,
    # asked again: it is the provider's turn
    (BookingStatus.REPLIED, Action.REPLY, Party.CONSUMER): BookingStatus.WAITING,
    (BookingStatus.ACCEPTED, Action.REPLY, Party.PROVIDER): BookingStatus.ACCEPTED,
    (BookingStatus.ACCEPTED, Action.REPLY, Party.CONSUMER): BookingStatus.ACCEPTED,
    (BookingStatus.ORDERED, Action.REPLY, Party.PROVIDER): BookingStatus.ORDERED,
    (BookingStatus.ORDERED, Action.REPLY, Party.CONSUMER): BookingStatus.ORDERED,
    (BookingStatus.WAITING, Action.ACCEPT_BOOKING, Party.PROVIDER): BookingStatus.ACCEPTED,
    (BookingStatus.REPLIED, Action.ACCEPT_BOOKING, Party.PROVIDER): BookingStatus.ACCEPTED,
    (BookingStatus.WAITING, Action.REFUSE_BOOKING, Party.PROVIDER): BookingStatus.REFUSED,
    (BookingStatus.REPLIED, Action.REFUSE_BOOKING, Party.PROVIDER): BookingStatus.REFUSED,
    (BookingStatus.WAITING, Action.CANCEL_BOOKING, Party.CONSUMER): BookingStatus.CANCELLED,
    (BookingStatus.REPLIED, Action.CANCEL_BOOKING, Party.CONSUMER): BookingStatus.CANCELLED,
    (BookingStatus.ACCEPTED, Action.CANCEL_BOOKING, Party.CONSUMER): BookingStatus.CANCELLED,
    # the instrument broke down: the time is free again, and the consumer is told why
    (BookingStatus.ACCEPTED, Action.CANCEL_BOOKING, Party.PROVIDER): BookingStatus.CANCELLED,
    (BookingStatus.ACCEPTED, Action.PLACE_ORDER, Party.CONSUMER): BookingStatus.ORDERED,
    # its order came to nothing: refused or taken back, it can be ordered again; cancelled by both, the time is free
    (BookingStatus.ORDERED, Action.REFUSE_ORDER, Party.PROVIDER): BookingStatus.ACCEPTED,
    (BookingStatus.ORDERED, Action.WITHDRAW_ORDER, Party.CONSUMER): BookingStatus.ACCEPTED,
    (BookingStatus.ORDERED, Action.AGREE_CANCEL, Party.PROVIDER): BookingStatus.CANCELLED,
    (BookingStatus.ORDERED, Action.AGREE_CANCEL, Party.CONSUMER): BookingStatus.CANCELLED,
    (BookingStatus.ORDERED, Action.MEDIATE_CANCEL, Party.STAFF): BookingStatus.CANCELLED,
    (BookingStatus.WAITING, Action.EXPIRE_BOOKING, Party.SYSTEM): BookingStatus.EXPIRED,
    (BookingStatus.REPLIED, Action.EXPIRE_BOOKING, Party.SYSTEM): BookingStatus.EXPIRED,
    (BookingStatus.ACCEPTED, Action.EXPIRE_BOOKING, Party.SYSTEM): BookingStatus.EXPIRED,
}
ORDER_MOVES: dict[tuple[OrderStatus, Action, Party], OrderStatus] = {
    (OrderStatus.PLACED, Action.ACCEPT_ORDER, Party.PROVIDER): OrderStatus.ACTIVE,
    (OrderStatus.PLACED, Action.REFUSE_ORDER, Party.PROVIDER): OrderStatus.REFUSED,
    (OrderStatus.PLACED, Action.WITHDRAW_ORDER, Party.CONSUMER): OrderStatus.CANCELLED,
    (OrderStatus.ACTIVE, Action.PROPOSE_CANCEL, Party.CONSUMER): OrderStatus.CONSUMER_CANCELS,
    (OrderStatus.ACTIVE, Action.PROPOSE_CANCEL, Party.PROVIDER): OrderStatus.PROVIDER_CANCELS,
    (OrderStatus.CONSUMER_CANCELS, Action.AGREE_CANCEL, Party.PROVIDER): OrderStatus.CANCELLED,
    (OrderStatus.PROVIDER_CANCELS, Action.AGREE_CANCEL, Party.CONSUMER): OrderStatus.CANCELLED,
    (OrderStatus.CONSUMER_CANCELS, Action.DECLINE_CANCEL, Party.PROVIDER): OrderStatus.ACTIVE,
    (OrderStatus.PROVIDER_CANCELS, Action.DECLINE_CANCEL, Party.CONSUMER): OrderStatus.ACTIVE,
    (OrderStatus.CONSUMER_CANCELS, Action.DROP_CANCEL, Party.CONSUMER): OrderStatus.ACTIVE,
    (OrderStatus.PROVIDER_CANCELS, Action.DROP_CANCEL, Party.PROVIDER): OrderStatus.ACTIVE,
    (OrderStatus.ACTIVE, Action.DELIVER, Party.PROVIDER): OrderStatus.DELIVERED,
    (OrderStatus.DELIVERED, Action.CONFIRM, Party.CONSUMER): OrderStatus.COMPLETED,
    (OrderStatus.DELIVERED, Action.DISPUTE, Party.CONSUMER): OrderStatus.DISPUTED,
    # settled between the two, with staff or without
    (OrderStatus.DISPUTED, Action.CONFIRM, Party.CONSUMER): OrderStatus.COMPLETED,
    (OrderStatus.DISPUTED, Action.DELIVER, Party.PROVIDER): OrderStatus.DELIVERED,
    # staff mediate: never a confirmation in the consumer's place
    (OrderStatus.DISPUTED, Action.MEDIATE_RESUME, Party.STAFF): OrderStatus.ACTIVE,
    (OrderStatus.DISPUTED, Action.MEDIATE_CONFIRM, Party.STAFF): OrderStatus.DELIVERED,
    (OrderStatus.DISPUTED, Action.MEDIATE_CANCEL, Party.STAFF): OrderStatus.CANCELLED,
}
