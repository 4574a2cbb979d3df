"""What becomes of an application: frozen, in two tabs, pending, returned, withdrawn, deleted."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message
from institutions.models import Consumer
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import UserFactory, reviewer
from tests.voucher_factories import ApplicationFactory, a_pool, a_voucher, checker
from tests.vouchers.application_steps import (
    APPLY,
    LIST,
    basics,
    problems_of,
    statements,
    step,
)
from vouchers.models.applications import VoucherApplication, anniversary
from workflow import services as workflow
from workflow.models import AuditEntry, ReviewTaskState
from workflow.statuses import SubmissionStatus

pytestmark = pytest.mark.django_db


def test_what_the_institution_said_is_frozen_at_submission(client, consumer):
    application = ApplicationFactory(consumer=consumer, pending=True)
    Consumer.objects.update(address="新地址 1 号")
    application = VoucherApplication.objects.get()
    assert application.institution["address"] == "科技二路 72 号"
    page = client.get(application.get_centre_url()).content.decode()
    assert "科技二路 72 号" in page
    assert "新地址" not in page
    staff = signed_in(checker())
    page = staff.get(application.get_review_url()).content.decode()
    assert "机构信息（提交时）" in page
    assert "提交后修改过：详细地址，请核对。" in page


def test_an_institution_withdrawn_between_form_and_submission_costs_a_sentence_and_nothing_else(
    client, consumer
):
    application = ApplicationFactory(consumer=consumer)
    submit = reverse("vouchers:submit", args=[application.pk])
    assert client.get(submit).status_code == 200
    workflow.withdraw(record=Consumer.objects.get(), actor=consumer.account)
    response = client.post(submit, {"confirmed": "1", "version": "1"}, follow=True)
    page = response.content.decode()
    assert "机构信息目前是“未提交”状态，通过审核后才能申请创新券" in page
    assert reverse("institutions:overview") in page
    application.refresh_from_db()
    assert application.status == SubmissionStatus.DRAFT
    assert application.applied_amount == Decimal("80000.00")
    assert not ReviewTaskState.objects.waiting().exists()


def test_two_tabs_that_begin_at_once_make_one_application(client, consumer):
    client.get(APPLY)
    client.post(APPLY, basics(version="0", applied_amount="10000"))
    response = client.post(APPLY, basics(version="0", applied_amount="20000"))
    assert "已在别的页面被修改" in response.content.decode()
    assert 'value="20000"' in response.content.decode()
    assert VoucherApplication.objects.get().applied_amount == Decimal("10000.00")
    # told of it, its owner may overwrite
    response = client.post(
        APPLY, basics(applied_amount="20000", version=response.context["form"].data["version"])
    )
    assert response.status_code == 302
    assert VoucherApplication.objects.get().applied_amount == Decimal("20000.00")


def test_two_tabs_that_submit_submit_once(client, consumer):
    application = ApplicationFactory(consumer=consumer)
    submit = reverse("vouchers:submit", args=[application.pk])
    for _tab in range(2):
        client.post(submit, {"confirmed": "1", "version": "1"})
    assert AuditEntry.objects.of(application).filter(action="submit").count() == 1
    assert ReviewTaskState.objects.waiting().count() == 1


def test_who_may_not_apply_reads_every_reason_before_the_form(client):
    consumer = ConsumerFactory(pending=True)
    client.force_login(consumer.account)
    page = client.get(APPLY).content.decode()
    assert "机构信息目前是“待审核”状态" in page
    assert f"{timezone.localdate().year} 年度的资金池还没有设立" in page
    assert "<form" not in page.partition("<main")[2].partition("reasons-title")[2].partition("</main>")[0]
    assert f'href="{APPLY}"' not in client.get(LIST).content.decode()
    response = client.post(APPLY, basics())
    assert "资金池还没有设立" in response.content.decode()
    assert not VoucherApplication.objects.exists()


def test_an_application_is_filled_in_while_the_institution_waits_and_handed_in_once_it_is_approved(client):
    a_pool()
    consumer = ConsumerFactory(pending=True)
    client.force_login(consumer.account)
    assert f'href="{APPLY}"' in client.get(LIST).content.decode()
    assert "可以先填写申请，暂时不能提交" in client.get(APPLY).content.decode()
    client.post(APPLY, basics(version="0"))
    application = VoucherApplication.objects.get()
    client.post(step(application, "statements"), statements(1))
    application.refresh_from_db()
    assert problems_of(application) == [
        "机构信息目前是“待审核”状态，通过审核后才能申请创新券，请先到“机构信息”办理。"
    ]
    submit = reverse("vouchers:submit", args=[application.pk])
    assert client.get(submit).url == f"{step(application, 'statements')}?check=1"
    workflow.approve(record=consumer, actor=reviewer())
    assert client.post(submit, {"confirmed": "1", "version": "2"}).url == application.get_centre_url()
    assert VoucherApplication.objects.get().status == SubmissionStatus.PENDING


def test_an_account_without_an_institution_is_sent_there(client):
    client.force_login(UserFactory(consumer=True))
    for address in (LIST, APPLY):
        assert reverse("institutions:overview") in client.get(address).content.decode()


def test_a_pending_application_is_withdrawn_and_changed(client, consumer):
    application = ApplicationFactory(consumer=consumer, checked=True)
    withdraw = reverse("vouchers:withdraw", args=[application.pk])
    assert "撤回并修改信息" in client.get(application.get_centre_url()).content.decode()
    response = client.post(withdraw)
    assert "退出审核" in response.content.decode()
    response = client.post(withdraw, {"confirmed": "1"})
    assert response.url == step(application, "basics")
    application.refresh_from_db()
    assert application.status == SubmissionStatus.DRAFT
    assert not ReviewTaskState.objects.waiting().exists()


def test_an_approved_application_is_not_withdrawn_and_says_why(client, consumer):
    application = ApplicationFactory(consumer=consumer, approved=True)
    page = client.get(application.get_centre_url()).content.decode()
    assert "撤回并修改信息" not in page
    assert application.grant.voucher.number in page
    response = client.post(
        reverse("vouchers:withdraw", args=[application.pk]), {"confirmed": "1"}, follow=True
    )
    assert "创新券已经发放，不能再撤回或修改" in response.content.decode()
    application.refresh_from_db()
    assert application.status == SubmissionStatus.APPROVED


def test_a_returned_application_shows_the_reason_and_is_handed_in_again(client, consumer):
    application = ApplicationFactory(consumer=consumer, returned=True)
    assert "请补充项目预算。" in client.get(LIST).content.decode()
    assert client.get(APPLY).url == application.get_centre_url()
    response = client.post(
        reverse("vouchers:submit", args=[application.pk]),
        {"confirmed": "1", "version": str(application.version)},
    )
    assert response.url == application.get_centre_url()
    assert ReviewTaskState.objects.waiting().get().task.name == "初审"


def test_a_draft_is_deleted_and_nothing_else_is(client, consumer):
    application = ApplicationFactory(consumer=consumer)
    delete = reverse("vouchers:delete", args=[application.pk])
    assert "确定删除" in client.post(delete).content.decode()
    assert client.post(delete, {"confirmed": "1"}).url == LIST
    assert not VoucherApplication.objects.exists()
    application = ApplicationFactory(consumer=consumer, pending=True)
    delete = reverse("vouchers:delete", args=[application.pk])
    # also after it was taken back: what a reviewer has seen stays
    for then in (lambda: workflow.withdraw(record=application, actor=consumer.account), lambda: None):
        response = client.post(delete, {"confirmed": "1"}, follow=True)
        assert "只能删除从未提交过的申请" in response.content.decode()
        assert VoucherApplication.objects.exists()
        then()


def test_another_consumers_application_and_voucher_are_not_found(client):
    theirs = ApplicationFactory(approved=True)
    voucher = theirs.grant.voucher
    client.force_login(ConsumerFactory(approved=True).account)
    for address in (
        theirs.get_centre_url(),
        step(theirs, "basics"),
        reverse("vouchers:submit", args=[theirs.pk]),
        reverse("vouchers:voucher", args=[voucher.pk]),
        reverse("vouchers:return", args=[voucher.pk]),
    ):
        assert client.get(address).status_code == 404
    response = client.post(
        reverse("vouchers:return", args=[voucher.pk]), {"amount": "1", "reason": "x", "confirmed": "1"}
    )
    assert response.status_code == 404
    voucher.refresh_from_db()
    assert voucher.balance_amount == Decimal("80000.00")


def test_pages_of_a_consumer_ask_few_queries(client, consumer, django_assert_max_num_queries):
    application = ApplicationFactory(consumer=consumer, approved=True)
    for _more in range(3):
        a_voucher("100", consumer=consumer)
    ApplicationFactory(consumer=consumer, pending=True, applied_amount=Decimal("1000.00"))
    voucher = application.grant.voucher
    pages = {
        LIST: 11,
        application.get_centre_url(): 6,
        voucher.get_centre_url(): 6,
        reverse("vouchers:return", args=[voucher.pk]): 4,
    }
    for address, most in pages.items():
        client.get(address)
        with django_assert_max_num_queries(most, info=address):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("name", "most"), [("apply", 10), ("basics", 10), ("projects", 11), ("statements", 10)]
)
def test_what_the_steps_of_an_application_cost(client, consumer, django_assert_max_num_queries, name, most):
    address = APPLY if name == "apply" else step(ApplicationFactory(consumer=consumer), name)
    client.get(address)
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200


def test_a_message_tells_of_the_return(consumer):
    ApplicationFactory(consumer=consumer, returned=True)
    message = Message.objects.filter(recipient=consumer.account).latest("pk")
    assert message.body == "请补充项目预算。"


def test_anniversaries():
    assert anniversary(datetime.date(2024, 2, 29), 2) == datetime.date(2026, 2, 28)
    assert anniversary(datetime.date(2024, 11, 28), 2) == datetime.date(2026, 11, 28)
