"""What is changed past the guards is found, and named: pool, entry, voucher, what differs."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from tests.consumer_factories import ConsumerFactory
from tests.voucher_factories import a_member, a_pool, a_voucher, move, parameters_with
from vouchers import posting, services
from vouchers.audit import audit_ledger
from vouchers.models import TERMS as HASHED_TERMS
from vouchers.models import LedgerEntry, Pool, Voucher, content_of, entry_hash, terms_text
from workflow.append_only import release_statements
from workflow.setup import MANAGERS

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


@pytest.fixture
def voucher():
    """Entries 1 to 6: fund, grant, grant, reserve, release, redeem; all of the first voucher from 4 on."""
    a_pool("100000")
    first = a_voucher("1000")
    a_voucher("2000", consumer=first.consumer)
    move(services.reserve, first, "600")
    move(services.release, first, "100")
    move(services.redeem, first, "500")
    return first


def past_the_guards() -> QuerySet[LedgerEntry]:
    """The entries as somebody with the database's password sees them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in release_statements(connection.vendor, "vouchers_ledgerentry"):
            cursor.execute(statement)
    return QuerySet(LedgerEntry)


def without_the_voucher_guard() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        import_module("vouchers.migrations.0004_terms_fixed").release(None, editor)


def first_break() -> str:
    return str(audit_ledger().broken)


@pytest.mark.parametrize(
    "statement", ["UPDATE vouchers_ledgerentry SET reason = 'x'", "DELETE FROM vouchers_ledgerentry"]
)
def test_the_database_refuses_to_change_the_ledger(voucher, statement):
    before = list(LedgerEntry.objects.values())
    assert len(before) == 6
    with (
        pytest.raises(DatabaseError, match="append-only table vouchers_ledgerentry"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert list(LedgerEntry.objects.values()) == before


def test_an_untouched_ledger_holds(voucher, capsys, year):
    call_command("audit_ledger")
    head = Pool.objects.get().head_hash
    assert capsys.readouterr().out == (f"head {year}:6:{head}\n6 entries and 2 vouchers agree\n")


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 601},
        {"reason": "改写"},
        {"order_number": "DD-2"},
        {"actor_name": "某人"},
        {"actor": None},
        {"kind": "expire"},
        {"at": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)},
        {"balance_after": 401},
        {"pool_effect": 1},
    ],
)
def test_a_changed_entry_is_named(voucher, change, year):
    past_the_guards().filter(sequence=4).update(**change)
    assert first_break() == (
        f"pool {year}, entry 4, voucher {voucher.number}: its content is not what its hash was made over"
    )


def test_an_entry_moved_to_another_voucher_is_named(voucher, year):
    other = Voucher.objects.exclude(pk=voucher.pk).get()
    past_the_guards().filter(sequence=6).update(voucher=other)
    assert first_break() == (
        f"pool {year}, entry 6, voucher {other.number}: its content is not what its hash was made over"
    )


def test_a_deleted_entry_is_missed(voucher, year):
    past_the_guards().filter(sequence=3).delete()
    assert first_break() == f"pool {year}, entry 3: it is missing, 4 follows 2"


def test_the_last_entries_are_missed_too(voucher, year):
    past_the_guards().filter(sequence__gt=4).delete()
    assert first_break() == f"pool {year}: entry_count is 6, by its entries 4"


def test_two_entries_that_changed_places_are_named(voucher, year):
    entries = past_the_guards()
    for before, after in ((4, 99), (5, 4), (99, 5)):
        entries.filter(sequence=before).update(sequence=after)
    assert first_break() == (
        f"pool {year}, entry 4, voucher {voucher.number}: does not carry the hash of the entry before it"
    )


def rewritten(change: Callable[[LedgerEntry], None]) -> None:
    """Change entry 4, and make every hash from there on anew: somebody who knows how the chain is made."""
    entries = past_the_guards()
    pool = Pool.objects.get()
    head = ""
    for entry in entries.filter(sequence__gte=4).order_by("sequence"):
        if entry.sequence == 4:
            change(entry)
        entry.previous_hash = head or entry.previous_hash
        entry.hash = head = entry_hash(entry.previous_hash, pool.year, content_of(entry))
        super(LedgerEntry, entry).save()
    Pool.objects.update(head_hash=head)


