"""What supervision itself looks for, once a day: people who see unusually much of what is private."""

import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from supervision.kinds import declare_kind
from supervision.models import FileAccess
from supervision.services import warn
from supervision.statuses import Severity
from workflow.models import AuditEntry
from workflow.statuses import Action

# More than a reviewer or a payer gets through in a day of work.
MOST_FILES_A_DAY = 200
MOST_ACCOUNTS_A_DAY = 50

MANY_FILES = declare_kind(
    "supervision.many_files",
    gettext_lazy("集中查看文件"),
    gettext_lazy("请在“文件查看记录”中按查看人和日期筛选，核对是否与当天的工作相符。"),
)
MANY_ACCOUNTS = declare_kind(
    "supervision.many_accounts",
    gettext_lazy("集中查看银行账号"),
    gettext_lazy("请在“审计记录”中按操作人和“查看银行账号”筛选，核对是否与当天的拨付相符。"),
)


def check_day(day: datetime.date) -> int:
    """Warn about who saw more than a day's work needs; how many those are. Safe to repeat."""
    looks = _many(FileAccess.objects.filter(at__date=day), MOST_FILES_A_DAY)
    for actor, count in looks:
        sentence = _("“%(who)s”在 %(day)s 查看了 %(count)d 份他人的文件")
        _warn(MANY_FILES.code, Severity.NORMAL, actor, day, sentence, count)
    reveals = _many(
        AuditEntry.objects.filter(at__date=day, action=Action.VIEW_BANK, actor__isnull=False),
        MOST_ACCOUNTS_A_DAY,
    )
    for actor, count in reveals:
        sentence = _("“%(who)s”在 %(day)s 查看了 %(count)d 次完整银行账号")
        _warn(MANY_ACCOUNTS.code, Severity.SERIOUS, actor, day, sentence, count)
    return len(looks) + len(reveals)


def _many(rows: QuerySet[Any], most: int) -> list[tuple[User, int]]:
    counted = rows.order_by().values_list("actor").annotate(times=Count("pk")).filter(Q(times__gt=most))
    counts = dict(counted)
    return [(user, counts[user.pk]) for user in User.objects.filter(pk__in=counts).order_by("pk")]


def _warn(code: str, severity: Severity, actor: User, day: datetime.date, sentence: str, count: int) -> None:
    title = sentence % {"who": actor.get_full_name(), "day": day, "count": count}
    warn(
        code=code,
        severity=severity,
        record=actor,
        title=title,
        detail=_("账户：%(login)s。") % {"login": actor.username},
        key=f"{actor.pk}:{day}",
    )
