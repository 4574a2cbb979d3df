"""Two people, one record, the same moment. Real connections and threads on both databases."""

import pytest

from tests.factories import InstrumentFactory, reviewer
from tests.threads import at_once, refusals
from workflow import services
from workflow.models import AuditEntry, ReviewTaskState

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_a_double_click_on_finish_submits_once():
    instrument = InstrumentFactory()
    outcomes = at_once(*[lambda: services.submit(record=instrument, actor=instrument.owner)] * 4)
    assert len(refusals(outcomes)) == 3
    assert ReviewTaskState.objects.waiting().count() == 1
    assert AuditEntry.objects.of(instrument).filter(action="submit").count() == 1


def test_two_reviewers_decide_once():
    instrument = InstrumentFactory(pending=True)
    first, second = reviewer(), reviewer()
    outcomes = at_once(
        lambda: services.approve(record=instrument, actor=first),
        lambda: services.return_for_changes(record=instrument, actor=second, reason="改"),
    )
    assert len(refusals(outcomes)) == 1
    instrument.refresh_from_db()
    decisions = AuditEntry.objects.of(instrument).filter(action__in=["approve", "return"])
    assert decisions.count() == 1
    assert instrument.status == {"approve": "approved", "return": "returned"}[decisions.get().action]
    assert instrument.live is (instrument.status == "approved")


def test_withdrawing_while_being_approved_leaves_one_whole_outcome():
    instrument = InstrumentFactory(pending=True)
    staff = reviewer()
    at_once(
        lambda: services.approve(record=instrument, actor=staff),
        lambda: services.withdraw(record=instrument, actor=instrument.owner),
    )
    instrument.refresh_from_db()
    # either order ends withdrawn: an approved record can be withdrawn, a withdrawn one not approved
    assert (instrument.status, instrument.live) == ("draft", False)
    assert not ReviewTaskState.objects.waiting().exists()
