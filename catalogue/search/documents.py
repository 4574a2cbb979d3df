"""From a catalogue record to what the index holds of it."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.db.models.functions import Coalesce

from catalogue.pieces import in_pieces
from catalogue.search.attributes import NOTHING, ValueRow, indexed_values
from catalogue.search.pinyin import pinyin_tokens
from catalogue.search.tokens import document_tokens
from catalogue.search.types import Kind

if TYPE_CHECKING:
    from catalogue.attributes import AttributeBook
    from catalogue.models import ProviderRecord

BATCH = 2_000
# where a source's columns have the record's attributes
ATTRIBUTES = 6


@dataclass(frozen=True)
class Source:
    """Where documents of one kind come from: columns read as plain values, since model instances would take
    longer than everything else together. ``vouchers`` and ``price`` are empty where the kind has none.
    """

    kind: Kind
    model_name: str
    names: tuple[str, ...]
    texts: tuple[str, ...]
    category: str
    city: str
    vouchers: str = ""
    price: str = ""

    @property
    def model(self) -> "type[ProviderRecord]":
        return cast("type[ProviderRecord]", apps.get_model("catalogue", self.model_name))

    @property
    def columns(self) -> tuple[str, ...]:
        facts = (
            "pk",
            "provider_id",
            "first_published_at",
            "created_at",
            self.category,
            self.city,
            "attributes",
        )
        return (*facts, *filter(None, (self.vouchers, self.price)), *self.names, *self.texts)


def _lineage(relation: str) -> tuple[str, str, str]:
    return tuple(f"{relation}__{above}name" for above in ("", "parent__", "parent__parent__"))  # type: ignore[return-value]


PROVIDER_NAMES = ("provider__name", "provider__host_name")
SERVICE_TEXTS = (*_lineage("field"), "content", "deliverables", "methods", *PROVIDER_NAMES)
SOURCES = {
    source.kind: source
    for source in (
        Source(
            Kind.INSTRUMENT,
            "Instrument",
            names=("name",),
            texts=(
                "name_en",
                "model",
                "manufacturer",
                *_lineage("instrument_class"),
                "functions",
                "specifications",
                "service_content",
                *PROVIDER_NAMES,
            ),
            category="instrument_class_id",
            city="city",
            vouchers="accepts_vouchers",
            price="price_amount",
        ),
        *(
            Source(
                kind,
                model_name,
                names=("name",),
                texts=SERVICE_TEXTS,
                category="field_id",
                city="provider__city",
                vouchers="accepts_vouchers",
                price="price_amount",
            )
            for kind, model_name in ((Kind.TESTING, "TestingService"), (Kind.LAB, "LabService"))
        ),
        Source(
            Kind.CAPABILITY,
            "Capability",
            names=("object_name", "parameter", "standard_number"),
            texts=("standard_name", "limits", *_lineage("field"), *PROVIDER_NAMES),
            category="field_id",
            city="provider__city",
        ),
    )
}


@dataclass(frozen=True)
class Document:
    """One record as the index holds it. ``second`` is that of its first publication, Unix time."""

    kind: Kind
    object_id: int
    category: str
    city: str
    institution_id: int
    vouchers: bool
    price: Decimal | None
    second: int
    tokens: str
    values: tuple[ValueRow, ...]

    @property
    def digest(self) -> str:
        return blake2b(repr(self).encode(), digest_size=8).hexdigest()


def public_documents(source: Source, **narrowed: Any) -> Iterator[Iterator[Document]]:
    """Documents of what is public of the source, those published first first, in batches.

    ``narrowed`` are lookups. A batch has read its rows from the database before its first document is asked for:
    the connection is free to store what the batch yields.
    """
    from catalogue.attributes import AttributeBook

    records = source.model.objects.public().filter(**narrowed)
    rows = records.order_by("first_published_at", "pk").values_list(*source.columns)
    read_book = cache(partial(AttributeBook.of, source.model))
    for batch in in_pieces(rows.iterator(BATCH), BATCH):
        book = read_book() if any(row[ATTRIBUTES] for row in batch) else AttributeBook(())
        yield _documents(source, batch, book)


def publication_seconds() -> "array[int]":
    """The ``second`` of every document that there is to be, in no order."""
    seconds = array("Q")
    for source in SOURCES.values():
        first = Coalesce("first_published_at", "created_at")
        seconds.extend(
            int(at.timestamp())
            for at in source.model.objects.public().values_list(first, flat=True).iterator()
        )
    return seconds


def _documents(source: Source, rows: Iterable[tuple[Any, ...]], book: "AttributeBook") -> Iterator[Document]:
    names, has_vouchers, has_price = len(source.names), bool(source.vouchers), bool(source.price)
    for pk, provider, published, created, category, city, attributes, *rest in rows:
        vouchers = rest.pop(0) if has_vouchers else False
        price = rest.pop(0) if has_price else None
        category = category or ""
        name = " ".join(rest[:names]) if names > 1 else rest[0]
        values = indexed_values(book, category, attributes) if attributes else NOTHING
        tokens = document_tokens(name, filter(None, (*rest[names:], *values.texts)))
        tokens |= dict.fromkeys(values.tokens)
        tokens |= dict.fromkeys(pinyin_tokens(name))
        tokens |= dict.fromkeys(
            filter_tokens(kind=source.kind, city=city, institution=provider, vouchers=vouchers)
        )
        for level in (category[:2], category[:4], category) if category else ():
            tokens |= dict.fromkeys(filter_tokens(category=level.ljust(6, "0")))
        yield Document(
            kind=source.kind,
            object_id=pk,
            category=category,
            city=city,
            institution_id=provider,
            vouchers=vouchers,
            price=price,
            second=int((published or created).timestamp()),
            tokens=" ".join(tokens),
            values=values.rows,
        )


def filter_tokens(
    *,
    kind: Kind = Kind.INSTRUMENT,
    category: str = "",
    city: str = "",
    institution: int | None = None,
    vouchers: bool | None = None,
) -> list[str]:
    """The tokens a filter asks for; a document has them, and those of the classes above its own.

    Instruments, which are most of the index, have no token of their kind: to collect them all for each query
    would cost more than to leave out the others afterwards.
    """
    tokens = [] if kind == Kind.INSTRUMENT else [f"_k{kind.value}"]
    if category:
        tokens.append(f"_c{class_prefix(category)}")
    if city:
        tokens.append(f"_y{city}")
    if institution is not None:
        tokens.append(f"_i{institution}")
    if vouchers is not None:
        tokens.append(f"_v{vouchers:d}")
    return tokens


def class_prefix(code: str) -> str:
    """The digits that a class and all below it begin with: 01 of 010000, 0102 of 010200, 010201."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code
