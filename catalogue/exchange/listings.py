"""The public lists as workbooks: what the pages show of each record and nothing else.

Telephone numbers are masked for everybody from whom the pages hide them, and e-mails left out.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.attributes import AttributeBook, plain_value
from catalogue.models import (
    AttributeDefinition,
    AttributeKind,
    Capability,
    Instrument,
    LabService,
    ProviderRecord,
    TestingService,
    TreeNode,
    ancestor_codes,
)
from catalogue.permissions import may_see_contacts
from catalogue.pieces import in_pieces
from catalogue.search import Kind
from catalogue.selectors import public_counts
from catalogue.templatetags.catalogue import masked_phone, web_address
from files.spreadsheets import Sheet
from institutions.models import Provider
from institutions.regions import city_name

CHUNK = 500


@dataclass(frozen=True)
class Field:
    """One column of a public list."""

    heading: "str | Promise"
    value: Callable[[Any], Any]
    width: int = 16


def _own(model: Any, name: str, width: int = 16) -> Field:
    """A field as it stands, under its own name; a choice by its word."""
    field = model._meta.get_field(name)
    if field.choices:
        words = dict(field.flatchoices)
        return Field(field.verbose_name, lambda record: str(words.get(getattr(record, name), "")), width)
    return Field(field.verbose_name, lambda record: getattr(record, name), width)


def _path(node: TreeNode | None) -> str:
    return "/".join(node.lineage) if node else ""


def _qualification(capability: Capability) -> str:
    held = capability.qualification
    if held is None or not held.is_public:
        return ""
    return _("%(kind)s，有效期至 %(day)s") % {"kind": held.get_kind_display(), "day": held.valid_to}


def _link(record: Any) -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL}{record.get_absolute_url()}"


PROVIDER = Field(gettext_lazy("接券机构"), lambda record: str(record.provider), 30)
LINK = Field(gettext_lazy("网页"), _link, 44)
INSTRUMENT_FIELDS = (
    _own(Instrument, "name", 28),
    _own(Instrument, "name_en", 28),
    Field(gettext_lazy("仪器分类"), lambda record: _path(record.instrument_class), 28),
    *(_own(Instrument, name) for name in ("model", "manufacturer", "origin", "purchased_on")),
    *(_own(Instrument, name, 40) for name in ("specifications", "functions", "sample_requirements")),
    _own(Instrument, "service_content", 30),
    _own(Instrument, "price_amount"),
    _own(Instrument, "price_unit", 10),
    _own(Instrument, "price_list", 30),
    _own(Instrument, "service_hours", 22),
    _own(Instrument, "user_notice", 30),
    _own(Instrument, "accepts_vouchers", 12),
    Field(gettext_lazy("所在城市"), lambda record: record.city_name, 10),
    _own(Instrument, "district", 10),
    _own(Instrument, "location", 28),
    PROVIDER,
)
SERVICE_FIELDS = (
    _own(TestingService, "name", 28),
    Field(gettext_lazy("服务领域"), lambda record: _path(record.field), 28),
    _own(TestingService, "content", 40),
    _own(TestingService, "deliverables", 24),
    _own(TestingService, "methods", 36),
    _own(TestingService, "sample_requirements", 30),
    _own(TestingService, "turnaround_days", 12),
    *(_own(TestingService, name) for name in ("price_kind", "price_amount", "price_max_amount")),
    _own(TestingService, "price_unit", 10),
    _own(TestingService, "price_list", 30),
    _own(TestingService, "user_notice", 30),
    _own(TestingService, "accepts_vouchers", 12),
    PROVIDER,
    Field(gettext_lazy("所在城市"), lambda record: record.city_name, 10),
)
CAPABILITY_FIELDS = (
    Field(gettext_lazy("检测领域"), lambda record: _path(record.field), 28),
    _own(Capability, "object_name", 24),
    _own(Capability, "parameter", 20),
    _own(Capability, "standard_number", 22),
    _own(Capability, "standard_name", 36),
    _own(Capability, "limits", 28),
    Field(gettext_lazy("依据的资质"), _qualification, 36),
    PROVIDER,
    Field(gettext_lazy("所在城市"), lambda record: record.city_name, 10),
)
PROVIDER_FIELDS = (
    _own(Provider, "name", 32),
    _own(Provider, "host_name", 32),
    _own(Provider, "host_type"),
    Field(gettext_lazy("所在城市"), lambda provider: city_name(provider.city), 10),
    _own(Provider, "district", 10),
    _own(Provider, "address", 28),
    Field(gettext_lazy("网址"), lambda provider: web_address(provider.website), 28),
    _own(Provider, "introduction", 40),
    _own(Provider, "body_introduction", 40),
)


@dataclass(frozen=True)
class PublicList:
    """A public list: of which records, in which columns, and what a row reads besides its own."""

    model: Any
    fields: tuple[Field, ...]
    related: tuple[str, ...]
    has_contact: bool = True

    @property
    def title(self) -> str:
        return str(self.model._meta.verbose_name)


FIELD_TREE = ("provider", "field__parent__parent")
LISTS = {
    Kind.INSTRUMENT: PublicList(
        Instrument, INSTRUMENT_FIELDS, ("provider", "instrument_class__parent__parent")
    ),
    Kind.TESTING: PublicList(TestingService, SERVICE_FIELDS, FIELD_TREE),
    Kind.LAB: PublicList(LabService, SERVICE_FIELDS, FIELD_TREE),
    Kind.CAPABILITY: PublicList(Capability, CAPABILITY_FIELDS, (*FIELD_TREE, "qualification"), False),
}


def public_sheet(kind: Kind, object_ids: Sequence[int], reader: Any) -> Sheet:
    """What was found, in its order, for a reader who may or may not see contacts. A few queries for each 500."""
    listing = LISTS[kind]
    definitions = _definitions(listing.model, object_ids)
    contact = _contact_fields(listing.model, reader) if listing.has_contact else ()
    fields = (*listing.fields, *contact, *map(_attribute, definitions), LINK)
    return _sheet(listing.title, fields, _records(listing, object_ids))


def provider_sheet(providers: QuerySet[Provider], reader: Any) -> Sheet:
    """Public providers, with how much each has in public."""
    counts: dict[int, dict[str, int]] = {}

    def counted() -> Iterator[Provider]:
        for piece in in_pieces(providers.iterator(CHUNK), CHUNK):
            counts.update(public_counts(provider.pk for provider in piece))
            yield from piece
            counts.clear()

    def count_of(kind: Kind) -> Callable[[Provider], int]:
        return lambda provider: counts.get(provider.pk, {}).get(kind, 0)

    fields = (
        *PROVIDER_FIELDS,
        Field(_("共享仪器（台套）"), count_of(Kind.INSTRUMENT), 12),
        Field(_("检测服务（项）"), count_of(Kind.TESTING), 12),
        Field(_("实验服务（项）"), count_of(Kind.LAB), 12),
        Field(_("检测能力（项）"), count_of(Kind.CAPABILITY), 12),
        *_contact_fields(Provider, reader),
        LINK,
    )
    return _sheet(str(Provider._meta.verbose_name), fields, counted())


def _sheet(title: str, fields: Sequence[Field], records: Iterator[Any]) -> Sheet:
    rows = ([field.value(record) for field in fields] for record in records)
    return Sheet(title, [str(field.heading) for field in fields], rows, [field.width for field in fields])


def _records(listing: PublicList, object_ids: Sequence[int]) -> Iterator[Any]:
    """In the order of the search; what has left the public meanwhile is left out."""
    for start in range(0, len(object_ids), CHUNK):
        piece = object_ids[start : start + CHUNK]
        found = listing.model.objects.public().select_related(*listing.related).in_bulk(piece)
        yield from (found[pk] for pk in piece if pk in found)


def _contact_fields(model: Any, reader: Any) -> tuple[Field, ...]:
    def sees(record: Any) -> bool:
        return may_see_contacts(reader, record if isinstance(record, Provider) else record.provider)

    def phone(record: Any) -> str:
        return record.contact_phone if sees(record) else masked_phone(record.contact_phone)

    names = {name: model._meta.get_field(name).verbose_name for name in ("contact_phone", "contact_email")}
    return (
        _own(model, "contact_name", 12),
        Field(names["contact_phone"], phone, 18),
        Field(names["contact_email"], lambda record: record.contact_email if sees(record) else "", 24),
    )


def _definitions(model: type[ProviderRecord], object_ids: Sequence[int]) -> list[AttributeDefinition]:
    """Public attributes that hold for one of the records at least."""
    book = AttributeBook.of(model)
    if not book.by_key:
        return []
    place = f"{model.category_field}_id"
    records = model._default_manager.filter(pk__in=object_ids).order_by(place)
    codes = records.values_list(place, flat=True).distinct()
    found = {one.key: one for code in codes if code for one in book.in_force(code) if one.is_public}
    return list(found.values())


def _attribute(definition: AttributeDefinition) -> Field:
    """The value under the attribute's name, numbers as numbers; only where the attribute holds for the record."""

    def value(record: ProviderRecord) -> Any:
        stored = record.attributes.get(definition.key)
        if stored is None or definition.node_code not in ancestor_codes(record.category_code):
            return None
        return float(stored) if definition.kind == AttributeKind.NUMBER else plain_value(definition, stored)

    return Field(definition.label, value)
