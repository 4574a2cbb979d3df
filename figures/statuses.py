"""States of a provider's year, and the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.statuses import Action


class YearStatus(models.TextChoices):
    OPEN = "open", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    DISPUTED = "disputed", _("有异议")


# The colours of their badges.
TONES: dict[str, str] = {
    YearStatus.OPEN: "wait",
    YearStatus.CONFIRMED: "good",
    YearStatus.DISPUTED: "bad",
}

# (from, action) -> to. The provider confirms and disputes; staff answer, or open again what was confirmed, with figures
# computed anew.
MOVES: dict[tuple[YearStatus, Action], YearStatus] = {
    (YearStatus.OPEN, Action.CONFIRM_FIGURES): YearStatus.CONFIRMED,
    (YearStatus.OPEN, Action.DISPUTE_FIGURES): YearStatus.DISPUTED,
    (YearStatus.OPEN, Action.SAVE): YearStatus.OPEN,
    (YearStatus.DISPUTED, Action.REPLY): YearStatus.OPEN,
    (YearStatus.CONFIRMED, Action.REOPEN_FIGURES): YearStatus.OPEN,
}
