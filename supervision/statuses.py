"""How grave a warning is, how far its follow-up has come, and the moves between."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Severity(models.TextChoices):
    INFO = "info", _("提示")
    NORMAL = "normal", _("一般")
    SERIOUS = "serious", _("严重")


class AlertStatus(models.TextChoices):
    OPEN = "open", _("待处理")
    FOLLOWING = "following", _("跟进中")
    CLOSED = "closed", _("已处理")
    DISMISSED = "dismissed", _("误报")


UNSETTLED = frozenset({AlertStatus.OPEN, AlertStatus.FOLLOWING})
SETTLED = frozenset({AlertStatus.CLOSED, AlertStatus.DISMISSED})

# What somebody who follows up may make of it. What is settled can be taken up again, never left as if nobody had looked.
MOVES: dict[AlertStatus, frozenset[AlertStatus]] = {
    AlertStatus.OPEN: frozenset({AlertStatus.FOLLOWING, *SETTLED}),
    AlertStatus.FOLLOWING: SETTLED,
    AlertStatus.CLOSED: frozenset({AlertStatus.FOLLOWING}),
    AlertStatus.DISMISSED: frozenset({AlertStatus.FOLLOWING}),
}
