"""The kinds of records that a provider keeps: their words, their steps, and how they are listed."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalogue.forms import (
    STEP_FORMS,
    CapabilityFilterForm,
    InstrumentFilterForm,
    QualificationFilterForm,
    RecordFilterForm,
    ServiceFilterForm,
)
from catalogue.models import (
    Capability,
    Instrument,
    LabService,
    ProviderRecord,
    Qualification,
    TestingService,
)
from workflow.centre import Step


@dataclass(frozen=True)
class RecordKind:
    """One kind of record, as the pages of the centre treat it.

    ``key`` is its namespace, its entry in the menu and its name as the subject of imports and exports; its templates are
    ``KEY_list.html`` and ``KEY_detail.html``. ``related`` and ``prefetched`` are what a row of the list reads.
    """

    model: type[ProviderRecord]
    key: str
    title: Any
    lead: Any
    new_label: Any
    unnamed: Any
    counter: Any  # 3 台, 3 项
    icon: str
    how_to_begin: Any
    steps: tuple[Step, ...]
    filter_form: type[RecordFilterForm]
    related: tuple[str, ...] = ()
    prefetched: tuple[str, ...] = ()
    # children it must have, which required_to_submit (fields of the row) cannot name
    required_children: tuple[str, ...] = ()

    @property
    def noun(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def list_url(self) -> str:
        return reverse(f"{self.key}:list")

    @property
    def create_url(self) -> str:
        return reverse(f"{self.key}:create")


def _steps(model: type[ProviderRecord], *pages: tuple[str, Any, str]) -> tuple[Step, ...]:
    return tuple(
        Step(slug, label, form, f"catalogue/centre/{template}.html")
        for (slug, label, template), form in zip(pages, STEP_FORMS[model], strict=True)
    )


INSTRUMENTS = RecordKind(
    model=Instrument,
    key="instruments",
    title=_("仪器管理"),
    lead=_("仪器逐台填写、提交，审核通过后在前台公开。"),
    new_label=_("新增仪器"),
    unnamed=_("未命名仪器"),
    counter=_("台"),
    icon="microscope",
    how_to_begin=_(
        "点击“新增仪器”，分三步填写基本信息、服务信息和负责人信息。可以随时保存，下次接着填；台数多时用 Excel 导入。"
    ),
    steps=_steps(
        Instrument,
        ("basics", _("基本信息"), "step_basics"),
        ("service", _("服务信息"), "step_service"),
        ("contact", _("负责人信息"), "step_contact"),
    ),
    filter_form=InstrumentFilterForm,
    related=("instrument_class__parent",),
    prefetched=("photos__image__renditions",),
    required_children=("photos",),
)
QUALIFICATIONS = RecordKind(
    model=Qualification,
    key="qualifications",
    title=_("检测资质管理"),
    lead=_("CMA、CNAS 等证书，是检测能力的凭证；到期前 60 天会提醒。"),
    new_label=_("新增检测资质"),
    unnamed=_("未命名检测资质"),
    counter=_("项"),
    icon="badge-check",
    how_to_begin=_(
        "点击“新增检测资质”，照证书填写编号、发证机关、范围和有效期，并上传扫描件；也可以用 Excel 导入。"
    ),
    steps=_steps(Qualification, ("certificate", _("资质信息"), "step_certificate")),
    filter_form=QualificationFilterForm,
)
CAPABILITIES = RecordKind(
    model=Capability,
    key="capabilities",
    title=_("检测能力管理"),
    lead=_("能按哪些标准、检测哪些对象的哪些参数；企业按标准编号就能搜到。"),
    new_label=_("新增检测能力"),
    unnamed=_("未命名检测能力"),
    counter=_("项"),
    icon="list-checks",
    how_to_begin=_("点击“新增检测能力”，选择相关的检测领域，填写对象、参数和标准；项目多时用 Excel 导入。"),
    steps=_steps(Capability, ("ability", _("能力信息"), "step_ability")),
    filter_form=CapabilityFilterForm,
    related=("field__parent", "qualification"),
)
TESTING = RecordKind(
    model=TestingService,
    key="testing",
    title=_("检测服务管理"),
    lead=_("供企业预约、下单的检测项目，审核通过后在前台公开。"),
    new_label=_("新增检测服务"),
    unnamed=_("未命名检测服务"),
    counter=_("项"),
    icon="test-tube",
    how_to_begin=_("点击“新增检测服务”，分两步填写服务信息和周期、价格与联系人；也可以用 Excel 导入。"),
    steps=_steps(
        TestingService,
        ("info", _("服务信息"), "step_offer"),
        ("terms", _("周期、价格与联系人"), "step_terms"),
    ),
    filter_form=ServiceFilterForm,
    related=("field__parent",),
)
LABS = RecordKind(
    model=LabService,
    key="labs",
    title=_("实验服务管理"),
    lead=_("可委托的实验、研发和工艺开发，审核通过后在前台公开。"),
    new_label=_("新增实验服务"),
    unnamed=_("未命名实验服务"),
    counter=_("项"),
    icon="flask-conical",
    how_to_begin=_("点击“新增实验服务”，分两步填写服务信息和周期、价格与联系人；也可以用 Excel 导入。"),
    steps=_steps(
        LabService,
        ("info", _("服务信息"), "step_offer"),
        ("terms", _("周期、价格与联系人"), "step_terms"),
    ),
    filter_form=ServiceFilterForm,
    related=("field__parent",),
)

KINDS: tuple[RecordKind, ...] = (INSTRUMENTS, QUALIFICATIONS, CAPABILITIES, TESTING, LABS)
