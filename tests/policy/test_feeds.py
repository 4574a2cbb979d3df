"""RSS and Atom of notices and policy documents, read as a feed reader does."""

import datetime
from xml.etree import ElementTree

import pytest
import time_machine
from django.utils.http import http_date
from wagtail.models import PageViewRestriction

from tests.policy.articles import add_document, add_interpretation, add_notice, add_policy, attached

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
RSS_FEEDS = ["/notices/feed/", "/policy/feed/", "/feed/"]
ATOM_FEEDS = ["/notices/feed/atom/", "/policy/feed/atom/", "/feed/atom/"]
SITE = "https://vouchers.example.cn"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.WAGTAILADMIN_BASE_URL = SITE


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own answer


def names(client, path):
    feed = read(client, path)
    if "atom" in path:
        return [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    return [item.findtext("title") for item in feed.iter("item")]


@time_machine.travel("2026-03-02 10:00 +0800")
def test_an_item_of_rss(client):
    first, second = add_document("附件一"), add_document("附件二", name="b.xlsx")
    notice = add_notice(
        "申领 & 兑付",
        slug="apply",
        summary="常年受理",
        issued_on=datetime.date(2026, 3, 2),
        attachments=attached(first, second),
    )
    channel = read(client, "/notices/feed/").find("channel")
    assert channel.findtext("title") == "通知公告"
    assert channel.findtext("link") == f"{SITE}/notices/"
    assert channel.findtext("language") == "zh-CN"
    assert channel.find(f"{ATOM}link").attrib == {"href": f"{SITE}/notices/feed/", "rel": "self"}
    (item,) = channel.iter("item")
    assert item.findtext("title") == "申领 & 兑付"
    assert item.findtext("link") == f"{SITE}/notices/apply/"
    assert item.findtext("description") == "常年受理"
    assert item.findtext("pubDate") == "Mon, 02 Mar 2026 00:00:00 +0800"
    assert item.find("guid").attrib == {"isPermaLink": "false"}
    assert item.findtext("guid") == f"urn:uuid:{notice.translation_key}"
    assert [enclosure.attrib for enclosure in item.iter("enclosure")] == [
        {"url": f"{SITE}{first.url}", "length": "8", "type": "application/pdf"}
    ]


def test_an_entry_of_atom(client):
    first, second = add_document("附件一"), add_document("附件二", name="b.pdf")
    with time_machine.travel("2026-03-02 10:00 +0800"):
        policy = add_policy(
            "办法", slug="rules", issuer="省科技厅", issued_on=datetime.date(2026, 3, 1),
            attachments=attached(first, second),
        )  # fmt: skip
        policy.save_revision().publish()
    feed = read(client, "/policy/feed/atom/")
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == f"{SITE}/policy/feed/atom/"
    assert feed.find(f"{ATOM}link[@rel='alternate']").get("href") == f"{SITE}/policy/"
    assert feed.findtext(f"{ATOM}updated") == "2026-03-02T10:00:00+08:00"
    (entry,) = feed.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{policy.translation_key}"
    assert entry.findtext(f"{ATOM}published") == "2026-03-01T00:00:00+08:00"
    assert entry.findtext(f"{ATOM}updated") == "2026-03-02T10:00:00+08:00"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "省科技厅"
    assert [link.get("href") for link in entry.iterfind(f"{ATOM}link[@rel='enclosure']")] == [
        f"{SITE}{first.url}",
        f"{SITE}{second.url}",
    ]


@pytest.mark.parametrize("suffix", ["", "atom/"])
def test_each_feed_has_its_own_articles_newest_first(client, suffix):
    add_notice("旧通知", issued_on=datetime.date(2024, 1, 1))
    add_notice("新通知", issued_on=datetime.date(2026, 1, 1))
    add_policy("办法", issued_on=datetime.date(2025, 1, 1))
    add_interpretation("解读", issued_on=datetime.date(2025, 1, 1))
    assert names(client, f"/notices/feed/{suffix}") == ["新通知", "旧通知"]
    assert names(client, f"/policy/feed/{suffix}") == ["办法"]
    assert names(client, f"/feed/{suffix}") == ["新通知", "办法", "旧通知"]


@pytest.mark.parametrize("path", [*RSS_FEEDS, *ATOM_FEEDS])
def test_feeds_have_nothing_unpublished_or_private(client, path):
    for add in (add_notice, add_policy):
        add("草稿", live=False)
        private = add("内部")
        PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    assert names(client, path) == []


def test_feeds_have_the_newest_thirty(client):
    for number in range(31):
        add_notice(f"通知 {number}", issued_on=datetime.date(2026, 1, 1) + datetime.timedelta(days=number))
    assert names(client, "/notices/feed/") == [f"通知 {number}" for number in range(30, 0, -1)]
    assert len(names(client, "/feed/atom/")) == 30


def test_the_identity_of_an_item_outlives_its_address(client):
    notice = add_notice("通知", slug="old")
    before = read(client, "/notices/feed/").findtext("channel/item/guid")
    notice.slug = "new"
    notice.save()
    item = read(client, "/notices/feed/").find("channel/item")
    assert item.findtext("link") == f"{SITE}/notices/new/"
    assert item.findtext("guid") == before


def test_what_xml_cannot_hold_is_left_out(client):
    add_notice("通\x0b知\x1f ]]> <b>", summary="摘\x08要", issuer="单\x01位")
    assert names(client, "/notices/feed/") == ["通知 ]]> <b>"]
    assert names(client, "/notices/feed/atom/") == ["通知 ]]> <b>"]


@pytest.mark.parametrize("path", [*RSS_FEEDS, *ATOM_FEEDS])
def test_a_reader_that_has_it_gets_it_once(client, path):
    for add in (add_notice, add_policy):
        add("一", issued_on=datetime.date(2026, 3, 2)).save_revision().publish()
    first = client.get(path)
    again = client.get(path, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    for add in (add_notice, add_policy):
        add("二")
    assert client.get(path, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


@pytest.mark.parametrize("path", [*RSS_FEEDS, *ATOM_FEEDS])
def test_a_withdrawn_article_is_gone_from_the_next_answer(client, path):
    """Also of one that is not the newest, and for a reader that knows nothing but when it last asked."""
    older = [add("一", issued_on=datetime.date(2026, 3, 2)) for add in (add_notice, add_policy)]
    for add in (add_notice, add_policy):
        add("二")
    first = client.get(path)
    for page in older:
        page.unpublish()
    assert client.get(path, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200
    assert client.get(path, HTTP_IF_MODIFIED_SINCE=http_date()).status_code == 200
    assert set(names(client, path)) == {"二"}


def test_feeds_are_only_read(client):
    assert client.post("/feed/").status_code == 405
    assert client.head("/feed/").status_code == 200
    assert client.get("/feed/?page=%00&q=<script>").status_code == 200


def test_lists_and_home_lead_to_the_feeds(client):
    for page, feed in (("/notices/", "/notices/feed/"), ("/policy/", "/policy/feed/")):
        html = client.get(page).content.decode()
        assert '<link rel="alternate" type="application/rss+xml" title="' in html
        assert f'href="{feed}">' in html
        assert f'href="{feed}atom/">' in html
    assert (
        'type="application/atom+xml" title="通知公告和创新券政策" href="/feed/atom/">'
        in client.get("/").content.decode()
    )


def test_a_feed_costs_the_same_for_one_and_for_thirty(client, django_assert_max_num_queries):
    file = add_document("附件")
    for number in range(30):
        add_notice(f"通知 {number}", attachments=attached(file))
    client.get("/notices/feed/")
    with django_assert_max_num_queries(5):
        client.get("/notices/feed/")
