"""Who objects while it is public keeps the batch from being paid until a decider has answered."""

import datetime

import pytest
import time_machine
from django.utils import timezone, translation

from accounts.models import Message
from redemptions.exceptions import RedemptionError
from redemptions.models import Objection, PayoutBatch
from redemptions.schedule import close_due
from redemptions.services import batches
from redemptions.services.objections import MOST_OPEN, answer_objection, object_to
from tests.payout_factories import a_batch, the_payer
from tests.redemption_factories import the_checker, the_decider
from tests.voucher_factories import decider
from vouchers.audit import audit_ledger
from vouchers.models import LedgerEntry, Voucher
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db
WORDS = {"name": "李某", "contact": "13800001111", "text": "该单位与检测机构是同一控制人。"}


def refused(verb, **options):
    before = LedgerEntry.objects.count(), AuditEntry.objects.count(), list(Objection.objects.values())
    with pytest.raises(RedemptionError) as caught:
        verb(**options)
    assert (
        LedgerEntry.objects.count(),
        AuditEntry.objects.count(),
        list(Objection.objects.values()),
    ) == before
    return str(caught.value)


@pytest.fixture
def line(db):
    return a_batch("published", claims=2).payouts.get(position=1)


def after_the_days():
    return time_machine.travel(timezone.now() + datetime.timedelta(days=7))


def test_an_open_objection_keeps_the_publicity_from_ending(line):
    object_to(line=line, **WORDS)
    sentence = f"还有未处理的公示异议：{line.reference}。请由复审人员处理后再结束公示，或先移出这些明细。"
    with after_the_days():
        assert refused(batches.close_publicity, batch=line.batch, actor=the_payer()) == sentence
        assert close_due() == (0, [f"{line.batch.number}: {sentence}"])
        answer_objection(
            objection=Objection.objects.get(), actor=decider(), upheld=False, answer="经核实无关联。"
        )
        assert close_due() == (1, [])


def test_deciders_are_told_of_the_first_and_of_nothing_a_stranger_wrote(
    line, mailoutbox, django_capture_on_commit_callbacks
):
    told, gone, payer = decider(), decider(), the_payer()
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    other = PayoutBatch.objects.get().payouts.get(position=2)
    with django_capture_on_commit_callbacks(execute=True), translation.override("en"):
        first = object_to(line=line, **WORDS)
        object_to(line=other, **WORDS)
    messages = Message.objects.filter(subject=f"公示异议待处理：{line.batch.number}")
    assert set(messages.values_list("recipient", flat=True)) == {told.pk, the_decider().pk}
    assert line.reference in messages[0].body
    assert not messages.filter(recipient__in=[gone, payer]).exists()
    assert all(line.batch.number in mail.subject for mail in mailoutbox)
    assert not any(word in mail.body + mail.subject for mail in mailoutbox for word in WORDS.values())
    assert str(line.batch_id) in messages[0].link
    # once all are answered, another is news again
    for objection in Objection.objects.all():
        answer_objection(objection=objection, actor=told, upheld=False, answer="经核实无关联。")
    object_to(line=line, **WORDS)
    assert messages.filter(recipient=told).count() == 2
    assert first.is_upheld is None


def test_an_objection_to_a_line_that_left_the_batch_silences_no_other(line):
    told = decider()
    messages = Message.objects.filter(recipient=told)
    object_to(line=line, **WORDS)
    batches.leave_batch(line=line, actor=the_payer(), reason="另行核实")
    object_to(line=PayoutBatch.objects.get().payouts.get(position=2), **WORDS)
    assert messages.count() == 2


@pytest.mark.parametrize(("refuse", "status"), [(False, "returned"), (True, "refused")])
def test_upheld_it_goes_back_or_ends_and_the_others_are_paid(line, refuse, status):
    objection = object_to(line=line, **WORDS)
    answer_objection(
        objection=objection, actor=the_decider(), upheld=True, answer="经核实属实。", refuse=refuse
    )
    line.refresh_from_db()
    line.redemption.refresh_from_db()
    assert (line.status, line.redemption.status, line.redemption.reason) == ("left", status, "经核实属实。")
    assert {str(one.reserved_amount) for one in Voucher.objects.all()} == {"0.00", "450.00"}
    with after_the_days():
        assert close_due() == (1, [])
    assert audit_ledger().broken is None


