"""Who may do what to a page of the site."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import HelpPanel
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


class FixedPagePermissions(EditorialPermissions):
    """Addresses all over the site lead to the front page and the columns: only administrators take one down or move it."""

    def can_unpublish(self) -> bool:
        return self.user.is_superuser and super().can_unpublish()

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Moving asks this too."""
        return self.user.is_superuser and super().can_delete(ignore_bulk)


class EditorialPageMixin:
    """A page that editors write and another one approves."""

    def permissions_for_user(self, user: Any) -> EditorialPermissions:
        return EditorialPermissions(user, self)


class FixedPageMixin(EditorialPageMixin):
    """The front page, or a column."""

    fixed_page_panel = HelpPanel(
        content=_("首页和栏目只能由系统管理员取消发布、移动或删除，需要时请与系统管理员联系。")
    )

    def permissions_for_user(self, user: Any) -> FixedPagePermissions:
        return FixedPagePermissions(user, self)
