"""The calendar of vouchers: notices 30, 7 and 1 days ahead, and money that goes back to the pool."""

import datetime
import subprocess
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Message
from tests.voucher_factories import REASON, a_pool, a_voucher, move, parameters_with
from vouchers import expiry, services
from vouchers.audit import audit_ledger
from vouchers.exceptions import VoucherError
from vouchers.expiry import expire_lapsed, remind_ending
from vouchers.models import LedgerEntry, Pool, Voucher, VoucherNotice

pytestmark = pytest.mark.django_db


@pytest.fixture
def voucher():
    """Valid to 2026-06-09, to be claimed until 2026-07-09."""
    with on("2026-03-02"):
        a_pool("5000")
        return a_voucher("1000", parameters=parameters_with(validity_days=100, redeem_within_days=30))


def on(day, time="09:00"):
    """At that time of that day, in the site's time zone."""
    moment = datetime.datetime.fromisoformat(f"{day} {time}")
    return time_machine.travel(timezone.make_aware(moment), tick=False)


def subjects():
    return list(
        Message.objects.filter(subject__contains="期").order_by("pk").values_list("subject", flat=True)
    )


def run(day):
    with on(day, "00:20"):
        call_command("expire_vouchers")


def test_the_owner_is_told_30_7_and_1_days_before_each_deadline_once(voucher, capsys):
    assert (str(voucher.valid_until), str(voucher.redeem_by)) == ("2026-06-09", "2026-07-09")
    for day in (
        "2026-05-09",
        "2026-05-10",
        "2026-05-10",
        "2026-05-11",
        "2026-06-01",
        "2026-06-02",
        "2026-06-03",
    ):
        run(day)
    assert subjects() == ["创新券有效期还有 30 天", "创新券有效期还有 7 天"]
    for day in ("2026-06-08", "2026-06-09"):
        run(day)
    assert subjects()[2:] == ["创新券有效期还有 1 天", "创新券兑付期限还有 30 天"]
    for day in ("2026-06-10", "2026-07-02", "2026-07-08", "2026-07-09", "2026-07-09"):
        run(day)
    assert subjects()[4:] == ["创新券兑付期限还有 7 天", "创新券兑付期限还有 1 天"]
    first, fourth = Message.objects.filter(subject__contains="还有 30 天").order_by("pk")
    assert first.recipient == voucher.consumer.account
    assert first.body == (
        f"创新券 {voucher.number} 的有效期到 2026-06-09（含当天），余额 1,000 元。"
        "有效期内完成的服务，可在 2026-07-09 前申请兑付；此后的服务不能再使用这张券。"
    )
    assert fourth.body == (
        f"创新券 {voucher.number} 的兑付期限到 2026-07-09（含当天），余额 1,000 元。"
        "请及时提交兑付申请；逾期未用的金额退回资金池。"
    )
    assert "0 vouchers expired, 1 notices sent" in capsys.readouterr().out


def test_of_the_notices_that_were_missed_only_the_last_is_sent(voucher):
    run("2026-06-05")
    run("2026-06-09")
    assert subjects() == ["创新券有效期还有 4 天", "创新券有效期今天截止", "创新券兑付期限还有 30 天"]


def test_without_days_for_claims_there_is_one_deadline():
    with on("2026-03-02"):
        a_voucher("1000", parameters=parameters_with(validity_days=100, redeem_within_days=0))
    run("2026-06-02")
    assert subjects() == ["创新券兑付期限还有 7 天"]


def test_nobody_is_told_of_a_voucher_without_money(voucher):
    with on("2026-04-01"):
        services.return_voucher(voucher=voucher, actor=voucher.consumer.account, reason=REASON)
    run("2026-06-02")
    run("2026-08-01")
    assert subjects() == []
    assert LedgerEntry.objects.latest("sequence").kind == "return"


def test_unused_money_goes_back_after_the_last_day_for_claims(voucher):
    run("2026-07-09")
    assert Voucher.objects.get().balance_amount == 1000
    run("2026-07-10")
    voucher.refresh_from_db()
    assert (voucher.balance_amount, voucher.expired_amount, voucher.status) == (0, 1000, "expired")
    assert Pool.objects.get().available_amount == 5000
    entry = LedgerEntry.objects.latest("sequence")
    assert (entry.kind, entry.actor, entry.actor_name, entry.reason) == (
        "expire",
        None,
        "系统",
        "兑付期限已过，自动收回。",
    )
    message = Message.objects.filter(recipient=voucher.consumer.account).latest("pk")
    assert message.subject == "创新券已过期：1,000 元退回资金池"
    assert "2026-07-09 截止，未用的 1,000 元已退回资金池" in message.body
    run("2026-07-10")
    run("2026-07-11")
    assert LedgerEntry.objects.filter(kind="expire").count() == 1
    assert audit_ledger().broken is None


