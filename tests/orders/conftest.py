"""A consumer, a service, an instrument and an order, and those who sign in for them."""

from typing import Any

import pytest
from django.test import Client

from tests import order_factories as make
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import InstrumentFactory, TestingServiceFactory


@pytest.fixture
def consumer() -> Any:
    return ConsumerFactory(approved=True)


@pytest.fixture
def service() -> Any:
    return TestingServiceFactory(approved=True)


@pytest.fixture
def instrument() -> Any:
    """Open every day from 8 to 18."""
    instrument = InstrumentFactory(approved=True)
    make.open_all_week(instrument)
    return instrument


@pytest.fixture
def order() -> Any:
    return make.an_order("completed")


@pytest.fixture
def buyer(order: Any) -> Client:
    return signed_in(order.consumer.account)


@pytest.fixture
def seller(order: Any) -> Client:
    return signed_in(order.provider.account)
