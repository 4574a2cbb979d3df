"""The public lists as workbooks: what the pages show, as filtered, and never a telephone number to a visitor."""

import datetime
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from catalogue.models import AttributeDefinition
from catalogue.views import exports
from tests.conftest import signed_in
from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    QualificationFactory,
    TestingServiceFactory,
    UserFactory,
)
from workflow import services

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


def downloaded(client, address: str) -> list[dict[str, object]]:
    response = client.get(address)
    assert response.status_code == 200
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def names(rows: list[dict[str, object]], heading: str = "仪器名称") -> list[object]:
    return [row[heading] for row in rows]


def test_an_instrument_as_a_visitor_reads_it(client):
    provider = ProviderFactory(approved=True, name="秦岭测试中心")
    instrument = InstrumentFactory(
        provider=provider, approved=True, contact_email="a@example.com", user_notice="请提前预约"
    )

    [row] = downloaded(client, "/catalogue/instruments/export/")

    assert row == {
        "仪器名称": "气相色谱质谱联用仪",
        "英文名称": "Gas Chromatograph Mass Spectrometer (GC-MS)",
        "仪器分类": "分析仪器/质谱仪器",
        "规格型号": "7890B-5977A",
        "生产厂商": "安捷伦",
        "产地（国别）": "美国",
        "启用日期": datetime.datetime(2019, 5, 20),  # noqa: DTZ001 - a cell has no zone
        "主要技术指标": "质量范围 1.6–1050 amu",
        "主要功能及应用范围": "挥发性有机物的定性与定量分析",
        "样品要求": "液体样品不少于 2 mL",
        "服务内容": "有机物成分分析",
        "参考价格（元）": 300,
        "计价单位": "样品",
        "收费标准": "定性 300 元/样；定量 500 元/样",
        "服务时间": "工作日 8:30–17:30",
        "用户须知": "请提前预约",
        "可使用创新券": "是",
        "所在城市": "西安市",
        "安放区县": "雁塔区",
        "安放地址": "科技路 1 号 3 号楼 201",
        "接券机构": "秦岭测试中心",
        "仪器负责人": "孙丽",
        "负责人电话": "138****1234",
        "负责人邮箱": None,
        "网页": f"http://127.0.0.1:8000/catalogue/instruments/{instrument.pk}/",
    }


def test_contacts_in_full_are_for_those_who_see_them_on_the_pages_unasked():
    """A consumer asks for each by itself; a workbook would be all of them at once."""
    instrument = InstrumentFactory(approved=True, contact_email="a@example.com")
    other = ProviderFactory(approved=True).account
    seen = {}

    for role, user in (
        ("consumer", UserFactory(consumer=True)),
        ("owner", instrument.provider.account),
        ("other provider", other),
    ):
        [row] = downloaded(signed_in(user), "/catalogue/instruments/export/")
        seen[role] = (row["负责人电话"], row["负责人邮箱"])

    assert seen == {
        "consumer": ("138****1234", None),
        "owner": ("13800001234", "a@example.com"),
        "other provider": ("138****1234", None),
    }


def test_only_what_is_public_is_exported(client):
    InstrumentFactory(approved=True, name="质谱仪")
    InstrumentFactory(name="草稿")
    InstrumentFactory(pending=True, name="待审核")
    InstrumentFactory(withdrawn=True, name="撤回")
    hidden = InstrumentFactory(approved=True, name="机构已撤回")
    services.withdraw(record=hidden.provider, actor=hidden.provider.account)

    assert names(downloaded(client, "/catalogue/instruments/export/")) == ["质谱仪"]


def test_the_export_is_filtered_and_ordered_as_the_list(client):
    InstrumentFactory(approved=True, name="气相色谱仪", price_amount=500)
    InstrumentFactory(approved=True, name="液相色谱仪", price_amount=200)
    InstrumentFactory(approved=True, name="金相显微镜")

    rows = downloaded(client, "/catalogue/instruments/export/?q=色谱&sort=price&page=7&price_max=junk")

    assert names(rows) == ["液相色谱仪", "气相色谱仪"]


def test_testing_services_laboratory_services_and_capabilities(client):
    provider = ProviderFactory(approved=True, name="秦岭测试中心")
    qualification = QualificationFactory(provider=provider, approved=True, valid_to=datetime.date(2031, 5, 1))
    TestingServiceFactory(provider=provider, approved=True)
    LabServiceFactory(provider=provider, approved=True)
    CapabilityFactory(provider=provider, approved=True, qualification=qualification)

    [testing] = downloaded(client, "/catalogue/testing/export/")
    [lab] = downloaded(client, "/catalogue/labs/export/")
    [capability] = downloaded(client, "/catalogue/capabilities/export/")

    assert (testing["服务名称"], testing["价格（元）"], testing["联系人电话"]) == (
        "金属材料力学性能检测",
        200,
        "029-****5678",
    )
    assert (lab["服务名称"], lab["计价方式"], lab["价格（元）"]) == ("新型合金热处理工艺开发", "面议", None)
    assert capability["标准编号"] == "GB/T 228.1-2021"
    assert capability["依据的资质"] == "CMA 检验检测机构资质认定，有效期至 2031-05-01"
    assert "单位内部编号" not in {*testing, *lab, *capability}


