"""Batches: made of what is approved, drawn, inspected, made public, closed, and exported to the accounts that were approved."""

import datetime
import hashlib
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Message
from institutions.models import Consumer
from redemptions.draws import draw
from redemptions.exceptions import RedemptionError
from redemptions.models import PayoutBatch, PayoutLine, Redemption
from redemptions.schedule import close_due
from redemptions.services import batches, review
from redemptions.services.exports import download_batch, export_batch
from tests.factories import UserFactory, auditor
from tests.payout_factories import a_batch, an_inspector, the_payer
from tests.redemption_factories import a_claim, the_checker, the_decider
from tests.voucher_factories import parameters_with
from vouchers.audit import audit_ledger
from vouchers.models import LedgerEntry
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db


def refused(verb, **options):
    """The sentence; nothing has changed."""

    def state():
        return (
            LedgerEntry.objects.count(),
            AuditEntry.objects.count(),
            list(PayoutBatch.objects.order_by("pk").values()),
            list(PayoutLine.objects.order_by("pk").values("status", "is_drawn", "inspection_passed")),
            list(Redemption.objects.order_by("pk").values_list("status", flat=True)),
        )

    before = state()
    with pytest.raises(RedemptionError) as caught:
        verb(**options)
    assert state() == before
    return str(caught.value)


def line_of(batch, position=1):
    return batch.payouts.get(position=position)


def days_later(days):
    return time_machine.travel(timezone.now() + datetime.timedelta(days=days))


# made and drawn


def test_a_batch_is_made_of_all_that_is_ready():
    claims = [a_claim("approved"), a_claim("approved")]
    a_claim("checked")
    batch = batches.make_batch(actor=the_payer(), expected_amount=Decimal(900))
    year = timezone.localdate().year
    assert (batch.number, str(batch), batch.status) == (f"{year}-001", f"{year} 年第 1 批", "draft")
    assert [(line.reference, line.redemption, line.amount) for line in batch.payouts.all()] == [
        (f"{year}-001-0001", claims[0], Decimal(450)),
        (f"{year}-001-0002", claims[1], Decimal(450)),
    ]
    line = line_of(batch)
    assert (line.payee_name, line.account_number) == (claims[0].payee_name, claims[0].account_number)
    assert refused(batches.make_batch, actor=the_payer()) == "没有可以编入批次的兑付申请。"


def test_what_the_page_said_must_still_hold():
    a_claim("approved")
    message = refused(batches.make_batch, actor=the_payer(), expected_amount=Decimal("449.99"))
    assert message == "可编入批次的兑付申请有变化，现在合计 450 元。请核对后重新提交。"


def test_a_redemption_is_in_one_batch_only():
    claim = a_claim("approved")
    batches.make_batch(actor=the_payer())
    message = refused(batches.make_batch, actor=the_payer(), redemptions=[claim])
    assert message == (
        f"{claim.number} 不能编入批次：须是“待公示”或“待拨付”，不在别的批次里，也没有未处理的公示异议。"
    )


@pytest.mark.parametrize("who", [the_decider, the_checker, auditor, lambda: UserFactory(consumer=True)])
def test_only_who_pays_makes_publishes_closes_exports(who):
    batch, actor = a_batch(), who()
    a_claim("approved")
    sentence = "您没有编制批次和拨付的权限，请联系系统管理员。"
    assert refused(batches.make_batch, actor=actor) == sentence
    for verb in (batches.publish_batch, batches.close_publicity, export_batch):
        assert refused(verb, batch=batch, actor=actor) == sentence
    assert refused(batches.leave_batch, line=line_of(batch), actor=actor, reason="x") == sentence


def test_anybody_can_draw_again():
    batch = a_batch(claims=4, percent=30, inspected=False)
    numbers = [line.redemption.number for line in batch.payouts.all()]
    drawn = {line.redemption.number for line in batch.payouts.filter(is_drawn=True)}
    assert len(drawn) == 2  # 30 % of 4, rounded up
    first = sorted(numbers, key=lambda number: hashlib.sha256(f"{batch.seed}:{number}".encode()).hexdigest())[
        :2
    ]
    assert drawn == set(first)
    assert drawn == set(draw(seed=batch.seed, percent=30, numbers=reversed(numbers)))
    entry = AuditEntry.objects.of(batch).get(action="draw")
    assert entry.changes["seed"] == ["", batch.seed]


@pytest.mark.parametrize(
    ("percent", "count", "drawn"), [(0, 9, 0), (1, 9, 1), (20, 5, 1), (20, 6, 2), (100, 3, 3)]
)
def test_the_share_is_rounded_up(percent, count, drawn):
    numbers = [f"DF{number}" for number in range(count)]
    assert len(draw(seed="ab", percent=percent, numbers=numbers)) == drawn


