"""The demonstration's claims are decided whatever the automatic checks find by then."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from home.demo import people
from home.demo.claims import Claim, ClaimStory
from home.demo.dice import Dice
from redemptions.checks import scans
from redemptions.models import Redemption
from tests.redemption_factories import a_claim, the_checker, the_decider

pytestmark = pytest.mark.django_db


def test_a_scan_submitted_later_may_look_like_one_under_review(monkeypatch):
    monkeypatch.setattr(scans, "thumbnail", lambda *_args: bytes(place * 37 % 256 for place in range(72)))
    first, later = a_claim(), a_claim()
    failed = [[check["key"] for check in one.checks if check["passed"] is False] for one in (first, later)]
    assert ["scans" in keys for keys in failed] == [False, True]
    accounts = {people.REVIEWER.username: the_checker(), people.SECOND_REVIEWER.username: the_decider()}
    now = timezone.now()
    story = ClaimStory(SimpleNamespace(now=now), accounts)
    list(story._decide(Claim("consumer", 0, 9, "approved"), first, Dice("claim", now)))
    assert Redemption.objects.get(pk=first.pk).status == "approved"
