"""Records for tests.

Traits (``pending=True`` …) go through the real services. ``approved=True`` stores the record as they would, and where a
test says ``@pytest.mark.reviewed`` also what a review leaves behind (``home.demo.approvals``, compared with the services
by tests/home/test_demo_parts.py).
"""

import datetime
import functools
import hashlib
import io
from decimal import Decimal
from typing import Any

import factory
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image as PillowImage
from wagtail.signal_handlers import disable_reference_index_auto_update

from accounts.models import AccountKind, User
from catalogue.models import (
    AttributeDefinition,
    Capability,
    Instrument,
    InstrumentPhoto,
    LabService,
    Qualification,
    TestingService,
)
from files.models import PrivateFile, SiteImage
from home.demo.approvals import Approved, set_approved, store_reviews
from institutions.codes import organisation_check_character, uscc_check_character
from institutions.models import HostType, Provider
from workflow import services
from workflow.setup import AUDITORS, EDITORS, REVIEWERS
from workflow.signals import submission_moved
from workflow.statuses import Action

PASSWORD = "right-horse-42"


def make_credit_code(number: int, *, region: str = "610113") -> str:
    """A valid unified social credit code: inner organisation code and check character both right."""
    body = f"{number:08d}"
    first_17 = f"91{region}{body}{organisation_check_character(body)}"
    return first_17 + uscc_check_character(first_17)


@functools.cache
def png_bytes(colour: str = "navy", size: tuple[int, int] = (640, 480)) -> bytes:
    buffer = io.BytesIO()
    PillowImage.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"账户{n}")
    email = factory.Sequence(lambda n: f"user{n}@example.com")
    mobile = factory.Sequence(lambda n: f"139{n:08d}")
    contact_name = "王小明"
    kind = AccountKind.PROVIDER
    password = factory.django.Password(PASSWORD)

    class Params:
        consumer = factory.Trait(kind=AccountKind.CONSUMER)
        staff = factory.Trait(kind=AccountKind.STAFF, mobile=None)
        admin = factory.Trait(kind=AccountKind.STAFF, mobile=None, is_superuser=True, is_staff=True)

    @factory.post_generation
    def groups(self, create: bool, names: Any, **kwargs: Any) -> None:
        if create and names:
            self.groups.set(Group.objects.filter(name__in=names))


def reviewer(**fields: Any) -> User:
    return UserFactory(staff=True, groups=[REVIEWERS], **fields)


def editor(**fields: Any) -> User:
    return UserFactory(staff=True, groups=[EDITORS], **fields)


def auditor(**fields: Any) -> User:
    return UserFactory(staff=True, groups=[AUDITORS], **fields)


class SiteImageFactory(DjangoModelFactory):
    class Meta:
        model = SiteImage

    title = "仪器照片"
    file = factory.LazyFunction(lambda: ContentFile(png_bytes(), name="photo.png"))


class PrivateFileFactory(DjangoModelFactory):
    class Meta:
        model = PrivateFile

    owner = factory.SubFactory(UserFactory)
    name = "营业执照.png"
    content_type = "image/png"
    extension = "png"
    file = factory.LazyFunction(lambda: ContentFile(png_bytes("teal"), name="scan.png"))
    size_bytes = factory.LazyAttribute(lambda scan: scan.file.size)
    sha256 = factory.LazyFunction(lambda: hashlib.sha256(png_bytes("teal")).hexdigest())


def a_reviewer() -> User:
    return User.objects.filter(groups__name=REVIEWERS).first() or reviewer()


def approved_at_once(record: Any) -> Any:
    """The record as approved and public, in its table alone: most tests need it in the background."""
    now = timezone.now()
    set_approved(Approved(record, now, now, now, reviewer=None))
    with disable_reference_index_auto_update():
        record.save()
    return type(record)._default_manager.get(pk=record.pk)


