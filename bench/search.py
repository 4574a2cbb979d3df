"""Catalogue search: what it finds, how fast, and how fast the index is built. ``python -m bench.search``

Recall is against substring truth: every word of the query, as typed, occurs (``LIKE '%word%'``) in the name,
model, class, maker or functions; after NFKC and case folding on both sides. Precision asks the same of
everything indexed, takes GC-MS and GCMS for the same, and a Chinese comma for a space. Times are of queries
not in the cache.
"""

import gc
import random
import re
import time
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from bench.harness import Bench, benchmark, percentile, timings

# One hundred queries of two characters or more, as people type them and as they happen to cut words.
QUERIES = (
    """
色谱|质谱|光谱|能谱|显微|电镜|联用|激光|衍射|共聚|热重|疲劳|硬度|太赫|雷达|全站|红外|拉曼|探伤|核磁
质谱仪|色谱质|谱联用|显微镜|分光光|材料试|流式细|粒度分|三坐标|示波器|磁共振|金属3D
气相色谱|液相色谱|扫描电子|等离子体|质谱联用|差示扫描|冷冻干燥|原子吸收|电感耦合|光电子能|共聚焦显|及孔隙度
气相色谱质谱联用仪|傅里叶变换红外|全自动比表面及孔隙度分析仪|相控阵超声探伤|析仪|量热|薄膜|农药残|残余应力|集成电路
安捷伦|岛津|托利多|德与施|蔡司|罗德与施瓦茨|样、土|用于粉体|等领域|（GC-MS）
gc|ms|GC-MS|gcms|gc-ms|LC-MS/MS|ICP-MS|icp|OES|FT-IR|XRD|xrd|UV-Vis|SEM|NMR|qPCR
X射线|x射线衍|定量PCR|PCR仪|3D打|工业CT|γ能谱|锗γ|（XPS）|ＧＣ－ＭＳ|Ｘ射线|ｘｒｄ
78|789|7890|90|5B|0B-5|B-5|iCAP|ap4|QP2|SU8|gil|Agil|agilent|HORIBA|keysight|ermo
质谱 安捷伦|色谱 gc|激光 显微镜|XRD 布鲁克|土壤 重金属
""".replace("\n", "|")
    .strip("|")
    .split("|")
)

# Pinyin, and what the name must contain for it to be right.
PINYIN = {
    "qixiangsepu": "气相色谱",
    "qxsp": "气相色谱",
    "sepu": "色谱",
    "zhipulianyong": "质谱联用",
    "xianweijing": "显微镜",
    "yzxs": "原子吸收",
    "lizitizhipu": "离子体质谱",
    "taihezi": "太赫兹",
    "yingduji": "硬度计",
    "hcgz": "核磁共振",
}


