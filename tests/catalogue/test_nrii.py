"""国家平台导出: the platform's fields and words, and what it would not take."""

from decimal import Decimal
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from catalogue.models import Instrument, InstrumentClass
from tests.conftest import signed_in
from tests.factories import InstrumentFactory, ProviderFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/centre/batches/instruments/nrii/download/"
MARK = "00FDE3E1"


def complete(**fields) -> Instrument:
    """An instrument that the platform would take as it is."""
    InstrumentClass.objects.get_or_create(
        code="010201", defaults={"name": "四极杆质谱仪", "parent_id": "010200"}
    )
    values = {
        "instrument_class_id": "010201",
        "equipment_kind": "general",
        "condition": "normal",
        "sharing": "external",
        "run_hours": 1200,
        "served_hours": 400,
        "disciplines": "150,43050",
        "funding_source": "财政资金",
        "user_notice": "请提前 3 天预约。",
        "contact_email": "sun@example.com",
        **fields,
    }
    return InstrumentFactory(**values)


def downloaded(provider, query: str = "?status="):
    response = signed_in(provider.account).get(ADDRESS + query)
    assert response.status_code == 200
    return load_workbook(BytesIO(b"".join(response.streaming_content)))


def rows_of(sheet) -> list[dict[str, object]]:
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def problems(provider) -> list[tuple[object, object]]:
    return [(row["字段"], row["问题"]) for row in rows_of(downloaded(provider)["需要补充或修改"])]


def test_an_instrument_in_the_words_of_the_platform():
    instrument = complete(original_value_amount=Decimal("863450.00"))

    book = downloaded(instrument.provider)

    assert book.sheetnames == ["仪器", "需要补充或修改"]
    [row] = rows_of(book["仪器"])
    assert row | {"启用日期": None} == {
        "仪器设备名称": "气相色谱质谱联用仪",
        "英文名称": "Gas Chromatograph Mass Spectrometer (GC-MS)",
        "单位内部编号": instrument.internal_number,
        "仪器分类编码": "010201",
        "仪器分类名称": "分析仪器/质谱仪器/四极杆质谱仪",
        "规格型号": "7890B-5977A",
        "生产厂商": "安捷伦",
        "产地国别": "美国",
        "仪器设备来源": "购置",
        "原值（万元）": 86.35,
        "启用日期": None,
        "设备类别": "通用",
        "运行状态": "正常",
        "共享模式": "外部共享",
        "安放地址（省）": "陕西省",
        "安放地址（市）": "西安市",
        "安放地址（区县）": "雁塔区",
        "安放地址（详细）": "科技路 1 号 3 号楼 201",
        "主要技术指标": "质量范围 1.6–1050 amu",
        "主要功能及应用范围": "挥发性有机物的定性与定量分析",
        "服务内容": "有机物成分分析",
        "用户须知及开放制度": "请提前 3 天预约。\n服务时间：工作日 8:30–17:30",
        "参考收费标准": "参考价 300 元/样品\n定性 300 元/样；定量 500 元/样",
        "年运行机时（小时）": 1200,
        "年服务机时（小时）": 400,
        "主要学科领域": "150,43050",
        "主要购置经费来源": "财政资金",
        "联系人": "孙丽",
        "联系电话": "13800001234",
        "电子邮箱": "sun@example.com",
    }
    assert str(row["启用日期"]) == "2019-05-20 00:00:00"
    assert rows_of(book["需要补充或修改"]) == []


@pytest.mark.parametrize(
    ("yuan", "ten_thousands"), [("50000.00", 5), ("50049.99", 5), ("50050.00", 5.01), ("1000000.00", 100)]
)
def test_yuan_become_ten_thousands_with_two_decimals(yuan, ten_thousands):
    instrument = complete(original_value_amount=Decimal(yuan))

    cell = downloaded(instrument.provider)["仪器"]["J2"]

    assert (cell.value, cell.number_format) == (ten_thousands, "#,##0.00")


