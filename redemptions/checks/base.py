"""What every automatic check works on, and what it says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from django.db import models
from django.utils.functional import Promise

from files.models import PrivateFile
from orders.models import Invoice, Order, OrderDocument
from redemptions.models import Redemption, RedemptionShare

# [kind, primary key, what it is called]: whether it becomes an address is for the page, by what its reader may see
Link: TypeAlias = tuple[str, int, str]
# Of many records the first are named; the sentence has the number.
MOST_LINKS = 10


def link_to(record: models.Model) -> Link:
    return (str(record._meta.model_name), record.pk, str(record))


@dataclass(frozen=True)
class Finding:
    """``passed`` is None where there is nothing to compare with; ``text`` is the evidence, with its numbers."""

    passed: bool | None
    text: str
    records: Sequence[models.Model] = ()


@dataclass(frozen=True)
class Check:
    """One line of the list. ``is_error``: it could not be made, and says nothing."""

    key: str
    label: str | Promise
    passed: bool | None
    text: str
    links: Sequence[Link] = field(default_factory=tuple)
    is_error: bool = False

    @property
    def is_open(self) -> bool:
        """Somebody has to say why it is all right."""
        return self.passed is False or self.is_error

    def as_dict(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "label": str(self.label),
            "passed": self.passed,
            "text": self.text,
            "links": [list(link) for link in self.links],
            "is_error": self.is_error,
        }


def check_from(stored: dict[str, Any]) -> Check:
    """One as it was stored."""
    links = tuple((str(kind), int(pk), str(name)) for kind, pk, name in stored.get("links", ()))
    passed, is_error = stored["passed"], bool(stored.get("is_error"))
    return Check(stored["key"], stored["label"], passed, stored["text"], links, is_error)


class Case:
    """A redemption with all that checks read of it, each read once."""

    def __init__(self, redemption: Redemption) -> None:
        self.redemption = redemption

    @cached_property
    def order(self) -> Order:
        sides = ("consumer__account", "provider__account", "instrument", "testing_service", "lab_service")
        return Order.objects.select_related(*sides).get(pk=self.redemption.order_id)

    @cached_property
    def all_invoices(self) -> list[Invoice]:
        """Those that were replaced or removed too."""
        return list(self.order.invoices.select_related("file"))

    @cached_property
    def invoices(self) -> list[Invoice]:
        return [invoice for invoice in self.all_invoices if invoice.removed_at is None]

    @cached_property
    def documents(self) -> list[OrderDocument]:
        return list(self.order.documents.filter(removed_at=None).select_related("file"))

    @cached_property
    def shares(self) -> list[RedemptionShare]:
        return list(self.redemption.shares.select_related("voucher"))

    @cached_property
    def scans(self) -> list[PrivateFile]:
        return [one.file for one in self.invoices] + [one.file for one in self.documents]


Examine: TypeAlias = Callable[[Case], Finding]
