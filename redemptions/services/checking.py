"""Runs the automatic checks and keeps what they found, and what people say to those that did not pass."""

from collections.abc import Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from redemptions import checks
from redemptions.alerts import report
from redemptions.checks import Check, check_from
from redemptions.exceptions import RedemptionError
from redemptions.models import Redemption
from redemptions.permissions import may_check, may_decide
from redemptions.statuses import IN_REVIEW

MOST_WORDS = 200


def run_checks(*, redemption: Redemption) -> Sequence[Check]:
    """Run them all and store what they found, whoever asks, while it is in review: what was decided on stays as it was.

    Outside of locks: a new scan takes half a second.
    """
    found = checks.run(redemption)
    values = {
        "checks": [check.as_dict() for check in found],
        "checks_at": timezone.now(),
        "failed_checks": sum(check.is_open for check in found),
    }
    same = {"pk": redemption.pk, "status__in": IN_REVIEW, "submitted_at": redemption.submitted_at}
    Redemption.objects.filter(**same).update(**values)
    for name, value in values.items():
        setattr(redemption, name, value)
    return found


def check_submission(*, redemption: Redemption) -> None:
    """As run_checks, just after it was submitted; what did not pass goes on to supervision."""
    report(redemption, [check for check in run_checks(redemption=redemption) if check.is_open])


def recheck_claim(*, redemption: Redemption, actor: User) -> Sequence[Check]:
    """重新核查, while it is in review. Raises RedemptionError where it is not theirs, or not any more."""
    require(
        may_check(actor) or may_decide(actor),
        RedemptionError(_("您没有审核兑付申请的权限，请联系系统管理员。")),
    )
    require(
        redemption.status in IN_REVIEW,
        RedemptionError(
            _("兑付申请 %(number)s 现在是“%(status)s”，审核时的核查结果不再改动。")
            % {"number": redemption.number, "status": redemption.get_status_display()}
        ),
    )
    return run_checks(redemption=redemption)


def answered(redemption: Redemption, answers: Mapping[str, str]) -> dict[str, list[str]]:
    """For the audit trail: which checks did not pass, and why that is all right. Raises RedemptionError where nobody has said it."""
    open_checks = [check for check in map(check_from, redemption.checks) if check.is_open]
    said = {check.key: answers.get(check.key, "").strip()[:MOST_WORDS] for check in open_checks}
    missing = [str(check.label) for check in open_checks if not said[check.key]]
    require(
        not missing,
        RedemptionError(_("以下核查没有通过，请逐项说明核实情况：%s。") % "、".join(missing)),
    )
    if not open_checks:
        return {}
    found = "；".join(_("%s：未通过") % check.label for check in open_checks)
    return {"checks": [found, "；".join(f"{check.label}：{said[check.key]}" for check in open_checks)]}
