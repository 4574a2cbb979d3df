"""The one place from which a failed check goes on to supervision."""

import hashlib
import logging
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from redemptions.checks.base import Check
from redemptions.models import Redemption
from supervision.kinds import AlertKind, declare_kind
from supervision.services import warn
from supervision.statuses import Severity

logger = logging.getLogger(__name__)

ADVICE = gettext_lazy("请打开兑付申请，对照材料和订单核实；需要时向双方了解情况。")
# Of each check: what its failing is called, and how grave it is.
KINDS: dict[str, tuple[AlertKind, Severity]] = {
    key: (declare_kind(f"redemptions.{key}", label, ADVICE), severity)
    for key, label, severity in (
        ("dates", gettext_lazy("日期不在有效期内"), Severity.NORMAL),
        ("parties", gettext_lazy("发票双方与订单不一致"), Severity.NORMAL),
        ("relation", gettext_lazy("供需双方可能有关联"), Severity.SERIOUS),
        ("numbers", gettext_lazy("发票可能重复使用"), Severity.SERIOUS),
        ("scans", gettext_lazy("材料可能重复使用"), Severity.SERIOUS),
        ("amount", gettext_lazy("金额明显偏离"), Severity.NORMAL),
        ("device", gettext_lazy("双方使用同一设备或网络"), Severity.NORMAL),
        ("splitting", gettext_lazy("可能拆分订单"), Severity.NORMAL),
        ("burst", gettext_lazy("到期前集中使用"), Severity.INFO),
        ("ban", gettext_lazy("暂停期间申请兑付"), Severity.SERIOUS),
    )
}


def report(redemption: Redemption, failed: Sequence[Check]) -> None:
    """On submission; the same finding of the same claim is one warning. The claim is in, whatever becomes of its warnings."""
    for check in failed:
        if check.is_error:
            continue
        kind, severity = KINDS[check.key]
        try:
            warn(
                code=kind.code,
                severity=severity,
                record=redemption,
                title=_("%(label)s：兑付申请 %(number)s")
                % {"label": kind.label, "number": redemption.number},
                detail=check.text,
                # another finding of the same claim is another warning
                key=f"{redemption.number} {hashlib.sha256(check.text.encode()).hexdigest()[:16]}",
                institutions=(redemption.consumer, redemption.provider),
            )
        except Exception:  # the claim is in: a warning that fails does not undo it
            logger.exception("no warning of claim %s, check %s", redemption.number, check.key)
