"""Template tags of the design system (docs/design.md); in the lowest app, so that every app may use them."""

import re
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django import forms, template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.paginator import Page
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from accounts.money import format_yuan

register = template.Library()

HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@cache
def _drawing(name: str) -> str:
    """What is inside the <svg> of static/icons/NAME.svg; the files are ours, so they are trusted."""
    path = finders.find(f"icons/{name}.svg") if re.fullmatch(r"[a-z0-9-]+", name) else None
    if not path:
        if settings.DEBUG:
            raise template.TemplateSyntaxError(f"There is no icon {name!r} in static/icons.")
        return ""
    with open(path, encoding="utf-8") as file:
        found = re.search(r"<svg[^>]*>(.*)</svg>", file.read(), re.DOTALL)
    return found.group(1) if found else ""


@register.simple_tag
@cache
def icon(name: str, extra: str = "") -> SafeString:
    """The named icon, drawn inline and hidden from screen readers: the text beside it is what they read.

    ``extra`` is more classes, as in ``{% icon "search" "icon--lg" %}``.
    """
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f" {extra}" if extra else "",
        mark_safe(_drawing(str(name))),  # noqa: S308 - a file of this repository
    )


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """``mapping[key]``, or nothing: ``{{ reasons|get:field.name }}``."""
    try:
        return mapping.get(key, "") if hasattr(mapping, "get") else mapping[key]
    except (KeyError, IndexError, TypeError):
        return ""


@register.filter
def has_errors(forms_: Any) -> bool:
    """Whether any of several forms is in error."""
    return any(form.errors for form in forms_ or [])


@register.filter
def yuan(amount: Any) -> str:
    """An amount of yuan with thousands separators: 1,200 or 1,200.50; nothing for nothing."""
    if amount is None or amount == "":
        return ""
    try:
        return format_yuan(Decimal(str(amount)))
    except InvalidOperation:
        return str(amount)


@register.filter
def translated(text: Any) -> str:
    """What comes from the database and is said everywhere, in the page's language: names of columns, cities, classes.

    A text that the catalogue of translations does not know stays as it is.
    """
    return gettext(str(text)) if text else ""


@register.filter
def language_of(text: Any) -> SafeString:
    """``lang`` for the element that holds a text of people's own, which on an English page may be Chinese: names of makers,
    institutions, attributes. Where it always is, ``in_chinese`` of the context says it.
    """
    foreign = get_language() == "en" and HAN.search(str(text))
    return mark_safe(' lang="zh-Hans"' if foreign else "")  # noqa: S308 - ours


@register.filter
def field_kind(field: BoundField) -> str:
    """Which shape of components/field.html a form field takes, whatever its widget's class is called."""
    widget = field.field.widget
    if isinstance(widget, CHOICES):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.FileInput):
        return "file"
    if field.use_fieldset:
        return "group"
    return "control"


@register.simple_tag
def control(field: BoundField, note: Any = "", required: Any = None, plain: Any = None) -> SafeString:
    """The input alone, tied to its help, its error and the reviewer's note for screen readers.

    ``plain`` drops the placeholder: allauth repeats the label in it.
    """
    described = _described_by(field, note)
    attrs: dict[str, Any] = {"aria-describedby": described} if described else {}
    if required and not field.field.required:
        attrs["aria-required"] = "true"
    if plain:
        attrs["placeholder"] = False  # Django leaves an attribute that is False out
    return field.as_widget(attrs=attrs)


@register.simple_tag
def current_file(field: BoundField, url: Any = "", name: Any = "", is_image: Any = False) -> dict[str, Any]:
    """The file a field already holds: as told, else as the field itself knows (files/forms.py)."""
    return {
        "url": url or getattr(field, "current_url", ""),
        "name": name or getattr(field, "current_name", ""),
        "is_image": is_image or getattr(field, "current_is_image", False),
        "kept_inputs": getattr(field, "kept_inputs", ""),
    }


@register.simple_tag
def described_by(field: BoundField, note: Any = "") -> str:
    """The ids of what explains a field, for an input that a template writes itself."""
    return _described_by(field, note)


def _described_by(field: BoundField, note: Any) -> str:
    ids = [
        (field.help_text, "helptext"),
        (note, "note"),
        (field.errors, "error"),
    ]
    return " ".join(f"{field.auto_id}_{suffix}" for present, suffix in ids if present)


@register.simple_tag
def page_numbers(page: Page) -> list[int | str]:
    """The page numbers to offer, with an ellipsis where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))
