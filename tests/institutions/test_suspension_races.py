"""Suspensions that meet each other, or a decision, at the same moment."""

import pytest
from django.db import IntegrityError

from catalogue.models import Instrument
from catalogue.search.checks import compare
from institutions.models import Suspension
from institutions.suspension import lift_suspension, suspend_provider
from tests.factories import InstrumentFactory, ProviderFactory, reviewer
from tests.threads import at_once, refusals
from workflow import services
from workflow.models import AuditEntry

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.reviewed]


def test_two_who_suspend_at_once_leave_one_suspension():
    provider = ProviderFactory(approved=True)
    staff = [reviewer() for _ in range(3)]
    outcomes = at_once(
        *(
            lambda actor=actor: suspend_provider(provider=provider, actor=actor, reason="核查")
            for actor in staff
        )
    )
    assert len(refusals(outcomes)) == 2
    assert Suspension.objects.count() == 1
    assert AuditEntry.objects.of(provider).filter(action="suspend").count() == 1


def test_the_database_itself_allows_one_suspension_in_force():
    provider, staff = ProviderFactory(approved=True), reviewer()
    Suspension.objects.create(provider=provider, reason="一", suspended_by=staff)
    with pytest.raises(IntegrityError):
        Suspension.objects.create(provider=provider, reason="二", suspended_by=staff)


def test_two_who_lift_at_once_lift_once():
    provider, staff = ProviderFactory(approved=True), [reviewer() for _ in range(2)]
    suspension = suspend_provider(provider=provider, actor=staff[0], reason="核查")
    outcomes = at_once(
        *(lambda actor=actor: lift_suspension(suspension=suspension, actor=actor) for actor in staff)
    )
    assert len(refusals(outcomes)) == 1
    assert AuditEntry.objects.of(provider).filter(action="lift").count() == 1


def test_what_is_approved_at_the_moment_of_suspension_does_not_slip_into_the_index():
    instrument = InstrumentFactory(pending=True)
    staff = [reviewer() for _ in range(2)]
    outcomes = at_once(
        lambda: suspend_provider(provider=instrument.provider, actor=staff[0], reason="核查"),
        lambda: services.approve(record=instrument, actor=staff[1]),
    )
    assert refusals(outcomes) == []
    assert not Instrument.objects.public().exists()
    assert not compare()
