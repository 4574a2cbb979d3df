"""The inbox 站内信: one's own messages, read and unread."""

import pytest
from django.test import Client

from accounts.models import Message, User
from accounts.services import notify
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/centre/messages/"


@pytest.fixture
def account(provider_client: Client) -> User:
    return provider_client.user


def message_for(account: User, subject: str = "机构信息已通过审核", **fields: str) -> Message:
    return notify(recipient=account, subject=subject, body="可以承接创新券了。", email=False, **fields)


def listed(client: Client, query: str = "") -> list[str]:
    return [message.subject for message in client.get(ADDRESS + query).context["page_obj"]]


def test_messages_are_listed_newest_first_and_only_ones_own(provider_client: Client, account: User) -> None:
    message_for(account, "第一封")
    message_for(UserFactory(), "别人的")
    message_for(account, "第二封")
    assert listed(provider_client) == ["第二封", "第一封"]


def test_opening_a_message_marks_it_read_and_leads_to_the_record(
    provider_client: Client, account: User
) -> None:
    message = message_for(account, link="/centre/institution/")
    page = provider_client.get(f"{ADDRESS}{message.pk}/").content.decode()

    assert "可以承接创新券了。" in page
    assert 'href="/centre/institution/">查看详情' in page
    read_at = Message.objects.get(pk=message.pk).read_at
    assert read_at is not None
    provider_client.get(f"{ADDRESS}{message.pk}/")
    assert Message.objects.get(pk=message.pk).read_at == read_at


def test_somebody_elses_message_is_not_found_and_stays_unread(provider_client: Client) -> None:
    message = message_for(UserFactory())
    assert provider_client.get(f"{ADDRESS}{message.pk}/").status_code == 404
    assert Message.objects.get(pk=message.pk).read_at is None


def test_the_unread_filter_shows_what_has_not_been_opened(provider_client: Client, account: User) -> None:
    opened = message_for(account, "已读的")
    message_for(account, "未读的")
    provider_client.get(f"{ADDRESS}{opened.pk}/")
    assert listed(provider_client, "?unread=1") == ["未读的"]
    assert listed(provider_client) == ["未读的", "已读的"]


def test_all_are_marked_read_at_once_and_nobody_elses(provider_client: Client, account: User) -> None:
    message_for(account)
    message_for(account)
    theirs = message_for(UserFactory())
    assert "全部标为已读" in provider_client.get(ADDRESS).content.decode()

    page = provider_client.post(f"{ADDRESS}read-all/", follow=True).content.decode()

    assert "已把 2 封站内信标为已读。" in page
    assert "全部标为已读" not in page
    assert not Message.objects.filter(recipient=account, read_at=None).exists()
    assert Message.objects.get(pk=theirs.pk).read_at is None


def test_marking_read_needs_a_post(provider_client: Client, account: User) -> None:
    message_for(account)
    assert provider_client.get(f"{ADDRESS}read-all/").status_code == 405
    assert Message.objects.filter(read_at=None).count() == 1


def test_pages_hold_twenty_and_a_page_costs_the_same_for_many(
    provider_client: Client, account: User, django_assert_num_queries
) -> None:
    Message.objects.bulk_create(Message(recipient=account, subject=f"第 {n} 封") for n in range(45))
    with django_assert_num_queries(6):  # session, account, unread (tab), count, page, unread (strip)
        page = provider_client.get(ADDRESS).context["page_obj"]
    assert (len(page), page.paginator.num_pages) == (20, 3)
    assert provider_client.get(f"{ADDRESS}?page=4").context["page_obj"].number == 3


@pytest.mark.parametrize(("query", "text"), [("", "还没有站内信"), ("?unread=1", "没有未读的站内信")])
def test_an_empty_inbox_says_so(provider_client: Client, query: str, text: str) -> None:
    assert text in provider_client.get(ADDRESS + query).content.decode()


def test_script_in_a_message_is_shown_as_text(provider_client: Client, account: User) -> None:
    hostile = "<script>alert(1)</script>"
    message = notify(recipient=account, subject=hostile, body=hostile, email=False)
    for address in ("/centre/", ADDRESS, f"{ADDRESS}{message.pk}/"):
        page = provider_client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}1/", "/centre/", "/centre/account/"])
def test_visitors_sign_in_first(client: Client, address: str) -> None:
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={address}")


@pytest.mark.parametrize(
    "address", [ADDRESS, f"{ADDRESS}1/", "/centre/", "/centre/account/", "/centre/account/delete/"]
)
def test_staff_are_sent_to_the_admin(reviewer_client: Client, address: str) -> None:
    response = reviewer_client.get(address)
    assert (response.status_code, response["Location"]) == (302, "/admin/")


def test_pages_of_the_centre_are_not_kept_by_browsers(provider_client: Client) -> None:
    assert "no-store" in provider_client.get("/centre/account/")["Cache-Control"]


def test_pages_of_providers_are_not_found_for_consumers(consumer_client: Client) -> None:
    assert consumer_client.get("/centre/instruments/").status_code == 404
