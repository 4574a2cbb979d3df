"""Names of classes of instruments and fields of testing, with how they are said; kept for some minutes, they hardly change."""

from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import CharField, QuerySet, Value

from catalogue.models import InstrumentClass, TestingField
from catalogue.search.pinyin import readings
from catalogue.search.tokens import normalise

CACHE_KEY, CACHE_SECONDS = "search:classes", 600


class Entry(NamedTuple):
    url_name: str
    code: str
    name: str
    said: str
    initials: str


def class_entries() -> list[Entry]:
    """Every class and field that says something by itself."""
    entries: list[Entry] | None = cache.get(CACHE_KEY)
    if entries is None:
        nodes = _nodes(InstrumentClass, "catalogue:instrument_list").union(
            _nodes(TestingField, "catalogue:testing_list"), all=True
        )
        entries = [_entry(*node) for node in sorted(nodes) if not node[2].startswith("其他")]
        cache.set(CACHE_KEY, entries, CACHE_SECONDS)
    return entries


def _nodes(model: type[InstrumentClass] | type[TestingField], url_name: str) -> QuerySet[Any, Any]:
    return model.objects.order_by().values_list(Value(url_name, CharField()), "code", "name")


def _entry(url_name: str, code: str, name: str) -> Entry:
    syllables = [spoken[0] for spoken in readings(name)]
    return Entry(url_name, code, name, "".join(syllables), "".join(one[0] for one in syllables))


def classes_like(text: str, number: int) -> list[Entry]:
    """Classes whose name has the words, or begins as they are said; shorter names first."""
    typed = normalise(text).strip()
    letters = typed if typed.isascii() and typed.isalpha() and len(typed) > 1 else ""
    found = [
        entry
        for entry in class_entries()
        if typed in normalise(entry.name)
        or (letters and (entry.said.startswith(letters) or entry.initials.startswith(letters)))
    ]
    return sorted(found, key=lambda entry: (len(entry.name), entry.code))[:number]
