"""Popular searches, kept without personal data, and promoted results."""

import datetime
import re
from urllib.parse import quote

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits, SearchPromotion

from home.search.popular import count_search, is_robot, may_be_kept, popular_terms
from tests.home.searching import BROWSER, add_notice, search

pytestmark = pytest.mark.django_db


# Popular searches


def hits():
    return dict(QueryDailyHits.objects.values_list("query__query_string", "hits"))


def test_searches_that_found_something_are_counted(client):
    add_notice("兑付通知")
    for typed in ("兑付", " 兑付 ", "没有的东西"):
        search(client, typed)
    search(client, "兑付", tab="notice")
    client.head("/search/?q=兑付", **BROWSER)
    assert hits() == {"兑付": 1}


def test_a_visitor_counts_once_a_day_for_the_same_words(client):
    add_notice("兑付通知")
    with time_machine.travel("2026-09-01 10:00+08:00") as clock:
        for address in ("10.0.0.1", "10.0.0.1", "10.0.0.2"):
            client.get("/search/?q=兑付", REMOTE_ADDR=address, **BROWSER)
        client.get("/search/?q=通知", REMOTE_ADDR="10.0.0.1", **BROWSER)
        assert hits() == {"兑付": 2, "通知": 1}
        clock.move_to("2026-09-02 00:01+08:00")
        client.get("/search/?q=兑付", REMOTE_ADDR="10.0.0.1", **BROWSER)
    assert QueryDailyHits.objects.get(query__query_string="兑付", date="2026-09-02").hits == 1


def test_who_searched_is_not_kept_to_be_counted_once(monkeypatch):
    kept = []
    monkeypatch.setattr(cache, "add", lambda *args: kept.append(args))
    count_search("兑付", "10.0.0.1")
    ((key, value, seconds),) = kept
    assert re.fullmatch("search:counted:[0-9a-f]{40}", key)
    assert (value, seconds) == (1, 24 * 3600)


@pytest.mark.parametrize(
    "term",
    [
        "13912345678",
        "139-1234-5678",
        "139 1234 5678",
        "610113199001011234",
        "a@b.cn",
        "91610113mab1234567",
        "029-85550100",
        "1" * 7,
        "券" * 21,
        "券",
    ],
)
def test_what_may_be_personal_is_never_kept(term):
    assert not may_be_kept(term)
    count_search(term, "10.0.0.1")
    assert not Query.objects.exists()


@pytest.mark.parametrize("term", ["色谱", "gb/t 228.1-2021", "gb/t 13477-2017", "gc-ms", "7890b-5977a"])
def test_names_and_standards_may_be_kept(term):
    assert may_be_kept(term)


def test_robots_are_not_counted(client):
    add_notice("兑付通知")
    for agent in (
        "",
        "Mozilla/5.0 (compatible; Baiduspider/2.0)",
        "curl/8.5",
        "python-requests/2.32",
        "Bytespider",
    ):
        assert is_robot(agent)
        client.get("/search/", {"q": "兑付"}, HTTP_USER_AGENT=agent)
    assert not is_robot(BROWSER["HTTP_USER_AGENT"])
    assert hits() == {}


def test_popular_are_those_searched_for_by_several_in_the_last_month(client):
    with time_machine.travel("2026-09-01 10:00+08:00"):
        for number in range(9):
            count_search("去年的", f"10.0.0.{number}")
    for term, times in (("色谱", 4), ("GB/T 228.1", 5), ("质谱", 2)):
        for number in range(times):
            count_search(term, f"10.0.0.{number}")
    assert popular_terms() == ["GB/T 228.1", "色谱"]
    page = client.get("/search/").content.decode()
    assert "大家在搜" in page
    assert f'href="/search/?q={quote("色谱")}"' in page


def test_old_counts_are_forgotten():
    with time_machine.travel(timezone.now() - datetime.timedelta(days=200)):
        count_search("去年的", "10.0.0.1")
    count_search("今天的", "10.0.0.1")
    QueryDailyHits.garbage_collect()
    Query.garbage_collect()
    assert hits() == {"今天的": 1}
    assert list(Query.objects.values_list("query_string", flat=True)) == ["今天的"]


def test_a_failing_count_fails_no_page(client, monkeypatch):
    from django.db.utils import OperationalError

    add_notice("兑付通知")

    def locked(*_args, **_kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(QueryDailyHits.objects, "filter", locked)
    assert search(client, "兑付").context["total"] == 1
    assert hits() == {}


# Promoted results


def test_what_editors_recommend_stands_on_top(client):
    notice = add_notice("年度申领通知")
    hidden = add_notice("内部通知", live=False)
    query = Query.get("GC-MS 申领")
    SearchPromotion.objects.create(query=query, page=notice, description="先看这里", sort_order=0)
    SearchPromotion.objects.create(query=query, page=hidden, sort_order=1)
    SearchPromotion.objects.create(
        query=query, external_link_url="https://example.com/a", external_link_text="省厅", sort_order=2
    )
    response = search(client, "gc-ms  申领")
    assert [row.title for row in response.context["promotions"]] == ["年度申领通知", "省厅"]
    assert "推荐" in response.content.decode()
    assert search(client, "申领").context["promotions"] == []


def test_editors_may_promote_and_auditors_may_not(editor_client, auditor_client):
    assert editor_client.get("/admin/searchpicks/").status_code == 200
    assert auditor_client.get("/admin/searchpicks/").status_code == 302


def test_the_header_searches_everything_and_works_without_script(client):
    page = client.get("/notices/").content.decode()
    assert '<form class="search site-search" role="search" action="/search/">' in page
    assert 'data-suggest="/search/suggest/"' in page
