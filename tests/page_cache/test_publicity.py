"""Publicity pages come from the cache until a batch is made public, changed or closed; the form never does."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from redemptions.schedule import close_due
from redemptions.services import batches, review
from tests.page_cache.visits import is_from_cache, needs_page_cache, stored
from tests.payout_factories import a_batch, the_payer
from tests.redemption_factories import the_decider

pytestmark = [needs_page_cache, pytest.mark.django_db]


def test_what_changes_a_batch_ends_what_the_cache_holds(client):
    stored(client, "/publicity/")
    batch = a_batch("published", claims=2)
    address = batch.get_public_url()
    assert str(batch) in client.get("/publicity/").content.decode()
    first, second = batch.payouts.select_related("redemption__consumer")
    stored(client, address)
    review.return_claim(redemption=first.redemption, actor=the_decider(), reason="x")
    assert str(first.redemption.consumer) not in client.get(address).content.decode()
    stored(client, address)
    batches.leave_batch(line=second, actor=the_payer(), reason="x")
    assert str(second.redemption.consumer) not in client.get(address).content.decode()


def test_closing_shows_at_once(client):
    batch = a_batch("published", claims=1)
    stored(client, "/publicity/")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=7)):
        close_due()
        assert "公示结束，待拨付" in client.get("/publicity/").content.decode()
    assert batch.published_on


def test_the_form_is_never_stored(client):
    address = f"{a_batch('published', claims=1).get_public_url()}1/object/"
    client.get(address)
    assert not is_from_cache(client.get(address))
