"""An institution at work in the centre."""

import pytest

from tests.factories import ProviderFactory


@pytest.fixture
def provider(client):
    provider = ProviderFactory(approved=True)
    client.force_login(provider.account)
    return provider
