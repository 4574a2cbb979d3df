"""Which rows of a workbook to import: 2-200、305."""

import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST, MOST_RANGES = 1000, 200
RANGE = re.compile(r"(\d{1,7})(?:[-~–—至到](\d{1,7}))?\Z")


@dataclass(frozen=True)
class RowChoice:
    """Rows by Excel's numbers; all of them where no range is given."""

    ranges: tuple[tuple[int, int], ...] = ()

    @classmethod
    def parse(cls, text: str) -> "RowChoice":
        """Understands “2-200, 305”, also in full-width signs. Raises ValidationError for what it does not."""
        if len(text) > LONGEST:
            raise ValidationError(_("行号太多，请改为连续的范围，如 2-200。"))
        plain = unicodedata.normalize("NFKC", text)
        parts = [part for part in re.split(r"[,;、\n]+", re.sub(r"[第行 \t\r]", "", plain)) if part]
        ranges = []
        for part in parts[: MOST_RANGES + 1]:
            match = RANGE.match(part)
            first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
            if first > last:
                raise ValidationError(
                    _("看不懂行号“%s”。请按 Excel 左侧的行号填写，如 2-200, 305。") % part[:20]
                )
            ranges.append((first, last))
        if len(ranges) > MOST_RANGES:
            raise ValidationError(_("行号太多，请改为连续的范围，如 2-200。"))
        return cls(tuple(ranges))

    def __contains__(self, row: int) -> bool:
        return not self.ranges or any(first <= row <= last for first, last in self.ranges)