def test_only_deciders_answer_and_not_who_has_checked(line):
    objection = object_to(line=line, **WORDS)
    options = {"objection": objection, "upheld": True, "answer": "x"}
    for actor in (the_payer(), the_checker(), line.redemption.consumer.account):
        assert refused(answer_objection, actor=actor, **options) == "只有兑付复审人员可以处理公示异议。"
    assert refused(answer_objection, actor=the_decider(), objection=objection, upheld=False, answer=" ") == (
        "请填写处理意见；异议成立的，用券机构会看到。"
    )
    line.redemption.checked_by.groups.add(*the_decider().groups.all())
    both = type(line.redemption.checked_by).objects.get(pk=line.redemption.checked_by_id)
    assert "是您初审的，须由另一位审核人员复审" in refused(answer_objection, actor=both, **options)


def test_an_objection_is_answered_once(line):
    objection = object_to(line=line, **WORDS)
    options = {"objection": objection, "actor": decider(), "upheld": False, "answer": "x"}
    answer_objection(**options)
    assert refused(answer_objection, **options) == "这份异议已经处理过了，请刷新页面。"


def test_nobody_dismisses_what_is_said_against_their_own_decision(line):
    objection = object_to(line=line, **WORDS)
    options = {"objection": objection, "actor": the_decider(), "answer": "不成立。"}
    assert refused(answer_objection, upheld=False, **options) == (
        f"兑付申请 {line.redemption.number} 是您审核的，异议不成立须由没有参与初审和复审的人员认定。"
    )
    answer_objection(upheld=True, **options)
    assert Objection.objects.get().is_upheld


def test_each_of_several_objections_can_be_upheld(line):
    first, second = (object_to(line=line, **WORDS) for _number in range(2))
    for objection in (first, second):
        answer_objection(objection=objection, actor=the_decider(), upheld=True, answer="经核实属实。")
    assert list(Objection.objects.values_list("is_upheld", flat=True)) == [True, True]
    line.redemption.refresh_from_db()
    assert line.redemption.status == "returned"


def test_only_while_it_is_public(line):
    sentence = "这一笔不在公示期内，不能再提出异议。请直接联系运营部门。"
    with after_the_days():
        assert refused(object_to, line=line, **WORDS) == sentence
    assert refused(object_to, line=a_batch(claims=1).payouts.get(), **WORDS) == sentence
    batches.leave_batch(line=line, actor=the_payer(), reason="x")
    assert refused(object_to, line=line, **WORDS) == sentence


def test_every_word_is_needed_and_nobody_floods_one_line(line):
    for name in WORDS:
        assert refused(object_to, line=line, **WORDS | {name: "  "}) == (
            "请填写姓名或单位、联系方式和异议内容，以便核实。"
        )
    for _number in range(MOST_OPEN):
        object_to(line=line, **WORDS)
    assert refused(object_to, line=line, **WORDS) == "这一笔已有多份异议正在处理。请直接联系运营部门。"


def test_what_is_objected_to_goes_into_no_other_batch(line):
    objection = object_to(line=line, **WORDS)
    batches.leave_batch(line=line, actor=the_payer(), reason="核实异议。")
    assert refused(batches.make_batch, actor=the_payer()) == "没有可以编入批次的兑付申请。"
    answer_objection(objection=objection, actor=decider(), upheld=False, answer="不成立。")
    assert batches.make_batch(actor=the_payer()).payouts.get().redemption == line.redemption
    assert PayoutBatch.objects.count() == 2


def test_the_trail_does_not_name_the_objector(line):
    object_to(line=line, **WORDS)
    entry = AuditEntry.objects.of(line.redemption).latest("pk")
    assert (entry.action, entry.actor, entry.reason) == ("object", None, "")
    assert "李某" not in str(entry.changes)
