"""What stands around every page: the same on all pages of a section, so it is rendered once for each, not for each visitor."""

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

register = template.Library()

# (address or its name, label) of the sections, in the order of the menu
MENU = (
    ("/", _("首页")),
    ("catalogue:instrument_list", _("仪器共享")),
    ("catalogue:testing_list", _("检测服务")),
    ("catalogue:lab_list", _("实验服务")),
    ("catalogue:capability_list", _("检测能力")),
    ("catalogue:provider_list", _("接券机构")),
    ("/notices/", _("通知公告")),
    ("/policy/", _("创新券政策")),
    ("figures:statistics", _("统计数据")),
)


@register.simple_tag(takes_context=True)
def site_header(context: template.Context) -> SafeString:
    """Emblem, menu and search; the menu marks the section that the page belongs to."""
    path = context["request"].path if "request" in context else ""
    home, *sections = _addresses()
    section = home if path == home else next((one for one in sections if path.startswith(one)), "")
    return _part("header", context, section, "page" if path == section else "true")


@register.simple_tag(takes_context=True)
def site_footer(context: template.Context) -> SafeString:
    return _part("footer", context)


def _part(part: str, context: template.Context, section: str = "", current: str = "") -> SafeString:
    # whoever works on the templates sees what he writes
    render = _rendered.__wrapped__ if settings.DEBUG else _rendered
    return render(
        f"components/site_{part}.html",
        section,
        current,
        get_language(),
        context.get("province_name", ""),
        context.get("site_title", ""),
    )


@lru_cache
def _addresses() -> tuple[str, ...]:
    return tuple(name if name.startswith("/") else reverse(name) for name, _label in MENU)


@lru_cache
def _rendered(
    name: str, section: str, current: str, language: str | None, province_name: str, site_title: str
) -> SafeString:
    """Of all that it depends on; the language is the one in force."""
    menu: list[dict[str, Any]] = [
        {"url": url, "label": label, "current": current if url == section else ""}
        for url, (_name, label) in zip(_addresses(), MENU, strict=True)
    ]
    names = {"menu": menu, "province_name": province_name, "site_title": site_title}
    return mark_safe(render_to_string(name, names))  # noqa: S308 - rendered from a template of ours
