"""The editors' pages as other systems read them."""

import json

import pytest
from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtail.models import Page, PageViewRestriction

from home.models import HomePage
from policy.models import (
    Download,
    Faq,
    GuidePage,
    InterpretationPage,
    NoticePage,
    PolicyPage,
    Topic,
)
from tests.factories import SiteImageFactory

pytestmark = pytest.mark.django_db

API = "/api/v2/pages/"
BASE = "http://127.0.0.1:8000"


def column(path):
    return Page.objects.get(url_path__endswith=path)


def notice(title="通知", slug="n1", **fields):
    return column("/notices/").add_child(instance=NoticePage(title=title, slug=slug, **fields))


def document(title="附件一"):
    return Document.objects.create(title=title, file=ContentFile(b"%PDF-1.4 x", name="a.pdf"), file_size=10)


@pytest.fixture
def no_notices():
    for page in NoticePage.objects.all():
        page.delete()


def test_a_list_has_the_heads_of_published_pages_only(client, no_notices):
    shown = notice("公开", "open", issuer="省科技厅", issued_on="2026-03-01", summary="摘要")
    notice("草稿", "draft", live=False)
    PageViewRestriction.objects.create(page=notice("内部", "inside"), restriction_type="login")
    answer = client.get(API, {"type": "policy.NoticePage"}).json()
    assert answer == {
        "meta": {"total_count": 1},
        "items": [
            {
                "id": shown.pk,
                "meta": {
                    "type": "policy.NoticePage",
                    "detail_url": f"{BASE}{API}{shown.pk}/",
                    "html_url": f"{BASE}/notices/open/",
                    "slug": "open",
                    "first_published_at": None,
                },
                "title": "公开",
                "issuer": "省科技厅",
                "issued_on": "2026-03-01",
                "summary": "摘要",
            }
        ],
    }


@pytest.mark.parametrize("reason", ["draft", "restricted", "below"])
def test_a_page_that_is_not_public_does_not_exist(client, reason):
    page = notice(live=reason != "draft")
    if reason != "draft":
        where = page if reason == "restricted" else page.get_parent()
        PageViewRestriction.objects.create(page=where, restriction_type="password", password="x")
    answer = client.get(f"{API}{page.pk}/")
    assert answer.status_code == 404
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"] == "没有这个页面，或者它没有公开。"
    assert client.get(f"{API}find/", {"html_path": "/notices/n1/"}).status_code == 404
    assert page.title not in client.get(API, {"search": "通知"}).content.decode()


def test_a_page_comes_with_body_attachments_and_topics(client):
    file, image = document(), SiteImageFactory(title="图")
    topic = Topic.objects.create(name="测试主题", slug="test-topic")
    body = [
        {"type": "heading", "value": "一、总则"},
        {"type": "text", "value": f'<p>见<a linktype="page" id="{column("/notices/").pk}">栏目</a></p>'},
        {"type": "attachment", "value": file.pk},
        {
            "type": "image",
            "value": {"image": {"image": image.pk, "alt_text": "楼", "decorative": False}, "caption": "大楼"},
        },
    ]
    page = notice(
        body=json.dumps(body),
        attachments=json.dumps([{"type": "document", "value": file.pk}]),
        topics=[topic],
    )
    answer = client.get(f"{API}{page.pk}/").json()
    expected = {"title": "附件一", "url": f"{BASE}{file.url}", "extension": "pdf", "size_bytes": 10}
    assert answer["attachments"] == [expected]
    assert answer["topics"] == [{"slug": "test-topic", "name": "测试主题"}]
    values = [block["value"] for block in answer["body"]]
    assert values[:3] == ["一、总则", '<p>见<a href="/notices/">栏目</a></p>', expected]
    picture = values[3]
    assert (picture["alt"], picture["caption"], picture["width"]) == ("楼", "大楼", 640)
    assert picture["url"].startswith(f"{BASE}/media/images/")
    assert answer["meta"]["parent"]["html_url"] == f"{BASE}/notices/"
    assert set(answer["meta"]) == {
        "type", "detail_url", "html_url", "slug", "seo_title", "search_description", "first_published_at",
        "last_published_at", "parent",
    }  # fmt: skip


