"""Policy documents as the public reads them, and the column they are in."""

import datetime

import pytest
import time_machine
from wagtail.models import PageViewRestriction

from policy.models import FaqIndexPage, GuideIndexPage
from tests.policy.articles import add_document, add_interpretation, add_policy, attached, titles, topic

pytestmark = pytest.mark.django_db


def test_policies_narrow_by_status(client):
    add_policy("办法", issued_on=datetime.date(2026, 1, 1))
    add_policy("旧办法", issued_on=datetime.date(2020, 1, 1), status="repealed")
    assert titles(client.get("/policy/")) == ["办法", "旧办法"]
    assert titles(client.get("/policy/?status=repealed")) == ["旧办法"]
    assert titles(client.get("/policy/?status=in_force")) == ["办法"]
    assert titles(client.get("/policy/?status=repealed&year=2026")) == []
    assert titles(client.get("/policy/?status=%3Cscript%3E")) == ["办法", "旧办法"]
    assert "<script>alert" not in client.get("/policy/?status=%3Cscript%3Ealert").content.decode()


@pytest.mark.parametrize("words", ["陕科办发", "陕科办发〔2026〕12 号", "2026 12"])
def test_a_policy_is_found_by_its_number(client, words):
    add_policy("办法", document_number="陕科办发〔2026〕12 号")
    add_policy("别的")
    assert titles(client.get("/policy/", {"q": words})) == ["办法"]


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
    assert "自 2026-07-01 起施行。" in page
    assert "陕科〔2026〕1 号" in page
    assert "现行有效" in client.get(current.url).content.decode()
    assert "本文件已废止" in client.get(repealed.url).content.decode()


def test_attachments_of_a_policy_can_be_downloaded(client):
    document = add_document("附件一")
    policy = add_policy("办法", attachments=attached(document))
    page = client.get(policy.url).content.decode()
    assert f'<a href="{document.url}">' in page
    assert "PDF，8" in page
    assert client.get(document.url).status_code == 200


def test_the_column_leads_to_its_parts_and_says_where_one_is(client):
    column = [
        ("/policy/", "政策文件"),
        ("/policy/interpretation/", "政策解读"),
        ("/policy/guides/", "办事指南"),
        ("/policy/faq/", "常见问题"),
        ("/policy/downloads/", "下载中心"),
    ]
    for path, _title in column:
        page = client.get(path).content.decode()
        nav = page.split('<nav class="tabs" aria-label="政策栏目">')[1].split("</nav>")[0]
        for other, title in column:
            current = ' aria-current="page"' if other == path else ""
            assert f'<a href="{other}"{current}>{title}</a>' in nav
    assert "政策栏目" not in client.get("/notices/").content.decode()


def test_unpublished_and_private_parts_are_not_in_the_column(client):
    FaqIndexPage.objects.update(live=False)
    PageViewRestriction.objects.create(
        page=GuideIndexPage.objects.get(), restriction_type=PageViewRestriction.LOGIN
    )
    page = client.get("/policy/").content.decode()
    nav = page.split('aria-label="政策栏目">')[1].split("</nav>")[0]
    assert "/policy/interpretation/" in nav
    assert "/policy/faq/" not in nav
    assert "/policy/guides/" not in nav


def test_a_policy_costs_few_queries(client, django_assert_max_num_queries):
    files = [add_document(f"附件 {number}") for number in range(4)]
    policies = [
        add_policy(f"办法 {number}", attachments=attached(*files), topics=[topic("redeem")])
        for number in range(3)
    ]
    for number in range(3):
        add_interpretation(f"解读 {number}", policy=policies[1])
    client.get(policies[1].url)
    with django_assert_max_num_queries(12):
        assert client.get(policies[1].url).status_code == 200
