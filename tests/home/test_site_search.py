"""Search over everything: the page, its suggestions, 您是不是要找, popular searches and promoted results."""

import datetime
from urllib.parse import quote

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits, SearchPromotion
from wagtail.documents import get_document_model
from wagtail.models import PageViewRestriction

from catalogue.search import CatalogueSearch, Kind, SearchQuery
from home.search.corrections import corrections, nearest_part
from home.search.popular import count_search, is_robot, may_be_kept, popular_terms
from home.search.records import first_records
from home.search.suggestions import suggestions
from home.search.views import clean_query
from institutions.suspension import suspend_provider
from policy.models import (
    Download,
    DownloadsPage,
    Faq,
    GuideIndexPage,
    GuidePage,
    NoticeIndexPage,
    NoticePage,
    PolicyIndexPage,
    PolicyPage,
    Topic,
)
from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    QualificationFactory,
    TestingServiceFactory,
    reviewer,
)

pytestmark = pytest.mark.django_db
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140"}
HOSTILE = [
    '"',
    "'",
    "\x00",
    "a\x00b",
    "%",
    "_",
    "<script>alert(1)</script>",
    "NOT AND",
    "\\",
    "{x}",
    "券" * 10_000,
    "a" * 10_000,
    "\ud800",
    "*",
]


def add_notice(title, text="", **fields):
    notice = NoticePage(title=title, body=[("text", f"<p>{text}</p>")], **fields)
    return NoticeIndexPage.objects.get().add_child(instance=notice)


def add_question(question, answer="", **fields):
    topic, _created = Topic.objects.get_or_create(slug="redeem", defaults={"name": "兑付"})
    return Faq.objects.create(question=question, answer=f"<p>{answer}</p>", topic=topic, **fields)


@pytest.fixture
def everything(db):
    """One of each kind that has 拉伸 in it."""
    provider = ProviderFactory(approved=True, name="拉伸检测中心")
    qualification = QualificationFactory(approved=True, provider=provider)
    instrument = InstrumentFactory(approved=True, provider=provider, name="电子拉伸试验机")
    TestingServiceFactory(approved=True, provider=provider, name="金属拉伸试验", instruments=[instrument])
    LabServiceFactory(approved=True, provider=provider, name="拉伸工艺研究", instruments=[instrument])
    CapabilityFactory(
        approved=True,
        provider=provider,
        qualification=qualification,
        object_name="金属材料",
        parameter="拉伸强度",
        standard_number="GB/T 228.1-2021",
        standard_name="金属材料 拉伸试验",
    )
    PolicyIndexPage.objects.get().add_child(
        instance=PolicyPage(title="拉伸试验补助办法", document_number="陕科〔2026〕1号")
    )
    GuideIndexPage.objects.get().add_child(instance=GuidePage(title="拉伸试验怎么约"))
    add_notice("关于拉伸试验的通知", "请各单位知悉")
    add_question("拉伸试验能用创新券吗？", "可以")
    document = get_document_model()(title="拉伸试验委托单")
    document.file.save("form.pdf", ContentFile(b"%PDF-1.4"))
    Download.objects.create(page=DownloadsPage.objects.get(), document=document)
    return instrument


def search(client, text, **parameters):
    response = client.get("/search/", {"q": text, **parameters}, **BROWSER)
    assert response.status_code == 200
    return response


def counts(response):
    return {tab["key"]: tab["count"] for tab in response.context["tabs"]}


def statements(captured):
    """Without what only marks the inside of a transaction or sets the connection."""
    aside = ("SAVEPOINT", "RELEASE", "SET LOCAL", "PRAGMA", "BEGIN", "COMMIT")
    return [query for query in captured if not query["sql"].startswith(aside)]


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
    assert clean_query("  色谱\x00\u200b \n 质谱 ") == "色谱 质谱"
    assert len(clean_query("券" * 10_000)) == 100


# Suggestions


def suggested(client, text):
    response = client.get("/search/suggest/", {"q": text})
    assert response.status_code == 200
    assert "no-cache" in response.headers["Cache-Control"]
    return (
        {group.key: [one.url for one in group.suggestions] for group in response.context["groups"]}
        if response.content.strip()
        else {}
    )


def test_suggestions_of_every_kind_at_most_eight(client, everything):
    for number in range(5):
        InstrumentFactory(approved=True, provider=everything.provider, name=f"拉伸机 {number}")
        add_notice(f"拉伸通知 {number}")
    found = suggested(client, "拉伸")
    assert set(found) == {"instrument", "testing", "lab", "article", "faq"}
    assert sum(map(len, found.values())) <= 8
    assert found["instrument"][0] == f"/search/?q={quote('拉伸机 4').replace('%20', '+')}&tab=instrument"


