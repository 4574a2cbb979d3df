"""The policy column's own navigation, shared by all its pages."""

from typing import Any

from django import template
from django.utils.translation import gettext
from wagtail.models import Page

from accounts.addresses import absolute
from accounts.templatetags.ui import translated
from policy.models import ColumnPage
from policy.models.base import HOME_DEPTH
from policy.querysets import is_private

COLUMN_DEPTH = HOME_DEPTH + 1

register = template.Library()
register.simple_tag(absolute, name="full_address")


@register.simple_tag(takes_context=True)
def column_entries(context: dict[str, Any], page: Page) -> list[dict[str, Any]]:
    """The entries of the policy column as tabs, the one that ``page`` belongs to marked.

    A page that the editors have not published, or keep behind a login, is not among them.
    """
    column = page.path[: Page.steplen * COLUMN_DEPTH]
    parts = Page.objects.filter(path__startswith=column).type(ColumnPage).live().filter(~is_private())
    entries = list(parts.order_by("path"))
    current = [entry for entry in entries if page.path.startswith(entry.path)][-1:]
    request = context.get("request")
    return [
        {"label": _label(entry), "url": entry.get_url(request), "active": entry in current}
        for entry in entries
    ]


def _label(entry: Page) -> str:
    """A part's own name; what the column itself shows are the documents."""
    return gettext("政策文件") if entry.depth == COLUMN_DEPTH else translated(entry.title)
