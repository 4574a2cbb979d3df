"""Facets, chips and links of the public lists: what templates/components/{facets,chips}.html print."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.money import format_yuan
from catalogue.attributes.facets import AttributeFacets, read_facets
from catalogue.filters import (
    CapabilityFilterSet,
    InstrumentFilterSet,
    LabFilterSet,
    SearchFilterSet,
    TestingFilterSet,
)
from catalogue.known import known_nodes, known_providers
from catalogue.models import InstrumentClass, ProviderRecord, TestingField, ancestor_codes
from catalogue.search import CatalogueSearch, Kind, SearchPage, SearchQuery
from catalogue.selectors import public_providers_by
from institutions.models import HostType
from institutions.regions import city_choices, city_name

PER_PAGE = 20
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


@dataclass(frozen=True)
class Listing:
    """One public list: which records, by which parameters they are narrowed, and by which classification.

    ``levels`` are the titles of the classification's facets, the highest first.
    """

    kind: Kind
    filterset: type[SearchFilterSet]
    nodes: type[InstrumentClass] | type[TestingField]
    levels: tuple[Any, ...]

    @property
    def model(self) -> type[ProviderRecord]:
        return self.filterset._meta.model

    def read(self, parameters: QueryDict) -> "Asked":
        """What the parameters of an address ask for, as far as they are understood."""
        filterset = self.filterset(parameters, queryset=self.model.objects.none())
        category = filterset.cleaned.get("category")
        attributes = read_facets(self.model, category.code if category else "", parameters)
        filtering = Filtering({**filterset.params, **attributes.params})
        return Asked(self, filterset.cleaned, filtering, filterset.form, attributes)


FIELD_LEVELS = (gettext_lazy("检测领域"), gettext_lazy("细分领域"), gettext_lazy("三级领域"))
LISTINGS = {
    listing.kind: listing
    for listing in (
        Listing(
            Kind.INSTRUMENT,
            InstrumentFilterSet,
            InstrumentClass,
            (gettext_lazy("仪器分类"), gettext_lazy("二级分类"), gettext_lazy("三级分类")),
        ),
        Listing(Kind.TESTING, TestingFilterSet, TestingField, FIELD_LEVELS),
        Listing(Kind.LAB, LabFilterSet, TestingField, (gettext_lazy("服务领域"), *FIELD_LEVELS[1:])),
        Listing(Kind.CAPABILITY, CapabilityFilterSet, TestingField, FIELD_LEVELS),
    )
}


@dataclass(frozen=True)
class Asked:
    """What one request asks of a list. ``form`` has the values that were not understood, with their errors."""

    listing: Listing
    cleaned: Mapping[str, Any]
    filtering: Filtering
    form: forms.Form
    attributes: AttributeFacets

    @property
    def category(self) -> str:
        """The code of the chosen class or field; empty for all."""
        chosen = self.cleaned.get("category")
        return chosen.code if chosen else ""

    @property
    def query(self) -> SearchQuery:
        cleaned = self.cleaned
        institution = cleaned.get("institution")
        lowest, highest = cleaned.get("price_min"), cleaned.get("price_max")
        if lowest is not None and highest is not None and lowest > highest:
            lowest, highest = highest, lowest
        return SearchQuery(
            text=cleaned.get("q", ""),
            kind=self.listing.kind,
            category=self.category,
            city=cleaned.get("city", ""),
            institution=institution.pk if institution else None,
            vouchers=True if "vouchers" in cleaned else None,
            price_min=lowest,
            price_max=highest,
            attributes=self.attributes.filters,
            counted=self.attributes.counted,
            sort=cleaned.get("sort", DEFAULT_SORT if cleaned.get("q") else "newest"),
        )


def search(asked: Asked, number: int) -> tuple[SearchPage, Page]:
    """What the index finds, and the page it lies on; beyond the end it is the last."""
    found = CatalogueSearch().search(asked.query, page=number, per_page=PER_PAGE)
    # a range stands in for the hits: the paginator only counts and numbers those that can be paged to
    reachable = min(found.total, found.num_pages * PER_PAGE)
    return found, Paginator(range(reachable), PER_PAGE).get_page(found.number)


def search_facets(asked: Asked, page: SearchPage) -> list[dict[str, Any]]:
    """Vouchers, class or field (level by level), city and institution, each with how much is found under it.

    Beyond the cap of a search the counts are of a part only, and say so.
    """
    filtering = asked.filtering
    counts = {
        name: {one.value: _("约 %d") % one.count if page.capped else one.count for one in values if one.count}
        for name, values in page.facets.items()
    }

    def facet(title: str, name: str, labels: Mapping[str, Any]) -> dict[str, Any]:
        found = counts[name]
        return filtering.facet(
            title, name, [(value, label, found[value]) for value, label in labels.items() if value in found]
        )

    return [
        facet(_("创新券"), "vouchers", {"1": _("可用创新券")}),
        *(
            facet(title, "category", nodes)
            for title, nodes in zip(
                asked.listing.levels, _levels(asked, list(counts["category"])), strict=True
            )
        ),
        *asked.attributes.links(filtering, page.attributes, page.capped),
        facet(_("所在城市"), "city", dict(city_choices())),
        facet(_("接券机构"), "institution", _institutions(asked, list(counts["institution"])[:INSTITUTIONS])),
    ]


def _institutions(asked: Asked, found: list[str]) -> dict[str, str]:
    """Names by number, as found: those with most hits first. All hits are of the chosen one where there is one."""
    if chosen := asked.cleaned.get("institution"):
        return {str(chosen.pk): str(chosen)}
    providers = known_providers(map(int, found))
    return {pk: str(providers[int(pk)]) for pk in found if int(pk) in providers}


def _levels(asked: Asked, codes: list[str]) -> list[dict[str, Any]]:
    """The nodes found, level by level: all of the highest, then those directly below the chosen ones."""
    known = known_nodes(asked.listing.nodes)
    found = sorted((code, known[code]) for code in codes if code in known)
    above = [None, *ancestor_codes(asked.category)]
    return [
        {code: node for code, node in found if node.parent_id == parent}
        for parent in [*above, "-", "-"][: len(asked.listing.levels)]
    ]


def search_chips(asked: Asked) -> list[dict[str, Any]]:
    """The active filters, in the order of the facets."""
    filtering, cleaned = asked.filtering, asked.cleaned
    chips = []
    if "q" in cleaned:
        chips.append(filtering.chip(f"“{cleaned['q']}”", "q"))
    if "vouchers" in cleaned:
        chips.append(filtering.chip(_("可用创新券"), "vouchers"))
    if "category" in cleaned:
        chips.append(filtering.chip(str(cleaned["category"]), "category"))
    chips += asked.attributes.chips(filtering)
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


def search_sorts(asked: Asked) -> list[dict[str, Any]]:
    """The orders on offer; relevance only where there are words to be relevant to."""
    filtering = asked.filtering
    searching = "q" in filtering.params
    default = DEFAULT_SORT if searching else "newest"
    chosen = filtering.params.get("sort", default)
    return [
        {
            "label": label,
            "url": filtering.url(sort=None if value == default else value),
            "active": value == chosen,
        }
        for value, label in asked.listing.filterset.sorts
        if searching or value != DEFAULT_SORT
    ]


def provider_facets(filtering: Filtering, by_city: Mapping[str, int]) -> list[dict[str, Any]]:
    """City and type of institution, each with how many public providers are under it."""
    cities = [(code, name, by_city[code]) for code, name in city_choices() if code in by_city]
    return [
        filtering.facet(_("所在城市"), "city", cities),
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
    counts = public_providers_by(field)
    return [(value, label, counts[value]) for value, label in choices if value in counts]


def _price_label(lowest: Decimal | None, highest: Decimal | None) -> str:
    bounds = [format_yuan(bound) for bound in sorted(b for b in (lowest, highest) if b is not None)]
    if lowest is None:
        return _("%s 元以下") % bounds[0]
    if highest is None:
        return _("%s 元以上") % bounds[0]
    return _("%(low)s–%(high)s 元") % {"low": bounds[0], "high": bounds[1]}
