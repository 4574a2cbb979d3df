"""The one way to search the catalogue: pages, the API and suggestions all ask here."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.core.cache import cache

from catalogue.search.attributes import option_token
from catalogue.search.documents import filter_tokens
from catalogue.search.engines import Engine, Hits, Scope, get_engine
from catalogue.search.models import SearchDoc, SearchVersion
from catalogue.search.tokens import (
    Match,
    Term,
    Word,
    letter_count,
    name_match,
    pinyin_match,
    query_words,
    text_match,
)
from catalogue.search.types import FacetCount, SearchPage, SearchQuery, Sort

# Beyond this many hits nobody pages; counting them all is what would make a search slow.
CAP = 10_000
CACHE_SECONDS = 300
MOST_INSTITUTIONS = 50
MOST_PER_PAGE = 100
# Fewer letters begin the pinyin of too much to stand beside what was found literally.
ENOUGH_LETTERS = 4


class CatalogueSearch:
    """Answers a query with one page of record numbers, the count and the facets."""

    def __init__(self, engine: Engine | None = None) -> None:
        self.engine = engine or get_engine()

    def search(self, query: SearchQuery, page: int = 1, per_page: int = 20) -> SearchPage:
        """The page of that number, from 1; beyond the end the last one. Words without any letter find nothing."""
        version = SearchVersion.objects.values_list("value", flat=True).first() or "empty"
        if _asks_for_everything(query):
            return self._everything(query, version, page, per_page)
        object_ids, capped, facets, attributes = self._found(query, version)
        place = _Place(len(object_ids), page, per_page)
        return SearchPage(
            object_ids=object_ids[place.first : place.last].tolist(),
            total=len(object_ids),
            num_pages=place.num_pages,
            number=place.number,
            capped=capped,
            facets=facets,
            attributes=attributes,
        )

    def object_ids(self, query: SearchQuery) -> list[int]:
        """All hits that can be paged to, in their order: ``CAP`` at most."""
        version = SearchVersion.objects.values_list("value", flat=True).first() or "empty"
        if _asks_for_everything(query):
            docs = SearchDoc.objects.filter(kind=query.kind).order_by("-pk")
            return list(docs.values_list("object_id", flat=True)[:CAP])
        found: list[int] = self._found(query, version)[0].tolist()
        return found

    def _found(self, query: SearchQuery, version: str) -> tuple[Any, ...]:
        """Numbers of the hits, whether there are more, facets and attributes; remembered while the index is the same."""
        key = f"search:{version}:{hashlib.sha256(repr(query).encode()).hexdigest()[:32]}"
        found: tuple[Any, ...] | None = cache.get(key)
        if found is None:
            hits = self._hits(query)
            attributes = self.engine.count_values(hits.numbers, query.counted) if query.counted else {}
            found = (hits.object_ids, hits.more, _facets(hits), attributes)
            cache.set(key, found, CACHE_SECONDS)
        return found

    def _hits(self, query: SearchQuery) -> Hits:
        """The first hits, ``CAP`` of them at most."""
        scope = Scope(
            query.kind,
            query.price_min,
            query.price_max,
            figures=tuple(one for one in query.attributes if not one.values),
            numbered=bool(query.counted),
            sort=query.sort,
            limit=CAP,
        )
        filters = filter_tokens(
            kind=query.kind, category=query.category, city=query.city, institution=query.institution
        )
        options = [
            tuple(Term(option_token(one.attribute_id, value)) for value in one.values)
            for one in query.attributes
            if one.values
        ]
        vouchers = filter_tokens(vouchers=query.vouchers)
        if not query.text.strip():
            # most of the catalogue takes vouchers: quicker to walk it in the order wanted than to collect it
            if not filters and not options:
                return self.engine.find(None, replace(scope, vouchers=query.vouchers))
            return self.engine.find(Match(tuple(options)).narrowed(filters + vouchers), scope)
        filters += vouchers
        words = query_words(query.text)
        hits = Hits()
        for match in self._tiers(words, hits) if query.sort == Sort.RELEVANCE else self._union(words, hits):
            room = replace(scope, limit=CAP - len(hits))
            narrowed = replace(match, clauses=(*match.clauses, *options)).narrowed(filters)
            hits.append(self.engine.find(narrowed, room))
            if hits.more:
                break
        return hits

    def _tiers(self, words: list[Word], hits: Hits) -> Iterator[Match]:
        """By falling relevance, each without what those before it find. ``hits`` is what they have found."""
        if not words:
            return
        in_name, in_text = name_match(words), text_match(words)
        yield in_name
        yield replace(in_text, unlike=in_name)
        by_pinyin = pinyin_match(words)
        if by_pinyin and (letter_count(words) >= ENOUGH_LETTERS or not hits):
            yield replace(by_pinyin, unlike=in_text)

    def _union(self, words: list[Word], hits: Hits) -> Iterator[Match]:
        """What the tiers find together, in one order."""
        if not words:
            return
        in_text, by_pinyin = text_match(words), pinyin_match(words)
        if by_pinyin is None or letter_count(words) < ENOUGH_LETTERS:
            yield in_text
        if by_pinyin and not hits:
            # letters count both ways in it
            yield by_pinyin

    def _everything(self, query: SearchQuery, version: str, page: int, per_page: int) -> SearchPage:
        """The whole catalogue, newest first, with exact counts that are made once for each state of the index."""
        key = f"search:{version}:everything:{query.kind}"
        counted = cache.get(key)
        if counted is None:
            hits = self.engine.find(None, Scope(query.kind))
            counted = (len(hits), _facets(hits))
            cache.set(key, counted, CACHE_SECONDS)
        total, facets = counted
        place = _Place(min(total, CAP), page, per_page)
        docs = SearchDoc.objects.filter(kind=query.kind).order_by("-pk")
        return SearchPage(
            object_ids=list(docs.values_list("object_id", flat=True)[place.first : place.last]),
            total=total,
            num_pages=place.num_pages,
            number=place.number,
            capped=False,
            facets=facets,
        )


class _Place:
    """Which of so many hits a page shows."""

    def __init__(self, count: int, page: int, per_page: int) -> None:
        per_page = min(max(per_page, 1), MOST_PER_PAGE)
        self.num_pages = math.ceil(count / per_page)
        self.number = min(max(page, 1), max(self.num_pages, 1))
        self.first = (self.number - 1) * per_page
        self.last = min(self.first + per_page, count)


def _asks_for_everything(query: SearchQuery) -> bool:
    blank = SearchQuery(kind=query.kind, text=query.text, sort=query.sort)
    return query == blank and not query.text.strip() and query.sort in (Sort.RELEVANCE, Sort.NEWEST)


def _facets(hits: Hits) -> dict[str, list[FacetCount]]:
    classes: Counter[str] = Counter()
    for code, count in hits.categories.items():
        for level in {f"{code[:2]}0000", f"{code[:4]}00", code} if code else ():
            classes[level] += count
    return {
        "category": [FacetCount(code, count) for code, count in classes.most_common()],
        "city": [FacetCount(code, count) for code, count in hits.cities.most_common() if code],
        "institution": [
            FacetCount(pk, count) for pk, count in hits.institutions.most_common(MOST_INSTITUTIONS)
        ],
        "vouchers": [FacetCount("1", hits.vouchers)],
    }