def test_the_draw_on_the_command_line(capsys):
    call_command("draw", "seed", "50", "A", "B")
    assert capsys.readouterr().out.split() == draw(seed="seed", percent=50, numbers=["A", "B"])


# inspected


def test_a_batch_with_a_line_unseen_is_not_made_public():
    batch = a_batch(percent=100, inspected=False)
    first, second = batch.payouts.all()
    assert refused(batches.publish_batch, batch=batch, actor=the_payer()) == (
        f"抽中的明细还没有抽查：{first.reference}、{second.reference}。"
    )
    batches.inspect_line(line=first, actor=an_inspector(), passed=True, note="原件相符。")
    batches.inspect_line(line=second, actor=an_inspector(), passed=False, note="报告编号查无此件。")
    assert refused(batches.publish_batch, batch=batch, actor=the_payer()) == (
        f"抽查未通过：{second.reference}。请由复审人员退回或不予兑付后再公示。"
    )
    review.refuse_claim(redemption=second.redemption, actor=the_decider(), reason="报告不实。")
    assert batches.publish_batch(batch=batch, actor=the_payer()).status == "published"
    second.refresh_from_db()
    assert (second.status, second.failure) == ("left", "报告不实。")
    assert audit_ledger().broken is None


@pytest.mark.parametrize("who", [the_checker, the_decider])
def test_who_reviewed_it_does_not_inspect_it(who):
    line = line_of(a_batch(claims=1, percent=100, inspected=False))
    message = refused(batches.inspect_line, line=line, actor=who(), passed=True, note="x")
    assert message == (f"兑付申请 {line.redemption.number} 是您审核过的，须由没有参与初审和复审的人员抽查。")


def test_an_inspection_needs_a_reviewer_a_note_and_a_drawn_line_and_is_made_once():
    drawn = line_of(a_batch(claims=1, percent=100))
    other = line_of(a_batch(claims=1))
    options = {"passed": True, "note": "x"}
    assert refused(batches.inspect_line, line=other, actor=the_payer(), **options) == (
        "只有兑付审核人员可以抽查。"
    )
    assert "没有被抽中" in refused(batches.inspect_line, line=other, actor=an_inspector(), **options)
    assert "已经抽查过了" in refused(batches.inspect_line, line=drawn, actor=an_inspector(), **options)
    assert refused(batches.inspect_line, line=drawn, actor=an_inspector(), passed=True, note=" ") == (
        "请填写抽查说明：看了什么，发现了什么。"
    )


def test_nobody_leaves_to_escape_the_draw():
    line = line_of(a_batch(claims=1, percent=100, inspected=False))
    message = refused(batches.leave_batch, line=line, actor=the_payer(), reason="x")
    assert message == (
        f"{line.reference} 被抽中，抽查通过前不能移出批次；抽查未通过的，由复审人员退回或不予兑付。"
    )


# public


def test_public_for_the_days_of_the_parameters_the_first_counted():
    batch = a_batch("published")
    today = timezone.localdate()
    assert (batch.published_on, batch.publicity_until) == (today, today + datetime.timedelta(days=6))
    claim = Redemption.objects.first()
    assert claim.status == "published"
    assert Message.objects.filter(recipient=claim.consumer.account).latest("pk").subject == "兑付申请开始公示"
    with days_later(6):
        assert refused(batches.close_publicity, batch=batch, actor=the_payer()) == (
            f"{batch}公示到 {batch.publicity_until}（含当天），次日起才能结束公示。"
        )
        assert close_due() == (0, [])
    with days_later(7):
        assert close_due() == (1, [])
        assert close_due() == (0, [])
    assert PayoutBatch.objects.get().status == "ready"
    assert {row.status for row in Redemption.objects.all()} == {"payable"}
    entry = AuditEntry.objects.of(batch).latest("pk")
    assert (entry.action, entry.actor_name) == ("close_batch", "系统")


def test_without_publicity_it_is_ready_at_once():
    batch = a_batch("published", days=0)
    assert (batch.status, batch.published_on) == ("ready", None)
    assert {row.status for row in Redemption.objects.all()} == {"payable"}


def test_out_of_a_public_batch_it_is_made_public_anew():
    batch = a_batch("published")
    line = line_of(batch)
    batches.leave_batch(line=line, actor=the_payer(), reason="材料待核实。")
    line.redemption.refresh_from_db()
    assert line.redemption.status == "approved"
    again = batches.make_batch(actor=the_payer())
    assert [(one.redemption, one.is_public) for one in again.payouts.all()] == [(line.redemption, True)]


