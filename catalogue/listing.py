"""Facets, chips and links of the public lists: what templates/components/{facets,chips}.html print."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.money import format_yuan
from catalogue.filters import SORTS
from catalogue.models import InstrumentClass
from catalogue.search import CatalogueSearch, SearchPage, SearchQuery
from institutions.models import HostType, Provider
from institutions.regions import city_choices, city_name

INSTRUMENTS_PER_PAGE = 20
INSTITUTIONS = 30
DEFAULT_SORT = "relevance"


@dataclass(frozen=True)
class Filtering:
    """The parameters a list is narrowed by now, and the addresses one step away from it."""

    params: Mapping[str, str]

    def url(self, **changes: str | None) -> str:
        """The list with some parameters set, or taken away (None); it begins at the first page again."""
        return "?" + urlencode({k: v for k, v in {**self.params, **changes}.items() if v is not None})

    def hidden(self, *without: str) -> list[tuple[str, str]]:
        """What a form has to carry along besides its own fields."""
        return [(name, value) for name, value in self.params.items() if name not in without]

    def facet(self, title: Any, name: str, options: Iterable[tuple[str, Any, Any]]) -> dict[str, Any]:
        """One group of links. Each option is (value, label, count); the chosen one takes itself away."""
        chosen = self.params.get(name)
        return {
            "title": title,
            "options": [
                {
                    "label": label,
                    "count": count,
                    "active": value == chosen,
                    "url": self.url(**{name: None if value == chosen else value}),
                }
                for value, label, count in options
            ],
        }

    def chip(self, label: Any, *names: str) -> dict[str, Any]:
        """An active filter, with the address without it."""
        return {"label": label, "url": self.url(**dict.fromkeys(names))}


def search_instruments(cleaned: Mapping[str, Any], number: int) -> tuple[SearchPage, Page]:
    """What the index finds for understood parameters, and the page it lies on; beyond the end it is the last."""
    category, institution = cleaned.get("category"), cleaned.get("institution")
    lowest, highest = cleaned.get("price_min"), cleaned.get("price_max")
    if lowest is not None and highest is not None and lowest > highest:
        lowest, highest = highest, lowest
    query = SearchQuery(
        text=cleaned.get("q", ""),
        category=category.code if category else "",
        city=cleaned.get("city", ""),
        institution=institution.pk if institution else None,
        vouchers=True if "vouchers" in cleaned else None,
        price_min=lowest,
        price_max=highest,
        sort=cleaned.get("sort", DEFAULT_SORT if cleaned.get("q") else "newest"),
    )
    found = CatalogueSearch().search(query, page=number, per_page=INSTRUMENTS_PER_PAGE)
    if number > 1 and number > found.num_pages:
        number = max(found.num_pages, 1)
        found = CatalogueSearch().search(query, page=number, per_page=INSTRUMENTS_PER_PAGE)
    # a range stands in for the hits: the paginator only counts and numbers those that can be paged to
    reachable = min(found.total, found.num_pages * INSTRUMENTS_PER_PAGE)
    page = Paginator(range(reachable), INSTRUMENTS_PER_PAGE).get_page(number)
    return found, page


def instrument_facets(
    filtering: Filtering, cleaned: Mapping[str, Any], page: SearchPage
) -> list[dict[str, Any]]:
    """Vouchers, class (both levels), city and institution, each with how much is found under it.

    Beyond the cap of a search the counts are of a part only, and say so.
    """
    counts = {
        name: {one.value: _("约 %d") % one.count if page.capped else one.count for one in values if one.count}
        for name, values in page.facets.items()
    }
    chosen = cleaned.get("category")
    top = f"{chosen.code[:2]}0000" if chosen else ""
    classes = InstrumentClass.objects.in_bulk(counts["category"])
    ordered = sorted(classes.items())
    numbers = [int(pk) for pk in list(counts["institution"])[:INSTITUTIONS]]
    providers = Provider.objects.only("name", "host_name").in_bulk(numbers)
    institutions = {pk: str(providers[int(pk)]) for pk in counts["institution"] if int(pk) in providers}

    def facet(title: str, name: str, labels: Mapping[str, Any]) -> dict[str, Any]:
        found = counts[name]
        return filtering.facet(
            title, name, [(value, label, found[value]) for value, label in labels.items() if value in found]
        )

    return [
        facet(_("创新券"), "vouchers", {"1": _("可用创新券")}),
        facet(_("仪器分类"), "category", {code: node for code, node in ordered if node.parent_id is None}),
        facet(_("二级分类"), "category", {code: node for code, node in ordered if node.parent_id == top}),
        facet(_("所在城市"), "city", dict(city_choices())),
        facet(_("接券机构"), "institution", institutions),
    ]


def instrument_chips(filtering: Filtering, cleaned: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The active filters, in the order of the facets."""
    chips = []
    if "q" in cleaned:
        chips.append(filtering.chip(f"“{cleaned['q']}”", "q"))
    if "vouchers" in cleaned:
        chips.append(filtering.chip(_("可用创新券"), "vouchers"))
    if "category" in cleaned:
        chips.append(filtering.chip(cleaned["category"].name, "category"))
    if "city" in cleaned:
        chips.append(filtering.chip(city_name(cleaned["city"]), "city"))
    if "institution" in cleaned:
        chips.append(filtering.chip(str(cleaned["institution"]), "institution"))
    if "price_min" in cleaned or "price_max" in cleaned:
        chips.append(
            filtering.chip(
                _price_label(cleaned.get("price_min"), cleaned.get("price_max")), "price_min", "price_max"
            )
        )
    return chips


def instrument_sorts(filtering: Filtering) -> list[dict[str, Any]]:
    """The orders on offer; relevance only where there are words to be relevant to."""
    searching = "q" in filtering.params
    default = DEFAULT_SORT if searching else "newest"
    chosen = filtering.params.get("sort", default)
    return [
        {
            "label": label,
            "url": filtering.url(sort=None if value == default else value),
            "active": value == chosen,
        }
        for value, label in SORTS
        if searching or value != DEFAULT_SORT
    ]


def provider_facets(filtering: Filtering) -> list[dict[str, Any]]:
    """City and type of institution, each with how many public providers are under it."""
    return [
        filtering.facet(_("所在城市"), "city", _counted(city_choices(), "city")),
        filtering.facet(_("单位类型"), "type", _counted(HostType.choices, "host_type")),
    ]


def provider_chips(filtering: Filtering, cleaned: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The active filters, in the order of the facets."""
    chips = []
    if "q" in cleaned:
        chips.append(filtering.chip(f"“{cleaned['q']}”", "q"))
    if "city" in cleaned:
        chips.append(filtering.chip(city_name(cleaned["city"]), "city"))
    if "type" in cleaned:
        chips.append(filtering.chip(HostType(cleaned["type"]).label, "type"))
    return chips


def _counted(choices: Iterable[tuple[str, Any]], field: str) -> list[tuple[str, Any, int]]:
    """The choices that public providers have, with how many."""
    counts = dict(Provider.objects.public().order_by().values_list(field).annotate(Count("pk")))
    return [(value, label, counts[value]) for value, label in choices if value in counts]


def _price_label(lowest: Decimal | None, highest: Decimal | None) -> str:
    bounds = [format_yuan(bound) for bound in sorted(b for b in (lowest, highest) if b is not None)]
    if lowest is None:
        return _("%s 元以下") % bounds[0]
    if highest is None:
        return _("%s 元以上") % bounds[0]
    return _("%(low)s–%(high)s 元") % {"low": bounds[0], "high": bounds[1]}
