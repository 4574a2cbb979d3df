"""Public pages from the cache: for whom, and gone with the first change of what they show."""

import gzip
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as site_settings
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from accounts.public_version import (
    public_changed,
    public_version,
)
from catalogue.templatetags import catalogue as cards
from institutions.suspension import lift_suspension, suspend_provider
from policy.models import NoticeIndexPage
from tests.conftest import signed_in
from tests.factories import (
    InstrumentFactory,
    UserFactory,
    editor,
    reviewer,
)
from tests.page_cache.visits import INSTRUMENTS, NOTICES, is_from_cache, needs_page_cache, stored
from tests.policy.articles import add_notice
from workflow import services

pytestmark = [needs_page_cache, pytest.mark.django_db, pytest.mark.reviewed]


# what is served


@pytest.mark.parametrize("path", ["/", NOTICES, "/policy/", INSTRUMENTS, "/catalogue/providers/"])
def test_a_page_found_is_the_page_rendered_and_costs_one_query_at_most(
    visitor, path, django_assert_max_num_queries
):
    rendered = visitor.get(path)
    with django_assert_max_num_queries(0 if site_settings.REDIS_URL else 1):
        found = visitor.get(path)
    assert (is_from_cache(rendered), is_from_cache(found)) == (False, True)
    assert found.content == rendered.content
    assert {**found.headers, "Age": "0"} == {**rendered.headers, "Age": "0"}
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"):
        assert found[name] == visitor.get(path, headers={"authorization": "-"})[name]


def test_browsers_ask_each_time_and_get_304_while_nothing_has_changed(visitor):
    page = stored(visitor, NOTICES)
    assert page["Cache-Control"] == "private, no-cache"
    again = visitor.get(NOTICES, headers={"if-none-match": page["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", page["ETag"])
    public_changed()
    rendered_anew = visitor.get(NOTICES, headers={"if-none-match": page["ETag"]})
    assert rendered_anew.status_code == 304  # another version, the same page
    add_notice("停机维护")
    assert visitor.get(NOTICES, headers={"if-none-match": page["ETag"]}).status_code == 200


def test_it_is_compressed_for_those_who_take_it(visitor):
    plain = stored(visitor, NOTICES)
    packed = stored(visitor, NOTICES, accept_encoding="gzip, br")
    assert (plain.get("Content-Encoding"), packed["Content-Encoding"]) == (None, "gzip")
    assert gzip.decompress(packed.content) == plain.content
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 2
    assert packed["ETag"] == plain["ETag"]
    assert plain["Vary"] == packed["Vary"] == "Cookie, Accept-Encoding"


def test_head_is_answered_from_what_get_has_stored(visitor):
    assert not is_from_cache(visitor.head(NOTICES))
    assert not is_from_cache(visitor.get(NOTICES))  # a HEAD stores nothing
    response = visitor.head(NOTICES)
    assert is_from_cache(response)
    assert response.content == b""


def test_no_page_for_everybody_holds_a_token_or_a_cookie(visitor):
    for path in ("/", NOTICES, "/policy/", INSTRUMENTS, "/catalogue/providers/"):
        response = visitor.get(path)
        assert not response.cookies
        assert b"csrfmiddlewaretoken" not in response.content


# for whom


def test_those_signed_in_are_never_answered_from_it_and_never_fill_it(visitor):
    member = Client()
    member.force_login(UserFactory(username="西安检测"))
    assert "退出登录" in member.get(NOTICES).content.decode()
    assert "退出登录" not in visitor.get(NOTICES).content.decode()
    assert is_from_cache(visitor.get(NOTICES))
    again = member.get(NOTICES)
    assert not is_from_cache(again)
    assert "退出登录" in again.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        {"headers": {"authorization": "Bearer 1"}},
        {"headers": {"hx-request": "true"}},
        {"headers": {"range": "bytes=0-9"}},
        {"headers": {"cookie": "messages=1"}},
        {"headers": {"cookie": "sessionid=invented"}},
    ],
)
def test_requests_of_their_own_kind_go_past_it(visitor, asked):
    stored(visitor, NOTICES)
    assert not is_from_cache(visitor.get(NOTICES, **asked))


