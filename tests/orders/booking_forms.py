"""What the form of a booking is sent, and what it answers."""

from typing import Any

from tests import order_factories as make


def new_address(offer: Any, kind: str = "testing") -> str:
    return f"/centre/bookings/new/{kind}/{offer.pk}/"


def filled(**fields: Any) -> dict[str, Any]:
    return {
        "sample": "铝合金板材 3 块",
        "requirements": "按 GB/T 228.1 测拉伸强度",
        "quantity": "3",
        "unit": "sample",
        "wished_on": make.in_days(10).isoformat(),
        "budget_amount": "1,200.50",
        "is_compulsory": "no",
        "is_related": "no",
        **fields,
    }


def timed(day: int = 1, starts: str = "09:00", ends: str = "11:00", **fields: Any) -> dict[str, Any]:
    return filled(slot_day=make.in_days(day).isoformat(), slot_starts=starts, slot_ends=ends, **fields)


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    return dict(response.context["form"].errors)
