"""应用中心首页: the prompt after signing in, the state of things, and what to do next."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.services import notify
from catalogue.models import Qualification
from institutions.models import Provider, Suspension
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import (
    PASSWORD,
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    QualificationFactory,
    TestingServiceFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]
ADDRESS = "/centre/"
PROMPT = 'id="institution-prompt"'


def page_of(client: Client) -> str:
    return client.get(ADDRESS).content.decode()


def todos(client: Client) -> list[str]:
    return [todo.title for todo in client.get(ADDRESS).context["dashboard"].todos]


def sign_in(client: Client, login: str) -> str:
    return client.post(
        "/accounts/login/", {"login": login, "password": PASSWORD}, follow=True
    ).content.decode()


def test_the_prompt_comes_once_after_each_sign_in(client: Client) -> None:
    UserFactory(username="qinling")
    page = sign_in(client, "qinling")
    assert PROMPT in page
    dialog = page[page.index("<dialog") : page.index("</dialog>")]
    assert "尚未填写机构信息" in dialog
    assert re.findall(r'href="([^"]+)">(取消|确定)', dialog) == [
        ("/centre/", "取消"),
        ("/centre/institution/host/", "确定"),
    ]

    assert PROMPT not in page_of(client)
    client.post("/accounts/logout/")
    assert PROMPT in sign_in(client, "qinling")


def test_without_the_dialog_the_page_still_says_what_is_missing(provider_client: Client) -> None:
    page_of(provider_client)
    page = page_of(provider_client)
    assert PROMPT not in page
    assert "尚未填写机构信息" in page
    assert 'href="/centre/institution/host/">填写机构信息</a>' in page


def test_a_draft_without_a_name_counts_as_no_information(provider_client: Client) -> None:
    Provider.objects.create(account=provider_client.user)
    assert PROMPT in page_of(provider_client)


def test_once_there_is_information_nobody_is_prompted(client: Client) -> None:
    ProviderFactory(account=UserFactory(username="qinling"))
    assert PROMPT not in sign_in(client, "qinling")


def test_a_consumer_is_asked_once_after_each_sign_in_and_led_to_its_first_step(client: Client) -> None:
    UserFactory(username="weihe", consumer=True)
    page = sign_in(client, "weihe")
    dialog = page[page.index("<dialog") : page.index("</dialog>")]
    assert "才能申请创新券" in dialog
    assert re.findall(r'href="([^"]+)">(取消|确定)', dialog) == [
        ("/centre/", "取消"),
        ("/centre/institution/basics/", "确定"),
    ]
    page = page_of(client)
    assert PROMPT not in page
    assert 'href="/centre/institution/basics/">填写机构信息</a>' in page


def test_consumers_see_their_menu_and_where_to_search(consumer_client: Client) -> None:
    page = page_of(consumer_client)
    assert 'action="/catalogue/instruments/"' in page
    menu = page[page.index('class="side-menu') : page.index('class="centre__content"')]
    assert re.findall(r"<span>([^<]+)</span></a>", menu) == [
        "应用中心首页",
        "机构信息",
        "预约管理",
        "订单管理",
        "创新券",
        "兑付",
        "站内信",
        "账户设置",
    ]


@pytest.mark.parametrize(
    ("state", "label", "first"),
    [
        ("draft", "未提交", "机构信息还没有提交"),
        ("pending", "待审核", "机构信息正在审核"),
        ("approved", "已通过", "机构信息已通过审核，暂时不能申请创新券"),
        ("returned", "已退回", "机构信息被退回"),
        ("withdrawn", "未提交", "机构信息还没有提交"),
    ],
)
def test_the_state_of_a_consumer_and_its_next_step(state: str, label: str, first: str) -> None:
    consumer = ConsumerFactory(state=state)
    client = signed_in(consumer.account)
    assert client.get(ADDRESS).context["dashboard"].status_label == label
    page = page_of(client)
    assert consumer.name in page
    assert label in page
    assert todos(client) == [first]
    assert PROMPT not in page


def test_what_the_page_of_a_consumer_costs(django_assert_num_queries) -> None:
    client = signed_in(ConsumerFactory(approved=True).account)
    client.get(ADDRESS)
    # session, account, messages, institution, bookings, orders, claims (2), vouchers, applications, ban, eligibility (4), unread
    with django_assert_num_queries(16):
        client.get(ADDRESS)


def test_providers_see_their_menu_with_the_page_they_are_on(provider_client: Client) -> None:
    page = page_of(provider_client)
    menu = page[page.index('class="side-menu') : page.index('class="centre__content"')]
    assert re.findall(r"<span>([^<]+)</span></a>", menu) == [
        "应用中心首页",
        "机构信息",
        "仪器管理",
        "检测资质管理",
        "检测能力管理",
        "检测服务管理",
        "实验服务管理",
        "预约管理",
        "订单管理",
        "年度服务情况",
        "站内信",
        "账户设置",
    ]
    assert re.findall(r'href="([^"]+)" aria-current="page"', menu) == ["/centre/"]


@pytest.mark.parametrize(
    ("state", "label", "first"),
    [
        ("draft", "未提交", "机构信息还没有提交"),
        ("pending", "待审核", "机构信息正在审核"),
        ("approved", "可接券", "录入第一台仪器"),
        ("returned", "已退回", "机构信息被退回"),
        ("withdrawn", "未提交", "机构信息还没有提交"),
    ],
)
def test_the_state_of_the_institution_and_the_next_step(state: str, label: str, first: str) -> None:
    client = signed_in(ProviderFactory(state=state).account)
    assert client.get(ADDRESS).context["dashboard"].status_label == label
    assert label in page_of(client)
    assert todos(client)[0] == first


def test_the_reviewers_reason_is_shown() -> None:
    assert "退回原因：照片不清晰，请更换。" in page_of(signed_in(ProviderFactory(returned=True).account))


def test_instruments_are_counted_by_state_and_ones_own_only() -> None:
    provider = ProviderFactory(approved=True)
    for state, number in {"approved": 3, "pending": 2, "returned": 1}.items():
        InstrumentFactory.create_batch(number, provider=provider, state=state)
    InstrumentFactory()
    client = signed_in(provider.account)

    instruments, *others = client.get(ADDRESS).context["dashboard"].kinds
    tallies = {tally.label: (tally.count, tally.url) for tally in instruments.tallies}

    assert tallies == {
        "已通过": (3, "/centre/instruments/?status=approved"),
        "待审核": (2, "/centre/instruments/?status=pending"),
        "已退回": (1, "/centre/instruments/?status=returned"),
        "未提交": (0, "/centre/instruments/?status=draft"),
    }
    assert [row.kind.noun for row in others] == ["检测资质", "检测能力", "检测服务", "实验服务"]
    assert {tally.count for row in others for tally in row.tallies} == {0}
    for _count, url in tallies.values():
        assert client.get(url).status_code == 200
    assert todos(client) == ["有 1 台仪器被退回"]


def test_with_everything_in_order_there_is_still_something_to_do_next() -> None:
    provider = ProviderFactory(approved=True)
    InstrumentFactory(provider=provider, approved=True)
    assert todos(signed_in(provider.account)) == ["暂时没有要办的事"]


def test_the_five_newest_messages_are_shown(provider_client: Client) -> None:
    for number in range(7):
        notify(recipient=provider_client.user, subject=f"第 {number} 封信", body="", email=False)
    shown = [message.subject for message in provider_client.get(ADDRESS).context["dashboard"].messages]
    assert shown == [f"第 {number} 封信" for number in (6, 5, 4, 3, 2)]


def test_every_kind_that_waits_for_its_owner_is_named() -> None:
    provider = ProviderFactory(approved=True)
    InstrumentFactory(provider=provider)
    QualificationFactory(provider=provider, returned=True)
    CapabilityFactory.create_batch(2, provider=provider)
    TestingServiceFactory(provider=provider, returned=True)
    LabServiceFactory(provider=provider, approved=True)
    client = signed_in(provider.account)

    assert todos(client) == [
        "有 1 项检测资质被退回",
        "有 1 项检测服务被退回",
        "有 1 台仪器还没有提交",
        "有 2 项检测能力还没有提交",
    ]
    for todo in client.get(ADDRESS).context["dashboard"].todos:
        assert len(client.get(todo.url).context["page_obj"]) == int(todo.title.split()[1])


@pytest.mark.parametrize(
    ("days", "title", "validity"),
    [
        (-1, "有 1 项检测资质已过期", "expired"),
        (0, "有 1 项检测资质即将到期", "expiring"),
        (60, "有 1 项检测资质即将到期", "expiring"),
        (61, "暂时没有要办的事", ""),
    ],
)
def test_qualifications_near_their_end_are_flagged_sixty_days_ahead(
    days: int, title: str, validity: str
) -> None:
    provider = ProviderFactory(approved=True)
    today = timezone.localdate()
    record = QualificationFactory(provider=provider, approved=True)
    Qualification.objects.filter(pk=record.pk).update(valid_to=today + datetime.timedelta(days=days))
    client = signed_in(provider.account)

    assert todos(client) == [title]
    if validity:
        (todo,) = client.get(ADDRESS).context["dashboard"].todos
        assert todo.url == f"/centre/qualifications/?validity={validity}"
        assert list(client.get(todo.url).context["page_obj"]) == [record]


def test_a_suspended_provider_reads_why_and_until_when() -> None:
    provider = ProviderFactory(approved=True)
    Suspension.objects.create(
        provider=provider,
        reason="原始记录不完整。",
        until=timezone.localdate() + datetime.timedelta(days=30),
        suspended_by=UserFactory(admin=True),
    )
    page = page_of(signed_in(provider.account))
    assert "原始记录不完整。" in page
    assert "已暂停" in page


def test_the_page_costs_the_same_for_many_records(django_assert_num_queries) -> None:
    provider = ProviderFactory(approved=True)
    InstrumentFactory.create_batch(4, provider=provider, pending=True)
    QualificationFactory.create_batch(3, provider=provider, pending=True)
    client = signed_in(provider.account)
    client.get(ADDRESS)
    # session, account, messages, institution, its suspension, bookings, orders, five kinds, terms of qualifications,
    # unread
    with django_assert_num_queries(16):
        client.get(ADDRESS)


def test_script_in_the_institutions_name_is_shown_as_text() -> None:
    provider = ProviderFactory(name="<script>alert(1)</script>", account__contact_name="<img src=x>")
    page = page_of(signed_in(provider.account))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_type_size_is_remembered(client: Client) -> None:
    response = client.post("/preferences/size/", {"size": "large", "next": "/accounts/login/"})
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
    assert client.cookies["size"].value == "large"
    assert 'data-size="large"' in client.get("/accounts/login/").content.decode()
    client.post("/preferences/size/", {"size": "normal"})
    assert "data-size" not in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_the_type_size_leads_to_no_other_site(client: Client, target: str) -> None:
    assert client.post("/preferences/size/", {"size": "large", "next": target})["Location"] == "/"


def test_an_unknown_size_is_not_remembered(client: Client) -> None:
    client.post("/preferences/size/", {"size": '"><script>'})
    assert "size" not in client.cookies
    assert client.get("/preferences/size/").status_code == 405
