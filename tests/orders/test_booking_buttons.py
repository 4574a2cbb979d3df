"""立即预约 and 立即下单 on the public pages, and the telephone numbers that a consumer asks to see."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.conf import settings as site_settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from programme import services as programme
from programme.selectors import current_parameters, direct_orders_are_on
from tests.conftest import signed_in
from tests.factories import (
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    TestingServiceFactory,
    UserFactory,
    reviewer,
)
from tests.page_cache.visits import is_from_cache, needs_page_cache, stored
from tests.voucher_factories import parameters_with

pytestmark = pytest.mark.django_db

KINDS = {"instrument": InstrumentFactory, "testing": TestingServiceFactory, "lab": LabServiceFactory}
DIRECT = "/centre/orders/direct/"


@pytest.fixture
def caching(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page cache as it is outside of tests; what is to be done after the commit is done at once."""
    settings.PAGE_CACHE_SECONDS = 60
    monkeypatch.setattr(
        "accounts.public_version.transaction", SimpleNamespace(on_commit=lambda action: action())
    )


def a_set(**values: Any) -> Any:
    parameters = current_parameters().copied()
    for name, value in {"reason": "补录已完成", "effective_from": None, **values}.items():
        setattr(parameters, name, value)
    return parameters


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_on", [True, False])
def test_what_is_on_offer_is_booked_and_put_on_record_while_the_switch_is_on(
    client: Client, kind: str, is_on: bool
) -> None:
    parameters_with(direct_orders=is_on)
    offer = KINDS[kind](approved=True)
    page = client.get(offer.get_absolute_url()).content.decode()
    assert f'href="/centre/bookings/new/{kind}/{offer.pk}/"' in page
    assert (f'href="{DIRECT}{kind}/{offer.pk}/"' in page) is is_on
    assert ("立即下单" in page) is is_on


@pytest.mark.parametrize("sharing", ["internal", "none"])
def test_what_is_not_shared_has_no_buttons(client: Client, sharing: str) -> None:
    instrument = InstrumentFactory(approved=True, sharing=sharing)
    page = client.get(instrument.get_absolute_url()).content.decode()
    assert "立即预约" not in page
    assert "立即下单" not in page


@needs_page_cache
def test_the_switch_shows_at_once_on_a_page_from_the_cache(client: Client, caching: None) -> None:
    staff = UserFactory(admin=True)
    instrument = InstrumentFactory(approved=True)
    address = instrument.get_absolute_url()
    assert DIRECT in stored(client, address).content.decode()
    programme.save_parameters(parameters=a_set(direct_orders=False), actor=staff)
    response = client.get(address)
    assert not is_from_cache(response)
    assert DIRECT not in response.content.decode()


@needs_page_cache
def test_a_set_that_takes_force_by_itself_shows_within_a_minute(client: Client, caching: None) -> None:
    """On the second where a page is rendered; one from the cache was rendered a minute ago at most."""
    moment = timezone.now() + datetime.timedelta(hours=1)
    programme.save_parameters(
        parameters=a_set(direct_orders=False, effective_from=moment), actor=UserFactory(admin=True)
    )
    address = InstrumentFactory(approved=True).get_absolute_url()
    with time_machine.travel(moment - datetime.timedelta(seconds=20), tick=False) as clock:
        assert DIRECT in stored(client, address).content.decode()
        assert direct_orders_are_on()
        clock.shift(datetime.timedelta(seconds=20))
        assert not direct_orders_are_on()
        clock.shift(datetime.timedelta(seconds=41))
        response = client.get(address)
        assert not is_from_cache(response)
        assert DIRECT not in response.content.decode()


@needs_page_cache
def test_the_switch_is_remembered_and_costs_no_query(
    caching: None, django_assert_max_num_queries: Any
) -> None:
    assert direct_orders_are_on()
    version_is_a_row = connection.vendor == "sqlite" and not site_settings.REDIS_URL
    with django_assert_max_num_queries(1 if version_is_a_row else 0):
        assert direct_orders_are_on()


# contacts


@pytest.mark.parametrize("kind", [*KINDS, "provider"])
def test_a_consumer_sees_the_number_once_it_has_asked(kind: str) -> None:
    factory = {**KINDS, "provider": ProviderFactory}[kind]
    record = factory(approved=True, contact_phone="13800001234", contact_email="sunli@example.com")
    owner = record.account if kind == "provider" else record.provider.account
    address = record.get_absolute_url()

    def sees(client: Client, query: str) -> bool:
        page = client.get(address + query).content.decode()
        assert ("138****1234" in page) != ("13800001234" in page)
        assert ("sunli@example.com" in page) == ("13800001234" in page)
        return "13800001234" in page

    consumer = signed_in(UserFactory(consumer=True))
    answers = {
        "visitor": (Client(), False, False),
        "other provider": (signed_in(UserFactory()), False, False),
        "consumer": (consumer, False, True),
        "owner": (signed_in(owner), True, True),
        "staff": (signed_in(reviewer()), True, True),
    }
    for who, (client, plain, asked) in answers.items():
        assert (sees(client, ""), sees(client, "?contact=1")) == (plain, asked), who
    assert 'href="?contact=1#contact"' in consumer.get(address).content.decode()
    assert "显示联系方式" not in consumer.get(f"{address}?contact=1").content.decode()
    assert "显示联系方式" not in Client().get(address).content.decode()


@needs_page_cache
def test_what_was_asked_for_is_kept_nowhere(client: Client, caching: None) -> None:
    address = f"{InstrumentFactory(approved=True).get_absolute_url()}?contact=1"
    for visitor in (signed_in(UserFactory(consumer=True)), client):
        for _time in range(2):
            response = visitor.get(address)
            assert not is_from_cache(response)
            assert "no-store" in response["Cache-Control"]
