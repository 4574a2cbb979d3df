"""A warning, for the tests of supervision."""

import pytest

from supervision.models import Alert
from tests.supervision.warnings import a_warning


@pytest.fixture
def alert(db: None) -> Alert:
    return a_warning()
