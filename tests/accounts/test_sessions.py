"""登录设备: where an account is signed in, and ending it."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts import two_factor
from accounts.devices import device_of
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
SESSIONS = "/accounts/sessions/"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 15; HarmonyOS) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 MicroMessenger/8.0.50"


def browser(user, agent):
    client = Client(headers={"user-agent": agent})
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    return client


def test_each_sign_in_is_listed_and_one_is_ended():
    user = UserFactory()
    here, phone, third = browser(user, WINDOWS), browser(user, PHONE), browser(user, "curl/8")
    page = here.get(SESSIONS)
    assert [(device, current) for _session, device, current in page.context["rows"]] == [
        ("Chrome · Windows", True),
        ("curl/8", False),
        ("微信 · HarmonyOS", False),
    ]
    assert "127.0.0.1" in page.text
    there = next(session for session, device, _current in page.context["rows"] if "微信" in device)
    assert "已退出 1 处登录" in here.post(SESSIONS, {"session": there.pk}, follow=True).text
    assert phone.get("/centre/").status_code == 302
    assert third.get("/centre/").status_code == here.get("/centre/").status_code == 200


def test_all_others_are_ended_at_once():
    user = UserFactory()
    here, phone = browser(user, WINDOWS), browser(user, PHONE)
    here.post(SESSIONS, {"session": "others"})
    assert (here.get("/centre/").status_code, phone.get("/centre/").status_code) == (200, 302)


def test_nobody_ends_what_is_not_theirs_nor_the_session_they_are_in():
    user, other = UserFactory(), UserFactory()
    here, there = browser(user, WINDOWS), browser(other, WINDOWS)
    own = UserSession.objects.get(user=user)
    for asked in (UserSession.objects.get(user=other).pk, own.pk, "", "x", "9" * 30, "²"):
        assert "没有可退出的登录" in here.post(SESSIONS, {"session": asked}, follow=True).text
    assert (here.get("/centre/").status_code, there.get("/centre/").status_code) == (200, 200)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Chrome/149 Safari/537.36 Edg/149.0", "Edge · macOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("", ""),
        ("a" * 100, "a" * 60),
    ],
)
def test_browsers_are_named(agent, device):
    assert device_of(agent) == device


def test_the_oldest_end_beyond_thirty(monkeypatch):
    monkeypatch.setattr(two_factor, "MOST_SESSIONS", 2)
    user = UserFactory()
    browsers = [browser(user, WINDOWS) for _number in range(4)]
    assert UserSession.objects.filter(user=user).count() == 2
    assert [one.get("/centre/").status_code for one in browsers] == [302, 302, 200, 200]


def test_saving_the_account_page_keeps_the_session_in_the_list():
    user = UserFactory(admin=True)
    client = browser(user, WINDOWS)
    page = client.get("/admin/account/")
    assert page.status_code == 200
    client.post("/admin/account/", {"name_email-contact_name": "王", "name_email-mobile": ""})
    rows = client.get(SESSIONS).context["rows"]
    assert [current for _session, _device, current in rows] == [True]
