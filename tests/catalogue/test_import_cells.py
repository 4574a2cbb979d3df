"""What people write in a cell, and what it is taken for."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from catalogue.exchange.cells import day_of, text_of
from catalogue.exchange.choosing import RowChoice
from catalogue.exchange.nodes import NodeBook
from catalogue.exchange.sheets import SubjectSheet
from catalogue.exchange.subjects import SUBJECTS
from catalogue.models import AttributeDefinition, InstrumentClass
from tests.factories import InstrumentFactory, ProviderFactory, QualificationFactory


@pytest.fixture
def classes(db: None) -> NodeBook:
    InstrumentClass.objects.create(code="010201", name="四极杆质谱仪", parent_id="010200")
    return NodeBook(InstrumentClass.objects.order_by("code"))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("010200", "010200"),
        ("０１０２００", "010200"),
        (10200, "010200"),  # Excel dropped the zero
        (10200.0, "010200"),
        ("10200", "010200"),
        ("010200 质谱仪器", "010200"),
        ("010200-质谱仪器", "010200"),
        ("质谱仪器", "010200"),
        (" 质谱 仪器 ", "010200"),
        ("分析仪器 / 质谱仪器", "010200"),
        ("分析仪器>质谱仪器", "010200"),
        ("大气探测仪器 / 高层大气/电离层探测器", "070600"),
        ("高层大气/电离层探测器", "070600"),
        ("质谱仪器/四极杆质谱仪", "010201"),
        ("010201", "010201"),
    ],
)
def test_class_is_understood(classes: NodeBook, written: Any, code: str) -> None:
    assert classes.find(written).code == code


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("019900 质谱仪器", "代码 019900 是“其他”，与单元格里的名称“质谱仪器”不一致，请核对。"),
        ("990101", "分类代码“990101”不存在，请核对“代码表”。"),
        ("010000", "“分析仪器”是大类，请选择它的下级，如“010100 电子光学仪器”。"),
        (
            "色谱",
            "没有“色谱”这个分类。是不是“010500 色谱仪器”？请从下拉列表中选择，或按“代码表”填写代码或名称。",
        ),
        ("没有的", "没有“没有的”这个分类。请从下拉列表中选择，或按“代码表”填写代码或名称。"),
    ],
)
def test_class_that_is_none_is_refused(classes: NodeBook, written: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        classes.find(written)
    assert caught.value.messages == [sentence]


def test_a_name_of_several_classes_names_their_codes(classes: NodeBook) -> None:
    with pytest.raises(ValidationError, match="个分类都叫“其他”，请改填代码：019900（分析仪器 / 其他）"):
        classes.find("其他")


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        (datetime.date(2019, 5, 20), datetime.date(2019, 5, 20)),
        (datetime.datetime(2019, 5, 20, 8, 30), datetime.date(2019, 5, 20)),  # noqa: DTZ001 - as Excel has it
        (43605.0, datetime.date(2019, 5, 20)),  # the cell has lost its format
        ("2019年5月20日", "2019年5月20日"),
        (20190520.0, "20190520"),
    ],
)
def test_day_is_understood(raw: Any, day: Any) -> None:
    assert day_of(raw) == day


@pytest.mark.parametrize("raw", [5.0, 2019.0, -3, datetime.time(8, 30)])
def test_number_of_1900_and_time_are_no_day(raw: Any) -> None:
    with pytest.raises(ValidationError, match="请填写"):
        day_of(raw)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (13800001234.0, "13800001234"),
        (7890.5, "7890.5"),
        (1e-7, "0.0000001"),
        (True, "TRUE"),
        (" 7890B\n5977A ", "7890B 5977A"),
    ],
)
def test_text_is_read_from_whatever_excel_made_of_it(raw: Any, text: str) -> None:
    assert text_of(raw) == text


@pytest.mark.parametrize("raw", [2427e12, float("inf"), datetime.date(2024, 1, 2), datetime.timedelta(1)])
def test_text_that_excel_has_lost_is_refused(raw: Any) -> None:
    with pytest.raises(ValidationError):
        text_of(raw)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("", [1, 20000], []),
        ("2-4，305", [2, 4, 305], [1, 5, 304]),
        ("第 10 行 至 第 12 行", [10, 12], [9, 13]),
        ("２～３；７", [2, 3, 7], [4]),
    ],
)
def test_rows_are_chosen(text: str, inside: list[int], outside: list[int]) -> None:
    choice = RowChoice.parse(text)
    assert all(row in choice for row in inside)
    assert not any(row in choice for row in outside)


@pytest.mark.parametrize("text", ["一到二", "9-2", "1-2-3", "99999999", "1," * 500])
def test_rows_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        RowChoice.parse(text)


@pytest.mark.django_db
@pytest.mark.parametrize("slug", list(SUBJECTS))
def test_every_example_of_the_template_is_well_formed(slug: str) -> None:
    layout = SubjectSheet(SUBJECTS[slug], ProviderFactory())
    for column in layout.columns:
        if column.example != "":
            column.parse(column.example)
    assert next(column.key for column in layout.columns if column.is_needed) == "internal_number"


@pytest.mark.django_db
def test_a_cell_names_only_what_is_the_provider_s_own() -> None:
    own, foreign = QualificationFactory(certificate_number="CMA-1"), QualificationFactory()
    column = SubjectSheet(SUBJECTS["capabilities"], own.provider).by_key["qualification"]
    assert column.parse("cma-1") == column.parse(own.internal_number) == own.pk
    with pytest.raises(ValidationError, match="本单位没有编号为"):
        column.parse(foreign.certificate_number)


@pytest.mark.django_db
def test_instruments_of_a_service_are_named_by_their_numbers() -> None:
    first = InstrumentFactory(internal_number="A,1")
    second = InstrumentFactory(provider=first.provider, internal_number="B2")
    foreign = InstrumentFactory(internal_number="C3")
    column = SubjectSheet(SUBJECTS["testing"], first.provider).by_key["instruments"]
    assert column.parse("A,1") == [first.pk]
    assert column.parse("Ｂ2、b2") == [second.pk]
    with pytest.raises(ValidationError, match="本单位没有内部编号为“C3”的仪器"):
        column.parse(f"B2，{foreign.internal_number}")


@pytest.mark.django_db
def test_attributes_of_one_name_are_told_apart_by_their_class() -> None:
    # given
    for code in ("010100", "010300"):
        AttributeDefinition.objects.create(instrument_class_id=code, name="分辨率", unit="nm", kind="number")
    AttributeDefinition.objects.create(instrument_class_id="010100", name="样品要求", kind="text")
    retired = AttributeDefinition.objects.create(instrument_class_id="010100", name="旧参数", kind="text")
    retired.retired_at = "2026-01-01T00:00:00Z"
    retired.save()
    # when
    columns = SubjectSheet(SUBJECTS["instruments"], ProviderFactory()).columns
    # then
    assert [column.title for column in columns if column.key.startswith("attribute-")] == [
        "电子光学仪器·分辨率（nm）",
        "电子光学仪器·样品要求",
        "X射线仪器·分辨率（nm）",
    ]
