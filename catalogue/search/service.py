"""The one way to search the catalogue: pages, the API and suggestions all ask here."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from operator import itemgetter

from django.core.cache import cache
from django.db.models import Count

from catalogue.search.engines import get_engine
from catalogue.search.engines.base import Engine, Hit, Scope, Tier
from catalogue.search.models import SearchDoc, SearchVersion
from catalogue.search.tokens import Term, pinyin_query, query_terms
from catalogue.search.types import FacetCount, SearchPage, SearchQuery, Sort

# Beyond this many hits nobody pages; counting them all is what makes search slow (docs/adr/0004).
CAP = 10_000
CACHE_SECONDS = 300
MOST_INSTITUTIONS = 50


class CatalogueSearch:
    """Answers a query with one page of record numbers, the count and the facets."""

    def __init__(self, engine: Engine | None = None) -> None:
        self.engine = engine or get_engine()

    def search(self, query: SearchQuery, page: int = 1, per_page: int = 20) -> SearchPage:
        """The ``page``-th page (from 1). A query with no searchable character finds nothing."""
        page = max(page, 1)
        if not query.is_narrowed and query.sort in (Sort.RELEVANCE, Sort.NEWEST):
            return self._everything(query, page, per_page)
        key = _cache_key(query)
        found = cache.get(key)
        if found is None:
            hits = self._hits(query)
            found = ([hit.object_id for hit in hits[:CAP]], len(hits) > CAP, _facets(hits[:CAP]))
            cache.set(key, found, CACHE_SECONDS)
        object_ids, capped, facets = found
        first = (page - 1) * per_page
        return SearchPage(
            object_ids=object_ids[first : first + per_page],
            total=len(object_ids),
            num_pages=math.ceil(len(object_ids) / per_page),
            capped=capped,
            facets=facets,
        )

    def _hits(self, query: SearchQuery) -> list[Hit]:
        scope = _scope(query)
        if not query.text.strip():
            return self.engine.browse(scope, CAP + 1)
        tiers = [(tier, terms) for tier, terms in _tiers(query.text) if terms]
        hits: dict[int, Hit] = {}
        for tier, terms in tiers:
            if len(hits) > CAP:
                break
            for hit in self.engine.find(tier, terms, scope, CAP + 1):
                hits.setdefault(hit.doc_id, hit)
        found = list(hits.values())
        # across tiers only relevance keeps their order
        if query.sort == Sort.NEWEST:
            found.sort(key=itemgetter(0), reverse=True)
        elif query.sort in (Sort.PRICE, Sort.PRICE_DESC):
            dear_first = query.sort == Sort.PRICE_DESC
            found.sort(
                key=lambda hit: (
                    hit.price is None,
                    (-hit.price if dear_first else hit.price) if hit.price is not None else 0,
                    -hit.doc_id,
                )
            )
        return found[: CAP + 1]

    def _everything(self, query: SearchQuery, page: int, per_page: int) -> SearchPage:
        """The whole catalogue, newest first: exact counts, made once per version of the index."""
        docs = SearchDoc.objects.filter(kind=query.kind)
        key = f"search:all:{query.kind}:{_version()}"
        counted = cache.get(key)
        if counted is None:
            counted = (docs.count(), _exact_facets(query))
            cache.set(key, counted, CACHE_SECONDS)
        total, facets = counted
        reachable = min(total, CAP)
        first = min((page - 1) * per_page, reachable)
        ids = docs.order_by("-pk").values_list("object_id", flat=True)[first : min(first + per_page, reachable)]
        return SearchPage(
            object_ids=list(ids), total=total, num_pages=math.ceil(reachable / per_page), facets=facets
        )


def _tiers(text: str) -> Iterable[tuple[Tier, Sequence[Term]]]:
    terms = query_terms(text)
    yield Tier.NAME, terms
    yield Tier.TEXT, terms
    if letters := pinyin_query(text):
        yield Tier.PINYIN, [Term(letters, is_prefix=True)]


def _scope(query: SearchQuery) -> Scope:
    scope = Scope(by_price={Sort.PRICE: "ASC", Sort.PRICE_DESC: "DESC"}.get(Sort(query.sort), ""))
    if query.category:
        prefix = query.category.rstrip("0")
        prefix += "0" * (len(prefix) % 2)
        # a range, which an index serves; "~" sorts behind every digit
        scope.add("d.category >= %s AND d.category < %s", prefix, prefix + "~")
    if query.city:
        scope.add("d.city = %s", query.city)
    if query.institution is not None:
        scope.add("d.institution_id = %s", query.institution)
    if query.vouchers is not None:
        scope.add("d.vouchers = %s", query.vouchers)
    if query.price_min is not None:
        scope.add("d.price >= %s", query.price_min)
    if query.price_max is not None:
        scope.add("d.price <= %s", query.price_max)
    return scope


def _facets(hits: Sequence[Hit]) -> dict[str, list[FacetCount]]:
    return _facet_lists(
        *(
            Counter(map(itemgetter(position), hits))
            for position in map(Hit._fields.index, ("category", "city", "institution_id", "vouchers"))
        )
    )


def _exact_facets(query: SearchQuery) -> dict[str, list[FacetCount]]:
    docs = SearchDoc.objects.filter(kind=query.kind).order_by()
    return _facet_lists(
        *(
            Counter(dict(docs.values_list(name).annotate(Count("pk"))))
            for name in ("category", "city", "institution_id", "vouchers")
        )
    )


def _facet_lists(
    categories: Counter[str], cities: Counter[str], institutions: Counter[int], vouchers: Counter[bool]
) -> dict[str, list[FacetCount]]:
    levels: Counter[str] = Counter()
    for code, count in categories.items():
        for level in {f"{code[:2]}0000", f"{code[:4]}00", code} if code else ():
            levels[level] += count
    return {
        "category": [FacetCount(code, count) for code, count in levels.most_common()],
        "city": [FacetCount(code, count) for code, count in cities.most_common() if code],
        "institution": [FacetCount(str(pk), count) for pk, count in institutions.most_common(MOST_INSTITUTIONS)],
        "vouchers": [FacetCount("1", sum(count for yes, count in vouchers.items() if yes))],
    }


def _version() -> int:
    return SearchVersion.objects.values_list("number", flat=True).first() or 0


def _cache_key(query: SearchQuery) -> str:
    digest = hashlib.sha256(repr(query).encode()).hexdigest()[:32]
    return f"search:{_version()}:{digest}"
