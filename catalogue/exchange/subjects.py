"""What can be exchanged as a workbook: the five kinds of record, and which of their fields in which order."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.models import (
    Capability,
    Instrument,
    LabService,
    ProviderRecord,
    Qualification,
    TestingService,
)

KEY = "internal_number"
# The row of the template that shows how to fill it in. It is never imported.
EXAMPLE_NUMBER = "示例-001"

# What an export says besides, for its reader; an import passes over these columns.
EXPORT_ONLY = (_("状态"), _("退回原因"), _("更新时间"))
# Marks the example in a template, and says in a workbook of refused rows what is wrong with each.
NOTE = _("说明（不导入）")
PASSED_OVER = (NOTE, *EXPORT_ONLY, _("序号"), _("备注"))


@dataclass(frozen=True)
class Spec:
    """A column of a field. ``width`` is in characters; ``note`` replaces the field's help text."""

    name: str
    width: int = 16
    example: Any = ""
    note: "str | Promise" = ""


@dataclass(frozen=True)
class Subject:
    """A kind of record. ``slug`` stands in addresses and jobs, ``list_url`` names the centre's list of them."""

    slug: str
    model: type[ProviderRecord]
    specs: tuple[Spec, ...]
    # what an import cannot bring and the pages must
    left_out: "str | Promise"

    @property
    def title(self) -> str:
        """What the record is called; also the name of the sheet."""
        return str(self.model._meta.verbose_name)

    @property
    def list_url(self) -> str:
        return f"{self.slug}:list"


