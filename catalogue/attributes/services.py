"""What staff do with definitions of attributes: save, retire, restore. They are never deleted."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from catalogue import permissions
from catalogue.attributes.tasks import sync_node_task
from catalogue.exceptions import CatalogueError
from catalogue.models import AttributeDefinition
from workflow.audit import record_step
from workflow.differences import changed_values, plain_values
from workflow.statuses import Action


def save_definition(*, definition: AttributeDefinition, actor: User) -> AttributeDefinition:
    """Store a definition, new or changed, and index anew what it holds for.

    Values that records have are left alone, whatever changes. Raises CatalogueError if the actor may not, or if kind or
    node of a stored definition would change: what is stored would no longer mean the same.
    """
    with transaction.atomic():
        require(permissions.may_define(actor, definition), CatalogueError(_("您没有设置专业参数的权限。")))
        stored = _locked(definition.pk)
        if stored is None:
            definition.save()
            record_step(record=definition, actor=actor, action=Action.CREATE)
        else:
            same_place = (stored.kind, stored.node_code) == (definition.kind, definition.node_code)
            require(
                same_place,
                CatalogueError(_("“类型”和“适用范围”保存后不能修改。请停用这一项，再新增一项。")),
            )
            definition.retired_at = stored.retired_at
            _store(stored, definition, actor)
        _follow(definition, stored)
    return definition


def retire_definition(*, definition: AttributeDefinition, actor: User) -> AttributeDefinition:
    """停用: nobody is asked for it any more and the public no longer sees it; stored values stay.

    Raises CatalogueError if it is retired already, or the actor may not.
    """
    return _set_retired(definition, actor, retired=True)


def restore_definition(*, definition: AttributeDefinition, actor: User) -> AttributeDefinition:
    """恢复启用: it is asked for again, and what is stored is public again.

    Raises CatalogueError if it is in force, if another of its name is by now, or if the actor may not.
    """
    return _set_retired(definition, actor, retired=False)


def _set_retired(definition: AttributeDefinition, actor: User, *, retired: bool) -> AttributeDefinition:
    with transaction.atomic():
        require(permissions.may_define(actor, definition), CatalogueError(_("您没有设置专业参数的权限。")))
        before = _locked(definition.pk)
        require(
            before is not None and (before.retired_at is None) is retired,
            CatalogueError(_("“%s”的状态刚被改变，请刷新页面查看。") % definition.name),
        )
        after = AttributeDefinition.objects.get(pk=definition.pk)
        after.retired_at = timezone.now() if retired else None
        if twin := after.namesake():
            raise CatalogueError(
                _("“%(node)s”已有启用的“%(name)s”，不能重复。请先停用那一项，或给其中一项改名。")
                % {"node": twin.node, "name": twin.name}
            )
        _store(before, after, actor, reason=_("停用") if retired else _("恢复启用"))
        _follow(after, before)
    return after


def _locked(pk: int | None) -> AttributeDefinition | None:
    return AttributeDefinition.objects.select_for_update().filter(pk=pk).first() if pk else None


def _store(before: Any, after: AttributeDefinition, actor: User, reason: str = "") -> None:
    after.save()
    if changes := changed_values(plain_values(before), plain_values(after)):
        record_step(record=after, actor=actor, action=Action.SAVE, changes=changes, reason=reason)


def _follow(definition: AttributeDefinition, before: AttributeDefinition | None) -> None:
    """Have the index follow, once the change is committed."""
    if definition.index_face != (before.index_face if before is not None else None):
        place, code = definition.place, definition.node_code
        transaction.on_commit(lambda: sync_node_task.enqueue(place, code))
