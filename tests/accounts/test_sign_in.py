"""Signing in by any identifier, the lock-out, and where it leads."""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD, UserFactory, reviewer

pytestmark = pytest.mark.django_db
ADDRESS = "/accounts/login/"
WRONG = "登录名（邮箱、手机号码）或密码不正确，请核对后重新输入。"
LOCKED = "登录失败次数过多，为保护账户已暂停登录。请 10 分钟后再试，或点击“忘记密码”用邮箱找回。"


@pytest.fixture
def account() -> User:
    return UserFactory(username="qinling", email="wang@example.com", mobile="13900001111")


def sign_in(client: Client, login: str, password: str = PASSWORD, **extra: str):
    return client.post(ADDRESS, {"login": login, "password": password}, **extra)


def refusal(client: Client, login: str, password: str = "wrong", **extra: str) -> str:
    response = sign_in(client, login, password, **extra)
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
    (sentence,) = response.context["form"].non_field_errors()
    return sentence


@pytest.mark.parametrize(
    "login",
    [
        "qinling",
        " QinLing ",
        "ｑｉｎｌｉｎｇ",
        "wang@example.com",
        "WANG@Example.com",
        "13900001111",
        "139 0000 1111",
        "１３９００００１１１１",
        "+86-13900001111",
    ],
)
def test_any_of_the_three_identifiers_signs_in(client: Client, account: User, login: str) -> None:
    response = sign_in(client, login)
    assert (response.status_code, response["Location"]) == (302, "/centre/")
    assert client.session["_auth_user_id"] == str(account.pk)


@pytest.mark.parametrize(
    "login", ["qinling", "wang@example.com", "13900001111", "nobody", "no@example.com", "13911112222"]
)
def test_a_refusal_does_not_tell_whether_the_account_exists(
    client: Client, account: User, login: str
) -> None:
    assert refusal(client, login) == WRONG


@pytest.mark.parametrize(
    "login", ["qinling", "wang@example.com", "13900001111", "nobody", "no@example.com", "13911112222"]
)
def test_nor_does_the_time_it_takes(client: Client, account: User, login: str, monkeypatch) -> None:
    """Hashing is what takes the time: once for everybody."""
    hashed = []
    check, make = User.check_password, User.set_password
    monkeypatch.setattr(User, "check_password", lambda user, raw: hashed.append("check") or check(user, raw))
    monkeypatch.setattr(User, "set_password", lambda user, raw: hashed.append("make") or make(user, raw))
    refusal(client, login)
    assert len(hashed) == 1


def test_one_accounts_password_does_not_open_another(client: Client, account: User) -> None:
    other = UserFactory(mobile="13700001111")
    other.set_password("other-horse-42")
    other.save()
    assert refusal(client, "13900001111", "other-horse-42") == WRONG


def test_staff_arrive_in_the_admin(client: Client) -> None:
    assert sign_in(client, reviewer().username)["Location"] == "/admin/"


def test_the_page_asked_for_is_where_one_arrives(client: Client, account: User) -> None:
    asked = client.get("/centre/account/")
    assert asked["Location"] == "/accounts/login/?next=/centre/account/"
    response = client.post(asked["Location"], {"login": "qinling", "password": PASSWORD})
    assert response["Location"] == "/centre/account/"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
    ],
)
def test_signing_in_leads_to_no_other_site(client: Client, account: User, target: str) -> None:
    response = client.post(
        f"{ADDRESS}?next={target}", {"login": "qinling", "password": PASSWORD, "next": target}
    )
    assert response["Location"] == "/centre/"


def test_the_session_key_changes_when_signing_in(client: Client, account: User) -> None:
    client.get(ADDRESS)
    session = client.session
    session["kept"] = 1
    session.save()
    planted = session.session_key

    sign_in(client, "qinling")

    assert client.session.session_key != planted
    assert not type(client.session)().exists(planted)


def test_a_deactivated_account_is_told_so_and_stays_out(client: Client, account: User) -> None:
    User.objects.filter(pk=account.pk).update(is_active=False)
    response = client.post(ADDRESS, {"login": "qinling", "password": PASSWORD}, follow=True)
    assert response.redirect_chain == [("/accounts/inactive/", 302)]
    assert "_auth_user_id" not in client.session


def test_five_failures_lock_the_account_whatever_identifier_they_used(client: Client, account: User) -> None:
    for login in ("qinling", "wang@example.com", "13900001111", "QINLING", "139-0000-1111"):
        assert refusal(client, login) == WRONG
    for login in ("qinling", "WANG@example.com", "１３９００００１１１１"):
        assert refusal(client, login, PASSWORD) == LOCKED


