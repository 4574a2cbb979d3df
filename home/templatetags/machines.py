"""The part of a page's head that machines read; ``base.html`` prints it for every page."""

from typing import Any

from django import template

from accounts.structured import script
from home.machines.description import describe

register = template.Library()


@register.inclusion_tag("components/meta.html", takes_context=True)
def page_description(context: template.Context) -> dict[str, Any]:
    found = describe({str(name): value for name, value in context.flatten().items()})
    return {
        "description": found,
        "data": script(found.data) if found.data and found.is_indexed else "",
        "site_title": context.get("site_title", ""),
        "english": context.get("english", False),
    }