def test_what_is_being_claimed_stays_and_what_a_refused_claim_gives_back_goes(voucher):
    with on("2026-07-01"):
        move(services.reserve, voucher, "400")
    run("2026-07-10")
    voucher.refresh_from_db()
    assert (voucher.balance_amount, voucher.reserved_amount, voucher.expired_amount) == (0, 400, 600)
    assert voucher.status == "redeeming"
    with on("2026-07-15"):
        move(services.release, voucher, "100")
        move(services.redeem, voucher, "300")
    run("2026-07-16")
    voucher.refresh_from_db()
    assert (voucher.redeemed_amount, voucher.expired_amount) == (300, 700)


def test_a_voucher_is_not_taken_back_early_or_twice(voucher):
    with on("2026-07-09"), pytest.raises(VoucherError, match="还没有过兑付期限，不能收回"):
        services.expire_voucher(voucher=voucher)
    run("2026-07-10")
    with on("2026-07-10"), pytest.raises(VoucherError, match="已没有余额，不需要收回"):
        services.expire_voucher(voucher=voucher)


def test_a_run_that_breaks_off_is_taken_up_by_the_next(voucher, monkeypatch):
    with on("2026-03-02"):
        others = [
            a_voucher("500", consumer=voucher.consumer, parameters=voucher.parameters) for _n in range(2)
        ]

    def breaks_at_the_second(*, voucher):
        if voucher.pk == others[0].pk:
            raise KeyboardInterrupt
        return services.expire_voucher(voucher=voucher)

    with on("2026-07-10"):
        monkeypatch.setattr(expiry, "expire_voucher", breaks_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            expire_lapsed()
        monkeypatch.undo()
        assert [one.status for one in Voucher.objects.order_by("pk")] == ["expired", "overdue", "overdue"]
        assert expire_lapsed().done == 2
        assert Pool.objects.get().available_amount == 5000


def test_a_notice_that_another_run_has_sent_is_not_sent_again(voucher):
    with on("2026-06-02"):
        VoucherNotice.objects.create(voucher=voucher, deadline="use", days=7)
        assert not expiry._remind(voucher.pk, expiry.Deadline.USE, 7)
        assert remind_ending().done == 0
    assert subjects() == []


def test_one_voucher_that_fails_stops_neither_the_others_nor_the_notices(voucher, monkeypatch, capsys):
    with on("2026-06-20"):
        others = [
            a_voucher("500", consumer=voucher.consumer, parameters=voucher.parameters) for _n in range(2)
        ]
    with on("2026-06-25"):
        late = a_voucher("500", parameters=parameters_with(validity_days=30, redeem_within_days=150))

    def refuses_the_first(*, voucher):
        if voucher.pk == others[0].pk:
            raise VoucherError("不行")
        return services.expire_voucher(voucher=voucher)

    real = expiry._words

    def cannot_word_the_late_one(voucher, deadline):
        if voucher.pk == late.pk and deadline == "use":
            raise RuntimeError("broken")
        return real(voucher, deadline)

    monkeypatch.setattr(expiry, "expire_voucher", refuses_the_first)
    monkeypatch.setattr(expiry, "_words", cannot_word_the_late_one)
    with on("2026-07-10"):
        assert remind_ending().failures == [f"voucher #{late.pk}: broken"]
    with on("2026-11-21"), pytest.raises(CommandError, match=f"voucher #{others[0].pk}: 不行") as caught:
        call_command("expire_vouchers")
    assert caught.value.returncode == 1
    assert "2 vouchers expired, 1 notices sent" in capsys.readouterr().out
    assert [one.expired_amount for one in Voucher.objects.order_by("pk")] == [1000, 0, 500, 0]


def test_what_owners_are_told_links_to_the_voucher(voucher):
    run("2026-06-02")
    run("2026-07-10")
    messages = Message.objects.filter(recipient=voucher.consumer.account, subject__contains="创新券")
    assert {one.link for one in messages} == {f"/centre/vouchers/{voucher.pk}/"}
    assert len(messages) == 3


def test_the_daily_work_goes_on_past_a_command_that_fails(tmp_path):
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$2"\n[ "$2" != expire_vouchers ]\n')
    python.chmod(0o755)
    script = Path(__file__).parents[2] / "site" / "deploy" / "maintenance.sh"
    ran = subprocess.run(["/bin/sh", script], env={"PATH": str(tmp_path)}, capture_output=True, text=True)
    commands = ran.stdout.split()
    assert ran.returncode == 1
    assert commands.index("expire_vouchers") < commands.index("clearsessions")
    assert commands[-1] == "audit_ledger"