def test_whoever_makes_the_chain_anew_is_found_by_the_sums(voucher, year):
    def steal(entry):
        entry.amount, entry.balance_effect, entry.reserved_effect = (
            Decimal("400.00"),
            Decimal("-400.00"),
            Decimal("400.00"),
        )

    rewritten(steal)
    assert first_break() == (
        f"pool {year}, entry 4, voucher {voucher.number}: "
        "says balance 400.00 after it, but 1000.00 and -400.00 make 600.00"
    )


def test_effects_that_are_not_those_of_the_kind_are_named(voucher, year):
    def invent(entry):
        entry.balance_effect, entry.balance_after = Decimal("0.00"), Decimal("1000.00")

    rewritten(invent)
    assert first_break() == (
        f"pool {year}, entry 4, voucher {voucher.number}: its effects are not those of reserve 600.00"
    )


def test_money_said_to_be_in_the_pool_after_an_entry_is_added_up(voucher, year):
    def invent(entry):
        entry.pool_after += 1

    rewritten(invent)
    assert first_break() == (
        f"pool {year}, entry 4, voucher {voucher.number}: "
        "says 97001.00 was available after it, the entries add up to 97000.00"
    )


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"balance_amount": 400, "reserved_amount": 100}, "balance_amount is 400.00, by its entries 500.00"),
        (
            {"redeemed_amount": 400, "returned_amount": 100},
            "redeemed_amount is 400.00, by its entries 500.00",
        ),
        ({"amount": 2000, "balance_amount": 1500}, "amount is 2000.00, by its entries 1000.00"),
    ],
)
def test_an_edited_voucher_is_named(voucher, values, problem, year):
    without_the_voucher_guard()
    Voucher.objects.filter(pk=voucher.pk).update(**values)
    assert first_break() == f"pool {year}, voucher {voucher.number}: {problem}"


def test_a_voucher_that_was_never_granted_is_named(voucher, year):
    forged = Voucher.objects.get(pk=voucher.pk)
    forged.pk, forged._state.adding = None, True
    forged.number = f"{year}-0000-0000-0000-0"
    forged.save()
    assert first_break() == (f"pool {year}, voucher {forged.number}: amount is 1000.00, by its entries 0.00")


def test_a_voucher_moved_to_another_pool_is_named(voucher, year):
    other = services.fund_pool(year=year + 1, amount=Decimal(1), actor=a_member(MANAGERS), reason="下年度")
    without_the_voucher_guard()
    Voucher.objects.filter(pk=voucher.pk).update(pool=other)
    assert first_break() == (
        f"pool {year}, entry 2, voucher {voucher.number}: its voucher belongs to another pool"
    )


TERMS = {
    "number": "2026-0000-0000-0000-0",
    "consumer": lambda: ConsumerFactory(approved=True).pk,
    "pool": lambda: Pool.objects.create(year=timezone.localdate().year + 1).pk,
    "parameters": lambda: parameters_with(reason="另一套").pk,
    "amount": Decimal(999),
    "valid_from": datetime.date(2020, 1, 1),
    "valid_until": datetime.date(2099, 1, 1),
    "redeem_by": datetime.date(2099, 1, 1),
    "granted_at": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC),
}


@pytest.mark.parametrize("column", TERMS)
def test_the_database_refuses_to_change_what_was_granted(voucher, column):
    value = TERMS[column]
    value = value() if callable(value) else value
    Voucher.objects.get(pk=voucher.pk).save()  # storing what is there is no change
    with (
        pytest.raises(DatabaseError, match="append-only table vouchers_voucher"),
        transaction.atomic(),
    ):
        Voucher.objects.filter(pk=voucher.pk).update(**{column: value})


STATEMENTS = {
    "sqlite": [
        "DELETE FROM vouchers_voucher",
        "INSERT OR REPLACE INTO vouchers_voucher SELECT * FROM vouchers_voucher",
    ],
    "postgresql": ["DELETE FROM vouchers_voucher", "TRUNCATE vouchers_voucher CASCADE"],
}


