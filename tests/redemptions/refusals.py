"""A bank's file that is refused, and workbooks of it."""

import csv
import io

import pytest

from files.spreadsheets import Sheet, write_workbook
from redemptions import result_files as columns
from redemptions.exceptions import FileProblems, RedemptionError
from redemptions.models import BankResult, PayoutLine, Redemption
from tests.payout_factories import import_csv
from vouchers.models import LedgerEntry
from workflow.models import AuditEntry


def refused(batch, content, name="结果.csv", actor=None):
    """All sentences; nothing has changed."""

    def state():
        return (
            LedgerEntry.objects.count(),
            AuditEntry.objects.count(),
            BankResult.objects.count(),
            list(PayoutLine.objects.order_by("pk").values("status", "paid_on", "bank_reference", "failure")),
            list(Redemption.objects.order_by("pk").values_list("status", "paid_on")),
        )

    before = state()
    with pytest.raises(RedemptionError) as caught:
        import_csv(batch, content, actor, name)
    assert state() == before
    return caught.value.problems if isinstance(caught.value, FileProblems) else [str(caught.value)]


def xlsx(rows, title=columns.SHEET):
    file = io.BytesIO()
    write_workbook(file, [Sheet(title, rows[0], rows[1:])])
    return file.getvalue()


def rows_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
