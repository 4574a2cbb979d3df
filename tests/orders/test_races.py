"""Many at the same moment, with real threads and connections: one wins, the others read a sentence.

Each test first takes the guards away, and shows that without them more than one would win.
"""

import contextlib
import importlib
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Message, User
from orders import moves
from orders.exceptions import SlotTaken
from orders.models import Booking, Closure, Invoice, Order, OrderItem
from orders.numbers import new_number
from orders.querysets import BookingQuerySet
from orders.reminders import expire_lapsed, remind_waiting
from orders.services import bookings, calendar, documents, orders
from orders.services.documents import upload_invoice
from orders.statuses import BOOKING_MOVES, BookingStatus
from tests import order_factories as make
from tests.factories import InstrumentFactory
from tests.threads import at_once, refusals
from workflow.models import AuditEntry
from workflow.statuses import Action

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

slots = importlib.import_module("orders.migrations.0002_slots")


def crowd() -> int:
    return 50 if connection.vendor == "postgresql" else 8


def copies(row: Any, prefix: str) -> list[Any]:
    """The row, and as many like it as make a crowd of them."""
    model = type(row)
    others = [model(**values_of(row) | {"number": new_number(prefix)}) for _each in range(crowd() - 1)]
    return [row, *model.objects.bulk_create(others)]


def values_of(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.fields if not field.primary_key}


@contextlib.contextmanager
def without_constraint(model: Any, name: str, clean: Callable[[], Any]) -> Iterator[None]:
    """``clean`` takes away what would not fit when the constraint is put back."""
    constraint = next(one for one in model._meta.constraints if one.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        clean()
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)


@contextlib.contextmanager
def without_exclusion(clean: Callable[[], Any]) -> Iterator[None]:
    with connection.schema_editor() as editor:
        slots.drop(None, editor)
    try:
        yield
    finally:
        clean()
        with connection.schema_editor() as editor:
            slots.add(None, editor)


def after_all_have_looked(look: Callable[..., Any]) -> Callable[..., Any]:
    """Nobody goes on before everybody has seen what there was: the worst moment."""
    barrier = threading.Barrier(crowd())

    def looks(*args: Any, **options: Any) -> Any:
        seen = look(*args, **options)
        barrier.wait(timeout=30)
        return seen

    return looks


def without_transactions(patch: pytest.MonkeyPatch, module: Any) -> None:
    """SQLite's guard is that nobody else writes during a transaction."""
    if connection.vendor == "sqlite":
        patch.setattr(module, "transaction", SimpleNamespace(atomic=contextlib.nullcontext))


def without_the_lock_of_the_instrument(patch: pytest.MonkeyPatch) -> None:
    rows = SimpleNamespace(get=lambda **_which: None)
    unlocked = SimpleNamespace(select_for_update=lambda **_options: rows)
    patch.setattr(bookings, "Instrument", SimpleNamespace(objects=unlocked))


def test_of_many_acceptances_for_one_time_one_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    instrument = InstrumentFactory(approved=True, provider__approved=True)
    make.open_all_week(instrument)
    slot = make.a_slot(days=2)
    asked = copies(make.a_booking(offer=instrument, slot=slot), "YY")
    # one account each, as requests have
    answers = [
        lambda one=one: make.accept(Booking.objects.select_related("provider__account").get(pk=one.pk))
        for one in asked
    ]

    def put_back() -> None:
        Booking.objects.update(status=BookingStatus.WAITING)

    with monkeypatch.context() as patch, without_exclusion(put_back):
        without_the_lock_of_the_instrument(patch)
        without_transactions(patch, bookings)
        patch.setattr(bookings, "slot_problem", after_all_have_looked(bookings.slot_problem))
        at_once(*answers)
        assert Booking.objects.filter(status=BookingStatus.ACCEPTED).count() == crowd()

    entries = AuditEntry.objects.count()
    outcomes = at_once(*answers)
    refused = refusals(outcomes)
    assert Booking.objects.filter(status=BookingStatus.ACCEPTED).count() == 1
    assert len(refused) == crowd() - 1
    assert {type(one) for one in refused} == {SlotTaken}
    assert all(str(one).startswith("这段时间已被占用。最近的空闲时间：") for one in refused)
    assert AuditEntry.objects.count() == entries + 1


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="the constraint is PostgreSQL's")
def test_the_constraint_holds_where_nobody_has_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    instrument = InstrumentFactory(approved=True, provider__approved=True)
    make.open_all_week(instrument)
    first, second = (make.a_booking(offer=instrument, slot=make.a_slot(days=2)) for _each in range(2))
    monkeypatch.setattr(bookings, "slot_problem", lambda *_args, **_options: "")
    make.accept(first)
    with pytest.raises(SlotTaken, match="这段时间刚刚被另一条预约占用，请换一个时间。"):
        make.accept(second)
    second.refresh_from_db()
    assert second.status == BookingStatus.WAITING


