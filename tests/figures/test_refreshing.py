"""What is counted as, and that counting what is new ends in what counting everything would."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule, run_state_machine_as_test

from figures import refreshing
from figures.models import Cell, ConsumerYear, Progress
from orders.services import orders as order_services
from tests import order_factories as deals
from tests.consumer_factories import ConsumerFactory
from tests.factories import InstrumentFactory, TestingServiceFactory
from tests.threads import at_once
from tests.voucher_factories import ApplicationFactory, a_pool, a_voucher, move
from vouchers import services
from vouchers.exceptions import VoucherError
from workflow.audit import record_step
from workflow.statuses import Action

pytestmark = pytest.mark.django_db


def cells():
    rows = Cell.objects.order_by("year", "measure", "dimension", "value")
    return list(rows.values_list("year", "measure", "dimension", "value", "count", "amount", "institutions"))


def cell(measure, dimension="whole", value=""):
    found = Cell.objects.filter(measure=measure, dimension=dimension, value=value).first()
    return (found.count, found.amount, found.institutions) if found else None


@time_machine.travel("2026-03-02 10:00+08:00", tick=False)
def test_an_order_its_voucher_and_its_evaluation_are_counted_by_everything_they_are_told_apart_by():
    service = TestingServiceFactory(approved=True, provider__approved=True)
    consumer = ConsumerFactory(approved=True)
    ApplicationFactory(consumer=consumer, pending=True)
    order = deals.an_order("completed", offer=service, consumer=consumer)
    deals.an_evaluation(order)
    voucher = a_voucher("50000", consumer=consumer)
    move(services.reserve, voucher, "450", order_number=order.number)
    move(services.release, voucher, "50", order_number=order.number)
    move(services.redeem, voucher, "400", order_number=order.number)

    call_command("refresh_figures")

    assert {one[1]: one[4:] for one in cells() if one[2] == "whole"} == {
        "applied": (1, Decimal(80_000), 1),
        "granted": (1, Decimal(50_000), 1),
        "ordered": (1, Decimal(900), 1),
        "completed": (1, Decimal(900), 1),
        "evaluated": (1, Decimal(900), 1),
        "claimed": (1, Decimal(400), 1),
        "redeemed": (1, Decimal(400), 1),
    }
    code = service.field_id
    assert {one[2:4] for one in cells() if one[1] == "redeemed"} == {
        ("whole", ""),
        ("month", "03"),
        ("city", "6101"),
        ("size", "small"),
        ("industry", "software"),
        ("kind", "testing"),
        ("provider", str(service.provider_id)),
        ("offer", f"testing:{service.pk}"),
        ("way", "booked"),
        ("class", f"testing:{code[:2]}0000"),
        ("class", f"testing:{code[:4]}00"),
    }


def test_an_order_that_comes_to_nothing_counts_no_more():
    order = deals.an_order("placed")
    refreshing.refresh()
    assert cell("ordered") == (1, Decimal(960), 1)
    order_services.withdraw_order(order=order, actor=order.consumer.account, reason="改日再做")
    refreshing.refresh()
    assert cells() == []
    assert ConsumerYear.objects.get().added == {}


def test_a_consumer_that_moves_takes_its_figures_with_it():
    order = deals.an_order()
    refreshing.refresh()
    type(order.consumer).objects.filter(pk=order.consumer_id).update(city="6104")
    record_step(record=order.consumer, actor=None, action=Action.SAVE)
    refreshing.refresh()
    assert cell("ordered", "city", "6101") is None
    assert cell("ordered", "city", "6104") == (1, Decimal(900), 1)


def test_two_consumers_of_one_provider_are_two_institutions():
    service = TestingServiceFactory(approved=True, provider__approved=True)
    for _number in range(2):
        deals.an_order(offer=service)
    deals.an_order(offer=service, consumer=ConsumerFactory(approved=True))
    refreshing.refresh()
    assert cell("ordered", "provider", str(service.provider_id)) == (3, Decimal(2700), 3)


def test_a_money_that_was_given_back_whole_counts_as_not_used():
    voucher = a_voucher("1000")
    move(services.reserve, voucher, "300")
    move(services.release, voucher, "300")
    refreshing.refresh()
    assert cell("claimed") is None


def test_nothing_new_writes_nothing(django_assert_max_num_queries):
    deals.an_order()
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=2)):
        refreshing.refresh()
    with (
        time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=4)),
        django_assert_max_num_queries(12),
    ):
        assert refreshing.refresh() == refreshing.Refreshed(0, 0)


def test_what_was_interrupted_is_counted_by_the_next(monkeypatch):
    refreshing.refresh()
    for _number in range(3):
        deals.an_order()
    seen = Progress.objects.get().seen_until
    write, calls = refreshing._write, []

    def fails(changes):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return write(changes)

    monkeypatch.setattr(refreshing, "_write", fails)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        refreshing.refresh(at_once=1)
    assert Progress.objects.get().seen_until == seen
    monkeypatch.undo()
    refreshing.refresh(at_once=1)
    assert cell("ordered") == (3, Decimal(2700), 3)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_refreshes_at_once_count_once():
    refreshing.refresh()
    service = TestingServiceFactory(approved=True, provider__approved=True)
    for _number in range(4):
        deals.an_order(offer=service)
    at_once(*[lambda: refreshing.refresh(at_once=1)] * 2)
    assert cell("ordered") == (4, Decimal(3600), 4)


class Year(RuleBasedStateMachine):
    """What consumers do, in any order, with refreshes in between. Each run is rolled back."""

    consumers = Bundle("consumers")
    orders = Bundle("orders")
    vouchers = Bundle("vouchers")

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.clock = time_machine.travel("2026-12-30 10:00+08:00", tick=True)
        self.now = self.clock.start()
        a_pool("100000")
        self.offers = [
            TestingServiceFactory(approved=True, provider__approved=True),
            InstrumentFactory(approved=True, provider__approved=True),
        ]

    def teardown(self):
        try:
            refreshing.refresh()
            counted = cells()
            refreshing.rebuild()
            assert counted == cells()
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)
            self.clock.stop()

    @rule(target=consumers)
    def consumer(self):
        return ConsumerFactory(approved=True)

    @rule(
        target=orders,
        consumer=consumers,
        state=st.sampled_from(["placed", "active", "completed"]),
        which=st.integers(0, 1),
    )
    def order(self, consumer, state, which):
        return deals.an_order(state, consumer=consumer, offer=self.offers[which])

    @rule(target=vouchers, consumer=consumers)
    def voucher(self, consumer):
        return a_voucher("500", consumer=consumer)

    @rule(order=orders)
    def withdraw(self, order):
        order.refresh_from_db()
        if order.status == "placed":
            order_services.withdraw_order(order=order, actor=order.consumer.account, reason="改日再做")

    @rule(
        voucher=vouchers,
        order=orders,
        verb=st.sampled_from(["reserve", "release", "redeem", "claw_back"]),
        amount=st.integers(1, 300),
    )
    def money(self, voucher, order, verb, amount):
        try:
            move(getattr(services, verb), voucher, amount, order_number=order.number)
        except VoucherError:
            return

    @rule(consumer=consumers, city=st.sampled_from(["6101", "6104"]))
    def moves_house(self, consumer, city):
        type(consumer).objects.filter(pk=consumer.pk).update(city=city)
        record_step(record=consumer, actor=None, action=Action.SAVE)

    @rule(days=st.integers(1, 3))
    def time_passes(self, days):
        self.now.shift(datetime.timedelta(days=days))

    @rule()
    def refresh(self):
        refreshing.refresh(at_once=1)


def test_counted_as_it_comes_is_counted_from_the_beginning():
    run_state_machine_as_test(
        Year,
        settings=settings(
            max_examples=8,
            stateful_step_count=10,
            phases=[Phase.generate],
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