def test_what_the_platform_requires_and_is_missing_is_listed_and_coloured():
    provider = ProviderFactory(approved=True)
    instrument = complete(provider=provider, name_en="", sharing="", run_hours=None, contact_email="")

    book = downloaded(provider)

    listed = rows_of(book["需要补充或修改"])
    assert [(row["字段"], row["问题"]) for row in listed] == [
        ("英文名称", "国家平台必填，请填写“英文名称”。"),
        ("共享模式", "国家平台必填，请填写“共享模式”。"),
        ("年运行机时（小时）", "国家平台必填，请填写“年运行机时（小时）”。"),
        ("电子邮箱", "国家平台必填，请填写“电子邮箱”。"),
    ]
    assert {(row["内部编号"], row["仪器名称"], row["状态"]) for row in listed} == {
        (instrument.internal_number, "气相色谱质谱联用仪", "未提交")
    }
    assert listed[0]["填写页面"] == f"http://127.0.0.1:8000/centre/instruments/{instrument.pk}/"
    cells = book["仪器"][2]
    assert [cell.column_letter for cell in cells if cell.fill.fgColor.rgb == MARK] == ["B", "N", "X", "AD"]


def test_no_hours_at_all_are_an_answer():
    instrument = complete(run_hours=0, served_hours=0)

    assert problems(instrument.provider) == []


def test_a_text_beyond_the_limit_of_the_platform_is_kept_whole_and_listed():
    instrument = complete(functions="用" * 420, service_content="测" * 200)

    book = downloaded(instrument.provider)

    assert rows_of(book["仪器"])[0]["主要功能及应用范围"] == "用" * 420
    assert problems(instrument.provider) == [
        (
            "主要功能及应用范围",
            "“主要功能及应用范围”有 420 个字，国家平台最多 300 个，请删减 120 个字。",
        )
    ]


def test_a_class_of_the_second_level_is_too_coarse():
    instrument = complete(instrument_class_id="010200")

    assert problems(instrument.provider) == [
        (
            "仪器分类编码",
            "分类“质谱仪器”不是第三级，国家平台要求第三级分类代码，请重新选择仪器分类。",
        )
    ]


@pytest.mark.parametrize("code", ["019900", "990000"])
def test_other_instruments_are_not_divided_further(code):
    InstrumentClass.objects.get_or_create(
        code=code, defaults={"name": "其他", "parent_id": f"{code[:2]}0000"}
    )

    assert problems(complete(instrument_class_id=code).provider) == []


def test_an_empty_draft_is_exported_with_everything_it_lacks():
    provider = ProviderFactory(approved=True)
    Instrument.objects.create(provider=provider, name="质谱仪")

    book = downloaded(provider)

    assert rows_of(book["仪器"])[0]["仪器设备名称"] == "质谱仪"
    assert len(rows_of(book["需要补充或修改"])) == 27


def test_approved_instruments_unless_another_state_is_chosen():
    provider = ProviderFactory(approved=True)
    complete(provider=provider, approved=True, name="已通过", internal_number="B")
    complete(provider=provider, name="未提交", internal_number="A")
    complete(name="别人的")

    def exported(query: str) -> list[object]:
        return [row["仪器设备名称"] for row in rows_of(downloaded(provider, query)["仪器"])]

    assert exported("") == ["已通过"]
    assert exported("?status=draft") == ["未提交"]
    assert exported("?status=returned") == []
    assert exported("?status=") == ["未提交", "已通过"]


def test_the_page_offers_the_states_with_their_counts():
    provider = ProviderFactory(approved=True)
    InstrumentFactory.create_batch(2, provider=provider, approved=True)
    InstrumentFactory(provider=provider)

    response = signed_in(provider.account).get("/centre/batches/instruments/nrii/")

    shown = [(choice["label"], choice["count"]) for choice in response.context["choices"]]
    assert shown == [("已通过", 2), ("待审核", 0), ("未提交", 1), ("已退回", 0), ("全部", 3)]


def test_the_file_is_named_for_the_platform():
    provider = ProviderFactory(approved=True)

    response = signed_in(provider.account).get(ADDRESS)

    assert unquote(response["Content-Disposition"]).endswith(
        f"国家平台仪器-{timezone.localdate():%Y%m%d}.xlsx"
    )


def test_the_number_of_queries_does_not_grow_with_the_rows(django_assert_max_num_queries):
    provider = ProviderFactory(approved=True)
    for _number in range(5):
        complete(provider=provider)
    client = signed_in(provider.account)

    with django_assert_max_num_queries(5):
        client.get(f"{ADDRESS}?status=")