def test_a_time_is_closed_or_accepted_not_both() -> None:
    instrument = InstrumentFactory(approved=True, provider__approved=True)
    make.open_all_week(instrument)
    for days in range(2, 5):
        slot = make.a_slot(days=days)
        booking = make.a_booking(offer=instrument, slot=slot)
        outcomes = at_once(
            lambda booking=booking: make.accept(booking),
            lambda slot=slot: calendar.close_instrument(
                instrument=instrument, span=slot, reason="维护", actor=instrument.provider.account
            ),
        )
        assert len(refusals(outcomes)) == 1
        booking.refresh_from_db()
        closed = Closure.objects.filter(starts_at=slot.start).exists()
        assert closed != (booking.status == BookingStatus.ACCEPTED)


def test_many_clicks_on_one_booking_place_one_order(monkeypatch: pytest.MonkeyPatch) -> None:
    booking = make.an_accepted_booking()
    offer = type(booking.offer).objects.get(pk=booking.offer.pk)

    def click() -> Order:
        mine = Booking.objects.select_related("consumer__account").get(pk=booking.pk)
        return make.place(mine)

    def put_back() -> None:
        OrderItem.objects.all().delete()
        Order.objects.all().delete()
        Booking.objects.update(status=BookingStatus.ACCEPTED)

    def unlocked(self: BookingQuerySet, pk: int) -> Any:
        return self.select_related("consumer__account", "provider__account").get(pk=pk)

    def unconditional(deal: Any, action: Action, *, actor: User, **values: Any) -> Any:
        party = moves.acting(deal, actor, action)
        Booking.objects.filter(pk=deal.pk).update(status=BOOKING_MOVES[deal.status, action, party])
        return party

    def unguarded(patch: pytest.MonkeyPatch) -> None:
        without_transactions(patch, orders)
        patch.setattr(BookingQuerySet, "locked", after_all_have_looked(unlocked))
        patch.setattr(orders, "move", unconditional)

    with monkeypatch.context() as patch:
        unguarded(patch)
        with without_constraint(Order, "order_once_for_booking", put_back):
            assert refusals(at_once(*[click] * crowd())) == []
            assert Order.objects.count() == crowd()
        # the constraint alone is enough
        unguarded(patch)
        refused = refusals(at_once(*[click] * crowd()))
        assert (Order.objects.count(), len(refused)) == (1, crowd() - 1)
        assert {str(one) for one in refused} == {"这条预约已经下过单，请到“订单管理”中查看。"}
        put_back()

    refused = refusals(at_once(*[click] * crowd()))
    assert (Order.objects.count(), OrderItem.objects.count()) == (1, 1)
    assert len(refused) == crowd() - 1
    assert {str(one) for one in refused} == {
        f"预约 {booking.number} 现在是“已下单”，不能再下单。请刷新页面，查看最新进展。"
    }
    assert offer.orders.count() == 1


def test_of_many_orders_one_uses_an_invoice(monkeypatch: pytest.MonkeyPatch) -> None:
    done = make.a_direct_order()
    Order.objects.update(status="completed")
    done.refresh_from_db()
    consumer = done.consumer.account
    invoices = [(order, make.invoice_of(done)) for order in copies(done, "DD")]

    def uploads() -> list[Callable[[], Invoice]]:
        def upload(order: Order, invoice: Invoice) -> Invoice:
            fresh = Invoice(**values_of(invoice))
            return upload_invoice(order=Order.objects.get(pk=order.pk), invoice=fresh, actor=consumer)

        return [lambda pair=pair: upload(*pair) for pair in invoices]

    def put_back() -> None:
        Invoice.objects.all().delete()

    with monkeypatch.context() as patch, without_constraint(Invoice, "invoice_used_once", put_back):
        patch.setattr(documents, "_is_used", lambda *_asked: False)
        assert refusals(at_once(*uploads())) == []
        assert Invoice.objects.count() == crowd()

    refused = refusals(at_once(*uploads()))
    assert (Invoice.objects.count(), len(refused)) == (1, crowd() - 1)
    assert {str(one) for one in refused} == {
        "发票 24617000000012345678 已在本平台使用过，同一张发票不能重复使用。请核对发票号码。"
    }


def test_nightly_runs_at_once_tell_and_expire_each_once(time_machine: Any) -> None:
    start = timezone.now()
    time_machine.move_to(start)
    waiting = copies(make.a_direct_order(), "DD")[:5]
    lapsed = copies(make.a_booking(), "YY")
    Order.objects.exclude(pk__in=[one.pk for one in waiting]).delete()
    time_machine.move_to(start + timezone.timedelta(days=30))
    expired = at_once(*[expire_lapsed] * 3)
    reminded = at_once(*[remind_waiting] * 3)
    assert [one.failures for one in expired + reminded] == [[]] * 6
    assert (sum(one.done for one in expired), sum(one.done for one in reminded)) == (len(lapsed), 5)
    assert Message.objects.filter(subject__startswith="订单等待您接单").count() == 5
