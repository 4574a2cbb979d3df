"""Telling providers in time that a qualification ends: 60, 30 and 7 days ahead, and once it has ended."""

import datetime
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services import notify
from catalogue.models import EXPIRING_DAYS, Qualification, QualificationReminder
from institutions.models import Provider

ENDED = 0
# Days ahead, the last call first.
STAGES = (7, 30, EXPIRING_DAYS)


def remind_expiring() -> int:
    """Send what is due today, one message to each provider; how many providers were told.

    Safe to repeat and to miss days: a stage is sent once for each term, and of stages missed only the last.
    """
    today = timezone.localdate()
    by_provider: dict[int, list[int]] = defaultdict(list)
    for provider_id, pk in _due(today).values_list("provider_id", "pk"):
        by_provider[provider_id].append(pk)
    return sum(_remind(provider_id, pks, today) for provider_id, pks in sorted(by_provider.items()))


def _due(today: datetime.date) -> QuerySet[Qualification]:
    """Approved qualifications whose present stage has not been sent, those that end first first."""
    stage = Case(
        When(valid_to__lt=today, then=Value(ENDED)),
        *(When(valid_to__lte=today + datetime.timedelta(days=days), then=Value(days)) for days in STAGES),
    )
    sent = QualificationReminder.objects.filter(
        qualification=OuterRef("pk"), valid_to=OuterRef("valid_to"), days=OuterRef("stage")
    )
    return (
        Qualification.objects.approved()
        .annotate(stage=stage)
        .filter(~Exists(sent), stage__isnull=False)
        .order_by("valid_to", "pk")
    )


def _remind(provider_id: int, pks: Sequence[int], today: datetime.date) -> bool:
    """Tell one provider; False where another run has been quicker."""
    with transaction.atomic():
        provider = Provider.objects.locked(provider_id)
        due = list(_due(today).filter(pk__in=pks))
        if not due:
            return False
        QualificationReminder.objects.bulk_create(
            QualificationReminder(
                qualification=qualification,
                valid_to=qualification.valid_to,  # type: ignore[misc]  # what has no term is not due
                days=qualification.stage,
            )
            for qualification in due
        )
        notify(
            recipient=provider.account,
            subject=_("有 %d 项检测资质即将到期或已过期") % len(due),
            body="\n".join(
                [
                    *map(_line, due),
                    _(
                        "请换证后在“检测资质管理”中撤回该资质，填写新的证书信息并重新提交。过期的资质在公开页面会标明“已过期”。"
                    ),
                ]
            ),
            link=reverse("qualifications:list"),
        )
    return True


def _line(qualification: Qualification) -> str:
    left = qualification.days_left or 0
    values = {
        "name": qualification.name,
        "number": qualification.certificate_number,
        "day": qualification.valid_to,
        "days": left,
    }
    if left < 0:
        return _("“%(name)s”（%(number)s）：已于 %(day)s 过期。") % values
    if left == 0:
        return _("“%(name)s”（%(number)s）：今天（%(day)s）到期。") % values
    return _("“%(name)s”（%(number)s）：%(day)s 到期，还有 %(days)d 天。") % values
