"""Small reads other layers need."""

from typing import Any

from accounts.models import Message


def unread_count(user: Any) -> int:
    """How many messages the account has not opened; 0 for visitors."""
    if user is None or not user.is_authenticated:
        return 0
    return Message.objects.filter(recipient=user, read_at=None).count()
