"""Automatic checks of a redemption: evidence for the two people who decide, never a verdict. ADR 0017.

Each is a function of a Case, and a finding with its numbers. Together they ask the database a bounded number of questions,
however many orders there are.
"""

import logging
from collections.abc import Sequence

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from redemptions.checks import papers, parties, patterns
from redemptions.checks.base import Case, Check, Examine, check_from, link_to
from redemptions.models import Redemption

__all__ = ["CHECKS", "Check", "check_from", "run"]

logger = logging.getLogger(__name__)

CHECKS: dict[str, tuple[str | Promise, Examine]] = {
    "dates": (gettext_lazy("日期在有效期内"), parties.dates),
    "parties": (gettext_lazy("发票双方与订单一致"), parties.parties),
    "relation": (gettext_lazy("双方没有关联"), parties.relation),
    "ban": (gettext_lazy("双方没有被暂停"), parties.not_suspended),
    "numbers": (gettext_lazy("发票没有重复使用"), papers.invoice_numbers),
    "scans": (gettext_lazy("材料没有重复使用"), papers.scans),
    "amount": (gettext_lazy("金额没有异常"), patterns.amount),
    "device": (gettext_lazy("双方没有使用同一设备或网络"), parties.same_device),
    "splitting": (gettext_lazy("没有拆分订单"), patterns.splitting),
    "burst": (gettext_lazy("没有到期前集中使用"), patterns.burst),
}


def run(redemption: Redemption) -> Sequence[Check]:
    """All of them, in their order. One that breaks is logged, and says so in its place."""
    case = Case(redemption)
    return [_made(key, case) for key in CHECKS]


def _made(key: str, case: Case) -> Check:
    label, examine = CHECKS[key]
    try:
        with transaction.atomic():
            found = examine(case)
    except Exception:  # whatever it is, a claim does not fail by a check
        logger.exception("check failed to run", extra={"check": key, "redemption": case.redemption.pk})
        return Check(key, label, None, _("未能核查，请人工核对，或稍后重新核查。"), is_error=True)
    return Check(key, label, found.passed, found.text, tuple(link_to(record) for record in found.records))
