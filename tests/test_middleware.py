"""Refusals become sentences on a page that can be reached."""

import pytest
from django.test import Client

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

NEW = "/centre/instruments/new/"


def test_a_page_refused_after_signing_in_does_not_lead_round_in_circles():
    client = Client()
    client.force_login(UserFactory())  # has no institution yet, so there is nothing to add an instrument to
    # browsers name the login page as where they came from, and it sends those signed in straight back
    response = client.get(
        NEW, headers={"referer": f"http://testserver/accounts/login/?next={NEW}"}, follow=True
    )
    assert response.redirect_chain == [("/centre/", 302)]
    assert "请先填写并保存机构信息" in response.content.decode()


@pytest.mark.parametrize(
    "referer", ["https://evil.example/", "//evil.example", "http://testserver@evil.example/", "javascript:1"]
)
def test_a_refusal_leads_to_no_other_site(referer):
    client = Client()
    client.force_login(UserFactory())
    response = client.post(NEW, headers={"referer": referer})
    assert (response.status_code, response["Location"]) == (302, "/centre/")
