"""From a catalogue record to what the index holds of it."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from catalogue.search.pinyin import pinyin_tokens
from catalogue.search.tokens import document_tokens
from catalogue.search.types import Kind

if TYPE_CHECKING:
    from catalogue.querysets import InstrumentQuerySet

BATCH = 2_000
# Read as plain values: model instances would take longer than everything else together.
NAME = "name"
TEXTS = (
    "name_en",
    "model",
    "manufacturer",
    "instrument_class__name",
    "instrument_class__parent__name",
    "instrument_class__parent__parent__name",
    "functions",
    "specifications",
    "service_content",
    "provider__name",
    "provider__host_name",
)
FACTS = (
    "pk",
    "instrument_class_id",
    "city",
    "provider_id",
    "accepts_vouchers",
    "price_amount",
    "first_published_at",
    "created_at",
)


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

    @property
    def digest(self) -> str:
        return blake2b(repr(self).encode(), digest_size=8).hexdigest()


def instrument_documents(instruments: "InstrumentQuerySet") -> Iterator[Iterator[Document]]:
    """Documents of the instruments, those published first first, in batches.

    A batch has read its rows from the database before its first document is asked for: the connection is
    free to store what the batch yields.
    """
    rows = instruments.order_by("first_published_at", "pk").values_list(*FACTS, NAME, *TEXTS)
    reading = rows.iterator(BATCH)
    while batch := list(itertools.islice(reading, BATCH)):
        yield _documents(batch)


def _documents(rows: Iterable[tuple[Any, ...]]) -> Iterator[Document]:
    for pk, category, city, provider, vouchers, price, published, created, name, *texts in rows:
        category = category or ""
        tokens = document_tokens(name, filter(None, texts))
        tokens |= dict.fromkeys(pinyin_tokens(name))
        tokens |= dict.fromkeys(filter_tokens(city=city, institution=provider, vouchers=vouchers))
        for level in (category[:2], category[:4], category) if category else ():
            tokens |= dict.fromkeys(filter_tokens(category=level.ljust(6, "0")))
        yield Document(
            kind=Kind.INSTRUMENT,
            object_id=pk,
            category=category,
            city=city,
            institution_id=provider,
            vouchers=vouchers,
            price=price,
            second=int((published or created).timestamp()),
            tokens=" ".join(tokens),
        )


def filter_tokens(
    *, category: str = "", city: str = "", institution: int | None = None, vouchers: bool | None = None
) -> list[str]:
    """The tokens a filter asks for; a document has them, and those of the classes above its own."""
    tokens = [f"_c{class_prefix(category)}"] if category else []
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