def reviewed_at_once(record: Any) -> Any:
    """The record with all that its review leaves behind: revision, task, trail, message, entry in the search index."""
    now = timezone.now()
    case = Approved(record, now, now, now, a_reviewer())
    set_approved(case)
    with disable_reference_index_auto_update():
        record.save()
    store_reviews([case])
    submission_moved.send(sender=type(record), record=record, action=Action.APPROVE, actor=case.reviewer)
    return type(record)._default_manager.get(pk=record.pk)


# How state="approved" is reached. The mark ``reviewed`` puts reviewed_at_once here (tests/conftest.py).
approve = approved_at_once


def bring_to(record: Any, state: str) -> Any:
    """Move a complete draft on through the services: pending, approved, returned or withdrawn."""
    if state == "draft":
        return record
    record = services.submit(record=record, actor=record.owner)
    if state == "pending":
        return record
    decider = a_reviewer()
    if state == "returned":
        return services.return_for_changes(record=record, actor=decider, reason="照片不清晰，请更换。")
    record = services.approve(record=record, actor=decider)
    return services.withdraw(record=record, actor=record.owner) if state == "withdrawn" else record


class SubmissionFactory(DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, state: str = "draft", **fields: Any) -> Any:
        with disable_reference_index_auto_update():  # a sixth of the suite's time otherwise
            record = super()._create(model_class, *args, **fields)
            cls.complete(record)
        return approve(record) if state == "approved" else bring_to(record, state)

    @classmethod
    def complete(cls, record: Any) -> None:
        """Add what hangs on the record and is needed to submit it."""


class ProviderFactory(SubmissionFactory):
    """A complete provider. ``ProviderFactory(approved=True)`` has been submitted and approved."""

    class Meta:
        model = Provider
        skip_postgeneration_save = True

    class Params:
        pending = factory.Trait(state="pending")
        approved = factory.Trait(state="approved")
        returned = factory.Trait(state="returned")
        withdrawn = factory.Trait(state="withdrawn")

    account = factory.SubFactory(UserFactory)
    host_name = factory.Sequence(lambda n: f"秦岭材料研究院{n}")
    host_code = factory.Sequence(lambda n: make_credit_code(10_000_000 + n))
    host_type = HostType.INSTITUTE
    is_legal_person = True
    legal_representative = "李建国"
    city = "6101"
    district = "雁塔区"
    address = "科技路 1 号"
    introduction = "从事新材料研究与测试。"
    logo = factory.SubFactory(SiteImageFactory, title="标志")
    certificate = factory.LazyAttribute(lambda provider: PrivateFileFactory(owner=provider.account))
    name = factory.LazyAttribute(lambda provider: f"{provider.host_name}测试中心")
    contact_name = "赵敏"
    contact_phone = "029-88881234"
    contact_email = "test@example.com"
    body_introduction = "面向社会开放的分析测试平台。"
    declares_registered = True
    declares_network_member = True
    declares_equipment = True
    declares_service_rules = True


class InstrumentFactory(SubmissionFactory):
    """A complete instrument with one photo, of an approved provider unless told otherwise."""

    class Meta:
        model = Instrument
        skip_postgeneration_save = True

    class Params:
        pending = factory.Trait(state="pending")
        approved = factory.Trait(state="approved")
        returned = factory.Trait(state="returned")
        withdrawn = factory.Trait(state="withdrawn")

    provider = factory.SubFactory(ProviderFactory, approved=True)
    name = "气相色谱质谱联用仪"
    name_en = "Gas Chromatograph Mass Spectrometer (GC-MS)"
    internal_number = factory.Sequence(lambda n: f"YQ-{n:05d}")
    instrument_class_id = "010200"
    model = "7890B-5977A"
    manufacturer = "安捷伦"
    origin = "美国"
    source = "purchased"
    original_value_amount = Decimal("860000.00")
    purchased_on = datetime.date(2019, 5, 20)
    specifications = "质量范围 1.6–1050 amu"
    functions = "挥发性有机物的定性与定量分析"
    sample_requirements = "液体样品不少于 2 mL"
    city = "6101"
    district = "雁塔区"
    location = "科技路 1 号 3 号楼 201"
    service_content = "有机物成分分析"
    price_amount = Decimal("300.00")
    price_unit = "sample"
    price_list = "定性 300 元/样；定量 500 元/样"
    service_hours = "工作日 8:30–17:30"
    accepts_vouchers = True
    contact_name = "孙丽"
    contact_phone = "13800001234"

    @classmethod
    def complete(cls, record: Any) -> None:
        InstrumentPhoto.objects.create(instrument=record, image=SiteImageFactory())


