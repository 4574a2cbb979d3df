"""Policy documents as the public reads them, and the column they are in."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import PageViewRestriction
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from policy.models import FaqIndexPage, GuideIndexPage, PolicyPage
from tests.conftest import signed_in
from tests.factories import editor
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


def test_a_repealed_document_and_its_successor_lead_to_each_other(client):
    new = add_policy("办法", document_number="陕科〔2026〕1 号")
    old = add_policy("暂行办法", status="repealed", replaced_by=new, document_number="陕科〔2024〕9 号")
    add_policy("未公开的办法", status="repealed", replaced_by=new, live=False)
    page = client.get(old.url).content.decode()
    head, _bar, _body = page.partition('<div class="prose"')
    assert f'<span>替代它的文件</span><a href="{new.url}">办法</a><span>陕科〔2026〕1 号</span>' in head
    page = client.get(new.url).content.decode()
    assert f'<span>本文件替代</span><a href="{old.url}">暂行办法</a><span>陕科〔2024〕9 号</span>' in page
    assert "未公开的办法" not in page


@pytest.mark.parametrize("reason", ["draft", "private"])
def test_a_successor_that_is_not_public_is_not_named(client, reason):
    new = add_policy("内部的办法", live=reason != "draft")
    if reason == "private":
        PageViewRestriction.objects.create(page=new, restriction_type=PageViewRestriction.LOGIN)
    page = client.get(add_policy("暂行办法", status="repealed", replaced_by=new).url).content.decode()
    assert "本文件已废止" in page
    assert "内部的办法" not in page
    assert "替代它的文件" not in page


def test_no_document_replaces_itself_nor_what_replaces_it():
    first = add_policy("一", status="repealed")
    second = add_policy("二", status="repealed", replaced_by=first)
    third = add_policy("三", status="repealed", replaced_by=second)
    for successor in (first, second, third):
        first.replaced_by = successor
        with pytest.raises(ValidationError) as refused:
            first.full_clean()
        assert refused.value.message_dict == {
            "replaced_by": ["文件不能由自己替代，也不能由它所替代的文件替代，请另选一份。"]
        }
    first.replaced_by = add_policy("四")
    first.full_clean()


def test_a_document_in_force_has_no_successor():
    page = add_policy("一", status="repealed", replaced_by=add_policy("二"))
    page.status = "in_force"
    with pytest.raises(ValidationError, match="现行有效的文件没有替代它的文件"):
        page.full_clean()
    page.status = "repealed"
    page.full_clean()


def test_editors_choose_the_successor(client):
    new, old = add_policy("办法"), add_policy("暂行办法")
    who = editor()
    address = reverse("wagtailadmin_pages:edit", args=[old.pk])
    form = nested_form_data(
        {
            "title": "暂行办法", "slug": old.slug, "issued_on": "2024-03-02", "status": "repealed",
            "replaced_by": str(new.pk), "body": streamfield([]), "attachments": streamfield([]),
            "comments": inline_formset([]),
        }
    )  # fmt: skip
    assert signed_in(who).post(address, form | {"replaced_by": str(old.pk)}).status_code == 200
    assert PolicyPage.objects.get(pk=old.pk).latest_revision is None
    assert signed_in(who).post(address, form).status_code == 302
    assert PolicyPage.objects.get(pk=old.pk).get_latest_revision_as_object().replaced_by == new


def test_a_draft_that_is_not_saved_yet_is_of_no_other_document(rf):
    add_policy("旧办法", status="repealed")
    add_interpretation("解读")
    page = PolicyPage(title="新办法", path="000100010002", depth=3)
    context = page.get_context(rf.get("/"))
    assert (list(context["replaces"]), list(context["interpretations"])) == ([], [])


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
    with django_assert_max_num_queries(13):
        assert client.get(policies[1].url).status_code == 200
    old = add_policy("暂行办法", status="repealed", replaced_by=policies[1])
    with django_assert_max_num_queries(13):
        assert client.get(old.url).status_code == 200
