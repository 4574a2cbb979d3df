"""Payout batches for tests, all made by the real services, and the bank's files about them."""

import csv
import datetime
import io
from collections.abc import Sequence
from typing import Any

import time_machine
from django.utils import timezone

from accounts.models import User
from redemptions import result_files as columns
from redemptions.models import PayoutBatch, Redemption
from redemptions.services import batches
from redemptions.services.exports import export_batch, exported_lines, total_of
from tests.factories import UserFactory
from tests.redemption_factories import a_claim
from tests.voucher_factories import a_member, parameters_with
from vouchers.models.applications import CHECKERS
from workflow.setup import PAYERS

STATES = ("draft", "published", "ready", "exported")


def the_payer() -> User:
    return a_member(PAYERS)


def an_inspector() -> User:
    """A checker who has checked nothing."""
    name = "spot_checker"
    found = User.objects.filter(username=name).first()
    return found or UserFactory(staff=True, groups=[CHECKERS], username=name)


def a_batch(
    state: str = "draft",
    *,
    claims: Sequence[Redemption] | int = 2,
    percent: int = 0,
    days: int = 7,
    inspected: bool = True,
) -> PayoutBatch:
    """Brought to the state by the services: draft, published, ready or exported."""
    parameters_with(spot_check_percent=percent, publicity_days=days)
    rows = [a_claim("approved") for _number in range(claims)] if isinstance(claims, int) else claims
    batch = batches.make_batch(actor=the_payer(), redemptions=rows)
    if inspected:
        for line in batch.payouts.filter(is_drawn=True):
            batches.inspect_line(line=line, actor=an_inspector(), passed=True, note="原件相符。")
    wanted = STATES.index(state)
    if wanted >= 1:
        batch = batches.publish_batch(batch=batch, actor=the_payer())
    if wanted >= 2 and batch.status == "published":
        with time_machine.travel(timezone.now() + datetime.timedelta(days=days)):
            batch = batches.close_publicity(batch=batch, actor=None)
    if wanted >= 3:
        batch = export_batch(batch=batch, actor=the_payer())
    return PayoutBatch.objects.get(pk=batch.pk)


def result_rows(batch: PayoutBatch, failed: Sequence[int] = ()) -> list[list[str]]:
    """What the bank says of each line that was exported; those at the positions have failed."""
    today = timezone.localdate().isoformat()
    return [
        [line.reference, line.payee_name, str(line.amount), "失败", today, "", "账号与户名不符"]
        if line.position in failed
        else [line.reference, line.payee_name, str(line.amount), "成功", today, f"B{line.reference}", ""]
        for line in exported_lines(batch)
    ]


def result_csv(
    batch: PayoutBatch,
    rows: list[list[str]] | None = None,
    *,
    failed: Sequence[int] = (),
    control: list[str] | None = None,
    encoding: str = "utf-8-sig",
) -> bytes:
    rows = result_rows(batch, failed) if rows is None else rows
    if control is None:
        mentioned = {row[0] for row in rows}
        lines = [line for line in exported_lines(batch) if line.reference in mentioned]
        total = str(total_of(lines))
        control = [columns.CONTROL, columns.COUNT, str(len(rows)), columns.TOTAL, total]
        control += [columns.HASH, batch.export_hash]
    text = io.StringIO()
    csv.writer(text).writerows([columns.COLUMNS, *rows, control])
    return text.getvalue().encode(encoding)


def import_csv(batch: PayoutBatch, content: bytes, actor: Any = None, name: str = "结果.csv") -> Any:
    from redemptions.services.results import import_result

    return import_result(batch=batch, actor=actor or the_payer(), name=name, content=content)[1]
