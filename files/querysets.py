"""The vocabulary for reading files."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from files.models import PrivateFile  # noqa: F401 - named by the generic below


class PrivateFileQuerySet(models.QuerySet["PrivateFile"]):
    def visible_to(self, user: "User | AnonymousUser") -> "PrivateFileQuerySet":
        """Staff who may read submissions see every file; anybody else only what they uploaded."""
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("files.view_privatefile"):
            return self
        return self.filter(owner=user)
