"""Public pages through gunicorn: from the cache beside a bare view of as many bytes, uncached, and how heavy they are.

Two synchronous workers and the client share the machine, so compare what stands in one run. Client: four threads of plain sockets,
one connection a request, as the workers close them. A round of a cached page follows each round of the bare view.
"""

import contextlib
import gzip
import logging
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.harness import ROOT, Bench, benchmark

WORKERS, CLIENTS = 2, 4
ROUNDS, PER_ROUND = 9, 600
GZIP = {"Accept-Encoding": "gzip"}
# A request that says who asks is never answered from the cache; the pages take no notice of it.
PAST_CACHE = {"Authorization": "none"}
ASSETS = re.compile(r'<link rel="(?:stylesheet|icon)" href="(/[^"]+)"|<script[^>]* src="(/[^"]+)"')


class Server:
    """gunicorn as in production, on a port of its own."""

    def __init__(self, port: int) -> None:
        self.port = port

    def fetch(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{lines}\r\n".encode()
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(request)
            parts = []
            while part := connection.recv(1 << 17):
                parts.append(part)
        head, _, body = b"".join(parts).partition(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").split("\r\n")
        return int(first.split()[1]), dict(line.split(": ", 1) for line in rest), body

    def page(self, path: str, **headers: str) -> bytes:
        status, _headers, body = self.fetch(path, **headers)
        assert status == 200, (path, status)
        return body

    def warm(self, path: str, **headers: str) -> int:
        """Ask until each worker has it in its cache, most likely; how many bytes it is sent as."""
        for _ in range(1_000):
            answers = [self.fetch(path, **headers) for _ in range(20)]
            if all("Age" in answer[1] for answer in answers):
                return len(answers[0][2])
        raise AssertionError(f"{path} does not come from the cache")

    def requests_per_s(self, pool: ThreadPoolExecutor, path: str, **headers: str) -> float:
        share = PER_ROUND // CLIENTS

        def ask() -> None:
            for _ in range(share):
                self.page(path, **headers)

        started = time.perf_counter()
        for done in [pool.submit(ask) for _ in range(CLIENTS)]:
            done.result()
        return share * CLIENTS / (time.perf_counter() - started)


def measure_cached(bench: Bench, server: Server, pages: dict[str, str]) -> None:
    with ThreadPoolExecutor(CLIENTS) as pool:
        for case, path in pages.items():
            for encoding, headers in (("", GZIP), (", uncompressed", {})):
                size = server.warm(path, **headers)
                bare, cached = [], []
                for number in range(ROUNDS + 1):
                    floor = server.requests_per_s(pool, f"/bare/{size}/", **headers)
                    page = server.requests_per_s(pool, path, **headers)
                    if number:
                        bare.append(floor)
                        cached.append(page)
                ratio = statistics.median(a / b for a, b in zip(cached, bare, strict=True))
                bench.figure("requests_per_s", statistics.median(bare), f"bare view of {case}{encoding}")
                bench.figure("requests_per_s", statistics.median(cached), f"{case}{encoding}")
                bench.figure("ratio_to_bare_view", ratio, f"{case}{encoding}")


def measure_uncached(bench: Bench, server: Server, paths: dict[str, list[str]]) -> None:
    for case, some in paths.items():
        times = []
        for number in range(5):
            for path in some:
                headers = {} if path.startswith("/api/") else PAST_CACHE
                started = time.perf_counter()
                server.page(path, **headers)
                if number:
                    times.append((time.perf_counter() - started) * 1000)
        bench.figure("uncached_p50_ms", statistics.median(times), case)


def measure_weight(bench: Bench, server: Server, pages: dict[str, str]) -> None:
    """What a browser without anything of ours loads before images: the page, styles, scripts and the icon."""
    for case, path in pages.items():
        body = server.page(path, **GZIP)
        found = ASSETS.findall(gzip.decompress(body).decode())
        assets = {style or script for style, script in found}
        bodies = [server.page(asset, **{"Accept-Encoding": "br, gzip"}) for asset in sorted(assets)]
        bench.figure("compressed_kb", (len(body) + sum(map(len, bodies))) / 1024, case)
        bench.figure("requests", 1 + len(assets), case)


def make_pages(bench: Bench) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The database to serve; addresses by case, of pages and of what is measured uncached."""
    from django.db import connection

    from accounts.models import User
    from bench.data import make_catalogue
    from catalogue.models import Instrument
    from catalogue.search.indexing import rebuild
    from home.demo.front import arrange_home
    from home.demo.pages import load_pages
    from policy.models import PolicyPage

    logging.disable(logging.INFO)
    make_catalogue(bench.rows)
    rebuild()
    editor = User.objects.create_superuser(
        "editor", "editor@example.com", "-", kind="staff", mobile="13800000000"
    )
    load_pages(editor=editor)
    arrange_home(editor=editor)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    policy = PolicyPage.objects.published().newest_first()[0].get_url()
    instruments = Instrument.objects.order_by("pk").values_list("pk", flat=True)[
        : bench.rows : bench.rows // 40
    ]
    details = [f"/catalogue/instruments/{pk}/" for pk in instruments]
    pages = {
        "home": "/",
        "notice list": "/notices/",
        "policy page": policy,
        "catalogue list": "/catalogue/instruments/",
    }
    uncached = {
        **{case: [path] * 20 for case, path in pages.items()},
        "catalogue list": [f"/catalogue/instruments/?page={number}" for number in range(1, 21)],
        "instrument": details,
        "API list of 20": ["/api/v1/instruments/?limit=20"] * 20,
    }
    return pages, uncached


@contextlib.contextmanager
def served(bench: Bench) -> Iterator[Server]:
    """The site of the benchmark's database behind gunicorn; with PostgreSQL a Redis of its own."""
    from django.conf import settings

    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-web-"))
        port = _free_port()
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "bench.web_settings",
            "VAR_DIR": folder,
            "REDIS_URL": stack.enter_context(_redis(folder)) if bench.database == "postgres" else "",
            "WEB_CONCURRENCY": str(WORKERS),
            "BIND": f"127.0.0.1:{port}",
            "PYTHONPATH": f"{ROOT / 'site'}{os.pathsep}{ROOT}",
        }
        shutil.copytree(settings.MEDIA_ROOT, f"{folder}/media")
        manage = [sys.executable, str(ROOT / "manage.py"), "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(manage, cwd=ROOT, env=environment, check=True)  # noqa: S603
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "site/deploy/gunicorn.conf.py")]
        with open(f"{folder}/log", "wb") as log:
            process = subprocess.Popen(  # noqa: S603
                [*gunicorn, "bench.web_server:make_application()"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )
            stack.callback(_stop, process)
            _wait_for(f"http://127.0.0.1:{port}/healthz", process)
            yield Server(port)


@contextlib.contextmanager
def _redis(folder: str) -> Iterator[str]:
    if url := os.environ.get("BENCH_REDIS_URL"):
        yield url
        return
    port = _free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[Any]) -> None:
    for _ in range(300):
        assert process.poll() is None, "gunicorn has ended"
        with contextlib.suppress(OSError), urllib.request.urlopen(url):  # noqa: S310
            return
        time.sleep(0.1)
    raise TimeoutError(url)


def main() -> None:
    with benchmark("web") as bench:
        pages, uncached = make_pages(bench)
        with served(bench) as server:
            measure_weight(bench, server, pages)
            measure_uncached(bench, server, uncached)
            measure_cached(bench, server, pages)


if __name__ == "__main__":
    main()
