"""The audit trail cannot be rewritten, not even with SQL."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories import InstrumentFactory
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement", ["UPDATE workflow_auditentry SET reason = 'x'", "DELETE FROM workflow_auditentry"]
)
def test_the_database_refuses_to_change_the_audit_trail(statement):
    InstrumentFactory(pending=True)
    before = list(AuditEntry.objects.values())
    assert before
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert list(AuditEntry.objects.values()) == before