def test_each_type_size_and_language_has_its_own_pages(visitor):
    stored(visitor, NOTICES)
    large = stored(visitor, NOTICES, cookie="size=large")
    english = stored(visitor, NOTICES, cookie="site_language=en")
    plain = stored(visitor, NOTICES, cookie="size=normal; site_language=zh-hans; of=another")
    assert 'data-size="large"' in large.content.decode()
    assert '<html lang="en"' in english.content.decode()
    assert '<html lang="zh-Hans">' in plain.content.decode()


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("?page=2", True),
        ("?city=6101&vouchers=1", True),
        ("?q=色谱", False),
        ("?price_min=1", False),
        ("?utm_source=a", False),
        ("?page=%3Cscript%3E", False),
        ("?page=1&page=2&page=3&page=4&page=5", False),
        ("?page=99", True),
        ("?page=100", False),
        ("?page=0", False),
        ("?page=02", False),
        ("?page=zzz", False),
        ("?page=-1&sort=newest", False),
        ("?year=2026", True),
        ("?year=zzz", False),
    ],
)
def test_only_addresses_of_few_values_are_kept(visitor, path, kept):
    assert visitor.get(INSTRUMENTS + path).status_code == 200
    assert is_from_cache(visitor.get(INSTRUMENTS + path)) is kept


def test_invented_addresses_do_not_push_out_what_is_asked_for(visitor):
    stored(visitor, NOTICES)
    pages = caches["pages"]
    for number in range(pages._max_entries):
        pages.set(f"invented-{number}", "")
        if number % 100 == 0:
            assert is_from_cache(visitor.get(NOTICES))
    assert len(pages._cache) <= pages._max_entries
    assert is_from_cache(visitor.get(NOTICES))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/catalogue/instruments/999/", 404),
        ("/catalogue/instruments", 301),
        ("/catalogue/instruments/export/", 200),
        ("/accounts/login/", 200),
        ("/api/v1/instruments/", 200),
        ("/healthz", 200),
    ],
)
def test_nothing_but_public_pages_is_kept(visitor, path, status):
    assert [visitor.get(path).status_code for _ in range(2)] == [status, status]
    assert not is_from_cache(visitor.get(path))


def test_a_host_that_is_not_ours_is_refused_before_the_cache_is_asked(visitor):
    stored(visitor, NOTICES)
    assert visitor.get(NOTICES, headers={"host": "evil.example"}).status_code == 400


def test_hosts_of_ours_and_schemes_are_kept_apart(visitor):
    stored(visitor, NOTICES)
    assert not is_from_cache(visitor.get(NOTICES, headers={"host": "localhost"}))
    assert not is_from_cache(visitor.get(NOTICES, secure=True))


def test_it_can_be_turned_off(visitor, settings):
    settings.PAGE_CACHE_SECONDS = 0
    assert [is_from_cache(visitor.get(NOTICES)) for _ in range(2)] == [False, False]


# never stale


def test_a_record_shows_at_once_when_approved_withdrawn_and_approved_again(visitor):
    instrument = InstrumentFactory(name="高分辨质谱仪", state="pending")
    page = f"{INSTRUMENTS}{instrument.pk}/"
    assert "高分辨质谱仪" not in stored(visitor, INSTRUMENTS).content.decode()
    services.approve(record=instrument, actor=reviewer())
    assert "高分辨质谱仪" in visitor.get(INSTRUMENTS).content.decode()
    assert "高分辨质谱仪" in stored(visitor, page).content.decode()
    services.withdraw(record=instrument, actor=instrument.owner)
    assert "高分辨质谱仪" not in visitor.get(INSTRUMENTS).content.decode()
    assert visitor.get(page).status_code == 404
    instrument.refresh_from_db()
    instrument.name = "高分辨飞行时间质谱仪"
    version = public_version()
    services.save_draft(record=instrument, actor=instrument.owner, version=instrument.version)
    services.submit(record=instrument, actor=instrument.owner)
    assert public_version() == version  # drafts and submissions are no business of the public
    services.approve(record=instrument, actor=reviewer())
    assert "高分辨飞行时间质谱仪" in visitor.get(page).content.decode()


def test_a_provider_takes_all_it_has_along_when_suspended_and_back_when_lifted(visitor):
    instrument = InstrumentFactory(name="高分辨质谱仪", approved=True)
    assert "高分辨质谱仪" in stored(visitor, INSTRUMENTS).content.decode()
    suspension = suspend_provider(provider=instrument.provider, actor=reviewer(), reason="核查")
    assert "高分辨质谱仪" not in stored(visitor, INSTRUMENTS).content.decode()
    lift_suspension(suspension=suspension, actor=reviewer())
    assert "高分辨质谱仪" in visitor.get(INSTRUMENTS).content.decode()


