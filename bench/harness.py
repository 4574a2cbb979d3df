"""What every benchmark shares: its arguments, a throw-away database, timing, and how figures are printed.

A module imports nothing of the project before ``benchmark`` has set Django up on the new database.
"""

import argparse
import contextlib
import json
import math
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# The server on which the throw-away PostgreSQL database is made; its user may create databases.
POSTGRES_URL = os.environ.get("BENCH_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")


class Bench:
    """One run of one benchmark: prints each figure as it is known."""

    def __init__(self, name: str, rows: int, database: str, as_json: bool) -> None:
        self.name, self.rows, self.database, self.as_json = name, rows, database, as_json

    def figure(self, figure: str, value: float, case: str = "") -> None:
        """Report one figure; ``case`` says of what, where the figure has several."""
        if self.as_json:
            line = {
                "bench": self.name,
                "figure": figure,
                "case": case,
                "rows": self.rows,
                "database": self.database,
                "value": round(value, 4),
            }
            print(json.dumps(line, ensure_ascii=False), flush=True)
        else:
            print(f"{self.name:10} {figure:22} {value:12,.3f}  {case}", flush=True)

    def latencies(self, case: str, calls: Sequence[Callable[[], Any]], repeat: int = 5) -> None:
        """Run each call ``repeat`` times after one to warm up; report the median and the 95th percentile."""
        times = timings(calls, repeat)
        self.figure("p50_ms", statistics.median(times), case)
        self.figure("p95_ms", percentile(times, 0.95), case)


def timings(calls: Sequence[Callable[[], Any]], repeat: int) -> list[float]:
    """Milliseconds of each call, ``repeat`` times; the first round warms up and is not counted."""
    times = []
    for round_number in range(repeat + 1):
        for call in calls:
            started = time.perf_counter()
            call()
            if round_number:
                times.append((time.perf_counter() - started) * 1000)
    return times


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` of all values do not exceed."""
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]


@contextlib.contextmanager
def benchmark(name: str, rows: int = 10_000) -> Iterator[Bench]:
    """Parse the command line and set Django up on an empty, migrated database that is dropped afterwards."""
    parser = argparse.ArgumentParser(prog=f"python -m bench.{name}")
    parser.add_argument("--rows", type=int, default=rows)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--json", action="store_true", help="one object a line")
    options = parser.parse_args()
    with _database(options.database) as url:
        os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "voucher_site.settings.test"}
        sys.path[:0] = [str(ROOT), str(ROOT / "site")]
        import django
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        try:
            call_command("migrate", verbosity=0)
            yield Bench(name, options.rows, options.database, options.json)
        finally:
            connections.close_all()
            shutil.rmtree(settings.VAR_DIR, ignore_errors=True)


@contextlib.contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            yield f"sqlite:///{folder}/db.sqlite3"
        return
    import psycopg
    from psycopg import sql

    name = f"bench_{os.getpid()}"
    with psycopg.connect(POSTGRES_URL, autocommit=True) as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
        )
        try:
            yield POSTGRES_URL.rpartition("/")[0] + f"/{name}"
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