def test_a_qualification_that_is_not_public_is_not_named(client):
    provider = ProviderFactory(approved=True)
    CapabilityFactory(provider=provider, approved=True, qualification=QualificationFactory(provider=provider))

    [row] = downloaded(client, "/catalogue/capabilities/export/")

    assert row["依据的资质"] is None


def test_providers_with_what_they_have_in_public(client):
    provider = ProviderFactory(approved=True, name="秦岭测试中心")
    InstrumentFactory.create_batch(2, provider=provider, approved=True)
    TestingServiceFactory(provider=provider, approved=True)
    ProviderFactory(name="未公开")

    [row] = downloaded(client, "/catalogue/providers/export/?city=6101")

    assert (row["检测机构名称"], row["共享仪器（台套）"], row["检测服务（项）"], row["实验服务（项）"]) == (
        "秦岭测试中心",
        2,
        1,
        0,
    )
    assert (row["联系电话"], row["联系邮箱"]) == ("029-****1234", None)
    assert "统一社会信用代码" not in row


def test_public_attributes_have_columns_where_they_hold(client):
    resolution = AttributeDefinition.objects.create(
        instrument_class_id="010100", name="分辨率", unit="nm", kind="number"
    )
    secret = AttributeDefinition.objects.create(
        instrument_class_id="010100", name="内部系数", kind="number", is_public=False
    )
    retired = AttributeDefinition.objects.create(
        instrument_class_id="010100", name="旧参数", kind="text", retired_at=timezone.now()
    )
    AttributeDefinition.objects.create(instrument_class_id="030000", name="量程", kind="range")
    values = {resolution.key: "0.8", secret.key: "3", retired.key: "旧"}
    InstrumentFactory(approved=True, name="电镜", instrument_class_id="010100", attributes=values)
    InstrumentFactory(approved=True, name="质谱仪", attributes=values)  # it has left that class

    rows = {row["仪器名称"]: row for row in downloaded(client, "/catalogue/instruments/export/")}

    assert rows["电镜"]["分辨率（nm）"] == 0.8
    assert rows["质谱仪"]["分辨率（nm）"] is None
    assert {"内部系数", "旧参数", "量程"}.isdisjoint(rows["电镜"])


def test_a_name_that_looks_like_a_formula_stays_text(client):
    InstrumentFactory(approved=True, name='=HYPERLINK("http://evil.example")')

    response = client.get("/catalogue/instruments/export/")
    cell = load_workbook(BytesIO(b"".join(response.streaming_content))).active["A2"]

    assert (cell.value, cell.data_type) == ('=HYPERLINK("http://evil.example")', "s")


def test_the_file_has_a_chinese_name_and_is_not_for_robots(client):
    response = client.get("/catalogue/testing/export/")

    assert unquote(response["Content-Disposition"]).endswith(f"检测服务-{timezone.localdate():%Y%m%d}.xlsx")
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_unknown_lists_are_not_found(client):
    assert client.get("/catalogue/qualifications/export/").status_code == 404


def test_an_impatient_visitor_has_to_wait(client, monkeypatch):
    monkeypatch.setitem(exports.RATES, "visitor", "2/10m/ip")

    answers = [client.get("/catalogue/instruments/export/") for _attempt in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "导出太频繁，请稍后再试" in answers[2].content.decode()
    # an account has a count of its own
    assert signed_in(UserFactory()).get("/catalogue/instruments/export/").status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_rows(client, django_assert_max_num_queries):
    InstrumentFactory.create_batch(6, approved=True)

    with django_assert_max_num_queries(8):
        rows = downloaded(client, "/catalogue/instruments/export/")

    assert len(rows) == 6


@pytest.mark.parametrize("kind", ["instruments", "testing", "labs", "capabilities", "providers"])
def test_an_empty_list_offers_no_export(client, kind):
    TestingServiceFactory(approved=True)
    provider = LabServiceFactory(approved=True).provider
    for factory in (InstrumentFactory, CapabilityFactory):
        factory(approved=True, provider=provider)
    export = f'href="/catalogue/{kind}/export/'
    assert export in client.get(f"/catalogue/{kind}/").content.decode()
    assert export not in client.get(f"/catalogue/{kind}/?q=没有这样的").content.decode()