def test_the_lock_holds_from_any_address_and_host_name(client: Client, account: User) -> None:
    for number in range(5):
        refusal(client, "qinling", REMOTE_ADDR=f"10.0.0.{number}")
    assert refusal(client, "qinling", PASSWORD, REMOTE_ADDR="10.9.9.9", HTTP_HOST="localhost") == LOCKED


def test_a_locked_account_locks_nobody_else(client: Client, account: User) -> None:
    other = UserFactory()
    for _ in range(6):
        refusal(client, "qinling")
    assert sign_in(client, other.username).status_code == 302


def test_a_name_nobody_has_locks_alike_so_that_a_lock_tells_nothing(client: Client, account: User) -> None:
    for _ in range(5):
        assert refusal(client, "nobody") == WRONG
    assert refusal(client, "ＮＯbody") == LOCKED


def test_the_sentence_counts_the_minutes_down_and_then_the_way_is_open(client: Client, account: User) -> None:
    start = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.UTC)
    with time_machine.travel(start, tick=False) as clock:
        for _ in range(5):
            refusal(client, "qinling")
        clock.shift(datetime.timedelta(minutes=7, seconds=30))
        assert "请 3 分钟后再试" in refusal(client, "qinling", PASSWORD)
        clock.shift(datetime.timedelta(minutes=2, seconds=29))
        assert "请 1 分钟后再试" in refusal(client, "qinling", PASSWORD)
        clock.shift(datetime.timedelta(seconds=2))
        assert sign_in(client, "qinling").status_code == 302


def test_success_in_between_does_not_wipe_the_failures(client: Client, account: User) -> None:
    for _ in range(4):
        refusal(client, "qinling")
    assert sign_in(client, "qinling").status_code == 302
    client.logout()
    assert refusal(client, "qinling") == WRONG
    assert refusal(client, "qinling", PASSWORD) == LOCKED


def test_one_address_failing_on_many_names_is_locked_too(client: Client, settings, account: User) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1000/m/ip"}  # the page as such
    for number in range(30):
        assert refusal(client, f"name{number}", REMOTE_ADDR="10.1.1.1") == WRONG
    assert refusal(client, "qinling", PASSWORD, REMOTE_ADDR="10.1.1.1") == LOCKED
    assert sign_in(client, "qinling", REMOTE_ADDR="10.2.2.2").status_code == 302


def test_without_a_trusted_proxy_a_forged_header_hides_no_address(
    client: Client, settings, account: User
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/10m/ip,50/10m/key"}
    for number in range(3):
        refusal(client, f"name{number}", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}")
    assert refusal(client, "qinling", PASSWORD, HTTP_X_FORWARDED_FOR="10.9.9.9") == LOCKED


def test_behind_one_proxy_the_address_it_wrote_counts(client: Client, settings, account: User) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/10m/ip,50/10m/key"}
    for number in range(3):
        refusal(client, f"name{number}", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}, 10.5.5.5")
    assert refusal(client, "qinling", PASSWORD, HTTP_X_FORWARDED_FOR="1.2.3.4, 10.5.5.5") == LOCKED
    assert sign_in(client, "qinling", HTTP_X_FORWARDED_FOR="10.5.5.5, 10.6.6.6").status_code == 302


def reset_link(client: Client, capture, email: str) -> str:
    with capture(execute=True):
        client.post("/accounts/password/reset/", {"email": email})
    return next(line for line in mail.outbox[-1].body.splitlines() if line.startswith("http"))


def test_a_reset_password_lifts_the_lock(
    client: Client, account: User, django_capture_on_commit_callbacks
) -> None:
    for _ in range(6):
        refusal(client, "qinling")
    link = reset_link(client, django_capture_on_commit_callbacks, "wang@example.com")
    form = client.get(link, follow=True)
    new = {"password1": "brown-horse-43", "password2": "brown-horse-43"}
    done = client.post(form.redirect_chain[-1][0], new, follow=True)

    assert "密码已重设" in done.content.decode()
    assert sign_in(client, "13900001111", "brown-horse-43").status_code == 302


def test_asking_for_a_reset_tells_nothing_about_who_is_registered(
    client: Client, account: User, django_capture_on_commit_callbacks
) -> None:
    answers = []
    for email in ("wang@example.com", "nobody@example.com"):
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post("/accounts/password/reset/", {"email": email}, follow=True)
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
        answers.append((response.redirect_chain, page))
    assert answers[0] == answers[1]
    assert answers[0][0] == [("/accounts/password/reset/done/", 302)]
    assert [sent.to for sent in mail.outbox] == [["wang@example.com"], ["nobody@example.com"]]


def test_signing_out_needs_a_post(client: Client, account: User) -> None:
    client.force_login(account)
    client.get("/accounts/logout/")
    assert client.session["_auth_user_id"] == str(account.pk)
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session
