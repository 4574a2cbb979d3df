"""Interpretations and the policy documents they explain: each leads to the other."""

import datetime

import pytest
from wagtail.models import PageViewRestriction

from tests.policy.articles import add_document, add_interpretation, add_policy, attached, titles, topic

pytestmark = pytest.mark.django_db


def test_interpretation_and_policy_lead_to_each_other(client):
    policy = add_policy("办法", document_number="陕科〔2026〕1 号")
    other = add_policy("别的办法")
    old = add_interpretation("旧解读", policy=policy, issued_on=datetime.date(2024, 1, 1))
    new = add_interpretation("新解读", policy=policy, issued_on=datetime.date(2026, 1, 1))
    add_interpretation("草稿", policy=policy, live=False)
    assert list(client.get(policy.url).context["interpretations"]) == [new, old]
    assert list(client.get(other.url).context["interpretations"]) == []
    page = client.get(new.url).content.decode()
    assert f'<a href="{policy.url}">办法</a>' in page
    assert "陕科〔2026〕1 号" in page


def test_an_unpublished_or_private_policy_is_not_named(client):
    policy = add_policy("未公开的办法", live=False)
    page = add_interpretation("解读", policy=policy)
    assert "未公开的办法" not in client.get(page.url).content.decode()
    policy.live = True
    policy.save()
    PageViewRestriction.objects.create(page=policy, restriction_type=PageViewRestriction.LOGIN)
    assert "未公开的办法" not in client.get(page.url).content.decode()


def test_interpretations_are_newest_first_and_can_be_narrowed(client):
    add_interpretation("旧", issued_on=datetime.date(2024, 1, 1), topics=[topic("redeem")])
    add_interpretation("新", issued_on=datetime.date(2026, 1, 1))
    assert titles(client.get("/policy/interpretation/")) == ["新", "旧"]
    assert titles(client.get("/policy/interpretation/?year=2024&topic=redeem")) == ["旧"]
    assert titles(client.get("/policy/interpretation/?q=新")) == ["新"]


def test_breadcrumbs_name_the_column_and_its_part(client):
    page = add_interpretation("解读")
    assert client.get(page.url).context["breadcrumbs"] == [
        {"label": "创新券政策", "url": "/policy/"},
        {"label": "政策解读", "url": "/policy/interpretation/"},
        {"label": "解读", "url": ""},
    ]


def test_no_interpretation_yet_leads_to_the_documents(client):
    page = client.get("/policy/interpretation/").content.decode()
    assert "还没有政策解读" in page
    assert '<a class="btn btn--primary" href="/policy/">' in page


def test_interpretations_cost_few_queries(client, django_assert_max_num_queries):
    shared = {
        "policy": add_policy("办法"),
        "topics": [topic("redeem")],
        "attachments": attached(add_document("表")),
    }
    pages = [add_interpretation(f"解读 {number}", **shared) for number in range(20)]
    # Wagtail itself asks ten times to find and allow a page this deep, eight times for a list.
    for path, most in (("/policy/interpretation/", 12), (pages[1].url, 15)):
        client.get(path)
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200
