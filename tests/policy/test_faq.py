"""Questions: the page of all of them, and where editors keep them."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text

from policy.models import Faq, NoticeIndexPage, NoticePage, Topic
from tests.factories import auditor, editor, reviewer

pytestmark = pytest.mark.django_db


def add(question, answer="<p>可以。</p>", topic="apply", **fields):
    return Faq.objects.create(question=question, answer=answer, topic=Topic.objects.get(slug=topic), **fields)


def listed(response):
    return [
        (group["topic"].slug, [entry["faq"].question for entry in group["entries"]])
        for group in response.context["groups"]
    ]


def test_questions_stand_by_topic_in_the_editors_order(client):
    add("乙", topic="redeem", sort_order=2)
    add("甲", topic="redeem", sort_order=1)
    add("丙", topic="account")
    response = client.get("/policy/faq/")
    assert listed(response) == [("account", ["丙"]), ("redeem", ["甲", "乙"])]
    page = response.content.decode()
    assert 'id="topic-redeem"' in page
    assert "<details" in page
    assert " open>" not in page


def test_only_live_questions_are_shown(client):
    add("草稿", live=False)
    response = client.get("/policy/faq/")
    assert listed(response) == []
    assert "还没有常见问题" in response.content.decode()


def test_questions_narrow_to_a_topic_and_ignore_an_unknown_one(client):
    add("申", topic="apply")
    add("兑", topic="redeem")
    response = client.get("/policy/faq/?topic=redeem")
    assert listed(response) == [("redeem", ["兑"])]
    assert [(one["url"], one["active"], one["count"]) for one in response.context["topics"]] == [
        ("?", False, 2),
        ("?topic=apply", False, 1),
        ("?topic=redeem", True, 1),
    ]
    for odd in ("none", "\x00", "<script>", "9" * 5000, "' OR 1=1"):
        assert listed(client.get("/policy/faq/", {"topic": odd})) == [("apply", ["申"]), ("redeem", ["兑"])]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("票", ["发票有什么要求？"]),
        ("查重", ["发票有什么要求？"]),
        ("发票 查重", ["发票有什么要求？"]),
        ("查重　发票", ["发票有什么要求？"]),
        ("发票 账户", []),
        ("ocr", ["能用 OCR 吗？"]),
        ("strong", []),
        ("%", []),
        ("_", []),
        ("查\x00重", ["发票有什么要求？"]),
        ("  ", ["发票有什么要求？", "能用 OCR 吗？"]),
        ("票" * 10_000, []),
    ],
)
def test_questions_are_found_by_the_words_that_are_read(client, q, found):
    add("发票有什么要求？", "<p>系统自动<strong>查重</strong>。</p>", sort_order=1)
    add("能用 OCR 吗？", sort_order=2)
    response = client.get("/policy/faq/", {"q": q})
    assert response.status_code == 200
    assert [question for _topic, questions in listed(response) for question in questions] == found


def test_words_and_topic_narrow_together_and_topics_keep_the_words(client):
    add("发票甲", topic="apply")
    add("发票乙", topic="redeem")
    add("账户", topic="redeem")
    response = client.get("/policy/faq/?q=发票&topic=redeem")
    assert listed(response) == [("redeem", ["发票乙"])]
    assert [(one["url"], one["count"]) for one in response.context["topics"]] == [
        ("?q=%E5%8F%91%E7%A5%A8", 2),
        ("?q=%E5%8F%91%E7%A5%A8&topic=apply", 1),
        ("?q=%E5%8F%91%E7%A5%A8&topic=redeem", 1),
    ]
    page = response.content.decode()
    assert '<input type="hidden" name="topic" value="redeem">' in page
    assert "有关的问题共 1 个" in page


def test_few_answers_found_are_open_and_many_are_not(client):
    for number in range(4):
        add(f"发票 {number}")
    assert client.get("/policy/faq/?q=发票").content.decode().count(" open>") == 0
    assert client.get("/policy/faq/?q=发票 3").content.decode().count(" open>") == 1


def test_words_that_find_nothing_say_what_next_and_are_escaped(client):
    add("发票")
    page = client.get("/policy/faq/", {"q": "<script>alert(1)"}).content.decode()
    assert "没有找到与“&lt;script&gt;alert(1)”有关的问题" in page
    assert "<script>alert" not in page
    assert "查看全部问题" in page


def test_each_question_has_an_address_of_its_own(client):
    faq = add("发票")
    page = client.get("/policy/faq/").content.decode()
    assert f'id="faq-{faq.pk}"' in page
    assert f'href="#faq-{faq.pk}"' in page
    assert "js/folds" in page


def test_links_in_answers_lead_to_their_pages_and_are_looked_up_together(
    client, django_assert_max_num_queries
):
    notice = NoticeIndexPage.objects.get().add_child(instance=NoticePage(title="通知", slug="one"))
    link = f'<p>见<a linktype="page" id="{notice.pk}">通知</a>和<a linktype="page" id="999999">旧文</a>。</p>'
    for number in range(30):
        add(f"问 {number}", link)
    client.get("/policy/faq/")
    with django_assert_max_num_queries(12):
        page = client.get("/policy/faq/").content.decode()
    assert page.count('<a href="/notices/one/">通知</a>和<a>旧文</a>') == 30
    assert "linktype" not in page


def test_the_page_stays_cheap_with_many_questions(client, django_assert_max_num_queries):
    for number in range(40):
        add(f"问 {number}", topic="apply" if number % 2 else "redeem")
    client.get("/policy/faq/")
    with django_assert_max_num_queries(10):
        assert client.get("/policy/faq/?q=问").context["count"] == 40


def test_a_preview_is_the_question_as_the_public_would_read_it(client):
    faq = add("旧问题")
    client.force_login(editor())
    sent = {
        "question": "新问题？",
        "answer": rich_text("<p>新<b>答复</b></p>"),
        "topic": Topic.objects.get(slug="redeem").pk,
        "sort_order": 1,
    }
    address = reverse(f"{Faq.snippet_viewset.url_namespace}:preview_on_edit", args=[faq.pk])
    assert client.post(address, nested_form_data(sent)).json()["is_valid"] is True
    page = client.get(address).content.decode()
    assert "新问题？" in page
    assert "<b>答复</b>" in page
    assert "兑付" in page
    assert " open>" in page
    faq.refresh_from_db()
    assert faq.question == "旧问题"


def test_editors_find_questions_by_words_and_topic(client):
    add("发票", topic="redeem")
    add("账户", topic="account")
    client.force_login(editor())
    address = reverse(f"{Faq.snippet_viewset.url_namespace}:list")

    def names(**query):
        return [str(faq) for faq in client.get(address, query).context["object_list"]]

    assert names() == ["账户", "发票"]
    assert names(q="票") == ["发票"]
    assert names(topic=Topic.objects.get(slug="account").pk) == ["账户"]
    assert names(ordering="question") == ["发票", "账户"]


def test_the_listing_stays_cheap_with_forty_questions(client, django_assert_max_num_queries):
    client.force_login(editor())
    address = reverse(f"{Faq.snippet_viewset.url_namespace}:list")
    for number in range(40):
        add(f"问 {number}")
    client.get(address)
    with django_assert_max_num_queries(20):
        assert client.get(address).status_code == 200


def test_auditors_read_questions_and_reviewers_do_not(client):
    faq = add("发票")
    addresses = [
        reverse(f"{viewset.url_namespace}:list") for viewset in (Faq.snippet_viewset, Topic.snippet_viewset)
    ]
    edit = reverse(f"{Faq.snippet_viewset.url_namespace}:edit", args=[faq.pk])
    for person, answers in (
        (editor(), [200, 200, 200]),
        (auditor(), [200, 200, 302]),
        (reviewer(), [302, 302, 302]),
    ):
        client.force_login(person)
        assert [client.get(address).status_code for address in (*addresses, edit)] == answers


def test_a_topic_that_questions_stand_under_is_not_deleted(client):
    add("发票", topic="redeem")
    client.force_login(editor())
    topic = Topic.objects.get(slug="redeem")
    response = client.post(reverse(f"{Topic.snippet_viewset.url_namespace}:delete", args=[topic.pk]))
    assert response.status_code in {200, 302}
    assert Topic.objects.filter(pk=topic.pk).exists()