class AttributeFactory(DjangoModelFactory):
    """An attribute of electron-optical instruments; give ``testing_field_id`` and no class for another place."""

    class Meta:
        model = AttributeDefinition

    name = factory.Sequence(lambda n: f"分辨率{n}")
    unit = "nm"
    kind = "number"
    instrument_class_id = "010100"


class ProviderRecordFactory(SubmissionFactory):
    class Meta:
        abstract = True

    class Params:
        pending = factory.Trait(state="pending")
        approved = factory.Trait(state="approved")
        returned = factory.Trait(state="returned")
        withdrawn = factory.Trait(state="withdrawn")

    provider = factory.SubFactory(ProviderFactory, approved=True)


class QualificationFactory(ProviderRecordFactory):
    """A certificate with years to run."""

    class Meta:
        model = Qualification
        skip_postgeneration_save = True

    kind = "cma"
    name = "检验检测机构资质认定证书"
    internal_number = factory.Sequence(lambda n: f"ZZ-{n:05d}")
    certificate_number = factory.Sequence(lambda n: f"2427{n:08d}")
    issuer = "陕西省市场监督管理局"
    scope = "金属材料、高分子材料的力学性能与化学成分检测"
    valid_from = factory.LazyFunction(lambda: timezone.localdate() - datetime.timedelta(days=400))
    valid_to = factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=1400))
    scan = factory.LazyAttribute(lambda record: PrivateFileFactory(owner=record.provider.account))


class CapabilityFactory(ProviderRecordFactory):
    class Meta:
        model = Capability
        skip_postgeneration_save = True

    field_id = "010100"
    object_name = "金属材料"
    parameter = "抗拉强度"
    internal_number = factory.Sequence(lambda n: f"NL-{n:05d}")
    standard_number = "GB/T 228.1-2021"
    standard_name = "金属材料 拉伸试验 第1部分：室温试验方法"
    limits = "600 kN 以下"


class ServiceFactory(ProviderRecordFactory):
    class Meta:
        abstract = True

    field_id = "010100"
    internal_number = factory.Sequence(lambda n: f"FW-{n:05d}")
    content = "室温和高温拉伸、弯曲、冲击试验。"
    deliverables = "检测报告"
    methods = "GB/T 228.1-2021 金属材料 拉伸试验"
    turnaround_days = 5
    price_kind = "fixed"
    price_amount = Decimal("200.00")
    price_unit = "sample"
    sample_requirements = "按标准加工的试样 3 根"
    contact_name = "周强"
    contact_phone = "029-88885678"

    @classmethod
    def complete(cls, record: Any) -> None:
        """Nothing: a service may do without instruments. ``instruments=[…]`` names some."""

    @factory.post_generation
    def instruments(self, create: bool, chosen: Any, **kwargs: Any) -> None:
        if create and chosen:
            self.instruments.set(chosen)
            self.save()


class TestingServiceFactory(ServiceFactory):
    __test__ = False

    class Meta:
        model = TestingService
        skip_postgeneration_save = True

    name = "金属材料力学性能检测"


class LabServiceFactory(ServiceFactory):
    class Meta:
        model = LabService
        skip_postgeneration_save = True

    name = "新型合金热处理工艺开发"
    content = "合金成分设计、热处理制度摸索与组织性能评价。"
    deliverables = "工艺方案、样件和研究报告"
    methods = ""
    price_kind = "agreement"
    price_amount = None
    price_unit = ""


def seen(record: Any) -> dict[str, Any]:
    """What the decision form of a record's review page posts of what is on screen: the submission, and the step."""
    state = record.current_workflow_task_state
    return {"revision": record.latest_revision_id, "task_state": state.pk if state else ""}
