"""A claim whose institutions can be looked for by name."""

from typing import Any

import pytest

from tests.consumer_factories import ConsumerFactory
from tests.factories import TestingServiceFactory
from tests.redemption_factories import a_claim


@pytest.fixture
def claim() -> Any:
    """Between institutions with names to find, over 450 yuan."""
    return a_claim(
        consumer=ConsumerFactory(approved=True, name="灞桥精密仪器"),
        offer=TestingServiceFactory(approved=True, provider__approved=True, provider__name="浐河检测中心"),
    )