NUMBER = Spec(
    KEY,
    16,
    EXAMPLE_NUMBER,
    _("本单位自己的编号，单位内不重复。系统按它识别记录：再次导入同一编号是更新，不会重复新建。"),
)
CONTACT = (
    Spec("contact_name", 12, "王敏"),
    Spec("contact_phone", 18, "029-88881234", _("手机号码，或固定电话如 029-88881234。")),
    Spec("contact_email", 24, "lab@example.com", _("没有可不填。")),
)
INSTRUMENT = Subject(
    "instruments",
    Instrument,
    (
        NUMBER,
        Spec("name", 26, "气相色谱质谱联用仪", _("规范的中文名称，不写型号。")),
        Spec("name_en", 30, "Gas Chromatograph Mass Spectrometer"),
        Spec(
            "instrument_class",
            26,
            "010200 质谱仪器",
            _("从下拉列表选择；也可以填代码（010200）、名称或“代码表”里的全称。"),
        ),
        Spec("model", 20, "7890B-5977A", _("照铭牌填写。")),
        Spec("manufacturer", 18, "安捷伦"),
        Spec("origin", 12, "美国", _("国家名称，如中国、美国、德国。")),
        Spec("source", 10, "购置"),
        Spec("original_value_amount", 16, 860000, _("单台（套）购置时的价格，单位是元，不是万元。")),
        Spec(
            "purchased_on",
            14,
            datetime.date(2019, 5, 20),
            _("日期，如 2019-05-20。"),
        ),
        Spec("city", 12, "西安市", _("从下拉列表选择。")),
        Spec("district", 12, "雁塔区", _("先填城市，再从下拉列表选择该市的区县。")),
        Spec("location", 30, "科技路 1 号 3 号楼 201", _("街道、门牌号、楼和房间，不必再写城市和区县。")),
        Spec("specifications", 40, "质量范围 1.6–1050 amu；扫描速度 20000 amu/s", _("最多 500 字。")),
        Spec(
            "functions",
            40,
            "挥发性有机物的定性与定量分析，用于环境、食品等领域。",
            _("最多 500 字；企业会用这里的词来搜索。"),
        ),
        Spec("sample_requirements", 30, "液体样品不少于 2 mL", _("形态、用量、前处理等，最多 500 字。")),
        Spec("equipment_kind", 10, "通用", _("国家平台报送用，可不填。")),
        Spec("condition", 10, "正常", _("国家平台报送用，可不填。")),
        Spec("sharing", 10, "外部共享", _("国家平台报送用，可不填。")),
        Spec("run_hours", 14, 1200, _("国家平台报送用，可不填；一年最多 8784 小时。")),
        Spec("served_hours", 14, 400, _("其中为外单位服务的机时，可不填；不能多于年运行机时。")),
        Spec("disciplines", 16, "150,43050"),
        Spec("funding_source", 18, "财政资金", _("国家平台报送用，可不填。")),
        Spec("service_content", 36, "有机物成分分析", _("能为用户做什么，最多 500 字。")),
        Spec("price_amount", 14, 300, _("最常用项目的单价，单位元。")),
        Spec("price_unit", 10, "样品"),
        Spec("price_list", 30, "定性 300 元/样；定量 500 元/样", _("各项目的收费，一行一项，最多 500 字。")),
        Spec("service_hours", 22, "工作日 8:30–17:30"),
        Spec("user_notice", 30, "请提前 3 天预约。", _("预约、送样和使用时要注意的事，最多 500 字。")),
        Spec("accepts_vouchers", 14, "是", _("填“是”或“否”；新建时不填按“是”。")),
        *CONTACT,
    ),
    _("仪器照片不能用表格导入，请在仪器页面上传，或用“导入照片”批量上传。"),
)
QUALIFICATION = Subject(
    "qualifications",
    Qualification,
    (
        NUMBER,
        Spec("name", 30, "检验检测机构资质认定证书", _("与证书上的名称一致。")),
        Spec("kind", 26, "CMA 检验检测机构资质认定", _("从下拉列表选择；也可以只填 CMA、CNAS、CAL、CATL。")),
        Spec("certificate_number", 22, "242712340001", _("照证书填写。")),
        Spec("issuer", 26, "陕西省市场监督管理局"),
        Spec(
            "scope",
            40,
            "金属材料力学性能、化学成分检测",
            _("证书覆盖的检测领域和项目，最多 1000 字。"),
        ),
        Spec("valid_from", 14, datetime.date(2024, 3, 1), _("日期，如 2024-03-01。")),
        Spec("valid_to", 14, datetime.date(2030, 2, 28), _("日期，不能早于有效期自。")),
    ),
    _("证书扫描件不能用表格导入，请在资质页面上传。"),
)
CAPABILITY = Subject(
    "capabilities",
    Capability,
    (
        NUMBER,
        Spec(
            "field",
            26,
            "010100 金属材料",
            _("从下拉列表选择；也可以填代码、名称或“代码表”里的全称。"),
        ),
        Spec("object_name", 24, "金属材料"),
        Spec("parameter", 20, "抗拉强度"),
        Spec("standard_number", 22, "GB/T 228.1-2021"),
        Spec("standard_name", 36, "金属材料 拉伸试验 第1部分：室温试验方法"),
        Spec("limits", 28, "600 kN 以下"),
        Spec(
            "qualification",
            22,
            "",
            _("本单位检测资质的内部编号或证书编号，没有可不填。资质请先录入或导入。"),
        ),
    ),
    "",
)
SERVICE_SPECS = (
    NUMBER,
    Spec("name", 28, "金属材料拉伸试验"),
    Spec("field", 26, "010100 金属材料", _("从下拉列表选择；也可以填代码、名称或“代码表”里的全称。")),
    Spec("content", 40, "室温和高温拉伸试验", _("做什么、怎么做，最多 1000 字。")),
    Spec("deliverables", 24, "检测报告"),
    Spec("methods", 36, "GB/T 228.1-2021 金属材料 拉伸试验", _("一行一项，最多 500 字。")),
    Spec("instruments", 26, "", _("本单位仪器的内部编号，多台用“、”分隔。仪器请先录入或导入。")),
    Spec("sample_requirements", 30, "按标准加工的试样 3 根", _("形态、用量、前处理等，最多 500 字。")),
    Spec("turnaround_days", 16, 5, _("收样后多少个工作日交付，1–750 的整数。")),
    Spec("price_kind", 12, "固定价格", _("固定价格、价格区间或面议；面议的不必填写价格。")),
    Spec("price_amount", 14, 200, _("单位元；价格区间填最低价。")),
    Spec("price_max_amount", 14, "", _("价格区间才需要填写，不能低于价格。")),
    Spec("price_unit", 10, "样品"),
    Spec("price_list", 30, "", _("各项目的收费，一行一项，最多 500 字。")),
    Spec("user_notice", 30, "", _("预约、送样时要注意的事，最多 500 字。")),
    Spec("accepts_vouchers", 14, "是", _("填“是”或“否”；新建时不填按“是”。")),
    *CONTACT,
)
TESTING = Subject("testing", TestingService, SERVICE_SPECS, "")
LAB = Subject("labs", LabService, SERVICE_SPECS, "")

SUBJECTS = {one.slug: one for one in (INSTRUMENT, QUALIFICATION, CAPABILITY, TESTING, LAB)}


def subject_or_404(slug: str) -> Subject:
    if (subject := SUBJECTS.get(slug)) is None:
        raise Http404
    return subject
