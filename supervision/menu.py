"""The menu 监督. Apps above put what belongs there into it with the hook ``MENU_HOOK``."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from wagtail.admin.menu import Menu, MenuItem

MENU_HOOK = "register_supervision_menu_item"
menu = Menu(register_hook_name=MENU_HOOK)


class PermittedItem(MenuItem):
    """Shown to whom ``shown_to`` says; a permission is known without a query, which modeladmin's items make on every page."""

    def __init__(self, label: Any, url: str, *, shown_to: Callable[[Any], bool], **kwargs: Any) -> None:
        super().__init__(label, url, **kwargs)
        self.shown_to = shown_to

    def is_shown(self, request: HttpRequest) -> bool:
        return self.shown_to(request.user)
