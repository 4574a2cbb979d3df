"""Payout batches of the invented province: one long paid, one with a payment that failed, one before the public now."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import User
from home.demo import people
from home.demo.dice import Dice
from home.demo.making import Maker
from redemptions import result_files as columns
from redemptions.models import PayoutBatch
from redemptions.services import batches
from redemptions.services.exports import export_batch, exported_lines, total_of
from redemptions.services.results import import_result


@dataclass(frozen=True)
class Batch:
    """Of all that was approved by then. ``failed`` is the login whose payment the bank sent back."""

    days_ago: int
    state: str = "paid"
    failed: str = ""


BATCHES = (
    Batch(96),
    Batch(24, failed="yanjiuyuan"),
    Batch(4, state="published"),
)


class BatchStory:
    def __init__(self, maker: Maker, accounts: dict[str, User]) -> None:
        self.maker = maker
        self.payer = accounts[people.PAYER.username]
        # neither checks nor decides claims
        self.inspector = accounts[people.ADMIN.username]

    def tell(self, case: Batch) -> Iterator[datetime]:
        dice = Dice(f"batch {case.days_ago}", self.maker.now)
        yield dice.moment(case.days_ago)
        batch = batches.make_batch(actor=self.payer)
        yield dice.moment(case.days_ago - 1)
        for line in batch.payouts.filter(is_drawn=True):
            note = "电话核实双方，原始记录与报告一致。"
            batches.inspect_line(line=line, actor=self.inspector, passed=True, note=note)
        batch = batches.publish_batch(batch=batch, actor=self.payer)
        if case.state == "published":
            return
        yield dice.moment(case.days_ago - 9)
        batch = batches.close_publicity(batch=batch, actor=self.payer)
        yield dice.moment(case.days_ago - 10)
        batch = export_batch(batch=batch, actor=self.payer)
        yield dice.moment(case.days_ago - 13)
        content = bank_file(batch, [case.failed])
        import_result(batch=batch, actor=self.payer, name=f"拨付结果{batch.number}.csv", content=content)


def bank_file(batch: PayoutBatch, failed_logins: Sequence[str]) -> bytes:
    """What the bank would send back of it today."""
    lines = exported_lines(batch)
    day, text = timezone.localdate().isoformat(), io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns.COLUMNS)
    for line in lines:
        failed = line.redemption.consumer.account.username in failed_logins
        outcome = (
            ["失败", day, "", "收款账号状态异常"] if failed else ["成功", day, f"YH{line.reference}", ""]
        )
        writer.writerow([line.reference, line.payee_name, str(line.amount), *outcome])
    control = [columns.CONTROL, columns.COUNT, str(len(lines)), columns.TOTAL, str(total_of(lines))]
    writer.writerow([*control, columns.HASH, batch.export_hash])
    return text.getvalue().encode("utf-8-sig")
