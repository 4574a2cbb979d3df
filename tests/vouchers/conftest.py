"""A consumer who is signed in."""

import pytest

from tests.consumer_factories import ConsumerFactory
from tests.voucher_factories import a_pool


@pytest.fixture
def consumer(client):
    a_pool()
    consumer = ConsumerFactory(approved=True)
    client.force_login(consumer.account)
    return consumer
