"""What tests/databases.py promises every other test."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from wagtail.models import Page

from accounts.models import User
from tests.factories import InstrumentFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def in_any_order(rows):
    return {table: sorted(content.splitlines()) for table, content in rows.items()}


@pytest.mark.parametrize("_time", range(2))
def test_every_row_of_the_migrations_comes_back_and_no_other(_time):
    now = connection.creation.serialize_db_to_string()
    assert in_any_order(now) == in_any_order(connection._test_serialized_contents)
    assert Group.objects.exists()
    assert Page.objects.exists()
    assert not User.objects.exists()
    InstrumentFactory(approved=True)
    Group.objects.all().delete()
