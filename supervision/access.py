"""Keeping who looked at whose private file."""

import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from files.models import PrivateFile
from supervision.models import FileAccess

# A page that shows a file again, or a viewer that asks twice, is one look.
SAME_LOOK = datetime.timedelta(minutes=5)


def record_access(*, file: PrivateFile, actor: User, ip_address: str, is_download: bool) -> FileAccess | None:
    """Keep that the actor was sent somebody else's file; None for one's own, and within five minutes of the last time.

    Saving a file that was just looked at is kept: it has left the platform.
    """
    if file.owner_id == actor.pk:
        return None
    earlier = FileAccess.objects.filter(file_uuid=file.uuid, actor=actor, at__gt=timezone.now() - SAME_LOOK)
    if is_download:
        earlier = earlier.filter(is_download=True)
    if earlier.exists():
        return None
    return FileAccess.objects.create(
        actor=actor,
        actor_name=actor.get_full_name(),
        file_uuid=file.uuid,
        file_name=file.name,
        owner_id=file.owner_id,
        owner_name=file.owner.username,
        is_download=is_download,
        ip_address=ip_address or None,
    )


def on_file_served(
    *, file: PrivateFile, user: Any, ip_address: str, is_download: bool, **_kwargs: Any
) -> None:
    record_access(file=file, actor=user, ip_address=ip_address, is_download=is_download)
