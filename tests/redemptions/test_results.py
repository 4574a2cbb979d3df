"""The bank's file: wrong anywhere, it changes nothing; right, it pays each line once, however often it comes."""

import datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import Message, User
from institutions.models import Consumer
from redemptions.exceptions import RedemptionError
from redemptions.models import BankResult, PayoutBatch, PayoutLine, Redemption
from redemptions.services import batches, results, review
from redemptions.services.exports import export_batch
from tests.factories import auditor
from tests.payout_factories import a_batch, import_csv, result_csv, result_rows, the_payer
from tests.redemption_factories import a_claim, the_decider
from tests.redemptions.refusals import refused, rows_of, xlsx
from tests.voucher_factories import parameters_with
from vouchers.audit import audit_ledger
from vouchers.models import Voucher
from vouchers.models.applications import DECIDERS

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year


# applied


def test_what_the_bank_has_paid_is_redeemed_and_told():
    batch = a_batch("exported")
    applied = import_csv(batch, result_csv(batch, failed=[2]))
    assert str(applied) == "成功 1 笔，失败 1 笔。"
    first, second = batch.payouts.select_related("redemption__consumer__account")
    today = timezone.localdate()
    assert (first.status, first.paid_on, first.bank_reference) == ("paid", today, f"B{first.reference}")
    assert (second.status, second.paid_on, second.failure) == ("failed", None, "账号与户名不符")
    assert (first.redemption.status, first.redemption.paid_on) == ("paid", today)
    assert (second.redemption.status, second.redemption.paid_on) == ("failed", None)
    paid, failed = Voucher.objects.order_by("pk")
    assert (paid.reserved_amount, paid.redeemed_amount) == (0, Decimal(450))
    assert (failed.reserved_amount, failed.redeemed_amount) == (Decimal(450), 0)
    subjects = [
        Message.objects.filter(recipient=line.redemption.consumer.account).latest("pk").subject
        for line in (first, second)
    ]
    assert subjects == ["已拨付：450 元", "拨付失败，请更正收款账户"]
    assert PayoutBatch.objects.get().status == "done"
    assert audit_ledger().broken is None


def test_every_voucher_of_a_redemption_is_redeemed_for_its_share():
    from tests.consumer_factories import ConsumerFactory
    from tests.voucher_factories import a_voucher

    consumer = ConsumerFactory(approved=True)
    a_voucher("1000", consumer=consumer)
    a_voucher("300", consumer=consumer, parameters=parameters_with(validity_days=30))
    batch = a_batch("exported", claims=[a_claim("approved", consumer=consumer, voucher=None)])
    import_csv(batch, result_csv(batch))
    assert [str(one.redeemed_amount) for one in Voucher.objects.order_by("pk")] == ["150.00", "300.00"]
    assert audit_ledger().broken is None


def test_the_same_file_twice_pays_once():
    batch = a_batch("exported")
    content = result_csv(batch)
    import_csv(batch, content)
    at = f"{timezone.localtime(BankResult.objects.get().imported_at):%Y-%m-%d %H:%M}"
    assert refused(batch, content) == [f"这份文件已于 {at} 导入过。每笔结果只记一次，没有重复拨付。"]
    # saved anew, it is another file that says the same
    assert refused(batch, result_csv(batch, encoding="gb18030")) == [
        "文件里的 2 笔都已记过同样的结果，没有重复记账。"
    ]
    assert [str(one.redeemed_amount) for one in Voucher.objects.all()] == ["450.00", "450.00"]


def test_a_part_now_and_all_of_it_later():
    batch = a_batch("exported")
    rows = result_rows(batch)
    import_csv(batch, result_csv(batch, rows[:1]))
    assert PayoutBatch.objects.get().status == "exported"
    applied = import_csv(batch, result_csv(batch, rows))
    assert str(applied) == "成功 1 笔，失败 0 笔。另有 1 笔已有结果，没有重复记账。"
    assert PayoutBatch.objects.get().status == "done"


def test_a_failed_payment_goes_to_the_corrected_account():
    batch = a_batch("exported", claims=1)
    import_csv(batch, result_csv(batch, failed=[1]))
    claim = Redemption.objects.get()
    claim.checked_by.groups.add(Group.objects.get(name=DECIDERS))
    with pytest.raises(RedemptionError, match="是您初审的，须由另一位审核人员复审"):
        review.renew_account(redemption=claim, actor=User.objects.get(pk=claim.checked_by_id))
    consumer = Consumer.objects.get()
    consumer.bank_account_number = "3700021809200009999"
    consumer.save(update_fields=["bank_account_number"])
    review.renew_account(redemption=claim, actor=claim.decided_by)
    again = batches.make_batch(actor=the_payer())
    batches.publish_batch(batch=again, actor=the_payer())
    again = export_batch(batch=again, actor=the_payer())
    assert again.payouts.get().account_number.reveal() == "3700021809200009999"
    import_csv(again, result_csv(again))
    assert Redemption.objects.get().status == "paid"
    assert audit_ledger().broken is None


