"""Notices as the public reads them, and what all lists and pages of articles have in common."""

import datetime
import json
from urllib.parse import unquote

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from policy.models import NoticePage
from tests.factories import SiteImageFactory
from tests.policy.articles import add_document, add_notice, add_policy, attached, text, titles, topic

pytestmark = pytest.mark.django_db

HOSTILE = [
    "%00", "%ED%A0%80", "%FF%FE", "' OR '1'='1", "\\' | !'x':* & (", "%F0%9F%94%AC", "٣", "9" * 4000, "1e999",
    "(" * 300, "a" * 10_000, "<script>alert(1)</script>", '"', "﷽" * 200,
]  # fmt: skip


def test_notices_are_pinned_first_then_newest_first(client):
    add_notice("旧", issued_on=datetime.date(2024, 3, 1))
    add_notice("新", issued_on=datetime.date(2026, 3, 1))
    add_notice("顶", issued_on=datetime.date(2023, 3, 1), pinned=True)
    assert titles(client.get("/notices/")) == ["顶", "新", "旧"]


@pytest.mark.parametrize(
    ("now", "order"),
    [("2026-06-01 23:59 +0800", ["顶", "新"]), ("2026-06-02 00:00 +0800", ["新", "顶"])],
)
def test_a_pin_holds_through_its_last_day_in_the_sites_time(client, now, order):
    pinned = {"pinned": True, "pinned_until": datetime.date(2026, 6, 1)}
    add_notice("顶", issued_on=datetime.date(2026, 3, 1), **pinned)
    add_notice("新", issued_on=datetime.date(2026, 5, 1))
    with time_machine.travel(now):
        response = client.get("/notices/")
    assert titles(response) == order
    assert ("置顶" in response.content.decode()) is (order[0] == "顶")


def test_a_notice_vanishes_when_it_expires(client):
    notice = add_notice("限时", expire_at=timezone.now() + datetime.timedelta(hours=1))
    notice.save_revision()
    call_command("publish_scheduled")
    assert titles(client.get("/notices/")) == ["限时"]
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=2)):
        call_command("publish_scheduled")
        assert titles(client.get("/notices/")) == []
        assert client.get(notice.url).status_code == 404


def test_year_topic_words_and_page_combine(client):
    for number in range(21):
        day = datetime.date(2024, 3, 1) + datetime.timedelta(days=number)
        add_notice(f"兑付通知 {number}", issued_on=day, topics=[topic("redeem")])
    add_notice("兑付通知，另一年", issued_on=datetime.date(2025, 3, 1), topics=[topic("redeem")])
    add_notice("兑付通知，另一主题", issued_on=datetime.date(2024, 5, 1), topics=[topic("apply")])
    add_notice("其他公告", issued_on=datetime.date(2024, 6, 1), topics=[topic("redeem")])
    asked = "year=2024&topic=redeem&q=%E5%85%91%E4%BB%98"
    response = client.get(f"/notices/?{asked}&page=2")
    assert response.context["page_obj"].paginator.count == 21
    assert titles(response) == ["兑付通知 0"]
    page = response.content.decode()
    assert "共找到 21 篇。" in page
    assert f'href="?{asked.replace("&", "&amp;")}&amp;page=1"' in page
    assert [(chip["label"], chip["url"]) for chip in response.context["filter"].chips] == [
        ("“兑付”", "?year=2024&topic=redeem"),
        ("2024 年", "?q=%E5%85%91%E4%BB%98&topic=redeem"),
        ("兑付", "?q=%E5%85%91%E4%BB%98&year=2024"),
    ]


def test_the_form_offers_the_years_and_topics_there_are(client):
    add_notice("旧", issued_on=datetime.date(2024, 3, 1), topics=[topic("redeem")])
    add_notice("新", issued_on=datetime.date(2026, 3, 1), topics=[topic("redeem"), topic("apply")])
    add_notice("草稿", issued_on=datetime.date(2020, 3, 1), topics=[topic("order")], live=False)
    form = client.get("/notices/").context["filter"]
    assert form.fields["year"].choices == [("", "全部年份"), ("2026", "2026 年"), ("2024", "2024 年")]
    assert form.fields["topic"].choices == [("", "全部主题"), ("apply", "申领创新券"), ("redeem", "兑付")]
    assert "status" not in form.fields


@pytest.mark.parametrize("words", ["培训", "训", "线上", "2 培训", "统筹", "收 取", "任何费用"])
def test_words_are_found_in_title_summary_issuer_and_text(client, words):
    body = text("培训不<b>收</b>取任何费用。")
    add_notice("第 2 期培训", summary="面向企业的线上课程", issuer="省统筹中心", body=body)
    add_notice("别的")
    assert titles(client.get("/notices/", {"q": words})) == ["第 2 期培训"]


def test_nothing_found_says_what_next(client):
    add_notice("培训")
    page = client.get("/notices/", {"q": "没有这样的"}).content.decode()
    assert "没有符合条件的内容" in page
    assert '<a class="btn btn--primary" href="/notices/">' in page
    assert "还没有通知公告" not in page


