"""Wagtail's search over pages, documents, images and snippets finds Chinese."""

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from modelsearch.query import MATCH_ALL, And, Not, Or, Phrase, PlainText
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from policy.models import Faq, NoticeIndexPage, NoticePage, PolicyIndexPage, PolicyPage, Topic
from policy.search.base import index_entries
from tests.factories import SiteImageFactory

pytestmark = pytest.mark.django_db
TITLE = "关于开展2026年度科技创新券申领工作的通知"
BODY = "气相色谱质谱联用仪（GC-MS）按 GB/T 228.1-2021 检测，𠮷林大学可接券。"
HOSTILE = [
    '"',
    "'",
    "\x00",
    "色\x00谱",
    "*",
    "a:b",
    "NEAR(a b)",
    "NOT",
    "AND OR",
    "(",
    "\\",
    "%s",
    "{body} : x",
    "🙂",
    "券" * 10_000,
    "a" * 10_000,
]


def add_notice(title=TITLE, text=BODY, **fields):
    notice = NoticePage(title=title, body=[("text", f"<p>{text}</p>")], **fields)
    return NoticeIndexPage.objects.get().add_child(instance=notice)


def found(query, pages=None, **options):
    pages = NoticePage.objects.all() if pages is None else pages
    return [page.title for page in get_search_backend().search(query, pages, **options)]


def test_every_part_of_two_characters_or_more_is_found():
    add_notice()
    for text in (TITLE, "气相色谱质谱联用仪", "𠮷林大学可接券"):
        for length in range(2, len(text)):
            for start in range(len(text) - length + 1):
                part = text[start : start + length]
                assert found(part) == [TITLE], part


def test_one_character_codes_and_several_words_are_found():
    add_notice()
    for query in (
        "券",
        "谱",
        "GCMS",
        "gc-ms",
        "ｇｃ－ｍｓ",
        "228.1",
        "GB/T228.1",
        "GB/T 228.1-2021",
        "色谱 申领",
        "通知 GC",
    ):
        assert found(query) == [TITLE], query


def test_what_is_nowhere_is_not_found():
    add_notice()
    for query in ("色质", "谱相", "液相", "GCMSD", "申领 液相", "。", "", "   "):
        assert found(query) == [], query


def test_characters_that_stand_apart_are_not_taken_for_a_word():
    add_notice("粒度与度分", "")
    assert found("粒度分") == []
    assert found("度与度") == ["粒度与度分"]


def test_hits_in_the_title_come_first_then_the_newest():
    for title, text in (("旧", "兑付说明"), ("兑付通知", ""), ("新", "兑付说明")):
        add_notice(title, text)
    assert found("兑付") == ["兑付通知", "新", "旧"]
    oldest_first = NoticePage.objects.order_by("pk")
    assert found("兑付", oldest_first, order_by_relevance=False) == ["旧", "兑付通知", "新"]
    assert found("兑付", fields=["title"]) == ["兑付通知"]


def test_queries_combine():
    add_notice("申领通知", "")
    add_notice("兑付通知", "")
    assert found(And([PlainText("通知"), Not(PlainText("申领"))])) == ["兑付通知"]
    assert found(Or([Phrase("申领"), PlainText("兑付")])) == ["兑付通知", "申领通知"]
    assert found("申领 兑付", operator="or") == ["兑付通知", "申领通知"]
    assert found(MATCH_ALL, NoticePage.objects.order_by("pk")) == ["申领通知", "兑付通知"]
    assert found(Not(MATCH_ALL)) == []


def test_counting_slicing_scores_and_facets():
    for number in range(3):
        add_notice(f"通知 {number}", "")
    results = get_search_backend().search("通知", NoticePage)
    assert results.count() == 3
    assert [page.title for page in results[1:2]] == ["通知 1"]
    assert [page.score for page in results.annotate_score("score")] == [1.0, 1.0, 1.0]
    assert results.facet("live") == {True: 3}


@pytest.mark.parametrize("query", HOSTILE)
def test_nothing_typed_is_an_error(query):
    add_notice()
    backend = get_search_backend()
    for search in (backend.search, backend.autocomplete):
        for joined_by in ("and", "or"):
            results = search(query, Page.objects.all(), operator=joined_by)
            assert results.count() == len(list(results))


@given(st.text(max_size=40))
def test_no_text_is_an_error(text):
    assert list(get_search_backend().search(text, NoticePage)) == []


def test_an_edit_replaces_what_was_indexed_and_a_deletion_removes_it():
    notice = add_notice("申领通知", "")
    notice.title = "兑付通知"
    notice.save()
    assert (found("申领"), found("兑付")) == ([], ["兑付通知"])
    notice.delete()
    assert found("兑付") == []
    assert not index_entries().filter(object_id=str(notice.pk)).exists()


def test_a_text_of_a_million_characters_can_be_saved():
    add_notice("长文", "字词" * 500_000)
    assert found("字词") == ["长文"]


def test_saving_asks_the_index_once(django_assert_num_queries):
    notice = add_notice()
    backend = get_search_backend()
    backend.add(notice)
    with django_assert_num_queries(1):
        backend.add(notice)


def test_everything_can_be_indexed_anew():
    add_notice()
    index_entries().delete()
    assert found("申领") == []
    call_command("update_index", verbosity=0)
    assert found("申领") == [TITLE]


def test_policies_are_found_by_their_number_and_questions_by_their_answer():
    policy = PolicyPage(title="管理办法", document_number="陕科办发〔2026〕12号")
    PolicyIndexPage.objects.get().add_child(instance=policy)
    assert found("陕科办发〔2026〕12号", PolicyPage.objects.all()) == ["管理办法"]
    topic = Topic.objects.first() or Topic.objects.create(name="兑付", slug="redeem")
    question = Faq.objects.create(question="怎么兑付？", answer="<p>上传发票</p>", topic=topic)
    assert list(get_search_backend().search("发票", Faq)) == [question]


def test_images_and_documents_are_found_by_a_part_of_their_title():
    image = SiteImageFactory(title="扫描电子显微镜外观")
    document = get_document_model()(title="创新券申领表")
    document.file.save("form.txt", ContentFile(b"x"))
    backend = get_search_backend()
    assert list(backend.autocomplete("显微", get_image_model())) == [image]
    assert list(backend.autocomplete("申领", get_document_model())) == [document]


def test_the_admin_finds_chinese(superuser_client):
    add_notice()
    add_notice("其他公告", "")
    index = NoticeIndexPage.objects.get()
    for address in (f"/admin/pages/{index.pk}/", "/admin/pages/search/", "/admin/choose-page/search/"):
        response = superuser_client.get(address, {"q": "申领"})
        assert response.status_code == 200
        assert TITLE in response.content.decode(), address
        assert "其他公告" not in response.content.decode(), address


@pytest.mark.parametrize("query", HOSTILE[:12])
def test_the_admin_bears_anything(superuser_client, query):
    for address in (
        "/admin/pages/search/",
        "/admin/images/",
        "/admin/documents/",
        "/admin/snippets/policy/faq/",
    ):
        assert superuser_client.get(address, {"q": query}).status_code in (200, 404)
