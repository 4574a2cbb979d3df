"""Raising warnings, and following them up."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from accounts.services import notify
from supervision import permissions
from supervision.exceptions import SupervisionError
from supervision.kinds import kinds
from supervision.models import Alert, AlertNote
from supervision.statuses import MOVES, SETTLED, AlertStatus, Severity
from workflow.audit import record_step
from workflow.statuses import Action

KEPT: Any = object()  # "as it is", where None means nobody


def warn(
    *,
    code: str,
    severity: Severity | str,
    record: models.Model,
    title: str,
    detail: str = "",
    key: str = "",
    institutions: Iterable[models.Model | str] = (),
) -> Alert:
    """Raise a warning about the record, or find the one that says the same. Safe to repeat, and inside a transaction.

    ``key`` names the finding within its kind, the record's number where it is left out. Seen again, an unsettled one is only
    marked as seen; one that was dismissed 误报 stays so, and what was closed is raised anew. Of several transactions at
    once one raises it.
    """
    if code not in {kind.code for kind in kinds()}:
        raise ValueError(f"no app has declared warnings of the kind {code!r}")
    key = (key or str(record.pk))[:200]
    with transaction.atomic():
        if found := _seen_again(code, key):
            return found
        try:
            with transaction.atomic():
                alert = _raised(code, Severity(severity), record, title, detail, key, institutions)
        except IntegrityError:  # another transaction was first
            if found := _seen_again(code, key):
                return found
            raise
        record_step(record=alert, actor=None, action=Action.WARN, reason=detail)
    return alert


def follow_up(
    *,
    alert: Alert,
    actor: User,
    text: str = "",
    status: AlertStatus | str | None = None,
    assigned_to: User | None = KEPT,
    seen_notes: int | None = None,
) -> Alert:
    """Put on record what was found out, move the warning on, hand it to somebody; each may be left out, not all.

    ``seen_notes`` is how many notes there were when the form was opened. Raises SupervisionError if the actor may not or is whom it is about, nothing
    is said, it cannot be moved so, settling has no reason, the other may not follow up, or somebody was quicker.
    """
    require(permissions.may_follow_up(actor), SupervisionError(_("您只有查看权限，不能跟进预警。")))
    text = text.strip()
    with transaction.atomic():
        alert = Alert.objects.locked(alert.pk)
        require(
            not permissions.is_about(alert, actor),
            SupervisionError(_("这条预警涉及您本人，请由其他人员跟进。")),
        )
        before = {"status": str(alert.status), "assigned_to": _name(alert.assigned_to)}
        require(
            seen_notes is None or seen_notes == alert.notes.count(),
            SupervisionError(_("您打开页面以后，已有其他人跟进了这条预警。请看过最新情况再提交。")),
        )
        if status is not None and status != alert.status:
            _move(alert, AlertStatus(status), text)
        if assigned_to is not KEPT and assigned_to != alert.assigned_to:
            _hand_to(alert, assigned_to, actor)
        after = {"status": str(alert.status), "assigned_to": _name(alert.assigned_to)}
        require(
            bool(text) or before != after,
            SupervisionError(_("请填写跟进情况，或修改处理状态、跟进人。")),
        )
        try:
            with transaction.atomic():
                alert.save(update_fields=["status", "assigned_to"])
        except IntegrityError as error:
            raise SupervisionError(_("同样的情况已有一条新的预警在处理，请在那一条上继续跟进。")) from error
        AlertNote.objects.create(
            alert=alert,
            author=actor,
            author_name=actor.get_full_name(),
            text=text,
            status=alert.status,
            assigned_name=after["assigned_to"] if before["assigned_to"] != after["assigned_to"] else "",
        )
        changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
        record_step(record=alert, actor=actor, action=Action.FOLLOW_UP, changes=changes, reason=text)
    return alert


def _seen_again(code: str, key: str) -> Alert | None:
    """The unsettled warning of this finding, or the last one if it was dismissed; marked as seen now."""
    same = Alert.objects.filter(code=code, key=key)
    found: Alert | None = same.unsettled().first() or same.first()
    if found is None or found.status == AlertStatus.CLOSED:
        return None
    found.last_seen_at = timezone.now()
    found.save(update_fields=["last_seen_at"])
    return found


def _raised(
    code: str,
    severity: Severity,
    record: models.Model,
    title: str,
    detail: str,
    key: str,
    institutions: Iterable[models.Model | str],
) -> Alert:
    named = [_named(institution) for institution in institutions]
    return Alert.objects.create(
        code=code,
        key=key,
        severity=severity,
        title=title[:200],
        detail=detail,
        record_type=ContentType.objects.get_for_model(type(record)),
        record_id=record.pk,
        record_title=str(record)[:255],
        institution_names="、".join(institution["name"] for institution in named)[:500],
        institutions=named,
        last_seen_at=timezone.now(),
    )


def _named(institution: models.Model | str) -> dict[str, Any]:
    if isinstance(institution, str):
        return {"name": institution}
    content_type = ContentType.objects.get_for_model(type(institution))
    return {"name": str(institution), "type": content_type.pk, "id": institution.pk}


def _move(alert: Alert, status: AlertStatus, text: str) -> None:
    require(
        status in MOVES[AlertStatus(alert.status)],
        SupervisionError(
            _("这条预警现在是“%(now)s”，不能改为“%(then)s”。")
            % {"now": alert.get_status_display(), "then": status.label}
        ),
    )
    require(
        status not in SETTLED or bool(text),
        SupervisionError(_("改为“%s”时，请填写核查结果和处理情况。") % status.label),
    )
    alert.status = status


def _hand_to(alert: Alert, assigned_to: User | None, actor: User) -> None:
    """To one of those who follow up, who is told unless they took it on themselves."""
    if assigned_to is not None:
        require(
            not permissions.is_about(alert, assigned_to),
            SupervisionError(_("这条预警涉及“%s”本人，请交给其他人员。") % assigned_to.get_full_name()),
        )
        require(
            assigned_to.is_active and permissions.may_follow_up(assigned_to),
            SupervisionError(_("“%s”没有跟进预警的权限，请选择其他人员。") % assigned_to.get_full_name()),
        )
        if assigned_to != actor:
            notify(
                recipient=assigned_to,
                subject=_("请跟进预警：%s") % alert.title,
                body=_("%(by)s 把这条预警交给您跟进。%(kind)s，%(severity)s。")
                % {
                    "by": actor.get_full_name(),
                    "kind": alert.kind_label,
                    "severity": alert.get_severity_display(),
                },
                link=alert.get_admin_url(),
            )
    alert.assigned_to = assigned_to


def _name(user: User | None) -> str:
    return user.get_full_name() if user else ""
