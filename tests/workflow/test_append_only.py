"""The audit trail and the ledger cannot be rewritten, not even with SQL."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories import InstrumentFactory
from tests.voucher_factories import a_voucher
from vouchers.models import LedgerEntry
from workflow.append_only import guard_statements, release_statements
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db

is_postgresql = connection.vendor == "postgresql"
TABLES = [AuditEntry, LedgerEntry]


def refused(statement, *values):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)


def some_rows(model):
    InstrumentFactory(pending=True)
    a_voucher()
    rows = list(model.objects.values())
    assert len(rows) >= 2
    return rows


@pytest.mark.parametrize("model", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_is_there(model, statement):
    before = some_rows(model)
    refused(statement.format(model._meta.db_table))
    assert list(model.objects.values()) == before


@pytest.mark.skipif(not is_postgresql, reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("model", TABLES)
@pytest.mark.parametrize("statement", ["TRUNCATE {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_empty_the_table(model, statement):
    # rows made in this transaction would have checks pending, which TRUNCATE refuses before any trigger
    refused(statement.format(model._meta.db_table))


@pytest.mark.skipif(is_postgresql, reason="PostgreSQL has no REPLACE: its ON CONFLICT is an UPDATE")
@pytest.mark.parametrize(
    ("model", "key"), [(AuditEntry, "id"), (LedgerEntry, "id"), (LedgerEntry, "1000 + id")]
)
def test_the_database_refuses_to_replace_a_row(model, key):
    """By its id, and an entry of the ledger by its pool and number too."""
    before = some_rows(model)
    table = model._meta.db_table
    others = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = ", ".join("'x'" if name == "reason" else name for name in others)
    row = f"SELECT {key}, {values} FROM {table}"  # noqa: S608 - names of our own
    refused(f"INSERT OR REPLACE INTO {table} (id, {', '.join(others)}) {row}")
    assert list(model.objects.values()) == before


def test_a_guard_may_be_put_up_again_and_lifted():
    table, delete = "workflow_auditentry", "DELETE FROM workflow_auditentry"
    some_rows(AuditEntry)
    with connection.cursor() as cursor:
        for statement in guard_statements(connection.vendor, table) * 2:
            cursor.execute(statement)
        refused(delete)
        for statement in release_statements(connection.vendor, table):
            cursor.execute(statement)
        cursor.execute(delete)
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("_once", range(2))
def test_a_test_database_is_emptied_all_the_same(_once):
    """The second run would find the rows of the first."""
    assert not AuditEntry.objects.exists()
    InstrumentFactory(pending=True)
    assert AuditEntry.objects.exists()