@pytest.mark.parametrize("name", ["year", "topic"])
@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_an_unknown_year_or_topic_is_ignored(client, name, value):
    add_notice("通知")
    response = client.get(f"/notices/?{name}={value}")
    assert titles(response) == ["通知"]
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("path", ["/notices/", "/policy/", "/policy/interpretation/"])
@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_lists_take_any_parameter(client, path, value):
    response = client.get(f"{path}?q={value}&year={value}&topic={value}&status={value}&page={value}")
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize(
    ("asked", "number"),
    [("1", 1), ("2", 2), ("3", 2), ("99999", 2), ("0", 1), ("-4", 1), ("abc", 1), ("9" * 5000, 1)],
)
def test_pages_of_notices_clamp_kindly(client, asked, number):
    for count in range(21):
        add_notice(f"通知 {count}")
    response = client.get("/notices/", {"page": asked})
    assert response.status_code == 200
    assert response.context["page_obj"].number == number


def test_drafts_and_private_notices_are_not_listed(client):
    add_notice("草稿", live=False)
    private = add_notice("内部")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    for address in ("/notices/", "/notices/?q=内部"):
        assert titles(client.get(address)) == []
    assert "还没有通知公告" in client.get("/notices/").content.decode()


def test_a_notice_shows_every_kind_of_block(client):
    document = add_document("申请表")
    image = SiteImageFactory(title="流程图")
    body = [
        {"type": "heading", "value": "一、对象"},
        {"type": "text", "value": "<p>面向<b>企业</b></p>"},
        {
            "type": "table",
            "value": {
                "columns": [{"type": "text", "heading": "类型"}],
                "rows": [{"values": ["仪器共享<script>"]}],
                "caption": "标准",
            },
        },
        {
            "type": "image",
            "value": {
                "image": {"image": image.pk, "decorative": False, "alt_text": "办理流程"},
                "caption": "流程",
            },
        },
        {"type": "attachment", "value": document.pk},
        {"type": "notice", "value": {"tone": "wait", "title": "请注意", "text": "法定检测除外"}},
    ]
    notice = add_notice("通知", body=json.dumps(body), issuer="省科技厅", issued_on=datetime.date(2026, 3, 2))
    page = client.get(notice.url).content.decode()
    assert "<h2>一、对象</h2>" in page
    assert "<b>企业</b>" in page
    assert "<caption>标准</caption>" in page
    assert "仪器共享&lt;script&gt;" in page
    assert 'alt="办理流程"' in page
    assert ".webp" in page
    assert document.url in page
    assert "notice--wait" in page
    assert "发布单位：<span>省科技厅</span>" in page
    assert "2026-03-02" in page
    assert "style=" not in page


def test_an_attachment_can_be_opened_passed_on_and_keeps_its_name(client, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://vouchers.example.cn"
    document = add_document("申请表（样例）", name="附件1：申请表.pdf", content=b"%PDF-1.4" + b"x" * 2040)
    gone = add_document("已删")
    notice = add_notice("通知", attachments=attached(document, gone))
    gone.delete()
    page = client.get(notice.url).content.decode()
    address = f"https://vouchers.example.cn{document.url}"
    assert f'data-copy="申请表（样例）（PDF，2.0\xa0KB）{address}"' in page
    assert f'<span class="attachment__address">{address}</span>' in page
    assert page.count("data-copy=") == 1
    answer = client.get(document.url)
    assert answer.status_code == 200
    assert "附件1" in unquote(answer["Content-Disposition"])
    assert unquote(answer["Content-Disposition"]).endswith("申请表.pdf")


def test_an_article_leads_to_the_ones_before_and_after_it(client):
    day = datetime.date(2026, 3, 2)
    oldest = add_notice("最早", issued_on=day)
    middle = add_notice("同日", issued_on=day)
    newest = add_notice("最新", issued_on=datetime.date(2026, 3, 3), pinned=True)
    add_notice("草稿", issued_on=datetime.date(2026, 3, 4), live=False)
    private = add_notice("内部", issued_on=datetime.date(2026, 3, 4))
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    add_policy("别的栏目", issued_on=datetime.date(2026, 3, 5))
    contexts = [client.get(page.url).context for page in (oldest, middle, newest)]
    assert [(context.get("newer"), context.get("older")) for context in contexts] == [
        (middle, None),
        (newest, oldest),
        (None, middle),
    ]


def test_an_article_leads_to_its_topics(client):
    notice = add_notice("通知", topics=[topic("redeem")])
    assert 'href="/notices/?topic=redeem">兑付</a>' in client.get(notice.url).content.decode()


def test_a_new_notice_can_be_previewed():
    page = NoticePage(title="未存")
    page.path, page.depth = "000100010001ZZZZ", 4
    response = page.make_preview_request(preview_mode="")
    assert response.status_code == 200
    response.render()
    assert "未存" in response.content.decode()


@pytest.mark.parametrize("path", ["/notices/", "/policy/", "/notices/?q=通知", "/policy/?q=通知"])
def test_lists_cost_the_same_for_one_and_for_twenty(client, path):
    def queries():
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    add = add_notice if path.startswith("/notices/") else add_policy
    add("通知一", topics=[topic("redeem")])
    one = queries()
    for number in range(19):
        add(f"通知 {number}", topics=[topic("redeem")])
    assert queries() == one <= 12


def test_a_notice_costs_few_queries(client, django_assert_max_num_queries):
    files = [add_document(f"附件 {number}") for number in range(4)]
    topics = [topic("redeem"), topic("apply")]
    pages = [add_notice(f"通知 {n}", attachments=attached(*files), topics=topics) for n in range(3)]
    client.get(pages[1].url)
    with django_assert_max_num_queries(12):
        assert client.get(pages[1].url).status_code == 200
