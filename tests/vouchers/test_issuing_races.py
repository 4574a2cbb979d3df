"""Many decisions at the same moment, on different applications, against a pool that has not room for all.

Through the pages, with real connections and threads, as many deciders' browsers would send them.
"""

import itertools
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import seen
from tests.threads import at_once, crowd, refusals
from tests.voucher_factories import ApplicationFactory, a_pool, decider
from vouchers.application_services import open_application_of, save_application
from vouchers.audit import audit_ledger
from vouchers.models import Pool, Voucher
from vouchers.models.applications import Grant, VoucherApplication
from workflow import services as workflow
from workflow.models import ReviewTaskState

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.reviewed]

is_postgresql = connection.vendor == "postgresql"
# 8 threads on SQLite, where each decision waits for the others anyhow
DECISIONS = 40 if is_postgresql else 16
ROOM = DECISIONS // 2


def decisions(count: int) -> Callable[[], int]:
    """Each call decides another application for 50 yuan; the status of the answer."""
    a_pool(count // 2 * 50)
    applications = [
        ApplicationFactory(checked=True, applied_amount=Decimal(50), has_projects=False)
        for _number in range(count)
    ]
    posted = {application.pk: seen(application) for application in applications}
    cookies = signed_in(decider()).cookies
    turns = itertools.count()

    def decide() -> int:
        application = applications[next(turns)]
        browser = Client()
        browser.cookies = cookies
        *_path, content_type, pk = application.get_review_url().strip("/").split("/")
        response = browser.post(
            reverse("review_decide", args=[content_type, pk]),
            {
                **posted[application.pk],
                "decision": "approve",
                "reason": "",
                "granted_amount": "50",
            },
        )
        return response.status_code

    return decide


@pytest.mark.long
def test_decisions_on_a_pool_with_room_for_half_of_them_issue_half():
    outcomes = Counter(crowd([decisions(DECISIONS)] * DECISIONS, DECISIONS))
    # 422 is the page of the record with the sentence
    assert outcomes == {302: ROOM, 422: DECISIONS - ROOM}
    assert Pool.objects.get().available_amount == 0
    assert Voucher.objects.count() == Grant.objects.count() == ROOM
    assert VoucherApplication.objects.filter(status="approved").count() == ROOM
    assert VoucherApplication.objects.pending().count() == ReviewTaskState.objects.waiting().count() == ROOM
    assert audit_ledger().broken is None


def test_two_deciders_at_once_make_one_voucher():
    application = ApplicationFactory(checked=True)
    first, second = decider(), decider()
    outcomes = at_once(
        *(lambda actor=actor: workflow.approve(record=application, actor=actor) for actor in (first, second))
    )
    assert len(refusals(outcomes)) == 1
    assert Voucher.objects.count() == Grant.objects.count() == 1


def test_two_first_applications_of_a_consumer_at_once_are_one():
    a_pool()
    consumer = ConsumerFactory(approved=True)

    def apply() -> VoucherApplication:
        return save_application(application=open_application_of(consumer), actor=consumer.account, version=0)

    outcomes = at_once(apply, apply, apply)
    assert len(refusals(outcomes)) == 2
    assert VoucherApplication.objects.count() == 1


def test_an_institution_is_withdrawn_or_its_application_handed_in_never_half():
    application = ApplicationFactory()
    consumer = application.consumer
    outcomes = at_once(
        lambda: workflow.submit(record=application, actor=consumer.account),
        lambda: workflow.withdraw(record=consumer, actor=consumer.account),
    )
    consumer.refresh_from_db()
    application.refresh_from_db()
    assert consumer.status == "draft"
    # whoever was first: handed in while the institution was approved, or refused
    assert application.status == ("draft" if refusals(outcomes) else "pending")
