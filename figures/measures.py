"""What is counted, and by what it is told apart."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Measure(models.TextChoices):
    """A number and its yuan. An order that came to nothing is none of them."""

    APPLIED = "applied", _("申请")
    GRANTED = "granted", _("发放")
    RETURNED = "returned", _("退券")
    EXPIRED = "expired", _("到期收回")
    ORDERED = "ordered", _("下单")
    COMPLETED = "completed", _("完成")
    EVALUATED = "evaluated", _("评价")
    CLAIMED = "claimed", _("使用")
    REDEEMED = "redeemed", _("兑付")
    CLAWED_BACK = "clawed_back", _("追回")


class Dimension(models.TextChoices):
    """Of the consumer, of the calendar, or of the order; ``WHOLE`` has the one value ""."""

    WHOLE = "whole", _("合计")
    MONTH = "month", _("月份")
    CITY = "city", _("城市")
    SIZE = "size", _("企业规模")
    INDUSTRY = "industry", _("行业")
    KIND = "kind", _("服务类型")
    CLASS = "class", _("分类和领域")
    PROVIDER = "provider", _("接券机构")
    OFFER = "offer", _("服务")
    WAY = "way", _("下单方式")


# Values of ``WAY``.
BOOKED, DIRECT = "booked", "direct"
