"""导出 in the application centre: the list as filtered, fit to be edited and imported again."""

import datetime
from decimal import Decimal
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from catalogue.exchange.importing import import_workbook
from catalogue.exchange.sheets import SubjectSheet
from catalogue.exchange.subjects import SUBJECTS
from catalogue.models import AttributeDefinition, Instrument, Job, JobState
from tests.conftest import signed_in
from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    QualificationFactory,
    TestingServiceFactory,
    reviewer,
)
from workflow import services
from workflow.differences import plain_values

pytestmark = pytest.mark.django_db
EXTRA = ["状态", "退回原因", "更新时间"]


@pytest.fixture
def provider():
    return ProviderFactory(approved=True)


def exported(provider, subject: str = "instruments", query: str = "") -> bytes:
    response = signed_in(provider.account).get(reverse("batches:export", args=[subject]) + query)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def rows(content: bytes) -> list[dict[str, object]]:
    headings, *found = load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in found]


def numbers(content: bytes) -> set[object]:
    return {row["单位内部编号"] for row in rows(content)}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_columns_are_those_of_the_template(subject, provider):
    sheet = load_workbook(BytesIO(exported(provider, subject))).active

    headings = [cell.value for cell in sheet[1]]
    layout = SubjectSheet(SUBJECTS[subject], provider)
    assert headings == [*(column.title for column in layout.columns), *EXTRA]
    assert sheet.title == layout.subject.title


def test_an_instrument_with_its_state_and_the_reasons_it_came_back(provider):
    returned = InstrumentFactory(provider=provider, internal_number="0012", pending=True)
    services.return_for_changes(
        record=returned, actor=reviewer(), reason="照片不清晰。", notes={"model": "与铭牌不符"}
    )

    [row] = rows(exported(provider))

    assert row["单位内部编号"] == "0012"
    assert row["仪器分类"] == "010200 质谱仪器"
    assert row["原值（元）"] == 860000
    assert row["启用日期"] == datetime.datetime(2019, 5, 20)  # noqa: DTZ001 - a cell has no zone
    assert (row["安放城市"], row["可使用创新券"], row["负责人电话"]) == ("西安市", "是", "13800001234")
    assert (row["状态"], row["退回原因"]) == ("已退回", "照片不清晰。\n规格型号：与铭牌不符")
    assert row["更新时间"].date() == timezone.localdate()


def test_the_list_is_exported_as_filtered(provider):
    InstrumentFactory(provider=provider, internal_number="A", name="色谱仪")
    InstrumentFactory(provider=provider, internal_number="B", name="显微镜")
    InstrumentFactory(provider=provider, internal_number="C", name="色谱仪", pending=True)
    InstrumentFactory(internal_number="D", name="色谱仪")

    assert numbers(exported(provider)) == {"A", "B", "C"}
    assert numbers(exported(provider, query="?q=色谱")) == {"A", "C"}
    assert numbers(exported(provider, query="?q=色谱&status=draft&page=3")) == {"A"}
    assert numbers(exported(provider, query="?status=junk")) == {"A", "B", "C"}


def test_attributes_are_exported_where_they_hold(provider):
    resolution = AttributeDefinition.objects.create(
        instrument_class_id="010100", name="分辨率", unit="nm", kind="number"
    )
    AttributeDefinition.objects.create(instrument_class_id="030000", name="量程", kind="range")
    values = {resolution.key: "0.8"}
    InstrumentFactory(provider=provider, internal_number="A", instrument_class_id="010100", attributes=values)
    InstrumentFactory(provider=provider, internal_number="B", attributes=values)  # it has left that class

    found = {row["单位内部编号"]: row for row in rows(exported(provider))}

    assert found["A"]["分辨率（nm）"] == "0.8"
    assert found["B"]["分辨率（nm）"] is None
    assert "量程" not in found["A"]


def make(subject: str, provider):
    """A record of the kind with something in every sort of field."""
    if subject == "instruments":
        definition = AttributeDefinition.objects.create(
            instrument_class_id="010200", name="质量范围", unit="amu", kind="range"
        )
        return InstrumentFactory(
            provider=provider,
            internal_number="=1+1",
            specifications="第一行\n第二行",
            original_value_amount=Decimal("1234.56"),
            run_hours=12,
            condition="normal",
            accepts_vouchers=False,
            attributes={definition.key: ["2", "1000"]},
        )
    if subject == "qualifications":
        return QualificationFactory(provider=provider)
    if subject == "capabilities":
        qualification = QualificationFactory(provider=provider)
        return CapabilityFactory(provider=provider, qualification=qualification)
    factory = {"testing": TestingServiceFactory, "labs": LabServiceFactory}[subject]
    used = InstrumentFactory.create_batch(2, provider=provider)
    return factory(
        provider=provider, instruments=used, price_kind="range", price_amount="1", price_max_amount="9.50"
    )


@pytest.mark.parametrize("subject", SUBJECTS)
def test_an_export_imported_again_changes_nothing(subject, provider, django_capture_on_commit_callbacks):
    record = make(subject, provider)
    before = plain_values(type(record).objects.get(pk=record.pk))
    upload = SimpleUploadedFile("导出.xlsx", exported(provider, subject))

    with django_capture_on_commit_callbacks(execute=True):
        import_workbook(upload=upload, subject=SUBJECTS[subject], provider=provider, actor=provider.account)

    job = Job.objects.get()
    assert (job.state, job.error) == (JobState.READY, "")
    assert (job.unchanged_count, job.updated_count, job.created_count, job.refused_count) == (1, 0, 0, 0)
    assert plain_values(type(record).objects.get(pk=record.pk)) == before


def test_what_looks_like_a_formula_is_text(provider):
    InstrumentFactory(provider=provider, internal_number="@SUM(A1)", name="=1+1")

    sheet = load_workbook(BytesIO(exported(provider))).active

    assert [(cell.value, cell.data_type, cell.number_format) for cell in sheet[2][:2]] == [
        ("@SUM(A1)", "s", "@"),
        ("=1+1", "s", "@"),
    ]


def test_the_file_is_named_after_the_records_and_the_day(provider):
    response = signed_in(provider.account).get(reverse("batches:export", args=["labs"]))

    assert unquote(response["Content-Disposition"]).endswith(f"实验服务-{timezone.localdate():%Y%m%d}.xlsx")


def test_an_unknown_kind_is_not_found(provider):
    assert signed_in(provider.account).get("/centre/batches/nothing/export/").status_code == 404


def test_an_account_without_an_institution_is_told_to_fill_it_in(provider_client):
    response = provider_client.get(reverse("batches:export", args=["labs"]), follow=True)

    assert "请先填写并保存机构信息。" in response.content.decode()


@pytest.mark.parametrize(("subject", "most"), [("instruments", 9), ("testing", 11), ("capabilities", 10)])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    subject, most, provider, django_assert_max_num_queries
):
    AttributeDefinition.objects.create(instrument_class_id="010200", name="分辨率", kind="number")
    AttributeDefinition.objects.create(testing_field_id="010100", name="温度", kind="number")
    factory = {
        "instruments": InstrumentFactory,
        "testing": TestingServiceFactory,
        "capabilities": CapabilityFactory,
    }[subject]
    used = [InstrumentFactory(provider=provider)] if subject == "testing" else None
    for _number in range(6):
        factory(provider=provider, **({"instruments": used} if used else {}))

    client = signed_in(provider.account)
    with django_assert_max_num_queries(most):
        client.get(reverse("batches:export", args=[subject]))

    assert Instrument.objects.count() in {0, 1, 6}