@pytest.mark.parametrize("how", ["gb18030", "xlsx"])
def test_as_banks_write_it(how):
    batch = a_batch("exported", claims=1)
    content = result_csv(batch, encoding="gb18030" if how == "gb18030" else "utf-8-sig")
    if how == "xlsx":
        rows = rows_of(content)
        rows[1][2] = Decimal(rows[1][2])
        rows[1][4] = timezone.localdate()
        content = xlsx(rows)
    assert import_csv(batch, content).paid == 1


# wrong


def test_everything_that_is_wrong_is_said_at_once_by_row():
    batch = a_batch("exported", claims=4)
    rows = result_rows(batch, failed=[4])
    rows[0][2] = "450.01"
    rows[1][1] = "别的公司"
    rows[2][3] = "处理中"
    rows[3][6] = ""
    rows += [rows[0][:], [f"{YEAR}-001-0009", "某公司", "1.00", "成功", rows[0][4], "B9", ""]]
    name = batch.payouts.get(position=2).payee_name
    reference = f"{YEAR}-001-000"
    assert refused(batch, result_csv(batch, rows)) == [
        f"第 2 行：{reference}1 的金额是 450.01 元，清单是 450 元，不一致。",
        f"第 3 行：{reference}2 的收款账户名称是“别的公司”，清单是“{name}”，不一致。",
        "第 4 行：结果“处理中”应为“成功”或“失败”。",
        "第 5 行：结果是“失败”，但没有写失败原因。",
        f"第 6 行：{reference}1 在第 2 行已经出现过，重复了。",
        f"第 6 行：银行流水号 B{reference}1 与第 2 行的相同。",
        f"第 7 行：{reference}9 不在{batch}导出的清单里。",
        "控制行的合计是 1,800 元，各行加起来是 2,251.02 元，不一致。请重新取得文件。",
    ]


@pytest.mark.parametrize("off", ["0.01", "-0.01"])
def test_an_amount_off_by_a_fen(off):
    batch = a_batch("exported", claims=1)
    rows = result_rows(batch)
    amount = Decimal(rows[0][2]) + Decimal(off)
    rows[0][2] = str(amount)
    control = ["控制行", "笔数", "1", "合计", str(amount), "校验值", batch.export_hash]
    assert refused(batch, result_csv(batch, rows, control=control)) == [
        f"第 2 行：{YEAR}-001-0001 的金额是 {amount} 元，清单是 450 元，不一致。"
    ]


@pytest.mark.parametrize(
    ("count", "total", "sentence"),
    [
        ("2", "900.01", "控制行的合计是 900.01 元，各行加起来是 900 元，不一致。请重新取得文件。"),
        ("2", "约九百", "控制行的合计是 空 元，各行加起来是 900 元，不一致。请重新取得文件。"),
        ("3", "900", "控制行写的是 3 笔，文件里有 2 笔，文件可能不完整。请重新取得。"),
        ("", "900", "控制行写的是 空 笔，文件里有 2 笔，文件可能不完整。请重新取得。"),
    ],
)
def test_a_wrong_control_line(count, total, sentence):
    batch = a_batch("exported")
    control = ["控制行", "笔数", count, "合计", total, "校验值", batch.export_hash]
    assert refused(batch, result_csv(batch, control=control)) == [sentence]


def test_the_file_of_another_batch():
    one, other = a_batch("exported", claims=1), a_batch("exported", claims=1)
    assert refused(one, result_csv(other)) == [
        f"文件的校验值与{one}的不一致：这是另一个批次的文件，或者清单被改动过。请核对。"
    ]


def test_a_batch_that_was_not_exported():
    batch = a_batch("ready", claims=1)
    assert refused(batch, result_csv(batch)) == [f"{batch}还没有导出拨付清单，不能导入银行结果。"]


@pytest.mark.parametrize(
    ("place", "text", "sentence"),
    [
        (4, "2999-01-01", "拨付日期 2999-01-01 在今天以后。"),
        (4, "2026-02-30", "拨付日期“2026-02-30”不是日期，请写成 2026-06-30。"),
        (4, "", "结果是“成功”，但没有拨付日期。"),
        (5, "", "结果是“成功”，但没有银行流水号。"),
        (5, "9" * 61, "银行流水号超过 60 字。"),
        (0, "", "没有拨付编号。"),
    ],
)
def test_a_row_that_is_not_right(place, text, sentence):
    batch = a_batch("exported", claims=1)
    rows = result_rows(batch)
    control = ["控制行", "笔数", "1", "合计", rows[0][2], "校验值", batch.export_hash]
    rows[0][place] = text
    assert refused(batch, result_csv(batch, rows, control=control)) == [f"第 2 行：{sentence}"]


