"""The version of what the public sees: another after each change of it, and what is remembered goes with it."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.public_version import (
    KEY,
    asked_once,
    public_changed,
    public_version,
    remembered,
    remembered_each,
)
from catalogue.attributes.tasks import sync_node_task
from catalogue.models import InstrumentClass
from figures.refreshing import refresh
from home.public_content import NOT_SHOWN, is_watched
from policy.models import NoticeIndexPage, Topic
from tests.factories import ProviderFactory, SiteImageFactory
from tests.order_factories import an_order
from tests.page_cache.visits import NOTICES, is_from_cache, needs_page_cache, real_commits, stored
from tests.policy.articles import add_document, add_notice

pytestmark = [needs_page_cache, pytest.mark.django_db]
version_in_redis = pytest.mark.skipif(
    not settings.REDIS_URL, reason="without Redis the version is a row, which is neither closed nor forgotten"
)
OURS = {"accounts", "catalogue", "figures", "files", "home", "institutions", "policy", "workflow"}

CHANGES = {
    "topic renamed": lambda: Topic.objects.first().save(),
    "class renamed": lambda: InstrumentClass.objects.get(code="010200").save(),
    "document replaced": lambda: add_document("申请表").save(),
    "image replaced": lambda: SiteImageFactory().save(),
    "page moved": lambda: add_notice("一").move(NoticeIndexPage.objects.get(), "first-child"),
    "index made anew": lambda: call_command("rebuild_search", verbosity=0),
    "figures counted anew": lambda: (an_order(), refresh()),
    "attribute redefined": lambda: sync_node_task.call("instrument_class", "010200"),
}


@pytest.mark.parametrize("change", [pytest.param(change, id=name) for name, change in CHANGES.items()])
def test_the_version_is_another_after(change):
    before = public_version()
    change()
    assert public_version() not in (before, None)


def test_a_file_nothing_shows_yet_changes_nothing():
    ProviderFactory()
    before = public_version()
    add_document("申请表")
    SiteImageFactory()
    ProviderFactory()
    assert public_version() == before


@real_commits
def test_a_change_that_is_rolled_back_leaves_no_word_that_two_states_share(visitor):
    before = public_version()
    with transaction.atomic():
        public_changed()
        inside = public_version()
        transaction.set_rollback(True)
    assert inside != before
    assert public_version() in (before, None)


@real_commits
@version_in_redis
def test_with_redis_nothing_is_served_or_kept_while_a_change_is_under_way(visitor):
    stored(visitor, NOTICES)
    with transaction.atomic():
        public_changed()
        assert public_version() is None
        assert [is_from_cache(visitor.get(NOTICES)) for _ in range(2)] == [False, False]
    stored(visitor, NOTICES)


@version_in_redis
def test_redis_may_forget_the_version(visitor):
    stored(visitor, NOTICES)
    cache.delete(KEY)
    assert not is_from_cache(visitor.get(NOTICES))


@version_in_redis
def test_a_connection_to_redis_that_broke_is_made_anew(visitor):
    stored(visitor, NOTICES)
    redis = cache._cache.get_client()
    with redis.client() as another:
        another.client_kill_filter(_id=redis.client_id())
    assert is_from_cache(visitor.get(NOTICES))


# what is remembered


def test_what_is_remembered_is_read_again_after_a_change():
    numbers = iter(range(9))
    assert [remembered("number", lambda: next(numbers)) for _ in range(2)] == [0, 0]
    public_changed()
    assert [remembered("number", lambda: next(numbers)) for _ in range(2)] == [1, 1]


def test_each_is_read_once_and_none_for_longer_than_a_minute():
    asked = []

    def squares(numbers):
        asked.append(numbers)
        return {number: number * number for number in numbers}

    assert remembered_each("squares", [1, 2], squares) == {1: 1, 2: 4}
    assert remembered_each("squares", [2, 3], squares) == {2: 4, 3: 9}
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        remembered_each("squares", [1], squares)
    assert asked == [[1, 2], [3], [1]]


def test_a_request_asks_for_the_version_once_unless_it_changes_something(django_assert_num_queries):
    with asked_once():
        before = public_version()
        with django_assert_num_queries(0):
            assert public_version() == before
        public_changed()
        assert public_version() != before


def test_of_every_model_it_is_decided_whether_visitors_see_it():
    undecided, twice = [], []
    for model in apps.get_models():
        label = model._meta.label_lower
        if model._meta.app_label not in OURS and not model.__module__.startswith("wagtail"):
            continue
        watched, ignored = is_watched(model), label in NOT_SHOWN
        if not watched and not ignored:
            undecided.append(label)
        if watched and ignored:
            twice.append(label)
    assert (undecided, twice) == ([], [])