@pytest.mark.parametrize("which", [0, 1])
def test_the_database_refuses_to_delete_a_voucher(voucher, which):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="append-only table vouchers_"), transaction.atomic():
            cursor.execute(STATEMENTS[connection.vendor][which])
    assert Voucher.objects.count() == 2


@pytest.mark.parametrize("column", ["consumer", "parameters", "valid_from", "valid_until", "redeem_by"])
def test_a_voucher_on_other_terms_than_it_was_granted_on_is_named(voucher, column, year):
    value = TERMS[column]
    value = value() if callable(value) else value
    without_the_voucher_guard()
    changes = {column: value} | ({"redeem_by": TERMS["redeem_by"]} if column == "valid_until" else {})
    Voucher.objects.filter(pk=voucher.pk).update(**changes)
    assert first_break().startswith(f'pool {year}, voucher {voucher.number}: is {{"consumer_id":')
    assert f', but was granted {{"consumer_id":{voucher.consumer_id},' in first_break()


def test_terms_that_were_changed_on_both_sides_are_found_by_the_chain(voucher, year):
    without_the_voucher_guard()
    Voucher.objects.filter(pk=voucher.pk).update(redeem_by=TERMS["redeem_by"])
    voucher.refresh_from_db()
    forged = terms_text([getattr(voucher, name) for name in HASHED_TERMS])
    past_the_guards().filter(sequence=2).update(terms=forged)
    assert first_break() == (
        f"pool {year}, entry 2, voucher {voucher.number}: its content is not what its hash was made over"
    )


def test_an_order_that_takes_what_another_has_reserved_is_named(voucher, monkeypatch, year):
    move(services.reserve, voucher, "100", order_number="DD-2")
    monkeypatch.setattr(posting, "OF_ORDERS", ())
    move(services.redeem, voucher, "100", order_number="DD-3")
    assert first_break() == (
        f"pool {year}, entry 8, voucher {voucher.number}: redeem 100.00 is more than order DD-3 had"
    )


def test_a_head_that_was_kept_must_still_be_in_the_chain(voucher, capsys, year):
    call_command("audit_ledger")
    kept = capsys.readouterr().out.splitlines()[0].removeprefix("head ")
    move(services.reserve, voucher, "1")
    call_command("audit_ledger", "--head", kept, "--head", f"{year}:0:{'0' * 64}")

    def replace(entry):
        entry.reason = "改写"

    rewritten(replace)
    call_command("audit_ledger")
    with pytest.raises(CommandError, match=f"pool {year}, entry 6: its hash is not the one that was kept"):
        call_command("audit_ledger", "--head", kept)
    with pytest.raises(CommandError, match="pool 2001: it is gone, but its chain had 3 entries"):
        call_command("audit_ledger", "--head", f"2001:3:{'0' * 64}")
    with pytest.raises(CommandError, match="YEAR:COUNT:HASH"):
        call_command("audit_ledger", "--head", "2026:x")


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"available_amount": 97001}, "available_amount is 97001.00, by its entries 97000.00"),
        ({"amount": 100001}, "amount is 100001.00, by its entries 100000.00"),
        ({"entry_count": 7}, "entry_count is 7, by its entries 6"),
        ({"head_hash": "0" * 64}, "head_hash is " + "0" * 64),
    ],
)
def test_an_edited_pool_is_named(voucher, values, problem, year):
    Pool.objects.update(**values)
    assert first_break().startswith(f"pool {year}: {problem}")


def test_the_command_ends_with_an_error_and_takes_a_year(voucher, capsys, year):
    Voucher.objects.filter(pk=voucher.pk).update(balance_amount=0, reserved_amount=500)
    with pytest.raises(CommandError, match=f"pool {year}, voucher {voucher.number}") as caught:
        call_command("audit_ledger", "--year", str(year))
    assert caught.value.returncode == 1
    with pytest.raises(CommandError, match="There is no pool of 2001"):
        call_command("audit_ledger", "--year", "2001")
    services.fund_pool(year=year + 1, amount=Decimal(1), actor=a_member(MANAGERS), reason="下年度")
    call_command("audit_ledger", "--year", str(year + 1))
    assert capsys.readouterr().out.endswith("1 entries and 0 vouchers agree\n")


def test_the_audit_reads_in_a_few_queries(voucher, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        assert audit_ledger().broken is None
