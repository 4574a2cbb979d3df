"""Notices and policy documents as the public reads them."""

import datetime
import json

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.documents import get_document_model
from wagtail.models import PageViewRestriction

from policy.models import NoticeIndexPage, NoticePage, PolicyIndexPage, PolicyPage
from tests.factories import SiteImageFactory

pytestmark = pytest.mark.django_db


def add_notice(title, **fields):
    return NoticeIndexPage.objects.get().add_child(instance=NoticePage(title=title, **fields))


def add_policy(title, **fields):
    return PolicyIndexPage.objects.get().add_child(instance=PolicyPage(title=title, **fields))


def titles(response):
    return [article.title for article in response.context["page_obj"]]


def test_notices_are_pinned_first_then_newest_first(client):
    add_notice("旧", issued_on=datetime.date(2024, 3, 1))
    add_notice("新", issued_on=datetime.date(2026, 3, 1))
    add_notice("顶", issued_on=datetime.date(2023, 3, 1), pinned=True)
    assert titles(client.get("/notices/")) == ["顶", "新", "旧"]


def test_notices_narrow_to_a_year_and_ignore_an_unknown_one(client):
    add_notice("旧", issued_on=datetime.date(2024, 3, 1))
    add_notice("新", issued_on=datetime.date(2026, 3, 1))
    response = client.get("/notices/?year=2024")
    assert titles(response) == ["旧"]
    assert [(tab["url"], tab["active"]) for tab in response.context["tabs"]] == [
        ("?", False),
        ("?year=2026", False),
        ("?year=2024", True),
    ]
    for odd in ("1999", "abc", "2024' OR 1=1", "%00", "9" * 5000):
        assert titles(client.get("/notices/", {"year": odd})) == ["新", "旧"]


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
    response = client.get("/notices/")
    assert titles(response) == []
    assert "还没有通知公告" in response.content.decode()


def test_a_notice_shows_every_kind_of_block(client):
    document = get_document_model().objects.create(
        title="申请表", file=ContentFile(b"%PDF-1.4", name="form.pdf"), file_size=2048
    )
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
    assert "PDF，2.0" in page
    assert "notice--wait" in page
    assert "发布单位：省科技厅" in page
    assert "2026-03-02" in page
    assert "style=" not in page


def test_policies_narrow_by_status(client):
    add_policy("办法", issued_on=datetime.date(2026, 1, 1))
    add_policy("旧办法", issued_on=datetime.date(2020, 1, 1), status="repealed")
    assert titles(client.get("/policy/")) == ["办法", "旧办法"]
    assert titles(client.get("/policy/?status=repealed")) == ["旧办法"]
    assert titles(client.get("/policy/?status=in_force")) == ["办法"]
    assert titles(client.get("/policy/?status=%3Cscript%3E")) == ["办法", "旧办法"]
    assert "<script>" not in client.get("/policy/?status=%3Cscript%3E").content.decode()


@time_machine.travel("2026-06-01 12:00 +0800")
def test_a_policy_says_how_it_stands(client):
    upcoming = add_policy(
        "新办法", effective_on=datetime.date(2026, 7, 1), document_number="陕科〔2026〕1 号"
    )
    current = add_policy("现办法", effective_on=datetime.date(2026, 6, 1))
    repealed = add_policy("旧办法", effective_on=datetime.date(2026, 7, 1), status="repealed")
    assert [page.is_upcoming for page in (upcoming, current, repealed)] == [True, False, False]
    page = client.get(upcoming.url).content.decode()
    assert "尚未施行" in page
    assert "陕科〔2026〕1 号" in page
    assert "现行有效" in client.get(current.url).content.decode()
    assert "本文件已废止" in client.get(repealed.url).content.decode()


def test_attachments_of_a_policy_can_be_downloaded(client):
    document = get_document_model().objects.create(
        title="附件一", file=ContentFile(b"%PDF-1.4", name="a.pdf")
    )
    policy = add_policy("办法", attachments=json.dumps([{"type": "document", "value": document.pk}]))
    assert document.url in client.get(policy.url).content.decode()
    assert client.get(document.url).status_code == 200


@pytest.mark.parametrize("path", ["/notices/", "/policy/"])
def test_lists_cost_the_same_for_one_and_for_twenty(client, path):
    def queries():
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    add = add_notice if path == "/notices/" else add_policy
    add("一")
    one = queries()
    for number in range(19):
        add(f"文 {number}")
    assert queries() == one <= 12
