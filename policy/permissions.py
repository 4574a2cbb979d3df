"""Who may do what to a page of the site."""

from typing import Any

from wagtail.models import PagePermissionTester


class EditorialPermissions(PagePermissionTester):
    """Editors have no publish permission: publishing is the workflow's. Taking down is safe, and theirs all the same."""

    def can_unpublish(self) -> bool:
        if super().can_unpublish():
            return True
        return self._may_change() and self.page.live and not self.page_locked()

    def can_unschedule(self) -> bool:
        return super().can_unschedule() or self._may_change()

    def _may_change(self) -> bool:
        # superusers and inactive accounts have no ``permissions``
        return not self.page_is_root and "change" in getattr(self, "permissions", ())


class EditorialPageMixin:
    """A page that editors write and another one approves."""

    def permissions_for_user(self, user: Any) -> EditorialPermissions:
        return EditorialPermissions(user, self)
