"""Institutions and services stand in the background here: approved, without the papers of their review."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.signal_handlers import disable_reference_index_auto_update

from home.demo.approvals import Approved, set_approved
from institutions.models import Provider
from tests import factories
from tests import order_factories as make
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import InstrumentFactory, TestingServiceFactory

really_approved = factories.approved_at_once


def approved_plainly(record: Any) -> Any:
    """As approved, but for revision, task, trail, message and search index: a third of the time of these tests otherwise.

    Providers have it all: they are suspended here.
    """
    if isinstance(record, Provider):
        return really_approved(record)
    now = timezone.now()
    set_approved(Approved(record, now, now, now, reviewer=None))
    with disable_reference_index_auto_update():
        record.save()
    return type(record)._default_manager.get(pk=record.pk)


@pytest.fixture(autouse=True)
def plain_approvals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factories, "approved_at_once", approved_plainly)


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
