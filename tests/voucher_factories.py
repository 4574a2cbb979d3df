"""Pools, vouchers and applications for tests, all made by the real services."""

import datetime
import hashlib
from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from wagtail.signal_handlers import disable_reference_index_auto_update

from accounts.models import User
from files.models import PrivateFile
from programme.models import ProgrammeParameters
from programme.selectors import current_parameters
from tests.consumer_factories import ConsumerFactory
from tests.factories import PrivateFileFactory, UserFactory
from vouchers import services
from vouchers.models import Pool, Voucher
from vouchers.models.applications import CHECKERS, DECIDERS, ApplicationProject, VoucherApplication
from workflow import services as workflow
from workflow.setup import MANAGERS, PAYERS, REVIEWERS

REASON = "测试"


def manager(**fields: Any) -> User:
    """Sets parameters and funds pools."""
    return UserFactory(staff=True, groups=[MANAGERS], **fields)


def a_member(group: str) -> User:
    return User.objects.filter(groups__name=group).first() or UserFactory(staff=True, groups=[group])


def a_pool(amount: Any = "1000000") -> Pool:
    """This year's, with that much more in it."""
    return services.fund_pool(
        year=timezone.localdate().year, amount=Decimal(amount), actor=a_member(MANAGERS), reason=REASON
    )


def a_voucher(amount: Any = "50000", **options: Any) -> Voucher:
    """Granted today to a new approved consumer, out of a pool that is made if there is none."""
    if not Pool.objects.filter(year=timezone.localdate().year).exists():
        a_pool()
    consumer = options.pop("consumer", None) or ConsumerFactory(approved=True)
    parameters = options.pop("parameters", None) or current_parameters()
    return services.grant_voucher(
        consumer=consumer,
        amount=Decimal(amount),
        actor=a_member(REVIEWERS),
        parameters=parameters,
        reason=REASON,
    )


def move(verb: Any, voucher: Voucher, amount: Any, **options: Any) -> Voucher:
    """Reserve or release as the owner, redeem or claw back as who pays."""
    owner = verb in {services.reserve, services.release}
    actor = options.pop("actor", None) or (voucher.consumer.account if owner else a_member(PAYERS))
    options = {"order_number": "DD-1", "reason": REASON, **options}
    return verb(voucher=voucher, amount=Decimal(amount), actor=actor, **options)


def parameters_with(**values: Any) -> ProgrammeParameters:
    """A set in force from now, like the one before but for these values."""
    parameters = current_parameters().copied()
    for name, value in {"effective_from": timezone.now(), "reason": REASON, **values}.items():
        setattr(parameters, name, value)
    parameters.save()
    return parameters


def checker(**fields: Any) -> User:
    return UserFactory(staff=True, groups=[CHECKERS], **fields)


def decider(**fields: Any) -> User:
    return UserFactory(staff=True, groups=[DECIDERS], **fields)


class ApplicationFactory(DjangoModelFactory):
    """A complete application for 80,000 yuan of a company of years, with one project.

    ``state``: draft, pending (waits for the check), checked (waits for the decision), approved, returned.
    """

    class Meta:
        model = VoucherApplication
        skip_postgeneration_save = True

    class Params:
        pending = factory.Trait(state="pending")
        checked = factory.Trait(state="checked")
        approved = factory.Trait(state="approved")
        returned = factory.Trait(state="returned")

    consumer = factory.SubFactory(ConsumerFactory, approved=True)
    applied_amount = Decimal("80000.00")
    last_year_revenue_amount = Decimal("8200000.00")
    reason = "新产品定型前需要做材料力学和环境可靠性检测，自有条件不足。"
    problem = "查明批量样件早期断裂的原因，确定热处理工艺窗口。"
    has_projects = True
    statement_year = factory.LazyFunction(lambda: timezone.localdate().year - 1)
    earlier_statement_year = factory.LazyFunction(lambda: timezone.localdate().year - 2)
    statement = factory.LazyAttribute(lambda application: a_statement(application.consumer, "2025"))
    earlier_statement = factory.LazyAttribute(lambda application: a_statement(application.consumer, "2024"))

    @classmethod
    def _create(cls, model_class: Any, *args: Any, state: str = "draft", **fields: Any) -> Any:
        if not Pool.objects.filter(year=timezone.localdate().year).exists():
            a_pool()
        application = model_class(**fields)
        if application.has_projects:
            application.projects = [
                ApplicationProject(
                    title="高强度紧固件研制",
                    starts_on=datetime.date(2026, 1, 1),
                    ends_on=datetime.date(2026, 12, 31),
                    budget_amount=Decimal("500000.00"),
                    funding_source="自筹",
                    sort_order=0,
                )
            ]
        with disable_reference_index_auto_update():
            application = workflow.create_draft(record=application, actor=application.owner)
            return bring_application_to(application, state)


def bring_application_to(application: VoucherApplication, state: str) -> VoucherApplication:
    if state == "draft":
        return application
    application = workflow.submit(record=application, actor=application.owner)
    if state == "pending":
        return application
    first = User.objects.filter(groups__name=CHECKERS).first() or checker()
    if state == "returned":
        return workflow.return_for_changes(record=application, actor=first, reason="请补充项目预算。")
    application = workflow.approve(record=application, actor=first)
    if state == "checked":
        return application
    second = User.objects.filter(groups__name=DECIDERS).first() or decider()
    return workflow.approve(record=application, actor=second)


def a_statement(consumer: Any, content: str) -> PrivateFile:
    """A scan that differs from the next by its content."""
    return PrivateFileFactory(
        owner=consumer.account,
        name=f"{content} 年财务报表.png",
        sha256=hashlib.sha256(f"{consumer.pk} {content}".encode()).hexdigest(),
    )
