"""Looks of scans: a difference hash, and the similar ones that are known."""

import logging
from collections.abc import Iterable, Sequence

from django.db.models import Case, Q, Value, When

from files.models import PrivateFile
from orders.invoices.decoding import thumbnail
from redemptions.models import ScanHash
from redemptions.models.evidence import BANDS

logger = logging.getLogger(__name__)

ROW, ROWS = 8, 9
MASK = (1 << 64) - 1
# Bits in which two scans of the same sheet may differ; four bands find all up to three.
MOST_BITS_APART = 3
# Values of grey between the lightest and the darkest: below it a page is blank.
LEAST_CONTRAST = 10
# A shadow or a gradient: it has next to no, or next to all, of the bits.
LEAST_BITS = 4
# So many that share a band are a form everybody has, and the latest will do.
MOST_CANDIDATES = 500

KINDS = {"image/png": "picture", "image/jpeg": "picture", "application/pdf": "pdf"}


def difference_hash(grey: bytes) -> int | None:
    """64 bits: where a value of the 8 × 9 is lighter than the one beneath it. None where there is nothing to see.

    Downwards, because that is where pages of text differ: left of each there is a margin and right of it an end. Of 780 pairs of
    made pages 779 were alike by their neighbours on a line, and none by those beneath; scanned again, 37 of 40 were.
    """
    if len(grey) != ROW * ROWS or max(grey) - min(grey) < LEAST_CONTRAST:
        return None
    bits = 0
    for above, below in zip(grey[:-ROW], grey[ROW:], strict=True):
        bits = bits << 1 | (above > below)
    return bits if LEAST_BITS <= bits.bit_count() <= 64 - LEAST_BITS else None


def bands_of(bits: int) -> dict[str, int]:
    return {name: bits >> 16 * place & 0xFFFF for place, name in enumerate(BANDS)}


def distance(one: int, other: int) -> int:
    """Whether either is in two's complement does not matter."""
    return ((one ^ other) & MASK).bit_count()


def remember(files: Iterable[PrivateFile]) -> dict[int, ScanHash]:
    """The look of each, computed once in its life: half a second for one that is new."""
    files = list(files)
    known = {one.pk: one for one in ScanHash.objects.filter(pk__in=[file.pk for file in files])}
    new = [_hashed(file) for file in files if file.pk not in known]
    ScanHash.objects.bulk_create(new, ignore_conflicts=True)
    return known | {one.pk: one for one in new}


def _hashed(file: PrivateFile) -> ScanHash:
    kind = KINDS.get(file.content_type)
    if kind is None:  # an original of the tax administration
        return ScanHash(file=file, sha256=file.sha256)
    with file.file.open("rb") as opened:
        grey = thumbnail(opened.read(), kind)
    bits = difference_hash(grey)
    if bits is None:
        # what has no look because it is text is still the same file as another; what is blank is not
        return ScanHash(file=file, sha256="" if grey else file.sha256)
    signed = bits - (1 << 64) if bits >> 63 else bits
    return ScanHash(file=file, sha256=file.sha256, bits=signed, **bands_of(bits))


def similar_to(hashes: Sequence[ScanHash]) -> dict[int, tuple[ScanHash, int]]:
    """Other files like one of these, by their keys: which, and how many bits apart; 0 is the same. One query."""
    asked = Q(pk__in=[])
    if sums := [one.sha256 for one in hashes if one.sha256]:
        asked |= Q(sha256__in=sums)
    seen = [one for one in hashes if one.bits is not None]
    for band in BANDS if seen else ():
        asked |= Q(**{f"{band}__in": [getattr(one, band) for one in seen], "bits__isnull": False})
    found: dict[int, tuple[ScanHash, int]] = {}
    others = ScanHash.objects.filter(asked).exclude(pk__in=[one.pk for one in hashes])
    # the same file first: no number of others that share a band hides it
    is_other = Case(When(sha256__in=sums, then=Value(0)), default=Value(1))
    for other in others.order_by(*([is_other] if sums else []), "-pk")[:MOST_CANDIDATES]:
        for one in hashes:
            apart = _apart(one, other)
            if apart is not None and (other.pk not in found or apart < found[other.pk][1]):
                found[other.pk] = (one, apart)
    return found


def _apart(one: ScanHash, other: ScanHash) -> int | None:
    if one.sha256 and one.sha256 == other.sha256:
        return 0
    if one.bits is None or other.bits is None:
        return None
    apart = distance(one.bits, other.bits)
    return apart if apart <= MOST_BITS_APART else None
