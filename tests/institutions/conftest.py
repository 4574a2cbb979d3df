"""Consumers who are signed in."""

import pytest

from tests.consumer_factories import ConsumerFactory
from tests.factories import UserFactory
from tests.institutions.consumer_steps import NAME


@pytest.fixture
def account(client):
    account = UserFactory(consumer=True)
    client.force_login(account)
    return account


@pytest.fixture
def consumer(client):
    consumer = ConsumerFactory(name=NAME)
    client.force_login(consumer.account)
    return consumer
