"""Settling the programme's parameters. What has taken force stays as it was."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from programme import permissions
from programme.exceptions import ProgrammeError
from programme.models import ProgrammeParameters
from workflow.audit import record_step
from workflow.differences import changed_values, plain_values
from workflow.statuses import Action


def save_parameters(*, parameters: ProgrammeParameters, actor: User) -> ProgrammeParameters:
    """Store a new set, or change one that has not taken force.

    ``effective_from`` None means at once. The audit trail gets what differs from the set before it. Raises ProgrammeError if
    the actor may not, the set has taken force, or its moment has passed or is taken.
    """
    require(
        permissions.may_settle(actor, parameters),
        ProgrammeError(_("您没有设置项目参数的权限，请联系系统管理员。")),
    )
    with transaction.atomic():
        now = timezone.now()
        action = Action.CREATE if parameters.pk is None else Action.SAVE
        if parameters.effective_from is None:
            parameters.effective_from = now
        require(
            parameters.effective_from >= now,
            ProgrammeError(_("生效时间不能早于现在。需要立即生效的，请把生效时间留空。")),
        )
        parameters.made_by = actor
        try:
            with transaction.atomic():
                parameters.save()
                parameters.refresh_from_db()
        except IntegrityError as error:
            raise ProgrammeError(_("已有一套参数在这一时间生效，请换一个时间。")) from error
        record_step(
            record=parameters,
            actor=actor,
            action=action,
            changes=changes_since(previous_of(parameters), parameters),
            reason=parameters.reason,
        )
    return parameters


def drop_parameters(*, parameters: ProgrammeParameters, actor: User) -> None:
    """Delete a set that has not taken force. Raises ProgrammeError if the actor may not, or it has."""
    require(permissions.may_drop(actor), ProgrammeError(_("您没有删除项目参数的权限，请联系系统管理员。")))
    with transaction.atomic():
        record_step(record=parameters, actor=actor, action=Action.DELETE, reason=parameters.reason)
        parameters.delete()


def previous_of(parameters: ProgrammeParameters) -> ProgrammeParameters | None:
    """The set that this one takes over from."""
    return (
        ProgrammeParameters.objects.filter(effective_from__lt=parameters.effective_from)
        .order_by("-effective_from")
        .first()
    )


BOOKKEEPING = frozenset({"effective_from", "reason", "made_by", "made_at"})


def changes_since(
    previous: ProgrammeParameters | None, parameters: ProgrammeParameters
) -> dict[str, list[object]]:
    """``{field: [before, after]}`` of the parameters proper; everything is new where there is no set before."""
    values = [plain_values(one) if one is not None else {} for one in (previous, parameters)]
    return {name: pair for name, pair in changed_values(*values).items() if name not in BOOKKEEPING}
