"""The vocabulary for reading files."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from files.models import PrivateFile  # noqa: F401 - named by the generic below


# What apps above let an account read besides its own: each answers for an account with a condition on files.
_READABLE: list[Callable[[Any], Q]] = []


def let_read(rule: Callable[[Any], Q]) -> None:
    """Called once, when the app that has the rule is ready."""
    _READABLE.append(rule)


class PrivateFileQuerySet(models.QuerySet["PrivateFile"]):
    def visible_to(self, user: "User | AnonymousUser") -> "PrivateFileQuerySet":
        """Staff who may read submissions see every file; anybody else what they uploaded, and what ``let_read`` adds."""
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("files.view_privatefile"):
            return self
        readable = Q(owner=user)
        for rule in _READABLE:
            readable |= rule(user)
        return self.filter(readable)
