"""Small reads other layers need."""

from typing import Any

from django.db.models import Q

from accounts.models import AccountKind, Message, User
from accounts.validators import normalise_identifier


def unread_count(user: Any) -> int:
    """How many messages the account has not opened; 0 for visitors."""
    if user is None or not user.is_authenticated:
        return 0
    return Message.objects.filter(recipient=user, read_at=None).count()


def staff_who_may(permission: str) -> list[User]:
    """Members of staff with the permission, ``app.codename``, by one of their groups."""
    app, codename = permission.split(".")
    may = Q(groups__permissions__codename=codename, groups__permissions__content_type__app_label=app)
    return list(User.objects.filter(may, kind=AccountKind.STAFF, is_active=True).distinct())


def account_named(identifier: str) -> User | None:
    """The account whose login name, e-mail or mobile number this is, however it was typed."""
    wanted = normalise_identifier(identifier)
    return User.objects.filter(Q(username=wanted) | Q(email=wanted) | Q(mobile=wanted)).first()
