"""How instruments and providers are printed on public pages."""

import re
from functools import cache
from html import unescape
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.images.models import AbstractRendition, Filter
from wagtail.images.shortcuts import get_rendition_or_not_found

from accounts.public_version import remembered
from catalogue.models import (
    Instrument,
    LabService,
    PriceUnit,
    ProviderRecord,
    ServiceRecord,
    TestingService,
    TreeNode,
)
from catalogue.search import highlight
from files.models import SiteImage

register = template.Library()

# One drawing for each of the top-level classes of the national classification.
CLASS_ICONS = {
    "01": "flask-conical",
    "02": "gauge",
    "03": "ruler",
    "04": "activity",
    "05": "waves",
    "06": "mountain",
    "07": "cloud",
    "08": "telescope",
    "09": "stethoscope",
    "10": "atom",
    "11": "scan-search",
    "12": "cog",
    "13": "monitor",
    "14": "zap",
}


# Which texts a card shows anyhow, and the others a search looks through, in the order in which a hit says most.
SERVICE_SHOWN, SERVICE_SEARCHED = ("name",), ("methods", "content", "deliverables")
SEARCHED_TEXTS: dict[type[ProviderRecord], tuple[tuple[str, ...], tuple[str, ...]]] = {
    Instrument: (("name", "model"), ("name_en", "functions", "specifications", "service_content")),
    TestingService: (SERVICE_SHOWN, SERVICE_SEARCHED),
    LabService: (SERVICE_SHOWN, SERVICE_SEARCHED),
}
FIRST_ROW = 3
EXCERPT_BEFORE = 20
EXCERPT_LENGTH = 80
# An excerpt does not begin within a Latin word or a standard's number; Chinese has no such middle.
CUT_WORD = re.compile(r"(?<=[\w./-])[\w./-]+", re.ASCII)


@register.filter
def class_icon(code: str | None) -> str:
    """The name of the icon for an instrument class of any level."""
    return CLASS_ICONS.get((code or "")[:2], "package")


@register.filter
def class_label(node: TreeNode | None) -> str:
    """A class or field as a card prints it: "其他" alone says nothing, so its parent stands before it."""
    if node is None:
        return ""
    return f"{node.parent}（{node}）" if node.parent and node.name.startswith("其他") else str(node)


@register.filter
def english_name(record: Any) -> str:
    """What an English page calls the record; empty where the page is Chinese or the record has no such name."""
    return getattr(record, "name_en", "") if get_language() == "en" else ""


@register.filter
def shown_name(record: Any) -> str:
    """What the page's language calls the record, as far as it has a name in it."""
    return english_name(record) or str(record)


@register.simple_tag(takes_context=True)
def instrument_card(
    context: template.Context, instrument: Instrument, *, heading: str = "h3", words: str = "", place: int = 0
) -> SafeString:
    """A public instrument as a card, with the searched words marked.

    ``place`` is that in a list which begins the page: photos of the first row load at once. Without words a card is rendered once and
    remembered until something public changes: twenty of them are half of a list's page.
    """
    at_once = 0 < place <= FIRST_ROW

    def render() -> str:
        names = {"instrument": instrument, "heading": heading, "words": words, "at_once": at_once}
        return render_to_string("catalogue/card.html", {**names, "in_chinese": context["in_chinese"]})

    if words:
        return mark_safe(render())  # noqa: S308 - of a template of ours
    key = ("card", instrument.pk, get_language(), heading, at_once)
    return mark_safe(remembered(key, render))  # noqa: S308 - as above


@register.simple_tag
def mark(text: str, words: str | None) -> SafeString | str:
    """The text with the searched words marked."""
    return highlight(text, words) if words else text


@register.simple_tag
def hit(record: ProviderRecord, words: str | None) -> SafeString | str:
    """Where the words were found, for a record whose name (or model) does not show it: a marked excerpt."""
    shown, searched = SEARCHED_TEXTS[type(record)]
    if english_name(record):
        shown = (*shown, "name_en")
    if not words or any("<mark>" in highlight(getattr(record, name), words) for name in shown):
        return ""
    excerpts = (excerpt(getattr(record, name), words) for name in searched)
    return next(filter(None, excerpts), "")


def excerpt(text: str, words: str) -> SafeString | str:
    """The surroundings of the first hit, marked; empty where there is none."""
    before, found, _rest = highlight(text, words).partition("<mark>")
    if not found:
        return ""
    start = max(len(unescape(before)) - EXCERPT_BEFORE, 0)
    if cut := CUT_WORD.match(text, start, len(unescape(before))):
        start = cut.end()
    around = text[start : start + EXCERPT_LENGTH].strip()
    end = "…" if start + EXCERPT_LENGTH < len(text) else ""
    return highlight(f"{'…' if start else ''}{around}{end}", words)


@register.simple_tag
def photo(image: SiteImage | None, spec: str) -> AbstractRendition | None:
    """The photo scaled as ``spec`` says, in WebP; None where there is none, or its file is gone."""
    if image is None:
        return None
    wanted = _in_webp(spec)
    # get_rendition would write what it finds into the cache each time: more work than the rest of a card
    rendition = image.find_existing_renditions(wanted).get(wanted) or get_rendition_or_not_found(
        image, wanted
    )
    return rendition if rendition.width else None


@cache
def _in_webp(spec: str) -> Filter:
    return Filter(spec=f"{spec}|format-webp")


@register.simple_tag
def price_unit(instrument: Instrument) -> str:
    """How a price is counted: 元/样品; plain 元 where the unit is unknown."""
    return _unit_label(instrument.price_unit, get_language())


@cache
def _unit_label(unit: str, language: str) -> str:
    """Once for each unit: Django's get_price_unit_display makes a table of all choices for each record."""
    return _("元/%s") % PriceUnit(unit).label if unit in PriceUnit else _("元")


@register.simple_tag
def price(service: ServiceRecord) -> str:
    """The price of a service with its amount in bold: 300–500 元/样品, or 价格面议."""
    amount, _space, unit = service.price_label.partition(" ")
    return format_html("<b>{}</b> {}", amount, unit) if amount[:1].isdigit() else service.price_label


@register.filter
def kind_label(record: ProviderRecord) -> str:
    """检测服务 or 实验服务, or whatever the record is."""
    return str(record._meta.verbose_name)


@register.filter
def masked_phone(number: str) -> str:
    """A telephone number with its middle hidden: 138****1234, 029-****1234."""
    if re.fullmatch(r"1\d{10}", number):
        return f"{number[:3]}****{number[-4:]}"
    landline = re.fullmatch(r"(0\d{2,3}-)?\d*(\d{4})(?:-\d+)?", number)
    if landline is None:
        return "****" if number else ""
    return f"{landline[1] or ''}****{landline[2]}"


@register.filter
def web_address(url: Any) -> str:
    """The address if a browser may follow it safely (http or https); otherwise nothing."""
    text = str(url or "")
    return text if text.lower().startswith(("http://", "https://")) else ""