def test_a_document_or_picture_that_is_gone_breaks_nothing(client):
    gone = [{"type": "document", "value": 99999}]
    body = [
        {"type": "image", "value": {"image": {"image": 99999}, "caption": ""}},
        {"type": "attachment", "value": 99999},
    ]
    page = notice(body=json.dumps(body), attachments=json.dumps(gone))
    answer = client.get(f"{API}{page.pk}/")
    assert answer.status_code == 200
    assert answer.json()["attachments"] == []
    assert [block["value"] for block in answer.json()["body"]] == [None, None]


def test_a_policy_document_has_its_number_and_an_interpretation_its_policy_while_published(client):
    policy = column("/policy/").add_child(
        instance=PolicyPage(
            title="办法", slug="rules", document_number="陕科〔2026〕1号", effective_on="2026-05-01"
        )
    )
    said = column("/policy/interpretation/").add_child(
        instance=InterpretationPage(title="解读", slug="said", policy=policy)
    )
    answer = client.get(f"{API}{policy.pk}/").json()
    assert (answer["document_number"], answer["effective_on"], answer["status"]) == (
        "陕科〔2026〕1号",
        "2026-05-01",
        "in_force",
    )
    assert client.get(f"{API}{said.pk}/").json()["policy"] == {
        "id": policy.pk,
        "title": "办法",
        "html_url": f"{BASE}/policy/rules/",
    }
    policy.unpublish()
    assert client.get(f"{API}{said.pk}/").json()["policy"] is None


def test_a_repealed_document_names_its_successor_while_that_is_published(client):
    new = column("/policy/").add_child(instance=PolicyPage(title="办法", slug="rules"))
    old = column("/policy/").add_child(
        instance=PolicyPage(title="暂行办法", slug="old", status="repealed", replaced_by=new)
    )
    assert client.get(f"{API}{new.pk}/").json()["replaced_by"] is None
    assert client.get(f"{API}{old.pk}/").json()["replaced_by"] == {
        "id": new.pk,
        "title": "办法",
        "html_url": f"{BASE}/policy/rules/",
    }
    new.unpublish()
    assert client.get(f"{API}{old.pk}/").json()["replaced_by"] is None


def test_guides_questions_and_downloads_are_read_too(client):
    step = {"actor": "provider", "title": "注册", "text": "", "duration": ""}
    guide = column("/policy/guides/").add_child(
        instance=GuidePage(title="纳入", slug="join", flow=json.dumps([{"type": "step", "value": step}]))
    )
    assert client.get(f"{API}{guide.pk}/").json()["flow"][0]["value"] == step
    Faq.objects.all().delete()
    topic = Topic.objects.create(name="测试主题", slug="test-topic")
    Faq.objects.create(question="可以吗？", answer="<p>可以</p>", topic=topic)
    Faq.objects.create(question="草稿？", answer="<p>否</p>", topic=topic, live=False)
    assert client.get(f"{API}{column('/policy/faq/').pk}/").json()["questions"] == [
        {"question": "可以吗？", "answer": "<p>可以</p>", "topic": "test-topic"}
    ]
    page = column("/policy/downloads/").specific
    file = document("申请表")
    Download.objects.all().delete()
    Download.objects.create(page=page, document=file, note="Word 版")
    assert client.get(f"{API}{page.pk}/").json()["downloads"] == [
        {
            "title": "申请表",
            "url": f"{BASE}{file.url}",
            "extension": "pdf",
            "size_bytes": 10,
            "note": "Word 版",
            "topic": None,
        }
    ]


def test_lists_narrow_order_page_and_search(client, no_notices):
    first = notice("甲通知", "a", issued_on="2026-01-01", issuer="省科技厅")
    second = notice("乙公告", "b", issued_on="2026-02-01", issuer="省财政厅")

    def found(**query):
        return [one["id"] for one in client.get(API, {"type": "policy.NoticePage", **query}).json()["items"]]

    assert found() == [first.pk, second.pk]
    assert found(order="-issued_on") == [second.pk, first.pk]
    assert found(issued_on="2026-02-01") == [second.pk]
    assert found(issuer="省科技厅") == [first.pk]
    assert found(child_of=str(column("/notices/").pk), limit="1", offset="1") == [second.pk]
    assert found(search="公告") == [second.pk]
    answer = client.get(f"{API}find/", {"html_path": "/notices/a/"})
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, f"{BASE}{API}{first.pk}/")


