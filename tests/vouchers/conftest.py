"""A consumer who is signed in, and the programme year."""

import pytest
from django.utils import timezone

from tests.consumer_factories import ConsumerFactory
from tests.voucher_factories import a_pool


@pytest.fixture
def consumer(client):
    a_pool()
    consumer = ConsumerFactory(approved=True)
    client.force_login(consumer.account)
    return consumer


@pytest.fixture
def year():
    """As it is when the test begins: a module read before New Year would keep the old one."""
    return timezone.localdate().year
