"""Search over everything: the page and its tabs."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from catalogue.search import CatalogueSearch, Kind, SearchQuery
from home.search.records import first_records
from home.search.views import WORDS
from institutions.suspension import suspend_provider
from policy.models import FaqIndexPage
from tests.factories import (
    InstrumentFactory,
    reviewer,
)
from tests.home.searching import (
    BROWSER,
    HOSTILE,
    add_notice,
    add_question,
    counts,
    search,
    statements,
    suggested,
)

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


def test_all_kinds_are_found_with_counts(client, everything):
    response = search(client, "拉伸")
    assert counts(response) == {
        "all": "10",
        "instrument": "1",
        "testing": "1",
        "lab": "1",
        "capability": "1",
        "provider": "1",
        "policy": "2",
        "notice": "1",
        "faq": "1",
        "download": "1",
    }
    page = response.content.decode()
    for marked in (
        "电子<mark>拉伸</mark>试验机",
        "金属<mark>拉伸</mark>试验",
        "<mark>拉伸</mark>工艺研究",
        "金属材料 <mark>拉伸</mark>强度",
        "<mark>拉伸</mark>检测中心",
        "<mark>拉伸</mark>试验补助办法",
        "<mark>拉伸</mark>试验怎么约",
        "关于<mark>拉伸</mark>试验的通知",
        "<mark>拉伸</mark>试验能用创新券吗？",
        "<mark>拉伸</mark>试验委托单",
    ):
        assert marked in page, marked
    assert '<meta name="robots" content="noindex' in page


@pytest.mark.parametrize(
    "tab", ["instrument", "testing", "lab", "capability", "provider", "policy", "notice", "faq", "download"]
)
def test_each_tab_shows_its_own_with_the_same_counts(client, everything, tab):
    whole = counts(search(client, "拉伸"))
    response = search(client, "拉伸", tab=tab)
    assert counts(response) == whole
    assert response.context["page_obj"].paginator.count == int(whole[tab])
    assert [one["key"] for one in response.context["tabs"] if one["active"]] == [tab]


def test_an_unknown_tab_is_all_and_odd_pages_clamp(client):
    for number in range(21):
        add_notice(f"兑付通知 {number}")
    assert search(client, "兑付", tab="<b>").context["tab"] == "all"
    for asked, number in (("0", 1), ("2", 2), ("99999", 2), ("abc", 1), ("9" * 5000, 1)):
        assert search(client, "兑付", tab="notice", page=asked).context["page_obj"].number == number


def test_counts_of_records_are_those_of_their_own_pages(everything):
    for text in ("拉伸", "lashen", "LSSY", "ls", "GB/T 228.1", "228", "试验 金属", "没有的"):
        found = first_records(text, 3)
        for kind in Kind:
            page = CatalogueSearch().search(SearchQuery(text, kind), per_page=3)
            assert (found[kind].total, found[kind].object_ids) == (page.total, page.object_ids), (text, kind)


def test_more_records_than_can_be_counted_are_said_to_be_more(client, monkeypatch):
    for _number in range(3):
        InstrumentFactory(approved=True, name="显微镜")
    monkeypatch.setattr("home.search.records.CAP", 2)
    assert counts(search(client, "显微镜"))["instrument"] == "2+"


def test_only_what_is_public_is_found(client, everything):
    draft = add_notice("拉伸草稿", live=False)
    private = add_notice("拉伸内部通知")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    add_question("拉伸草稿问题", live=False)
    page = search(client, "拉伸").content.decode()
    assert draft.title not in page
    assert counts(search(client, "拉伸"))["notice"] == "1"
    assert counts(search(client, "拉伸"))["faq"] == "1"
    assert "内部" not in page
    assert "内部" not in client.get("/search/suggest/", {"q": "拉伸"}).content.decode()


def test_questions_of_a_private_page_are_not_found(client, everything):
    assert counts(search(client, "拉伸"))["faq"] == "1"
    PageViewRestriction.objects.create(page=FaqIndexPage.objects.get(), restriction_type="login")
    assert "faq" not in counts(search(client, "拉伸"))
    assert "能用创新券吗" not in search(client, "拉伸").content.decode()
    assert "能用创新券吗" not in client.get("/search/suggest/", {"q": "拉伸"}).content.decode()


def test_a_suspended_provider_and_its_records_are_gone_at_once(client, everything):
    suspend_provider(provider=everything.provider, actor=reviewer(), reason="投诉核查")
    assert set(counts(search(client, "拉伸"))) == {"all", "policy", "notice", "faq", "download"}
    assert set(suggested(client, "拉伸")) == {"article", "faq"}


def test_an_excerpt_shows_where_the_words_are(client):
    add_notice("培训通知", "前文" * 100 + "请携带电子营业执照到场。" + "后文" * 100)
    page = search(client, "营业执照").content.decode()
    assert "请携带电子<mark>营业执照</mark>到场" in page
    assert "前文" * 30 not in page


def test_all_takes_at_most_31_queries_and_a_tab_16(client, everything):
    add_notice("拉伸二")
    for words in ("拉伸", "lashen"):
        with CaptureQueriesContext(connection) as captured:
            search(client, words)
        assert len(statements(captured)) <= 31, [query["sql"][:90] for query in statements(captured)]
    for tab in (
        "instrument",
        "testing",
        "lab",
        "capability",
        "provider",
        "policy",
        "notice",
        "faq",
        "download",
    ):
        with CaptureQueriesContext(connection) as captured:
            search(client, "拉伸", tab=tab)
        assert len(statements(captured)) <= 16, (tab, [query["sql"][:90] for query in statements(captured)])


def test_more_hits_take_no_more_queries(client, everything):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            search(client, "拉伸", tab="notice")
        return len(statements(captured))

    search(client, "拉伸", tab="notice")
    before = asked()
    for number in range(15):
        add_notice(f"拉伸 {number}")
    assert asked() == before


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_typed_is_an_error(client, everything, text):
    typed = quote(text, errors="surrogatepass") if "\ud800" not in text else "%ED%A0%80"
    for address in (f"/search/?q={typed}", f"/search/?q={typed}&tab=faq", f"/search/suggest/?q={typed}"):
        response = client.get(address, **BROWSER)
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()
    for tab in ("instrument", "provider", "policy", "download"):
        assert client.get(f"/search/?q={typed}&tab={tab}").status_code == 200


def test_a_query_is_cleaned_and_cut():
    assert WORDS.clean("  色谱\x00\u200b \n 质谱 ") == "色谱 质谱"
    assert len(WORDS.clean("券" * 10_000)) == 100
