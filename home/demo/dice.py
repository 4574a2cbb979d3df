"""Throws of dice that fall the same way every time, and what is made of them."""

import random
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from home.demo.institutions import GIVEN_NAMES, SURNAMES
from institutions.codes import organisation_check_character, uscc_check_character
from workflow.working_days import is_working_day

AREA_CODES = {
    "6101": "029", "6102": "0919", "6103": "0917", "6104": "029", "6105": "0913",
    "6106": "0911", "6107": "0916", "6108": "0912", "6109": "0915", "6110": "0914",
}  # fmt: skip


class Dice(random.Random):
    """Random numbers with a fixed seed; ``now`` is the time of the load."""

    def __init__(self, seed: str, now: datetime) -> None:
        super().__init__(seed)
        self.now = now

    def person(self) -> str:
        return self.choice(SURNAMES) + self.choice(GIVEN_NAMES)

    def phone(self, city: str) -> str:
        area = AREA_CODES.get(city, "029")
        if area == "029":
            return f"{area}-8555{self.randint(1000, 9999)}"
        return f"{area}-355{self.randint(1000, 9999)}"

    def credit_code(self, authority: str, region: str) -> str:
        """A valid unified social credit code: both check characters are right."""
        body = "".join(self.choice("0123456789") for _digit in range(8))
        first_17 = f"{authority}{region}{body}{organisation_check_character(body)}"
        return first_17 + uscc_check_character(first_17)

    def moment(self, days_ago: int) -> datetime:
        """A time in office hours so many days ago; today, one that has passed."""
        day = timezone.localdate(self.now) - timedelta(days=days_ago)
        moment = timezone.make_aware(datetime.combine(day, time(9 + self.randint(0, 7), self.randint(0, 59))))
        return min(moment, self.now - timedelta(minutes=self.randint(5, 90)))

    def office_hours(self, moment: datetime) -> datetime:
        """A time in the first office hours after ``moment``, but not in the future."""
        day = timezone.localdate(moment)
        while True:
            answer = timezone.make_aware(
                datetime.combine(day, time(self.randint(9, 17), self.randint(0, 59)))
            )
            if answer > moment and is_working_day(day):
                return min(answer, self.now - timedelta(minutes=2))
            day += timedelta(days=1)


def rounded(amount: float | Decimal) -> Decimal:
    """A price as people set it: to ten yuan, or to one where it is small."""
    step = 10 if amount >= 100 else 1
    return Decimal(max(1, round(amount / step)) * step)
