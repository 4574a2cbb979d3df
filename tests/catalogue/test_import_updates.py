"""Importing again: updates, what stays, what is locked, and the workbook of refused rows."""

import io
from typing import Any

import pytest
from django.db import IntegrityError
from openpyxl import load_workbook

from catalogue.exchange.checking import Checker
from catalogue.exchange.importing import ImportWorker
from catalogue.jobs import progress, services
from catalogue.models import Instrument, JobState, TestingService
from catalogue.search import CatalogueSearch, SearchQuery
from institutions.models import Provider
from tests.catalogue.workbooks import (
    checked,
    confirmed,
    counts,
    faults,
    filled,
    imported,
    instrument_row,
    saved,
    title,
)
from tests.factories import InstrumentFactory, ProviderFactory, TestingServiceFactory
from workflow.models import AuditEntry
from workflow.statuses import Action, SubmissionStatus

pytestmark = pytest.mark.reviewed


@pytest.fixture
def provider(db: None) -> Provider:
    return ProviderFactory(approved=True)


def many(count: int) -> list[dict[str, Any]]:
    return [instrument_row(单位内部编号=f"YQ-{number:03d}") for number in range(1, count + 1)]


def test_the_same_file_again_changes_nothing(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    content = filled("instruments", provider, many(3))
    first = imported("instruments", provider, content, django_capture_on_commit_callbacks)
    entries = AuditEntry.objects.count()
    second = imported("instruments", provider, content, django_capture_on_commit_callbacks)
    assert (counts(first), counts(second)) == ((3, 0, 0, 0), (0, 0, 3, 0))
    assert Instrument.objects.count() == 3
    assert AuditEntry.objects.count() == entries


def test_a_changed_row_updates_and_blank_cells_leave_what_is_there(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    # given
    instrument = InstrumentFactory(provider=provider, internal_number="YQ-001", attributes={"9": "旧"})
    # when
    row = {"单位内部编号": "YQ-001", "仪器名称": "气质联用仪", "负责人电话": "029-88880000"}
    job = imported(
        "instruments", provider, filled("instruments", provider, [row]), django_capture_on_commit_callbacks
    )
    # then
    assert counts(job) == (0, 1, 0, 0)
    stored = Instrument.objects.get()
    assert (stored.name, stored.contact_phone) == ("气质联用仪", "029-88880000")
    assert (stored.model, stored.attributes) == ("7890B-5977A", {"9": "旧"})
    assert stored.version == instrument.version + 1
    assert stored.updated_at > instrument.updated_at
    assert stored.photos.count() == 1
    entry = AuditEntry.objects.of(stored)[0]
    assert (entry.action, entry.reason) == (Action.SAVE, f"导入 #{job.pk}")
    assert entry.changes == {
        "name": ["气相色谱质谱联用仪", "气质联用仪"],
        "contact_phone": ["13800001234", "029-88880000"],
    }


@pytest.mark.parametrize("state", ["pending", "approved"])
def test_record_under_review_or_approved_is_only_changed_when_withdrawn(
    provider: Provider, state: str, django_capture_on_commit_callbacks: Any
) -> None:
    # given
    capture = django_capture_on_commit_callbacks
    instrument = InstrumentFactory(provider=provider, internal_number="YQ-001", state=state)
    label = SubmissionStatus(state).label
    changed = filled("instruments", provider, [{"单位内部编号": "YQ-001", "仪器名称": "新名称"}])
    same = filled("instruments", provider, [{"单位内部编号": "YQ-001", "仪器名称": instrument.name}])
    # when it is the same / when it differs and nothing is said
    assert counts(imported("instruments", provider, same, capture)) == (0, 0, 1, 0)
    job = checked("instruments", provider, changed, capture)
    assert (counts(job), job.report["locked"]) == ((0, 1, 0, 0), 1)
    job = confirmed(job, capture)
    # then it is refused, and nothing has changed
    assert counts(job) == (0, 0, 0, 1)
    assert faults(job) == [
        (
            3,
            "",
            f"这条记录{label}，内容与表里不同。请先在页面上“撤回并修改信息”，或在确认导入时勾选“撤回后更新”。",
        )
    ]
    stored = Instrument.objects.get()
    assert (stored.name, stored.status, stored.version) == (instrument.name, state, instrument.version)
    # when it may be withdrawn
    job = imported("instruments", provider, changed, capture, withdraw=True)
    # then
    stored = Instrument.objects.get()
    assert counts(job) == (0, 1, 0, 0)
    assert (stored.name, stored.status, stored.live) == ("新名称", SubmissionStatus.DRAFT, False)
    assert stored.version == instrument.version + 2
    trail = AuditEntry.objects.of(stored).values_list("action", "reason")
    assert list(trail[:2]) == [(Action.SAVE, f"导入 #{job.pk}"), (Action.WITHDRAW, f"导入 #{job.pk}")]
    assert CatalogueSearch().search(SearchQuery(text="联用仪")).total == 0


def test_instruments_of_a_service_are_replaced_but_those_without_a_number(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    nameless = InstrumentFactory(provider=provider, internal_number="")
    old = InstrumentFactory(provider=provider, internal_number="A")
    new = InstrumentFactory(provider=provider, internal_number="B")
    service = TestingServiceFactory(provider=provider, internal_number="FW-1", instruments=[nameless, old])
    # when
    content = filled("testing", provider, [{"单位内部编号": "FW-1", "使用的仪器": "B"}])
    job = imported("testing", provider, content, django_capture_on_commit_callbacks)
    # then
    assert counts(job) == (0, 1, 0, 0)
    stored = TestingService.objects.get()
    assert sorted(one.pk for one in stored.instruments.all()) == sorted([nameless.pk, new.pk])
    entry = AuditEntry.objects.of(service)[0]
    assert entry.changes == {"instruments": [sorted([nameless.pk, old.pk]), sorted([nameless.pk, new.pk])]}
    # and the same again is none
    assert counts(imported("testing", provider, content, django_capture_on_commit_callbacks)) == (0, 0, 1, 0)


def test_only_chosen_rows_are_imported(provider: Provider, django_capture_on_commit_callbacks: Any) -> None:
    rows = many(6)
    rows[2]["仪器分类"] = "没有的"
    job = imported(
        "instruments",
        provider,
        filled("instruments", provider, rows),
        django_capture_on_commit_callbacks,
        rows="4-6",
    )
    assert counts(job) == (2, 0, 0, 1)
    numbers = Instrument.objects.order_by("pk").values_list("internal_number", flat=True)
    assert list(numbers) == ["YQ-002", "YQ-004"]


def test_refused_rows_come_back_and_can_be_imported_once_corrected(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    # given
    rows = many(5)
    rows[1]["仪器分类"] = "没有的"
    rows[3] |= {"原值（元）": "=1+1", "规格型号": "=HYPERLINK(1)", "样品要求": "'=不是公式"}
    content = filled("instruments", provider, rows)
    job = imported("instruments", provider, content, django_capture_on_commit_callbacks)
    assert counts(job) == (3, 0, 0, 2)
    # then the workbook has the two rows, with the reasons beside and on the cells
    file = job.refused_file
    assert file.owner == provider.account
    book = load_workbook(io.BytesIO(file.file.read()))
    sheet = book["仪器"]
    places = {title(cell.value): cell.column for cell in sheet[1]}
    assert sheet.max_row == 3
    assert sheet.cell(2, 1).value == (
        "仪器分类：没有“没有的”这个分类。请从下拉列表中选择，或按“代码表”填写代码或名称。"
    )
    faulty = sheet.cell(2, places["仪器分类"])
    assert (faulty.value, faulty.fill.fgColor.rgb) == ("没有的", "00FDE3E1")
    assert faulty.comment.text.startswith("没有“没有的”这个分类")
    assert sheet.cell(2, places["仪器名称"]).comment is None
    assert sheet.cell(3, places["样品要求"]).data_type == "s"
    assert sheet.cell(3, places["样品要求"]).value == "'=不是公式"
    assert len(sheet.data_validations.dataValidation) > 20
    # when it is corrected and imported
    faulty.value = "色谱仪器"
    sheet.cell(3, places["原值（元）"]).value = 5000
    sheet.cell(3, places["规格型号"]).value = "M2"
    again = imported("instruments", provider, saved(book), django_capture_on_commit_callbacks)
    assert counts(again) == (2, 0, 0, 0)
    assert again.refused_file is None
    assert Instrument.objects.count() == 5


def test_columns_may_be_left_out_and_are_named(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    def drop(sheet: Any) -> None:
        sheet.delete_cols(6)  # 规格型号

    row = instrument_row()
    del row["规格型号"]
    content = filled("instruments", provider, [row], edit=drop)
    job = imported("instruments", provider, content, django_capture_on_commit_callbacks)
    assert job.report["absent"] == ["规格型号"]
    stored = Instrument.objects.get()
    assert (stored.model, stored.manufacturer) == ("", "安捷伦")


def test_work_that_is_broken_off_goes_on_where_it_stopped(
    provider: Provider, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    # given a server that goes down in the third batch
    monkeypatch.setattr("catalogue.exchange.importing.BATCH", 4)
    job = checked(
        "instruments", provider, filled("instruments", provider, many(14)), django_capture_on_commit_callbacks
    )
    store, calls = ImportWorker._store, []

    def breaking(self: Any, verdicts: Any, outcome: Any) -> None:
        store(self, verdicts, outcome)
        calls.append(len(verdicts))
        if len(calls) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(ImportWorker, "_store", breaking)
    with pytest.raises(KeyboardInterrupt), django_capture_on_commit_callbacks(execute=True):
        services.confirm_job(job=job, actor=provider.account)
    job.refresh_from_db()
    # then the batches before are in, the broken one is not
    assert (job.state, job.position, job.created_count) == (JobState.RUNNING, 8, 8)
    assert Instrument.objects.count() == 8
    # when it is taken up again
    monkeypatch.setattr(ImportWorker, "_store", store)
    type(job).objects.filter(pk=job.pk).update(heartbeat_at="2026-01-01T00:00:00Z")
    with django_capture_on_commit_callbacks(execute=True):
        services.resume_job(job=job, actor=provider.account)
    job.refresh_from_db()
    # then
    assert (job.state, counts(job)) == (JobState.DONE, (14, 0, 0, 0))
    assert Instrument.objects.count() == 14
    assert AuditEntry.objects.filter(action=Action.CREATE, reason=f"导入 #{job.pk}").count() == 14


def test_error_of_ours_can_be_resumed(
    provider: Provider, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    job = checked(
        "instruments", provider, filled("instruments", provider, many(2)), django_capture_on_commit_callbacks
    )
    monkeypatch.setattr(ImportWorker, "_create", lambda self, verdicts: 1 / 0)
    job = confirmed(job, django_capture_on_commit_callbacks)
    assert (job.state, job.error) == (
        JobState.FAILED,
        "系统处理时出错，已处理的部分已经保存。请稍后点击“继续处理”；多次不成功请联系平台管理人员。",
    )
    monkeypatch.undo()
    with django_capture_on_commit_callbacks(execute=True):
        services.resume_job(job=job, actor=provider.account)
    job.refresh_from_db()
    assert (job.state, job.error, counts(job)) == (JobState.DONE, "", (2, 0, 0, 0))


def test_number_taken_by_a_page_meanwhile_makes_the_row_an_update(
    provider: Provider, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    # given a page that saves YQ-002 between the look and the insert
    job = checked(
        "instruments", provider, filled("instruments", provider, many(3)), django_capture_on_commit_callbacks
    )
    create, calls = ImportWorker._create, []

    def raced(self: Any, verdicts: Any) -> None:
        calls.append(len(verdicts))
        if len(calls) == 1:
            raise IntegrityError("instrument_internal_number")
        create(self, verdicts)

    judge = Checker.judge

    def judged(self: Any, rows: Any, **options: Any) -> Any:
        if calls and not Instrument.objects.exists():
            InstrumentFactory(provider=provider, internal_number="YQ-002", name="别的名称")
        return judge(self, rows, **options)

    monkeypatch.setattr(ImportWorker, "_create", raced)
    monkeypatch.setattr(Checker, "judge", judged)
    # when
    job = confirmed(job, django_capture_on_commit_callbacks)
    # then
    assert calls == [3, 2]
    assert counts(job) == (2, 1, 0, 0)
    assert Instrument.objects.get(internal_number="YQ-002").name == "气相色谱质谱联用仪"


def test_cancelled_job_stops_at_its_next_batch(
    provider: Provider, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr("catalogue.exchange.importing.BATCH", 2)
    job = checked(
        "instruments", provider, filled("instruments", provider, many(6)), django_capture_on_commit_callbacks
    )
    batch, seen = progress.batch, []

    def cancelling(job: Any) -> Any:
        seen.append(job.position)
        if len(seen) == 2:
            services.cancel_job(job=job, actor=provider.account)
        return batch(job)

    monkeypatch.setattr(progress, "batch", cancelling)
    job = confirmed(job, django_capture_on_commit_callbacks)
    assert (job.state, job.position, job.created_count) == (JobState.CANCELLED, 2, 2)
    assert Instrument.objects.count() == 2
