"""From a pending application to a voucher: two steps by two people, the amount, and every refusal."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import Workflow
from wagtail.snippets.models import get_workflow_enabled_models

from accounts.exceptions import DomainError
from accounts.models import Message
from institutions.models import Consumer
from programme.selectors import current_parameters
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import UserFactory, reviewer, seen
from tests.voucher_factories import ApplicationFactory, a_pool, checker, decider, parameters_with
from vouchers.models import LedgerEntry, Pool, Voucher
from vouchers.models.applications import CHECKERS, DECIDERS, Grant, VoucherApplication
from workflow import services as workflow
from workflow.exceptions import WorkflowError
from workflow.models import AuditEntry, ReviewTask, ReviewTaskState
from workflow.setup import REVIEWERS, ensure_review_setup
from workflow.statuses import SubmissionStatus

pytestmark = pytest.mark.django_db


def everything():
    models = (VoucherApplication, Pool, Voucher, Grant, LedgerEntry, AuditEntry, ReviewTaskState)
    return [list(model.objects.order_by("pk").values()) for model in models]


def refused(application, actor, **options):
    """The sentence, after seeing that nothing has changed."""
    before = everything()
    with pytest.raises(DomainError) as caught:
        workflow.approve(record=application, actor=actor, **options)
    assert everything() == before
    return str(caught.value)


def grant(application, amount, comment="", actor=None):
    return workflow.approve(
        record=application,
        actor=actor or decider(),
        comment=comment,
        details={"granted_amount": Decimal(amount)},
    )


def test_the_workflow_has_two_steps_of_two_groups():
    tasks = Workflow.objects.get(name="创新券审核").tasks
    assert [(task.name, task.specific.groups.get().name) for task in tasks] == [
        ("初审", CHECKERS),
        ("审定", DECIDERS),
    ]


def test_what_staff_change_in_the_workflow_stays():
    flow = Workflow.objects.get(name="创新券审核")
    flow.workflow_tasks.last().delete()
    ReviewTask.objects.get(name="初审").groups.set([Group.objects.get(name=REVIEWERS)])
    ensure_review_setup()
    assert [task.specific.groups.get().name for task in flow.tasks] == [REVIEWERS]
    # with one step, that step decides
    application = ApplicationFactory(pending=True)
    assert application.is_at_last_step
    assert grant(application, "80000", actor=reviewer()).status == SubmissionStatus.APPROVED


def test_check_and_decision_make_a_voucher():
    application = ApplicationFactory(pending=True)
    assert not application.is_at_last_step
    application = workflow.approve(record=application, actor=checker(), comment="材料齐全")
    assert application.status == SubmissionStatus.PENDING
    assert application.is_at_last_step
    assert not Voucher.objects.exists()
    pool = Pool.objects.get()

    application = grant(application, "50000", "按实际检测需求核定。")
    assert application.status == SubmissionStatus.APPROVED
    voucher = Voucher.objects.get()
    assert application.grant.voucher == voucher
    assert application.grant.reason == "按实际检测需求核定。"
    assert application.granted_amount == Decimal("50000.00")
    assert (voucher.consumer, voucher.balance_amount) == (application.consumer, Decimal("50000.00"))
    assert voucher.parameters == current_parameters()
    assert Pool.objects.get().available_amount == pool.available_amount - Decimal(50000)
    bodies = list(Message.objects.filter(recipient=application.owner).values_list("body", flat=True))
    assert any(
        "申请 80,000 元，获批 50,000 元" in body and "核减原因：按实际检测需求核定。" in body
        for body in bodies
    )
    assert any(voucher.number in body and "有效期" in body for body in bodies)


def test_all_that_was_applied_for_needs_no_reason():
    application = grant(ApplicationFactory(checked=True), "80000")
    assert (application.granted_amount, application.grant.reason) == (Decimal("80000.00"), "")


def test_the_parameters_of_the_day_of_decision_are_kept():
    application = ApplicationFactory(checked=True)
    then = current_parameters()
    now = parameters_with(validity_days=30)
    assert now != then
    voucher = grant(application, "80000").grant.voucher
    assert voucher.parameters == now
    assert (voucher.valid_until - voucher.valid_from).days == 29


@pytest.mark.parametrize(
    ("amount", "comment", "sentence"),
    [
        ("80000.01", "多批", "批准额度不能超过申请的 80,000 元，请减少金额。"),
        ("79999.99", " ", "批准额度少于申请额度时，请在“审核意见”中写明原因，申请人会看到。"),
        ("0", "不批", "批准额度不能为 0，请填写大于 0 的金额。"),
        ("-1", "不批", "批准额度不能是负数，请填写大于 0 的金额。"),
        ("0.001", "少批", "金额 0.001 精确到了分以下，请保留两位小数。"),
    ],
)
def test_an_amount_that_may_not_be_granted_is_refused(amount, comment, sentence):
    application = ApplicationFactory(checked=True)
    details = {"granted_amount": Decimal(amount)}
    assert refused(application, decider(), comment=comment, details=details) == sentence


def test_a_ceiling_lowered_meanwhile_holds_for_the_decision():
    application = ApplicationFactory(checked=True)
    parameters_with(consumer_ceiling_amount=Decimal(60000))
    assert refused(application, decider()) == "80,000 元超过了每家机构每年 60,000 元的上限，请减少金额。"
    assert grant(application, "60000", "上限已调整").granted_amount == Decimal("60000.00")


def test_an_empty_pool_refuses_the_decision_and_nothing_changes():
    a_pool("79999.99")
    application = ApplicationFactory(checked=True)
    assert "只剩 79,999.99 元，不足以发放 80,000 元" in refused(application, decider())
    assert grant(application, "79999.99", "资金池余额不足").granted_amount == Decimal("79999.99")
    other = ApplicationFactory(consumer=ConsumerFactory(approved=True), applied_amount=Decimal(1))
    assert "资金已经用完" in "".join(other.submission_problems()["consumer"])


def test_an_institution_withdrawn_before_the_decision_gets_no_voucher():
    application = ApplicationFactory(checked=True)
    workflow.withdraw(record=Consumer.objects.get(), actor=application.owner)
    assert "不在“已通过”状态" in refused(application, decider())


def test_who_checked_does_not_decide():
    application = ApplicationFactory(pending=True)
    both = UserFactory(staff=True, groups=[CHECKERS, DECIDERS])
    application = workflow.approve(record=application, actor=both)
    assert "您通过了它的前一步" in refused(application, both)
    admin = UserFactory(admin=True)
    assert workflow.approve(record=application, actor=admin).status == SubmissionStatus.APPROVED


def test_an_administrator_does_not_do_both_steps_either():
    application = ApplicationFactory(pending=True)
    admin = UserFactory(admin=True)
    application = workflow.approve(record=application, actor=admin)
    assert "您通过了它的前一步" in refused(application, admin)
    # sent back and handed in anew, it is a new run: whoever checked may check again
    application = workflow.return_for_changes(record=application, actor=decider(), reason="补充材料")
    application = workflow.submit(record=application, actor=application.owner)
    workflow.approve(record=application, actor=admin)


@pytest.mark.parametrize("group", [DECIDERS, REVIEWERS])
def test_only_checkers_check(group):
    application = ApplicationFactory(pending=True)
    with pytest.raises(WorkflowError, match="不在本步审核组内"):
        workflow.approve(record=application, actor=UserFactory(staff=True, groups=[group]))


def test_the_decision_page_asks_for_the_amount_at_the_last_step_only():
    application = ApplicationFactory(pending=True)
    first, second = signed_in(checker()), signed_in(decider())
    page = first.get(application.get_review_url()).content.decode()
    assert "批准额度" not in page
    assert "资金池足够" in page
    decide = reverse("review_decide", args=[*application.get_review_url().strip("/").split("/")[-2:]])
    data = {**seen(application), "decision": "approve", "reason": ""}
    response = first.post(decide, data)
    assert response.status_code == 302

    data |= seen(application)
    page = second.get(application.get_review_url()).content.decode()
    assert 'name="granted_amount"' in page
    assert 'value="80,000"' in page
    response = second.post(decide, data)
    assert "请填写批准额度。" in response.content.decode()
    response = second.post(decide, {**data, "granted_amount": "50000"})
    assert response.status_code == 422
    assert "请在“审核意见”中写明原因" in response.content.decode()
    assert 'value="50000"' in response.content.decode()
    response = second.post(decide, {**data, "granted_amount": "５０,０００", "reason": "按需核定"})
    assert response.status_code == 302
    assert Voucher.objects.get().amount == Decimal("50000.00")


def test_the_review_page_asks_few_queries(django_assert_max_num_queries):
    application = ApplicationFactory(checked=True)
    staff = signed_in(decider())
    staff.get(application.get_review_url())
    with django_assert_max_num_queries(32):
        assert "批准额度" in staff.get(application.get_review_url()).content.decode()


def test_wagtail_offers_to_change_the_workflow_of_applications():
    assert VoucherApplication in get_workflow_enabled_models()


def test_returning_needs_no_amount():
    application = ApplicationFactory(checked=True)
    decide = reverse("review_decide", args=[*application.get_review_url().strip("/").split("/")[-2:]])
    response = signed_in(decider()).post(
        decide,
        {
            **seen(application),
            "decision": "return",
            "reason": "补充",
            "granted_amount": "x",
        },
    )
    assert response.status_code == 302
    application.refresh_from_db()
    assert application.status == SubmissionStatus.RETURNED


def test_bulk_approval_grants_what_was_applied_until_the_pool_is_empty():
    a_pool("200000")
    for _number in range(3):
        ApplicationFactory(checked=True)
    staff = signed_in(decider())
    chosen = list(ReviewTaskState.objects.waiting().order_by("pk").values_list("pk", flat=True))
    data = {"chosen": chosen, "decision": "approve"}
    page = staff.post(reverse("review_bulk"), data).content.decode()
    assert "创新券申请：最后一步通过后，按申请额度发放创新券。" in page
    response = staff.post(reverse("review_bulk"), {**data, "confirmed": "1", "reason": ""}, follow=True)
    page = response.content.decode()
    assert "已处理 2 条记录。" in page
    assert "只剩 40,000 元，不足以发放 80,000 元" in page
    assert [str(voucher.amount) for voucher in Voucher.objects.all()] == ["80000.00", "80000.00"]
    assert Pool.objects.get().available_amount == Decimal("40000.00")
    assert VoucherApplication.objects.pending().count() == 1
