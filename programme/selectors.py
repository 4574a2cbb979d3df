"""Which parameters hold. One query each: a list reads them once, never for each row."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.public_version import remembered
from programme.exceptions import ProgrammeError
from programme.models import ProgrammeParameters


def current_parameters() -> ProgrammeParameters:
    """The set in force now. Raises ProgrammeError where there is none."""
    return _in_force(timezone.now())


def parameters_on(day: datetime.date) -> ProgrammeParameters:
    """The set in force at the end of that day (in the site's time zone). Raises ProgrammeError where there is none."""
    end = datetime.datetime.combine(day, datetime.time.max)
    return _in_force(timezone.make_aware(end))


def direct_orders_are_on() -> bool:
    """Whether 立即下单 may be offered now, for the public pages.

    All sets are remembered, those to come too, so one takes force on the second. A page that visitors are given from the cache
    was rendered a minute ago at most; the address itself asks ``current_parameters``.
    """
    now = timezone.now()
    switches = remembered("direct orders", _direct_order_switches)
    return next((is_on for since, is_on in switches if since <= now), False)


def _direct_order_switches() -> list[tuple[datetime.datetime, bool]]:
    sets = ProgrammeParameters.objects.order_by("-effective_from")
    return list(sets.values_list("effective_from", "direct_orders"))


def _in_force(moment: datetime.datetime) -> ProgrammeParameters:
    parameters: ProgrammeParameters | None = ProgrammeParameters.objects.by(moment).first()
    if parameters is None:
        raise ProgrammeError(_("尚未设置生效的项目参数，请联系平台管理人员。"))
    return parameters