def test_a_batch_that_everything_has_left_is_done():
    batch = a_batch(claims=1)
    batches.leave_batch(line=line_of(batch), actor=the_payer(), reason="材料待核实。")
    assert PayoutBatch.objects.get().status == "done"
    assert "不能这样办理" in refused(batches.publish_batch, batch=batch, actor=the_payer())


def test_a_batch_whose_last_line_is_sent_back_is_done_and_the_trail_says_by_whom():
    batch = a_batch("published", claims=1)
    actor = the_decider()
    review.return_claim(redemption=line_of(batch).redemption, actor=actor, reason="合同缺页。")
    assert PayoutBatch.objects.get().status == "done"
    entry = AuditEntry.objects.of(batch).latest("pk")
    assert (entry.action, entry.actor) == ("leave_batch", actor)
    assert entry.changes["status"] == ["published", "done"]


# exported


def test_the_export_freezes_count_total_and_hash():
    batch = a_batch("exported")
    assert (batch.line_count, batch.total_amount, batch.status) == (2, Decimal(900), "exported")
    text = "".join(
        f"{line.reference}\t{line.payee_name}\t{line.bank_name}\t{line.bank_branch}\t"
        f"{line.account_number.reveal()}\t450.00\n"
        for line in batch.payouts.all()
    )
    assert batch.export_hash == hashlib.sha256(text.encode()).hexdigest()
    assert len(download_batch(batch=batch, actor=the_payer(), file_name="a.csv")) == 2
    entry = AuditEntry.objects.of(batch).latest("pk")
    assert (entry.action, entry.actor, entry.changes) == ("view_bank", the_payer(), {"文件": ["", "a.csv"]})
    assert "不能这样办理" in refused(batches.leave_batch, line=line_of(batch), actor=the_payer(), reason="x")


def test_a_list_that_was_written_to_since_is_not_given_out():
    batch = a_batch("exported")
    batch.payouts.update(payee_name="别的公司")
    message = refused(download_batch, batch=batch, actor=the_payer(), file_name="a.csv")
    assert message == f"{batch}的明细与导出时的校验值不一致，不能下载。请联系系统管理员。"


def changed_account(consumer, number="3700021809200009999"):
    consumer = Consumer.objects.get(pk=consumer.pk)
    consumer.bank_account_number = number
    consumer.save(update_fields=["bank_account_number"])
    return consumer


def test_an_account_that_changed_since_it_was_approved_is_not_paid():
    batch = a_batch("ready")
    line = line_of(batch)
    claim = line.redemption
    changed_account(claim.consumer)
    assert refused(export_batch, batch=batch, actor=the_payer()) == (
        f"{line.reference}：“{claim.consumer}”的收款账户在审核通过后变更过，现在是{claim.consumer.name}，"
        f"•••• 9999。请由复审人员在兑付申请 {claim.number} 上“更正收款账户”，或把这一笔移出批次。"
    )
    review.renew_account(redemption=claim, actor=the_decider())
    export_batch(batch=batch, actor=the_payer())
    assert line_of(batch).account_number.reveal() == "3700021809200009999"


def test_without_the_line_the_others_are_paid_and_it_goes_into_the_next_without_publicity():
    batch = a_batch("ready")
    line = line_of(batch)
    changed_account(line.redemption.consumer)
    batches.leave_batch(line=line, actor=the_payer(), reason="账户变更，下批再付。")
    assert export_batch(batch=batch, actor=the_payer()).line_count == 1
    again = batches.make_batch(actor=the_payer())
    assert [(one.redemption, one.is_public) for one in again.payouts.all()] == [(line.redemption, False)]
    again = batches.publish_batch(batch=again, actor=the_payer())
    assert (again.status, again.published_on) == ("ready", None)


def test_an_institution_under_review_is_not_paid():
    batch = a_batch("ready", claims=1)
    Consumer.objects.update(status="pending")
    message = refused(export_batch, batch=batch, actor=the_payer())
    assert "的机构信息现在是“待审核”" in message
    assert message.endswith("可以先移出本批次。")


def test_with_the_list_at_the_bank_no_account_is_renewed():
    batch = a_batch("exported")
    claim = line_of(batch).redemption
    changed_account(claim.consumer)
    message = refused(review.renew_account, redemption=claim, actor=the_decider())
    assert message == (
        f"兑付申请 {claim.number} 在已导出的{batch}中，清单已交银行，须等银行结果导入后再办理。"
    )


def test_percent_of_the_programme_is_kept_with_the_batch():
    a_claim("approved")
    parameters_with(spot_check_percent=35)
    assert batches.make_batch(actor=the_payer()).percent == 35
