"""A workbook of many instruments in, and out again, by the real code: ``python -m bench.imports``

The floor is a bare ``bulk_create`` of the same rows in the same run. What is measured runs in a process of its own, so
that its memory is its own. ``seconds`` and ``rows_per_s`` are from the confirmation to done.
"""

import gc
import io
import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.harness import Bench, benchmark

COLUMNS = (
    "internal_number",
    "name",
    "name_en",
    "instrument_class",
    "model",
    "manufacturer",
    "origin",
    "source",
    "original_value_amount",
    "purchased_on",
    "city",
    "district",
    "location",
    "specifications",
    "functions",
    "sample_requirements",
    "service_content",
    "price_amount",
    "contact_name",
    "contact_phone",
)


def main() -> None:
    with benchmark("imports", rows=10_000) as bench:
        from bench.data import make_catalogue

        make_catalogue(10)  # providers to own what comes
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            path = Path(folder) / "import.xlsx"
            path.write_bytes(make_workbook(bench.rows))
            measured = apart(run_import, str(path))
            floor = apart(run_bulk_create, str(path))
            exported = apart(run_export, str(path))
        report(bench, measured, floor)
        report_export(bench, exported)


def report(bench: Bench, measured: dict[str, float], floor: dict[str, float]) -> None:
    assert measured["created"] == bench.rows, measured
    bench.figure("seconds", measured["check_seconds"], "check")
    bench.figure("seconds", measured["seconds"], "import")
    bench.figure("rows_per_s", bench.rows / measured["seconds"], "import")
    bench.figure("rows_per_s", bench.rows / floor["seconds"], "floor: bulk_create")
    bench.figure("ratio_to_bulk_create", floor["seconds"] / measured["seconds"], "import")
    bench.figure("peak_mb", measured["peak_mb"], "import")
    bench.figure("peak_mb", measured["peak_mb"] - measured["idle_mb"], "import, growth")
    bench.figure("seconds", measured["again_seconds"], "same file again, unchanged")


def report_export(bench: Bench, exported: dict[str, float]) -> None:
    bench.figure("seconds", exported["seconds"], "export")
    bench.figure("rows_per_s", exported["rows"] / exported["seconds"], "export")
    bench.figure("peak_mb", exported["peak_mb"], "export")
    bench.figure("peak_mb", exported["peak_mb"] - exported["idle_mb"], "export, growth")


def make_workbook(rows: int) -> bytes:
    """As a person would fill the template in: 20 columns, every value well-formed."""
    from openpyxl import load_workbook

    from accounts.models import User
    from bench.data import _instruments
    from catalogue.exchange.sheets import SubjectSheet
    from catalogue.exchange.subjects import INSTRUMENT
    from catalogue.exchange.workbook import write_template
    from institutions.models import Provider

    provider = Provider.objects.select_related("account").order_by("pk")[0]
    assert isinstance(provider.account, User)
    layout = SubjectSheet(INSTRUMENT, provider)
    columns = [layout.by_key[key] for key in COLUMNS]
    layout.columns = columns
    template = io.BytesIO()
    write_template(template, layout)
    book = load_workbook(template)
    sheet = book[INSTRUMENT.title]
    from random import Random

    from catalogue.models import Instrument

    for fields in _instruments(Random(20), rows, [provider]):
        record = Instrument(**{name: value for name, value in fields.items() if name != "status"})
        record.internal_number = f"IM{record.internal_number}"  # none that the catalogue has
        sheet.append(["", *(_as_typed(column.export(record)) for column in columns)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _as_typed(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def run_import(path: str) -> dict[str, float]:
    """Upload, check, confirm, import; then the same file again."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from catalogue.exchange.importing import import_workbook
    from catalogue.exchange.subjects import INSTRUMENT
    from catalogue.jobs.services import confirm_job
    from institutions.models import Provider

    provider = Provider.objects.select_related("account").order_by("pk")[0]
    content = Path(path).read_bytes()
    idle = peak_mb()

    def check() -> Any:
        upload = SimpleUploadedFile("import.xlsx", content)
        job = import_workbook(upload=upload, subject=INSTRUMENT, provider=provider, actor=provider.account)
        job.refresh_from_db()
        assert job.state == "ready", job.error
        return job

    def confirm(job: Any) -> Any:
        job = confirm_job(job=job, actor=provider.account, options={"rows": "", "withdraw": False})
        job.refresh_from_db()
        assert job.state == "done", job.error
        return job

    check_seconds, job = timed(check)
    seconds, job = timed(lambda: confirm(job))
    peak = peak_mb()
    again = check()
    again_seconds, unchanged = timed(lambda: confirm(again))
    assert unchanged.unchanged_count == job.created_count
    return {
        "created": job.created_count,
        "check_seconds": check_seconds,
        "seconds": seconds,
        "again_seconds": again_seconds,
        "idle_mb": idle,
        "peak_mb": peak,
    }


def run_bulk_create(path: str) -> dict[str, float]:
    """The same rows, read beforehand, for another provider."""
    from django.db import transaction

    from catalogue.exchange.importing import BATCH
    from catalogue.models import Instrument
    from institutions.models import Provider

    first, second = Provider.objects.order_by("pk")[:2]
    rows = list(Instrument.objects.filter(provider=first).order_by("pk"))
    for row in rows:
        row.pk, row.provider = None, second
        row._state.adding = True

    def create() -> None:
        for start in range(0, len(rows), BATCH):
            with transaction.atomic():
                Instrument.objects.bulk_create(rows[start : start + BATCH])

    seconds, _nothing = timed(create)
    return {"seconds": seconds}


def run_export(_path: str) -> dict[str, float]:
    """All that was imported as a workbook again, as 导出 answers with it, to the last byte sent."""
    from django.db.models import QuerySet

    from catalogue.exchange.exporting import export_sheet
    from catalogue.exchange.sheets import SubjectSheet
    from catalogue.exchange.subjects import INSTRUMENT
    from catalogue.models import Instrument
    from files.spreadsheets import spreadsheet_response
    from institutions.models import Provider

    provider = Provider.objects.select_related("account").order_by("pk")[0]
    records: QuerySet[Any] = Instrument.objects.filter(provider=provider).order_by("-updated_at", "-pk")
    idle = peak_mb()

    def send() -> None:
        sheet = export_sheet(SubjectSheet(INSTRUMENT, provider), records)
        response = spreadsheet_response(name="export", sheets=[sheet])
        for _piece in response:
            pass
        response.close()

    seconds, _nothing = timed(send)
    return {"rows": records.count(), "seconds": seconds, "idle_mb": idle, "peak_mb": peak_mb()}


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    gc.collect()
    started = time.perf_counter()
    result = call()
    return time.perf_counter() - started, result


def peak_mb() -> float:
    """The most memory this process has had, in MB. The kernel's own figure: that of getrusage begins at the parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def apart(call: Callable[[str], dict[str, float]], argument: str) -> dict[str, float]:
    """Run it in a fresh process on the same database."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_in_child, args=(call.__name__, argument, sender))
    process.start()
    sender.close()
    answer: str = receiver.recv()
    process.join()
    return dict(json.loads(answer))


def _in_child(name: str, argument: str, sender: Any) -> None:
    import django

    django.setup()
    sender.send(json.dumps(globals()[name](argument)))
    sender.close()


if __name__ == "__main__":
    main()
