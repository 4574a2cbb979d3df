"""What is wrong with rows is said row by row, in the words of the file; the right ones become drafts."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from catalogue.models import (
    AttributeDefinition,
    Capability,
    Instrument,
    JobState,
    LabService,
    Qualification,
    TestingService,
)
from institutions.models import Provider
from tests.catalogue.workbooks import (
    as_excel_writes,
    checked,
    counts,
    faults,
    filled,
    imported,
    instrument_row,
)
from tests.factories import InstrumentFactory, ProviderFactory, QualificationFactory
from workflow.models import AuditEntry
from workflow.statuses import Action, SubmissionStatus


@pytest.fixture
def provider(db: None) -> Provider:
    return ProviderFactory()


def faults_of(provider: Provider, capture: Any, *rows: dict[str, Any], slug: str = "instruments") -> Any:
    """What the check says of these rows; nothing is imported by it."""
    job = checked(slug, provider, filled(slug, provider, rows), capture)
    assert job.state == JobState.READY, job.error
    assert not Instrument.objects.filter(provider=provider).exists()
    return faults(job)


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("单位内部编号", None, "请填写“单位内部编号”。系统按它识别记录，再次导入时更新而不重复新建。"),
        ("单位内部编号", "示例-001", "“示例-001”是模板示例的编号，请改为本单位的编号。"),
        ("单位内部编号", "号" * 41, "最多 40 个字，现在有 41 个，请删减。"),
        (
            "单位内部编号",
            datetime.date(2026, 1, 2),
            "Excel 把这个单元格变成了日期或时间。请把单元格格式改为“文本”，再重新填写原来的内容。",
        ),
        ("仪器名称", None, "新建时请填写“仪器名称”。"),
        ("仪器名称", "名" * 101, "最多 100 个字，现在有 101 个，请删减。"),
        (
            "仪器分类",
            "不存在的仪器",
            "没有“不存在的仪器”这个分类。请从下拉列表中选择，或按“代码表”填写代码或名称。",
        ),
        (
            "仪器分类",
            "=VLOOKUP(A1,B:C,2)",
            "单元格里是公式，但文件里没有计算结果。请复制后用“选择性粘贴—数值”替换公式。",
        ),
        ("规格型号", "#N/A", "单元格里是错误值（如 #N/A）。请填写正确的内容，或清空。"),
        (
            "规格型号",
            1234567890123456789,
            "Excel 把这串数字存成了数值，只保留前 15 位。请把单元格格式改为“文本”，再重新填写。",
        ),
        ("来源", "捡来的", "“捡来的”不在可选范围内，可填：购置、研制、赠送、其他。"),
        ("原值（元）", "八十万", "请填写数字金额，单位元，如 120000 或 120,000.00。"),
        ("原值（元）", -5, "原值应大于 0 元。"),
        ("原值（元）", 1.005, "金额最多保留两位小数（分）。"),
        ("启用日期", 5, "这里是数字 5，Excel 会把它当作 1900 年起的天数。请填写完整日期，如 2021-06-30。"),
        ("启用日期", datetime.date(1900, 1, 5), "启用日期早于 1950 年，请核对年份。"),
        ("启用日期", "2019-13-40", "日期格式不对，应如 2021-06-30。"),
        ("启用日期", datetime.date(2200, 1, 1), "启用日期不能晚于今天。"),
        (
            "安放城市",
            "北京市",
            "“北京市”不在可选范围内，可填：西安市、铜川市、宝鸡市、咸阳市、渭南市、延安市、汉中市、榆林市、安康市、商洛市。",
        ),
        ("安放区县", "海淀区", "没有“海淀区”这个区县，请先选城市，再从下拉列表中选择区县。"),
        ("安放区县", "渭滨区", "所选区县不属于安放城市，请重新选择。"),
        ("年运行机时（小时）", "很多", "请填写整数，如 5。"),
        ("年运行机时（小时）", 9000, "一年最多 8784 小时，请核对。"),
        ("可使用创新券", "也许", "“也许”不在可选范围内，可填：是、否。"),
        ("负责人电话", 2988881234, "请填写手机号码，或固定电话（如 029-88881234，分机用 -801）。"),
        ("负责人邮箱", "没有", "邮箱格式不对，应如 name@example.com。"),
    ],
)
def test_wrong_cell_is_named_with_its_cure(
    provider: Provider, column: str, value: Any, sentence: str, django_capture_on_commit_callbacks: Any
) -> None:
    row = instrument_row(**{column: value})
    assert faults_of(provider, django_capture_on_commit_callbacks, row) == [(3, column, sentence)]


def test_what_people_type_is_understood(provider: Provider, django_capture_on_commit_callbacks: Any) -> None:
    # given full-width digits, codes as numbers, words for codes, a serial number for a day
    row = instrument_row(
        **{
            "单位内部编号": " ＹＱ－００１ ",
            "仪器分类": 10200,
            "规格型号": 7890,
            "原值（元）": "８６０，０００．５０元",
            "启用日期": 43605,
            "安放城市": "西安",
            "来源": "purchased",
            "可使用创新券": "否",
            "负责人电话": 13800001234,
            "主要学科领域": "150、43050",
            "主要技术指标": "一\r\n二",
        }
    )
    # when
    job = imported(
        "instruments", provider, filled("instruments", provider, [row]), django_capture_on_commit_callbacks
    )
    # then
    assert counts(job) == (1, 0, 0, 0)
    instrument = Instrument.objects.get()
    assert instrument.internal_number == "YQ-001"
    assert instrument.instrument_class_id == "010200"
    assert instrument.model == "7890"
    assert instrument.original_value_amount == Decimal("860000.50")
    assert instrument.purchased_on == datetime.date(2019, 5, 20)
    assert (instrument.city, instrument.district) == ("6101", "雁塔区")
    assert instrument.source == "purchased"
    assert instrument.accepts_vouchers is False
    assert instrument.contact_phone == "13800001234"
    assert instrument.disciplines == "150,43050"
    assert instrument.specifications == "一\n二"


def test_new_rows_are_audited_drafts(provider: Provider, django_capture_on_commit_callbacks: Any) -> None:
    job = imported(
        "instruments",
        provider,
        filled("instruments", provider, [instrument_row()]),
        django_capture_on_commit_callbacks,
    )
    instrument = Instrument.objects.get()
    assert instrument.provider == provider
    assert (instrument.status, instrument.live, instrument.version) == (SubmissionStatus.DRAFT, False, 1)
    assert instrument.submitted_at is None
    assert instrument.accepts_vouchers is True  # as on the page, where nothing is said
    assert not instrument.photos.exists()
    (entry,) = AuditEntry.objects.of(instrument)
    assert (entry.action, entry.actor, entry.reason) == (Action.CREATE, provider.account, f"导入 #{job.pk}")
    assert entry.record_title == "气相色谱质谱联用仪"


def test_one_number_in_several_rows_names_them_all(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    rows = [
        instrument_row(),
        instrument_row(单位内部编号="YQ-2"),
        instrument_row(单位内部编号="ＹＱ-001"),
    ]
    sentence = "编号“YQ-001”在文件里出现了 2 次（第 3、5 行），请只保留一行或改正编号。"
    assert faults_of(provider, django_capture_on_commit_callbacks, *rows) == [
        (3, "单位内部编号", sentence),
        (5, "单位内部编号", sentence),
    ]


def test_formula_with_its_result_is_taken(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    rows = [["单位内部编号", "仪器名称", "原值（元）"], ["YQ-1", "离心机", "<c><f>A1*2</f><v>5000</v></c>"]]
    job = imported("instruments", provider, as_excel_writes(rows), django_capture_on_commit_callbacks)
    assert counts(job) == (1, 0, 0, 0)
    assert Instrument.objects.get().original_value_amount == Decimal("5000.00")


def test_another_institution_s_number_is_never_touched(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    # given
    foreign = InstrumentFactory(internal_number="YQ-001", name="别人的仪器", approved=True)
    # when
    content = filled("instruments", provider, [instrument_row()])
    job = imported("instruments", provider, content, django_capture_on_commit_callbacks, withdraw=True)
    # then
    assert counts(job) == (1, 0, 0, 0)
    stored = Instrument.objects.get(pk=foreign.pk)
    assert (stored.name, stored.status, stored.version) == ("别人的仪器", "approved", foreign.version)
    assert Instrument.objects.filter(internal_number="YQ-001").count() == 2


def test_attribute_is_checked_and_stored_by_the_row_s_class(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    # given
    mass = AttributeDefinition.objects.create(
        instrument_class_id="010200", name="质量范围", unit="u", kind="range"
    )
    analyser = AttributeDefinition.objects.create(
        instrument_class_id="010200", name="质量分析器", kind="choice", choices="四极杆\n离子阱"
    )
    rows = [
        instrument_row(**{"质量范围（u）": "５～1050 u", "质量分析器": "四极杆"}),
        instrument_row(**{"单位内部编号": "YQ-2", "质量范围（u）": "很宽"}),
        instrument_row(**{"单位内部编号": "YQ-3", "仪器分类": "色谱仪器", "质量范围（u）": "5~10"}),
        instrument_row(**{"单位内部编号": "YQ-4", "仪器分类": None, "质量范围（u）": "5~10"}),
        instrument_row(单位内部编号="YQ-5", 质量分析器="飞行时间"),
    ]
    # when
    job = imported(
        "instruments", provider, filled("instruments", provider, rows), django_capture_on_commit_callbacks
    )
    # then
    assert counts(job) == (1, 0, 0, 4)
    assert Instrument.objects.get().attributes == {mass.key: ["5", "1050"], analyser.key: "四极杆"}
    assert [(row, sentence) for row, _title, sentence in faults(job)] == [
        (4, "“质量范围（u）”请填写下限和上限两个数字，如 0.5~80。"),
        (5, "“质量范围（u）”只适用于“质谱仪器”，这一行的仪器分类是“色谱仪器”。请清空，或核对仪器分类。"),
        (6, "填写“质量范围（u）”之前请先填写“仪器分类”。"),
        (7, "“质量分析器”没有“飞行时间”这个选项，可选：四极杆、离子阱。"),
    ]


def test_qualifications_capabilities_and_services_are_imported(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    capture = django_capture_on_commit_callbacks
    first = InstrumentFactory(provider=provider, internal_number="YQ-1")
    second = InstrumentFactory(provider=provider, internal_number="YQ-2")
    # when
    qualification = {
        "单位内部编号": "ZZ-1",
        "资质名称": "资质认定证书",
        "资质类型": "CMA",
        "证书编号": "2427",
        "有效期自": "2024-03-01",
        "有效期至": "2030-02-28",
    }
    capability = {
        "单位内部编号": "NL-1",
        "检测领域": "金属材料",
        "检测对象": "钢",
        "检测参数": "抗拉强度",
        "标准编号": "ＧＢ/T 228.1－2021",
        "依据的资质": "2427",
    }
    service = {
        "单位内部编号": "FW-1",
        "服务名称": "拉伸试验",
        "服务领域": "010100",
        "使用的仪器": "YQ-1、YQ-2",
        "服务周期（工作日）": 5,
        "计价方式": "价格区间",
        "价格（元）": 100,
        "最高价格（元）": 300,
        "计价单位": "样品",
    }
    imported("qualifications", provider, filled("qualifications", provider, [qualification]), capture)
    imported("capabilities", provider, filled("capabilities", provider, [capability]), capture)
    imported("testing", provider, filled("testing", provider, [service]), capture)
    imported("labs", provider, filled("labs", provider, [service]), capture)
    # then
    held = Qualification.objects.get()
    assert (held.kind, held.certificate_number, str(held.valid_to)) == ("cma", "2427", "2030-02-28")
    can = Capability.objects.get()
    assert (can.field_id, can.standard_number, can.qualification) == ("010100", "GB/T 228.1-2021", held)
    for model in (TestingService, LabService):
        offer = model.objects.get()
        assert list(offer.instruments.order_by("pk")) == [first, second]
        assert (offer.price_kind, offer.price_max_amount, offer.turnaround_days) == (
            "range",
            Decimal("300.00"),
            5,
        )


def test_rows_are_checked_as_a_whole(provider: Provider, django_capture_on_commit_callbacks: Any) -> None:
    service = {"单位内部编号": "FW-1", "服务名称": "试验", "价格（元）": 300, "最高价格（元）": 100}
    assert faults_of(provider, django_capture_on_commit_callbacks, service, slug="testing") == [
        (3, "最高价格（元）", "最高价格不能低于价格，请核对。")
    ]
    qualification = {
        "单位内部编号": "ZZ-1",
        "资质名称": "证书",
        "有效期自": "2024-01-01",
        "有效期至": "2023-01-01",
    }
    assert faults_of(provider, django_capture_on_commit_callbacks, qualification, slug="qualifications") == [
        (3, "有效期至", "“有效期至”早于“有效期自”，请核对证书上的日期。")
    ]


def test_what_is_named_must_be_the_provider_s_own(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    InstrumentFactory(internal_number="YQ-9")
    QualificationFactory(certificate_number="C-9")
    service = {"单位内部编号": "FW-1", "服务名称": "试验", "使用的仪器": "YQ-9"}
    assert faults_of(provider, django_capture_on_commit_callbacks, service, slug="labs") == [
        (3, "使用的仪器", "本单位没有内部编号为“YQ-9”的仪器，请核对编号，或先导入仪器。")
    ]
    capability = {"单位内部编号": "NL-1", "检测对象": "钢", "依据的资质": "C-9"}
    assert faults_of(provider, django_capture_on_commit_callbacks, capability, slug="capabilities") == [
        (3, "依据的资质", "本单位没有编号为“C-9”的检测资质。请填写资质的内部编号或证书编号，或先导入资质。")
    ]
