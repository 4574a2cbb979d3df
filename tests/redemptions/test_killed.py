"""A real process that applies the bank's result is killed in the middle: what is there is whole, and the next one ends it."""

import os
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from redemptions.audit import redemption_breaks
from redemptions.models import BankResult, PayoutBatch, PayoutLine, Redemption
from redemptions.services import results
from tests.consumer_factories import ConsumerFactory
from tests.page_cache.test_processes import database_url
from tests.payout_factories import a_batch, result_csv, the_payer
from tests.redemption_factories import a_claim
from tests.voucher_factories import a_voucher, parameters_with
from vouchers.audit import audit_ledger
from vouchers.models import LedgerEntry, Voucher
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
ROOT = Path(__file__).resolve().parents[2]

# The same command as the schedule runs; it kills itself with nobody being asked, after so many calls of one function.
SCRIPT = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from redemptions.services import results

place, left = sys.argv[1], int(sys.argv[2])
holder = results.voucher_services if place == "redeem" else results
inner = getattr(holder, place)

def outer(*args, **options):
    global left
    found = inner(*args, **options)
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return found

setattr(holder, place, outer)
call_command("apply_results")
"""


def run_and_kill(place, count, folder):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "voucher_site.settings.dev",
        "SECRET_KEY": settings.SECRET_KEY,
        "DATABASE_URL": database_url(),
        "REDIS_URL": "",
        "VAR_DIR": str(folder),
        "PYTHONPATH": f"{ROOT / 'site'}{os.pathsep}{ROOT}",
    }
    command = [sys.executable, "-c", SCRIPT, place, str(count)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def batch():
    """Three lines of 450 yuan, each out of two vouchers; the bank has paid all, and nothing of it is applied."""
    short, long = parameters_with(validity_days=30), parameters_with(validity_days=365)
    claims = []
    for _number in range(3):
        consumer = ConsumerFactory(approved=True)
        a_voucher("1000", consumer=consumer, parameters=long)
        a_voucher("300", consumer=consumer, parameters=short)
        claims.append(a_claim("approved", consumer=consumer, voucher=None))
    batch = a_batch("exported", claims=claims)
    results.keep_result(batch=batch, actor=the_payer(), name="结果.csv", content=result_csv(batch))
    return batch


def whole(paid):
    """So many lines are paid with all their money, and the others have all of theirs reserved."""
    lines = list(PayoutLine.objects.order_by("position"))
    assert [line.status for line in lines] == ["paid"] * paid + ["waiting"] * (3 - paid)
    states = list(Redemption.objects.order_by("pk").values_list("status", flat=True))
    assert states == ["paid"] * paid + ["payable"] * (3 - paid)
    vouchers = list(Voucher.objects.all())
    assert sum(one.redeemed_amount for one in vouchers) == 450 * paid
    assert sum(one.reserved_amount for one in vouchers) == 450 * (3 - paid)
    for one in vouchers:
        parts = ("balance", "reserved", "redeemed", "returned", "expired", "clawed_back")
        assert one.amount == sum(getattr(one, f"{part}_amount") for part in parts)
    assert LedgerEntry.objects.filter(kind="redeem").count() == 2 * paid
    assert AuditEntry.objects.filter(action="pay").count() == paid
    assert list(redemption_breaks(None)) == []
    assert audit_ledger().broken is None


@pytest.mark.parametrize(
    ("place", "count", "paid"),
    [
        ("redeem", 1, 0),  # the first voucher of the first line: nothing of the line may stay
        ("redeem", 3, 1),  # between the two vouchers of the second
        ("redeem", 4, 1),  # all money of the second has moved, its states have not
        ("_pay", 2, 1),  # all is written, and not yet committed
        ("_apply_line", 2, 2),  # committed
        ("_apply_line", 3, 3),  # all lines, but the file is not marked as done
    ],
)
def test_killed_anywhere_it_is_whole_and_goes_on(batch, place, count, paid, tmp_path):
    code, output = run_and_kill(place, count, tmp_path)
    assert code == -signal.SIGKILL, output
    connection.close()
    whole(paid)
    assert BankResult.objects.get().applied_at is None
    assert PayoutBatch.objects.get().status == "exported"

    out = StringIO()
    call_command("apply_results", stdout=out)
    assert "1 results applied" in out.getvalue()
    whole(3)
    assert BankResult.objects.get().applied_at is not None
    assert PayoutBatch.objects.get().status == "done"

    assert results.resume_results() == (0, [])
    whole(3)
