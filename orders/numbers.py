"""Numbers of bookings and orders: read over the phone, and nobody counts the province's business by them."""

import re
import secrets

from django.utils import timezone

from institutions.codes import USCC_ALPHABET

BOOKING_PREFIX = "YY"
ORDER_PREFIX = "DD"
RANDOM_LENGTH = 7  # 27 billion a day: two never meet, and the column is unique all the same

WHOLE = re.compile(rf"(?:{BOOKING_PREFIX}|{ORDER_PREFIX})\d{{8}}-[0-9A-Z]{{{RANDOM_LENGTH}}}")


def new_number(prefix: str) -> str:
    """As DD20261128-7K3M9QX: the kind, the day, random characters without I, O, S, V and Z."""
    random = "".join(secrets.choice(USCC_ALPHABET) for _character in range(RANDOM_LENGTH))
    return f"{prefix}{timezone.localdate():%Y%m%d}-{random}"
