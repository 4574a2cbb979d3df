"""Consumers for tests, as tests/factories.py makes providers."""

import datetime
from decimal import Decimal
from typing import Any

import factory
from django.contrib.auth.models import Group

from accounts.models import User
from institutions.models import Consumer, ConsumerType, IncubatedMember
from institutions.sme import Industry
from tests.factories import PrivateFileFactory, SubmissionFactory, UserFactory, make_credit_code
from workflow.setup import PAYERS

# As banks number the accounts of institutions: no card, by its length or its check digit.
ACCOUNT_NUMBER = "3700021809200004321"


def payer(**fields: Any) -> User:
    """Staff of the group that pays."""
    account = UserFactory(staff=True, **fields)
    account.groups.add(Group.objects.get(name=PAYERS))
    return account


class ConsumerFactory(SubmissionFactory):
    """A complete small software company. ``ConsumerFactory(approved=True)`` has been submitted and approved.

    ``incubated=["…"]`` makes it an incubator that applies for them.
    """

    class Meta:
        model = Consumer
        skip_postgeneration_save = True

    class Params:
        pending = factory.Trait(state="pending")
        approved = factory.Trait(state="approved")
        returned = factory.Trait(state="returned")
        withdrawn = factory.Trait(state="withdrawn")
        large = factory.Trait(staff_count=300, revenue_amount=Decimal("100000000.00"))

    account = factory.SubFactory(UserFactory, consumer=True)
    name = factory.Sequence(lambda n: f"渭河软件科技有限公司{n}")
    code = factory.Sequence(lambda n: make_credit_code(20_000_000 + n))
    consumer_type = ConsumerType.SME
    registered_on = datetime.date(2019, 3, 12)
    legal_representative = "周晓明"
    city = "6101"
    district = "雁塔区"
    address = "科技二路 72 号"
    introduction = "从事工业软件研发。"
    certificate = factory.LazyAttribute(lambda consumer: PrivateFileFactory(owner=consumer.account))
    industry = Industry.SOFTWARE
    staff_count = 46
    revenue_amount = Decimal("8200000.00")
    assets_amount = Decimal("5600000.00")
    bank_account_name = factory.LazyAttribute(lambda consumer: consumer.name)
    bank_name = "中国工商银行"
    bank_branch = "西安高新支行"
    bank_account_number = ACCOUNT_NUMBER
    contact_name = "林雨"
    contact_mobile = "13800005678"
    contact_phone = "029-88885678"
    contact_email = "consumer@example.com"

    @classmethod
    def _create(
        cls, model_class: Any, *args: Any, incubated: tuple[str, ...] | list[str] = (), **fields: Any
    ) -> Any:
        if incubated:
            fields |= {
                "consumer_type": ConsumerType.INCUBATOR,
                "incubated": [
                    IncubatedMember(name=name, sort_order=position) for position, name in enumerate(incubated)
                ],
            }
        return super()._create(model_class, *args, **fields)
