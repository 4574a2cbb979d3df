"""Writing the audit trail, and its mirror in the structured log."""

import logging
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from accounts.models import User
from workflow.models import AuditEntry
from workflow.statuses import Action

logger = logging.getLogger("audit")


def record_step(
    *,
    record: models.Model,
    actor: User | None,
    action: Action,
    changes: dict[str, list[Any]] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Append one entry; ``actor`` is None for the system itself. Call it inside the transaction."""
    entry = AuditEntry.objects.create(
        record_type=ContentType.objects.get_for_model(type(record)),
        record_id=record.pk,
        record_title=str(record)[:255],
        actor=actor,
        actor_name=actor.get_full_name() if actor else "系统",
        action=action,
        changes=changes or {},
        reason=reason,
    )
    logger.info(
        "%s %s #%s",
        action.value,
        record._meta.label_lower,
        record.pk,
        extra={"audit_id": entry.pk, "actor_id": actor.pk if actor else None},
    )
    return entry


def record_two_factor_reset(sender: Any, account: User, actor: User, **kwargs: Any) -> None:
    record_step(record=account, actor=actor, action=Action.DELETE, changes={"两步验证": ["已启用", "已重置"]})


def record_many(
    *,
    steps: Iterable[tuple[models.Model, dict[str, list[Any]]]],
    actor: User | None,
    action: Action,
    reason: str = "",
) -> None:
    """Append one entry for each record with its changes, all of one model and one action, in one statement."""
    actor_id, actor_name = (actor.pk, actor.get_full_name()) if actor else (None, "系统")
    entries = [
        AuditEntry(
            record_type_id=ContentType.objects.get_for_model(type(record)).pk,
            record_id=record.pk,
            record_title=str(record)[:255],
            actor_id=actor_id,
            actor_name=actor_name,
            action=action,
            changes=changes,
            reason=reason,
        )
        for record, changes in steps
    ]
    AuditEntry.objects.bulk_create(entries)
    if entries:
        logger.info(
            "%s %d records",
            action.value,
            len(entries),
            extra={"reason": reason, "actor_id": actor_id},
        )