def normalised(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


class Truth:
    """The catalogue as plain text: what a scan of every row would find."""

    def __init__(self) -> None:
        from catalogue.models import Instrument

        self.asked: dict[int, str] = {}
        self.indexed: dict[int, str] = {}
        self.names: dict[int, str] = {}
        records = Instrument.objects.public().select_related("provider", "instrument_class__parent")
        for record in records.iterator(chunk_size=2_000):
            node = record.instrument_class
            asked = (
                record.name,
                record.model,
                node.name,
                node.parent.name,
                record.manufacturer,
                record.functions,
            )
            also = (
                record.name_en,
                record.specifications,
                record.service_content,
                record.provider.name,
                record.provider.host_name,
            )
            self.asked[record.pk] = normalised("\n".join(asked))
            self.indexed[record.pk] = normalised("\n".join((*asked, *also)))
            self.names[record.pk] = record.name
        self.spelt = {pk: without_separators(text) for pk, text in self.indexed.items()}

    def must_find(self, query: str) -> set[int]:
        words = normalised(query).split()
        return {pk for pk, text in self.asked.items() if all(word in text for word in words)}

    def may_find(self, query: str) -> set[int]:
        words = re.split(r"[\s、，。（）]+", normalised(query))
        return {
            pk
            for pk, text in self.indexed.items()
            if all(word in text or without_separators(word) in self.spelt[pk] for word in words)
        }

    def named(self, part: str) -> set[int]:
        return {pk for pk, name in self.names.items() if part in name}


def without_separators(text: str) -> str:
    """A code as if written in one piece: GC-MS, GC/MS and GCMS are the same."""
    return re.sub(r"(?<=[a-z0-9])[^\w\s](?=[a-z0-9])", "", text)


def found(text: str, **filters: Any) -> list[int]:
    """Every record a query finds, in order; at most as many as the search pages through."""
    from catalogue.search import CatalogueSearch, SearchQuery

    search, query = CatalogueSearch(), SearchQuery(text=text, **filters)
    pages = search.search(query, page=1, per_page=100).num_pages
    return [
        pk for page in range(1, pages + 1) for pk in search.search(query, page=page, per_page=100).object_ids
    ]


def measure_quality(bench: Bench) -> None:
    from catalogue.search import CatalogueSearch, SearchQuery

    truth = Truth()
    recalls, shares = [], []
    for query in QUERIES:
        if CatalogueSearch().search(SearchQuery(text=query)).capped:
            continue  # ten thousand of more: neither figure is defined
        must, hits = truth.must_find(query), set(found(query))
        recalls.append(len(must & hits) / len(must) if must else 1.0)
        bench.figure("recall", recalls[-1], query)
        if hits:
            shares.append(len(truth.may_find(query) & hits) / len(hits))
            bench.figure("precision", shares[-1], query)
    bench.figure("recall", min(recalls), "worst")
    bench.figure("precision", min(shares), "worst")
    bench.figure("precision", sum(shares) / len(shares), "mean")
    for letters, part in PINYIN.items():
        named, hits = truth.named(part), set(found(letters))
        if named and len(hits) < len(truth.names):
            bench.figure("recall", len(named & hits) / len(named), letters)


def latency_cases() -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Queries by kind; each kind is one case."""
    from catalogue.search import Sort

    narrow = {"category": "010000", "city": "6101", "vouchers": True}
    return {
        "2 characters": [(text, {}) for text in QUERIES if len(text) == 2 and not text.isascii()],
        "4 characters": [(text, {}) for text in QUERIES if len(text) == 4 and not text.isascii()],
        "ASCII": [(text, {}) for text in QUERIES if text.isascii() and " " not in text],
        "rare": [(text, {}) for text in ("太赫兹", "风廓线雷达", "加速器质谱", "DZ/T 0279.32", "纱线强伸度")],
        "common": [(text, {}) for text in ("分析", "测定", "色谱", "西安", "检测", "质谱仪")],
        "one character": [(text, {}) for text in "谱仪析光镜"],
        "two terms": [(text, {}) for text in QUERIES if " " in text],
        "filtered": [(text, narrow) for text in ("", "质谱", "分析", "安捷伦", "gc")],
        "sorted by price": [(text, {"sort": Sort.PRICE}) for text in ("质谱", "分析", "安捷伦", "gc")],
        "pinyin": [(text, {}) for text in PINYIN],
        "no query": [("", {})],
    }


def measure_speed(bench: Bench) -> None:
    every = []
    for case, queries in latency_cases().items():
        calls = [uncached(text, filters) for text, filters in queries]
        bench.latencies(case, calls)
        every += calls
    bench.figure(
        "p95_ms", percentile(timings([first_after_a_change], 5), 0.95), "no query, index just changed"
    )
    random.Random(3).shuffle(every)
    bench.latencies("whole mix", every, repeat=3)
    bench.figure("p95_ms", percentile(timings([scan("色谱"), scan("7890")], 3), 0.95), "floor: LIKE scan")


def uncached(text: str, filters: dict[str, Any]) -> Callable[[], object]:
    """A search that finds nothing in the cache of queries; only what is kept for the whole catalogue stays."""
    from catalogue.search import CatalogueSearch, SearchQuery

    query = SearchQuery(text=text, **filters)

    def call() -> object:
        forget_queries()
        return CatalogueSearch().search(query)

    return call


def first_after_a_change() -> None:
    from django.core.cache import cache

    from catalogue.search import CatalogueSearch, SearchQuery

    cache.clear()
    CatalogueSearch().search(SearchQuery())


def forget_queries() -> None:
    """Empty the cache of all but the counts of the whole catalogue, which are made once for each state of the index."""
    from django.core.cache import cache

    from catalogue.search.models import SearchVersion

    key = f"search:{SearchVersion.objects.values_list('value', flat=True).get()}:everything:instrument"
    counts = cache.get(key)
    cache.clear()
    cache.set(key, counts)


def scan(text: str) -> Callable[[], object]:
    from django.db.models import Q

    from catalogue.models import Instrument

    fields = ("name", "model", "manufacturer", "functions", "instrument_class__name")
    condition = Q()
    for field in fields:
        condition |= Q(**{f"{field}__icontains": text})
    return lambda: list(Instrument.objects.public().filter(condition).order_by("-pk").values_list("pk")[:20])


def measure_pages(bench: Bench) -> None:
    """The public list through Django's test client, neither page nor query cached, beside a view that only says hello.

    As the first page after something public has changed, which reads every name anew, and with what the process
    remembers until then; PostgreSQL without Redis remembers nothing.
    """
    from django.core.cache import caches
    from django.http import HttpResponse
    from django.test import Client, override_settings
    from django.urls import path, reverse

    from accounts.public_version import forget
    from voucher_site import urls
    from voucher_site.settings import base

    client = Client()
    address = reverse("catalogue:instrument_list")

    def page(parameters: dict[str, str], *forgetting: Callable[[], None]) -> Callable[[], object]:
        def call() -> object:
            for one in forgetting:
                one()
            response = client.get(address, parameters)
            assert response.status_code == 200
            return response

        return call

    queries: Iterable[dict[str, str]] = (
        {},
        {"page": "2"},
        {"q": "色谱"},
        {"q": "质谱联用"},
        {"q": "gc-ms"},
        {"q": "分析"},
        {"q": "安捷伦 色谱"},
        {"city": "6101"},
        {"category": "010200", "q": "质谱"},
        {"vouchers": "1", "sort": "price"},
    )
    uncached = (forget_queries, caches["pages"].clear)
    with override_settings(PAGE_CACHE_SECONDS=base.PAGE_CACHE_SECONDS):
        for case, forgetting in (
            ("just after a change", (*uncached, forget)),
            ("names remembered", uncached),
        ):
            times = timings([page(parameters, *forgetting) for parameters in queries], 5)
            bench.figure("page_p50_ms", percentile(times, 0.5), f"instrument list, {case}")
            bench.figure("page_p95_ms", percentile(times, 0.95), f"instrument list, {case}")

    hello = path("bare/", lambda request: HttpResponse("hello"))
    with override_settings(ROOT_URLCONF=type("bare", (), {"urlpatterns": [hello, *urls.urlpatterns]})):
        times = timings([lambda: client.get("/bare/")], 200)
        bench.figure("page_p95_ms", percentile(times, 0.95), "floor: bare view")


def analyse() -> None:
    """What autovacuum does within a minute of a load on PostgreSQL: without statistics the planner walks the records
    provider by provider, ten times as slow.
    """
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def measure_indexing(bench: Bench) -> None:
    from catalogue.models import Instrument
    from catalogue.search.indexing import rebuild

    started = time.perf_counter()
    count = rebuild()
    bench.figure("index_rows_per_s", count / (time.perf_counter() - started))
    assert count == Instrument.objects.public().count()


def main() -> None:
    with benchmark("search") as bench:
        from bench.data import make_catalogue
        from voucher_site.translations import flatten_catalogues

        started = time.perf_counter()
        make_catalogue(bench.rows)
        bench.figure(
            "index_rows_per_s", bench.rows / (time.perf_counter() - started), "floor: records, bulk_create"
        )
        measure_indexing(bench)
        analyse()
        # as a server does after its start: what is loaded now stays, and is not walked again
        flatten_catalogues()
        gc.collect()
        gc.freeze()
        measure_quality(bench)
        measure_speed(bench)
        measure_pages(bench)


if __name__ == "__main__":
    main()
