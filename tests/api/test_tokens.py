"""接口令牌: made once in the centre, good for the provider's own records, ended at once."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import APIToken

from catalogue.api.tokens import issue_token
from catalogue.exceptions import CatalogueError
from catalogue.models import Instrument
from institutions.models import Provider
from tests.api.conftest import INSTRUMENT, System
from tests.conftest import signed_in
from tests.factories import ProviderFactory, UserFactory
from workflow.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

TOKENS = reverse("api_tokens:list")
MINE = "/api/v1/my/instruments/"
WRONG = "wagtail_" + "0" * 49


@pytest.fixture
def account():
    return ProviderFactory(approved=True).account


def with_header(value):
    return Client(headers={"Authorization": value}).get(MINE)


def test_a_token_is_shown_once_and_works(client, account):
    client.force_login(account)
    assert "还没有令牌" in client.get(TOKENS).content.decode()
    page = client.post(TOKENS, {"name": " 实验室系统 "}).content.decode()
    (text,) = re.findall(r'value="(wagtail_\w+)"', page)
    token = APIToken.objects.get()
    assert (token.user, token.name) == (account, "实验室系统")
    assert text not in client.get(TOKENS).content.decode()
    assert with_header(f"Bearer {text}").status_code == 200
    entry = AuditEntry.objects.of(token).get()
    assert (entry.action, entry.actor, entry.reason) == ("create", account, "新建接口令牌")
    assert text not in str(entry.__dict__)


def test_the_page_with_the_token_is_not_kept_by_the_browser(client, account):
    client.force_login(account)
    response = client.post(TOKENS, {"name": "甲"})
    assert "no-store" in response["Cache-Control"]
    # the same form sent again makes no second token
    assert "已有一个叫“甲”的令牌，请换一个名称。" in client.post(TOKENS, {"name": "甲"}).content.decode()
    assert APIToken.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "请填写令牌名称，写明给哪个系统用。"),
        ("   ", "请填写令牌名称，写明给哪个系统用。"),
        ("a\0b", "含有看不见的空字符，请删除后重新输入。"),
        ("长" * 41, "确保该变量包含不超过 40 字符 (目前字符数 41)。"),
    ],
)
def test_a_token_needs_a_name(client, account, name, sentence):
    client.force_login(account)
    response = client.post(TOKENS, {"name": name})
    assert response.context["form"].errors["name"] == [sentence]
    assert not APIToken.objects.exists()


def test_ten_tokens_are_enough(client, account):
    client.force_login(account)
    for number in range(10):
        issue_token(actor=account, name=str(number))
    assert "最多同时使用 10 个令牌" in client.post(TOKENS, {"name": "再来一个"}).content.decode()
    assert APIToken.objects.count() == 10
    APIToken.objects.first().revoke()
    client.post(TOKENS, {"name": "再来一个"})
    assert APIToken.objects.filter(revoked_at=None).count() == 10


def test_an_account_without_institution_gets_none(client):
    account = UserFactory()
    client.force_login(account)
    assert "请先填写并保存机构信息" in client.get(TOKENS).content.decode()
    assert "请先填写并保存机构信息" in client.post(TOKENS, {"name": "甲"}).content.decode()
    with pytest.raises(CatalogueError):
        issue_token(actor=UserFactory(consumer=True), name="甲")
    assert not APIToken.objects.exists()


def test_ending_a_token_is_asked_first_and_final(client, account):
    system = System(account)
    client.force_login(account)
    url = reverse("api_tokens:revoke", args=[system.token.pk])
    assert "确定停用令牌“实验室系统”" in client.get(url).content.decode()
    assert system.get().status_code == 200
    response = client.post(url, follow=True)
    assert "令牌“实验室系统”已停用" in response.content.decode()
    assert system.get().status_code == 401
    assert client.get(url).status_code == 302
    assert "这个令牌已经停用。" in client.post(url, follow=True).content.decode()
    entries = AuditEntry.objects.of(system.token).values_list("action", "reason")
    assert list(entries) == [("delete", "停用接口令牌"), ("create", "新建接口令牌")]


def test_staff_read_of_tokens_in_the_audit_trail(account, superuser_client):
    System(account)
    page = superuser_client.get("/admin/audit/").content.decode()
    assert "新建接口令牌" in page
    assert "实验室系统" in page


def test_anothers_token_is_not_found(client, account):
    theirs = System(ProviderFactory(approved=True).account).token
    client.force_login(account)
    url = reverse("api_tokens:revoke", args=[theirs.pk])
    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 404
    assert "实验室系统" not in client.get(TOKENS).content.decode()
    theirs.refresh_from_db()
    assert theirs.revoked_at is None


def test_the_pages_ask_few_queries(client, account, django_assert_max_num_queries):
    for number in range(10):
        issue_token(actor=account, name=str(number))
    client.force_login(account)
    client.get(TOKENS)
    with django_assert_max_num_queries(6):
        client.get(TOKENS)


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", f"Bearer {WRONG}", "Basic YTpi", f"bearer {WRONG} x", "Bearer \xff", "x" * 5000],
)
def test_a_wrong_token_is_told_so_everywhere(header):
    for url in (MINE, "/api/v1/instruments/"):
        response = Client(headers={"Authorization": header}).get(url)
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == 'Bearer realm="api"'
        assert response.json()["detail"].startswith("令牌无效或已停用。")


def test_without_a_token_nothing_of_a_provider_is_read_or_written(account):
    for client in (Client(), signed_in(account)):  # a session is nobody here
        response = client.get(MINE)
        assert (response.status_code, response.json()["title"]) == (401, "需要有效的令牌")
        assert client.put(f"{MINE}YQ-1/", INSTRUMENT, "application/json").status_code == 401
        assert client.delete(f"{MINE}YQ-1/").status_code == 401
    assert not Instrument.objects.exists()


def test_only_an_active_provider_gets_in_by_a_token(account):
    system = System(account)
    account.is_active = False
    account.save()
    assert system.get().status_code == 401
    for other in (UserFactory(admin=True), UserFactory(consumer=True)):
        _token, text = APIToken.create_token(user=other, name="x")  # as the admin can make them
        assert with_header(f"Bearer {text}").status_code == 401
    assert Provider.objects.get().account == account


def test_when_a_token_was_used_is_written_once_a_minute(account, django_assert_num_queries):
    system = System(account)
    assert system.token.last_used_at is None
    system.get()
    system.token.refresh_from_db()
    first = system.token.last_used_at
    assert first is not None
    system.get()
    system.token.refresh_from_db()
    assert system.token.last_used_at == first
    APIToken.objects.update(last_used_at=first - timezone.timedelta(seconds=61))
    system.get()
    system.token.refresh_from_db()
    assert system.token.last_used_at > first - timezone.timedelta(seconds=1)


def test_guessing_is_slowed_down_and_the_right_token_still_works(account, settings):
    settings.API_RATES = {**settings.API_RATES, "wrong_token": 3}
    system = System(account)
    assert [with_header(f"Bearer {WRONG}").status_code for _ in range(5)] == [401, 401, 401, 429, 429]
    assert "Retry-After" in with_header(f"Bearer {WRONG}")
    assert system.get().status_code == 200


def test_reading_and_writing_have_rates_of_their_own(account, settings):
    settings.API_RATES = {**settings.API_RATES, "anonymous": 1, "token": 4, "write": 2}
    system = System(account)
    statuses = [system.put("YQ-1", INSTRUMENT).status_code for _ in range(3)]
    assert statuses == [201, 200, 429]
    assert system.get().status_code == 200
    response = system.get()
    assert (response.status_code, response.json()["title"]) == (429, "请求太频繁")
    assert Instrument.objects.get().version == 1
    assert System(ProviderFactory(approved=True).account).get().status_code == 200
