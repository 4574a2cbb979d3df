"""How the ledgers of the Wagtail admin show money, shares and moments, in lists and on the page of one row."""

from decimal import Decimal
from typing import Any

from django.db import models

from accounts.money import format_yuan
from workflow.admin_ledgers import RowView


def signed_yuan(amount: Decimal) -> str:
    """A change in yuan: +1,200, −1,200.50 or 0."""
    sign = "+" if amount > 0 else "−" if amount < 0 else ""
    return sign + format_yuan(abs(amount))


class LedgerInspectView(RowView):
    """One row of a ledger: 0 as 0, changes with their sign, days and moments as the lists have them."""

    def get_field_display_value(self, field_name: str, field: models.Field[Any, Any] | None = None) -> Any:
        value = getattr(self.instance, field_name)
        if value is None or hasattr(self.instance, f"get_{field_name}_display"):
            return super().get_field_display_value(field_name, field)
        if field_name.endswith(("_amount", "_effect", "_after")) or field_name == "amount":
            return signed_yuan(value) if field_name.endswith("_effect") else format_yuan(value)
        # modeladmin takes 0 for nothing, and groups the digits of a year
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return str(value)
        return super().get_field_display_value(field_name, field)
