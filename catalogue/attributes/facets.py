"""Attributes as filters of the public lists: links for choices and yes-no, a range for figures.

Parameters: ``a12=EI`` (a choice; yes-no as 1 and 0), ``a12_min=0.5&a12_max=2``. What is not understood is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalogue.attributes.book import place_of
from catalogue.attributes.values import clean_number, display_value
from catalogue.models import AttributeDefinition, AttributeKind, ProviderRecord, ancestor_codes
from catalogue.search import AttributeCounts, AttributeFilter

if TYPE_CHECKING:
    from catalogue.listing import Filtering

FIGURES = frozenset({AttributeKind.NUMBER, AttributeKind.RANGE})
# A list offers the first ones only.
MOST_FACETS = 12


@dataclass(frozen=True)
class RangeFacet:
    """A form with two bounds: templates/catalogue/range_form.html. ``hints`` are where the hits begin and end."""

    title: Any
    names: tuple[str, str]
    typed: tuple[str, str]
    hints: tuple[Any, Any]
    button: Any
    hidden: list[tuple[str, str]]
    error: str = ""
    count: Any = None


@dataclass(frozen=True)
class AttributeFacets:
    """The attributes a list offers as filters, and what an address asks of them.

    ``params`` are the parameters understood, ``wrong`` those of bounds that are no numbers, as typed.
    """

    definitions: tuple[AttributeDefinition, ...] = ()
    filters: tuple[AttributeFilter, ...] = ()
    params: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def counted(self) -> tuple[int, ...]:
        return tuple(definition.pk for definition in self.definitions)

    def links(
        self, filtering: "Filtering", found: Mapping[int, AttributeCounts], capped: bool
    ) -> list[dict[str, Any]]:
        """Facets of choices and yes-no, in the order in which staff list the options."""
        facets = []
        for definition in self.definitions:
            if definition.kind not in FIGURES and (counts := found.get(definition.pk)):
                options = [
                    (value, label, _count(counts.options[value], capped))
                    for value, label in options_of(definition).items()
                    if value in counts.options
                ]
                facets.append(filtering.facet(definition.name, parameter(definition), options))
        return facets

    def ranges(
        self, filtering: "Filtering", found: Mapping[int, AttributeCounts], capped: bool
    ) -> list[RangeFacet]:
        """Forms for figures: those that hits have, or that the list is narrowed by."""
        facets = []
        for definition in self.definitions:
            names = bound_names(definition)
            counts = found.get(definition.pk)
            typed = [self.params.get(name) or self.wrong.get(name, "") for name in names]
            if definition.kind not in FIGURES or not (counts or any(typed)):
                continue
            facets.append(
                RangeFacet(
                    title=definition.label,
                    names=names,
                    typed=(typed[0], typed[1]),
                    hints=(_plain(counts.low), _plain(counts.high)) if counts else (_("最小"), _("最大")),
                    button=_("按%s筛选") % definition.name,
                    hidden=filtering.hidden(*names),
                    error=_("请填写数字，如 0.8。") if self.wrong.keys() & set(names) else "",
                    count=_count(counts.total, capped) if counts else None,
                )
            )
        return facets

    def chips(self, filtering: "Filtering") -> list[dict[str, Any]]:
        by_pk = {one.attribute_id: one for one in self.filters}
        return [
            filtering.chip(_chip_label(definition, by_pk[definition.pk]), *_parameters(definition))
            for definition in self.definitions
            if definition.pk in by_pk
        ]


def read_facets(model: type[ProviderRecord], code: str, parameters: Mapping[str, str]) -> AttributeFacets:
    """What the list of a model offers once a node is chosen, and what the parameters ask of it. One query, or none."""
    if not code:
        return AttributeFacets()
    definitions = facet_definitions(model, code)
    filters, params, wrong = [], {}, {}
    for definition in definitions:
        if definition.kind in FIGURES:
            bounds: list[Decimal | None] = []
            for name in bound_names(definition):
                typed = parameters.get(name, "").strip()[:40]
                bound = _bound(definition, typed)
                bounds.append(bound)
                if bound is not None:
                    params[name] = _plain(bound)
                elif typed:
                    wrong[name] = typed
            low, high = bounds
            if low is not None and high is not None and low > high:
                low, high = high, low
            if low is not None or high is not None:
                filters.append(AttributeFilter(definition.pk, low=low, high=high))
        elif (value := parameters.get(parameter(definition), "")) in options_of(definition):
            params[parameter(definition)] = value
            filters.append(AttributeFilter(definition.pk, values=(value,)))
    return AttributeFacets(tuple(definitions), tuple(filters), params, wrong)


def facet_definitions(model: type[ProviderRecord], code: str) -> list[AttributeDefinition]:
    """The public attributes in force at the node that may filter, the highest node's first."""
    nodes = ancestor_codes(code)
    found = (
        AttributeDefinition.objects.in_force()
        .filter(**{f"{place_of(model)}__in": nodes}, is_facet=True, is_public=True)
        .order_by("sort_order", "pk")
    )
    return sorted(found, key=lambda one: nodes.index(one.node_code))[:MOST_FACETS]


def options_of(definition: AttributeDefinition) -> dict[str, Any]:
    """The values that may be asked for, with what the list calls them."""
    if definition.kind == AttributeKind.BOOLEAN:
        return {"1": _("是"), "0": _("否")}
    return {option: option for option in definition.options}


def parameter(definition: AttributeDefinition) -> str:
    return f"a{definition.pk}"


def bound_names(definition: AttributeDefinition) -> tuple[str, str]:
    return f"a{definition.pk}_min", f"a{definition.pk}_max"


def _parameters(definition: AttributeDefinition) -> tuple[str, ...]:
    return bound_names(definition) if definition.kind in FIGURES else (parameter(definition),)


def _bound(definition: AttributeDefinition, typed: str) -> Decimal | None:
    try:
        return Decimal(clean_number(definition, typed)) if typed else None
    except ValidationError:
        return None


def _chip_label(definition: AttributeDefinition, asked: AttributeFilter) -> str:
    if asked.values:
        return f"{definition.name}：{options_of(definition)[asked.values[0]]}"
    if asked.low is None:
        figures = _("不大于 %s") % display_value(definition, _plain(asked.high))
    elif asked.high is None:
        figures = _("不小于 %s") % display_value(definition, _plain(asked.low))
    else:
        figures = display_value(definition, [_plain(asked.low), _plain(asked.high)])
    return f"{definition.name}：{figures}"


def _plain(number: Decimal | None) -> str:
    return "" if number is None else format(number.normalize() + 0, "f")


def _count(count: int, capped: bool) -> Any:
    return _("约 %d") % count if capped else count