def test_a_notice_shows_at_once_when_published_edited_moved_and_taken_away(visitor):
    stored(visitor, NOTICES)
    notice = add_notice("停机维护")
    address = notice.get_url()
    assert "停机维护" in stored(visitor, NOTICES).content.decode()
    stored(visitor, address)
    notice.title = "停机维护（草稿）"
    version = public_version()
    notice.save_revision()
    assert public_version() == version  # an editor's browser saves every few seconds
    notice.get_latest_revision().publish()
    assert "停机维护（草稿）" in visitor.get(NOTICES).content.decode()
    assert "停机维护（草稿）" in stored(visitor, address).content.decode()
    notice.refresh_from_db()
    notice.slug = "elsewhere"
    notice.save()
    assert visitor.get(address).status_code in (301, 404)
    stored(visitor, notice.get_url())
    notice.unpublish()
    assert visitor.get(notice.get_url()).status_code == 404
    assert "停机维护" not in stored(visitor, NOTICES).content.decode()
    notice.get_latest_revision().publish()
    assert "停机维护" in stored(visitor, NOTICES).content.decode()
    notice.delete()
    assert "停机维护" not in visitor.get(NOTICES).content.decode()


def test_an_article_put_behind_a_login_is_closed_at_once(visitor):
    notice = add_notice("停机维护")
    stored(visitor, notice.get_url())
    PageViewRestriction.objects.create(page=notice, restriction_type=PageViewRestriction.LOGIN)
    assert visitor.get(notice.get_url()).status_code == 302


def test_a_page_rendered_before_a_change_is_not_kept_for_after_it(visitor, monkeypatch):
    """The version is read first: what changes while a page is rendered makes it old."""

    def late(page, request, *args, **kwargs):
        context = serve_context(page, request, *args, **kwargs)
        public_changed()
        return context

    serve_context = NoticeIndexPage.get_context
    monkeypatch.setattr(NoticeIndexPage, "get_context", late)
    visitor.get(NOTICES)
    monkeypatch.setattr(NoticeIndexPage, "get_context", serve_context)
    assert not is_from_cache(visitor.get(NOTICES))
    assert is_from_cache(visitor.get(NOTICES))


def test_what_changes_by_the_clock_alone_is_a_minute_late_at_most(visitor):
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        add_notice("停机维护", pinned=True, pinned_until=timezone.localdate())
        stored(visitor, NOTICES)
        clock.shift(timedelta(seconds=59))
        assert visitor.get(NOTICES)["Age"] == "59"
        clock.shift(timedelta(seconds=2))
        assert not is_from_cache(visitor.get(NOTICES))


# what is rendered


@pytest.mark.parametrize(
    ("path", "number"),
    [
        (f"{INSTRUMENTS}{{pk}}/", 2),  # the instrument, and which services it is used for
        (INSTRUMENTS, 3),  # the state of the index, which instruments, what their cards say
        ("/api/v1/instruments/", 2),
    ],
)
def test_a_page_rendered_again_reads_its_own_records_only(visitor, django_assert_num_queries, path, number):
    path = path.format(pk=InstrumentFactory(approved=True).pk)
    past_the_cache = {"authorization": "-"} if "/api/" not in path else {}
    visitor.get(path, headers=past_the_cache)
    visitor.get(path, headers=past_the_cache)  # the first makes the renditions of photos
    with django_assert_num_queries(number + (0 if site_settings.REDIS_URL else 1)):
        assert visitor.get(path, headers=past_the_cache).status_code == 200


def test_a_card_is_rendered_once_and_anew_when_its_instrument_changes(monkeypatch):
    instrument, rendered = InstrumentFactory(approved=True, name="扫描电子显微镜"), []
    client, render = signed_in(UserFactory(consumer=True)), cards.render_to_string
    monkeypatch.setattr(
        cards,
        "render_to_string",
        lambda name, names: rendered.append(names["heading"]) or render(name, names),
    )
    for _time in range(2):
        assert "扫描电子显微镜" in client.get(INSTRUMENTS).text
    assert rendered == ["h2"]
    owner = instrument.owner
    instrument = services.withdraw(record=instrument, actor=owner)
    instrument.name = "透射电子显微镜"
    instrument.save()
    services.submit(record=instrument, actor=owner)
    services.approve(record=instrument, actor=reviewer())
    page = client.get(INSTRUMENTS).text
    assert ("透射电子显微镜" in page, "扫描电子显微镜" in page) == (True, False)
    assert "<mark>电子</mark>" in client.get(f"{INSTRUMENTS}?q=电子").text
    assert rendered == ["h2"] * 3


def test_a_draft_is_previewed_while_the_cache_is_on_and_stays_out_of_it(visitor):
    # the admin makes a request within its own
    author = editor()
    notice = add_notice("公开的题目")
    path = notice.get_url()
    assert "公开的题目" in stored(visitor, path).content.decode()
    notice.title = "草稿的题目"
    notice.save_revision(user=author)
    response = signed_in(author).get(f"/admin/pages/{notice.pk}/view_draft/")
    assert response.status_code == 200
    assert "草稿的题目" in response.content.decode()
    assert "公开的题目" in visitor.get(path).content.decode()
