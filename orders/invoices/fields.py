"""What one source says of an invoice, and how several are put together."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class InvoiceFields:
    """What was found, each field on its own; empty or None is what was not. Amounts are yuan."""

    number: str = ""
    code: str = ""
    issued_on: date | None = None
    seller_name: str = ""
    seller_code: str = ""
    buyer_name: str = ""
    buyer_code: str = ""
    total_amount: Decimal | None = None
    net_amount: Decimal | None = None
    check_code: str = ""
    # of which the source does not say whether tax is in it
    unclear_amount: Decimal | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) not in ("", None) for field in fields(self))


# Long names are cut differently on paper and in data: the better source is believed.
_NAMES = frozenset({"seller_name", "buyer_name"})


def merged(found: Iterable[InvoiceFields]) -> tuple[InvoiceFields, list[str]]:
    """The fields of several sources, best first, and the names of fields they contradict each other in.

    A contradicted field comes out empty: whoever looks at the invoice decides.
    """
    sources = list(found)
    values: dict[str, Any] = {}
    disputed = []
    for field in fields(InvoiceFields):
        said = dict.fromkeys(
            value for source in sources if (value := getattr(source, field.name)) not in ("", None)
        )
        if len(said) > 1 and field.name not in _NAMES:
            disputed.append(field.name)
        elif said:
            values[field.name] = next(iter(said))
    return InvoiceFields(**values), disputed
