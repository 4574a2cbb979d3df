"""The index holds exactly what is public, also when two decisions meet."""

import pytest

from catalogue.models import Instrument
from catalogue.search.checks import compare
from tests.factories import InstrumentFactory, ProviderFactory, reviewer
from tests.threads import at_once, refusals
from workflow import services

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.reviewed]


def test_approving_an_institution_and_its_instruments_at_once_indexes_them_all():
    provider = ProviderFactory(pending=True)
    instruments = [InstrumentFactory(provider=provider, pending=True) for _ in range(3)]
    staff = [reviewer() for _ in range(4)]
    outcomes = at_once(
        lambda: services.approve(record=provider, actor=staff[0]),
        *(
            lambda record=record, actor=actor: services.approve(record=record, actor=actor)
            for record, actor in zip(instruments, staff[1:], strict=True)
        ),
    )
    assert refusals(outcomes) == []
    assert Instrument.objects.public().count() == 3
    assert not compare()


def test_withdrawing_an_institution_while_an_instrument_is_approved_leaves_nothing_behind():
    instrument = InstrumentFactory(pending=True)
    staff = reviewer()
    outcomes = at_once(
        lambda: services.withdraw(record=instrument.provider, actor=instrument.owner),
        lambda: services.approve(record=instrument, actor=staff),
    )
    assert refusals(outcomes) == []
    assert not Instrument.objects.public().exists()
    assert not compare()