HOSTILE = [
    "limit=1000000000", "limit=-1", "limit=abc", "limit=0", "limit=" + "9" * 5000, "limit=%00",
    "offset=-1", "offset=10001", "offset=99999999999999999999", "offset=abc",
    "order=random", "order=random&offset=1", "order=password", "order=-body", "order=title,,", "order=%00",
    "fields=secret", "fields=((((", "fields=*(", "fields=%00", "fields=owner", "fields=body", "fields=" + "a," * 3000,
    "search=", "search=%20", "search=%00", "search=" + "a" * 10_000, "search=x&order=issued_on",
    "child_of=abc", "child_of=-1", "child_of=999999", "child_of=99999999999999999999", "child_of=%00",
    "ancestor_of=root", "descendant_of=abc", "descendant_of=1&child_of=1", "child_of=1",
    "type=abc", "type=accounts.User", "type=policy.Faq", "type=%00", "type=a.b.c",
    "id=abc", "id=99999999999999999999", "type=policy.NoticePage&issued_on=abc", "title=%00",
    "type=policy.NoticePage&issued_on=2026-13-45", "type=policy.NoticePage&topics=abc",
    "type=policy.NoticePage&body=x", "first_published_at=x", "rich_text_format=x", "unknown=1", "owner=1",
    "locale=zh", "translation_of=1", "site=x", "format=api", "html_path=%00",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_what_makes_no_sense_is_refused_in_a_sentence(client, query):
    answer = client.get(f"{API}?{query}")
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] == "请求有误"


@pytest.mark.parametrize(
    "query", ["fields=*", "fields=_", "fields=*,-title", "search=' OR 1=1 --", 'search="', "search=(*"]
)
def test_odd_questions_that_mean_something_are_answered(client, query):
    assert client.get(f"{API}?{query}").status_code == 200


@pytest.mark.parametrize("address", [API, f"{API}1/", f"{API}find/"])
def test_it_is_only_read(client, address):
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(address).status_code == 405


@pytest.mark.parametrize(
    "address",
    ["/api/v2/", "/api/v2/images/", "/api/v2/documents/", "/api/v2/pages", f"{API}99999999999999999999/"],
)
def test_nothing_else_is_there(client, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_it_answers_json_to_whoever_asks_and_counts_the_requests(client, settings):
    settings.API_RATES = {**settings.API_RATES, "anonymous": 1}
    answer = client.get(API, headers={"accept": "*/*"})
    assert answer["Content-Type"] == "application/json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert client.get(API).status_code == 429


def test_a_list_costs_the_same_for_any_number_of_pages(client, no_notices, django_assert_num_queries):
    topic = Topic.objects.create(name="测试主题", slug="test-topic")
    for number in range(5):
        notice(slug=f"n{number}", topics=[topic])
    client.get(API)
    with django_assert_num_queries(5):
        client.get(API, {"type": "policy.NoticePage", "fields": "*"})


def test_the_home_page_has_its_sections(client):
    (home,) = client.get(API, {"type": "home.HomePage"}).json()["items"]
    page = Page.objects.get(pk=home["id"]).specific
    body = client.get(f"{API}{home['id']}/").json()["body"]
    assert [block["type"] for block in body] == [block.block_type for block in page.body]
    assert body[0]["type"] == "hero"


def test_the_home_page_has_the_sections_it_shows(client):
    home = HomePage.objects.get()
    home.body = [
        ("contact", {"hidden": True, "title": "还没定"}),
        ("hero", {"hidden": False, "title": "用好仪器"}),
    ]
    home.save()
    body = client.get(f"{API}{home.pk}/").json()["body"]
    assert [(block["type"], block["value"]["title"]) for block in body] == [("hero", "用好仪器")]