def test_pinyin_standards_and_classes_are_suggested(client, everything):
    InstrumentFactory(approved=True, provider=everything.provider, name="气相色谱质谱联用仪")
    for typed in ("qxsp", "qixiangse", "气相", "色"):
        assert (
            f"/search/?q={quote('气相色谱质谱联用仪')}&tab=instrument"
            in suggested(client, typed)["instrument"]
        ), typed
    assert suggested(client, "GBT228.1")["standard"] == ["/search/?q=GB%2FT+228.1-2021&tab=capability"]
    assert suggested(client, "色谱仪器")["class"] == ["/catalogue/instruments/?category=010500"]
    assert suggested(client, "spyq")["class"] == ["/catalogue/instruments/?category=010500"]
    assert (
        "<mark>GB/T</mark> <mark>228.1</mark>-2021 金属材料"
        in client.get("/search/suggest/", {"q": "GB/T 228.1"}).content.decode()
    )


def test_too_little_is_not_guessed_from(client, everything):
    for typed in ("", " ", "a", "1", "。"):
        assert suggested(client, typed) == {}


def test_suggestions_take_four_queries(everything):
    suggestions("拉伸")
    with CaptureQueriesContext(connection) as captured:
        suggestions("拉伸")
    assert len(statements(captured)) == 4


def test_a_withdrawn_page_is_not_suggested_any_more(client):
    notice = add_notice("兑付通知")
    assert suggested(client, "兑付") == {"article": [notice.url]}
    notice.unpublish()
    assert suggested(client, "兑付") == {}


# 您是不是要找


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("气象色谱仪", "气相色谱仪"),
        ("气相色普仪", "气相色谱仪"),
        ("气相色谱议", "气相色谱仪"),
        ("色普", "色谱"),
        ("气相谱仪", "气相色谱仪"),
        ("qixangsepu", "气相色谱"),
    ],
)
def test_a_slip_is_understood(client, typed, meant):
    InstrumentFactory(approved=True, name="气相色谱仪")
    assert corrections(typed)[0] == meant
    page = search(client, typed).content.decode()
    assert "您是不是要找" in page
    assert f'<a href="?q={quote(meant)}">{meant}</a>' in page
    assert search(client, meant).context["total"] >= 1


def test_policies_and_popular_searches_are_proposed_too():
    add_notice("科技创新券申领通知")
    for _time in range(3):
        count_search("透射电镜")
    assert corrections("创新卷申领") == ["创新券申领"]
    assert corrections("透射电竟") == ["透射电镜"]


def test_nothing_is_proposed_for_what_is_like_nothing():
    InstrumentFactory(approved=True, name="气相色谱仪")
    for typed in ("zzzz", "x", "雷达", "这是一个很长很长很长很长很长很长的句子", "?!"):
        assert corrections(typed) == [], typed


def test_a_proposal_takes_few_queries():
    InstrumentFactory(approved=True, name="气相色谱仪")
    corrections("气象色谱仪")
    with CaptureQueriesContext(connection) as captured:
        corrections("气象色谱仪")
    assert len(statements(captured)) <= 6


def test_the_nearest_part_of_a_text():
    assert nearest_part("气象色谱", "安捷伦气相色谱仪") == (1, 3, 7)
    assert nearest_part("abc", "xxabcxx") == (0, 2, 5)
    assert nearest_part("abc", "") == (3, 0, 0)


# Popular searches


def hits():
    return dict(QueryDailyHits.objects.values_list("query__query_string", "hits"))


def test_searches_that_found_something_are_counted(client):
    add_notice("兑付通知")
    for typed in ("兑付", " 兑付 ", "没有的东西"):
        search(client, typed)
    search(client, "兑付", tab="notice")
    client.head("/search/?q=兑付", **BROWSER)
    assert hits() == {"兑付": 2}


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
    count_search(term)
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
        for _time in range(9):
            count_search("去年的")
    for term, times in (("色谱", 4), ("GB/T 228.1", 5), ("质谱", 2)):
        for _time in range(times):
            count_search(term)
    assert popular_terms() == ["GB/T 228.1", "色谱"]
    page = client.get("/search/").content.decode()
    assert "大家在搜" in page
    assert f'href="/search/?q={quote("色谱")}"' in page


def test_old_counts_are_forgotten():
    with time_machine.travel(timezone.now() - datetime.timedelta(days=200)):
        count_search("去年的")
    count_search("今天的")
    QueryDailyHits.garbage_collect()
    Query.garbage_collect()
    assert hits() == {"今天的": 1}
    assert list(Query.objects.values_list("query_string", flat=True)) == ["今天的"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no single writer")
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