@pytest.mark.parametrize("amount", ["", "1e3", "NaN", "-450", "450.001", "=450", "４５０"])
def test_an_amount_that_is_none(amount):
    batch = a_batch("exported", claims=1)
    rows = result_rows(batch)
    rows[0][2] = amount
    control = ["控制行", "笔数", "1", "合计", "0", "校验值", batch.export_hash]
    assert refused(batch, result_csv(batch, rows, control=control)) == [
        f"第 2 行：金额“{amount}”不是最多两位小数的数字。"
    ]


def test_paid_before_it_was_exported():
    batch = a_batch("exported", claims=1)
    rows = result_rows(batch)
    today = timezone.localdate()
    rows[0][4] = str(today - datetime.timedelta(days=1))
    assert refused(batch, result_csv(batch, rows)) == [
        f"第 2 行：拨付日期 {rows[0][4]} 早于清单导出的日期 {today}。"
    ]


def test_the_bank_does_not_change_its_mind():
    batch = a_batch("exported", claims=2)
    import_csv(batch, result_csv(batch, result_rows(batch)[:1]))
    assert refused(batch, result_csv(batch, failed=[1])) == [
        f"第 2 行：{YEAR}-001-0001 此前已记为“已拨付”，与文件不一致。请与银行核对。"
    ]


def test_who_does_not_pay_imports_nothing():
    batch = a_batch("exported", claims=1)
    for actor in (auditor(), the_decider()):
        assert refused(batch, result_csv(batch), actor=actor) == [
            "您没有编制批次和拨付的权限，请联系系统管理员。"
        ]


# interrupted


def test_interrupted_it_goes_on_where_it_was(monkeypatch):
    batch = a_batch("exported", claims=3)
    content, pay = result_csv(batch), results._pay

    def stop_at_the_second(line, *args):
        if line.position == 2:
            raise KeyboardInterrupt
        pay(line, *args)

    monkeypatch.setattr(results, "_pay", stop_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        import_csv(batch, content)
    monkeypatch.undo()
    assert [line.status for line in batch.payouts.all()] == ["paid", "waiting", "waiting"]
    assert audit_ledger().broken is None
    other = result_csv(batch, result_rows(batch)[1:])
    assert refused(batch, other) == ["上一份银行结果还没有处理完。请先点“继续处理”，再导入新的文件。"]
    assert str(import_csv(batch, content)) == "成功 2 笔，失败 0 笔。另有 1 笔已有结果，没有重复记账。"
    assert results.resume_results() == (0, [])
    assert audit_ledger().broken is None


def test_the_scheduled_command_goes_on_with_it(monkeypatch):
    batch = a_batch("exported", claims=1)
    results.keep_result(batch=batch, actor=the_payer(), name="a.csv", content=result_csv(batch))
    assert Redemption.objects.get().status == "payable"
    assert results.resume_results() == (1, [])
    assert Redemption.objects.get().status == "paid"


def test_rights_that_were_lost_meanwhile_keep_it_for_somebody_else():
    batch = a_batch("exported", claims=1)
    results.keep_result(batch=batch, actor=the_payer(), name="a.csv", content=result_csv(batch))
    the_payer().groups.clear()
    done, failures = results.resume_results()
    assert (done, failures) == (0, [f"{batch.number}: 您没有编制批次和拨付的权限，请联系系统管理员。"])


# proved


def test_the_proof_sees_a_paid_line_without_its_money():
    batch = a_batch("exported", claims=2)
    import_csv(batch, result_csv(batch, result_rows(batch)[:1]))
    assert audit_ledger().broken is None
    line = batch.payouts.get(position=2)
    Redemption.objects.filter(pk=line.redemption_id).update(status="paid")
    assert "has 450.00 reserved, its share is 0.00" in str(audit_ledger().broken)
    Redemption.objects.filter(pk=line.redemption_id).update(status="payable")
    PayoutLine.objects.filter(pk=line.pk).update(status="paid")
    assert str(audit_ledger().broken) == (
        f"pool {YEAR}: batch {YEAR}-001 has paid 900.00, by its entries 450.00"
    )


def test_a_payment_takes_few_statements(django_assert_max_num_queries):
    batch = a_batch("exported", claims=1)
    content = result_csv(batch)
    with django_assert_max_num_queries(75):
        import_csv(batch, content)
