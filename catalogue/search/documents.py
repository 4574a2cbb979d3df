"""From a catalogue record to what the index stores of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from catalogue.search.pinyin import pinyin_tokens
from catalogue.search.tokens import NAME_PREFIX, PINYIN_PREFIX, document_tokens
from catalogue.search.types import Kind

if TYPE_CHECKING:
    from catalogue.models import Instrument, InstrumentClass


@dataclass(frozen=True)
class Document:
    """One record as the index holds it. ``name_tokens`` rank above ``tokens``, pinyin below both."""

    kind: Kind
    object_id: int
    category: str
    city: str
    institution_id: int
    vouchers: bool
    price: Decimal | None
    name_tokens: frozenset[str]
    pinyin_tokens: frozenset[str]
    tokens: frozenset[str]

    def all_tokens(self) -> Iterator[str]:
        """Every token in one set, the tiers told apart by prefix."""
        yield from self.tokens
        yield from (NAME_PREFIX + token for token in self.name_tokens)
        yield from (PINYIN_PREFIX + token for token in self.pinyin_tokens)


def instrument_documents(instruments: Iterable["Instrument"]) -> Iterator[Document]:
    """Documents of instruments fetched with their provider and class (``Instrument.objects.for_index()``)."""
    for instrument in instruments:
        name = document_tokens(instrument.name)
        body = document_tokens(
            "\n".join(
                (
                    instrument.name_en,
                    instrument.model,
                    instrument.manufacturer,
                    *_class_names(instrument.instrument_class),
                    instrument.functions,
                    instrument.specifications,
                    instrument.service_content,
                    str(instrument.provider),
                    instrument.provider.host_name,
                )
            )
        )
        yield Document(
            kind=Kind.INSTRUMENT,
            object_id=instrument.pk,
            category=instrument.instrument_class_id or "",
            city=instrument.city,
            institution_id=instrument.provider_id,
            vouchers=instrument.accepts_vouchers,
            price=instrument.price_amount,
            name_tokens=frozenset(name),
            pinyin_tokens=frozenset(pinyin_tokens(instrument.name)),
            tokens=frozenset(name | body),
        )


def _class_names(node: "InstrumentClass | None") -> Iterator[str]:
    while node is not None:
        yield node.name
        node = node.parent
