"""两步验证: set up by the telephone, asked for at sign-in, demanded of staff, and reset by an administrator."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from accounts.models import Message
from tests.conftest import signed_in
from tests.factories import PASSWORD, UserFactory, editor, reviewer
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db
LOGIN, ACTIVATE = "/accounts/login/", "/accounts/two-factor/totp/activate/"
ADMIN, HOME = "/admin/", "/accounts/two-factor/"


def code_of(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def sign_in(user, password=PASSWORD):
    client = Client()
    response = client.post(LOGIN, {"login": user.username, "password": password})
    return client, response


def set_up(client):
    """The password once more, then the code; the secret."""
    page = client.get(ACTIVATE, follow=True)
    assert "请再次确认身份" in page.text
    page = client.post(f"/accounts/reauthenticate/?next={ACTIVATE}", {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    assert secret in page.text
    response = client.post(ACTIVATE, {"code": code_of(secret)})
    assert response["Location"] == "/accounts/two-factor/recovery-codes/"
    return secret


@pytest.mark.django_db(transaction=True, serialized_rollback=True)  # mails leave when it is stored
def test_from_setting_it_up_to_signing_in_with_it():
    user = UserFactory()
    client, _response = sign_in(user)
    secret = set_up(client)
    assert [message.subject for message in mail.outbox] == ["【科技创新券服务平台】两步验证已启用"]
    codes = client.get("/accounts/two-factor/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    assert client.get("/accounts/two-factor/recovery-codes/download/").text.count("\n") == 13

    client, response = sign_in(user)
    assert response["Location"] == "/accounts/two-factor/authenticate/"
    assert client.get("/centre/").status_code == 302  # the password alone is not enough
    with time_machine.travel(time.time() + 120):
        wrong = client.post(response["Location"], {"code": "000000"})
        assert "验证码不正确" in wrong.text
        assert "请填写验证码" in client.post(response["Location"], {"code": " "}).text
        assert client.post(response["Location"], {"code": "1" * 10_000 + "\0²"}).status_code == 200
        code = code_of(secret)
        assert client.post(response["Location"], {"code": code})["Location"] == "/centre/"
        assert client.get("/centre/").status_code == 200
        # nobody who has seen the code uses it again
        client, response = sign_in(user)
        assert "验证码不正确" in client.post(response["Location"], {"code": code}).text
        assert client.post(response["Location"], {"code": codes[0]})["Location"] == "/centre/"
        client, response = sign_in(user)
        assert "验证码不正确" in client.post(response["Location"], {"code": codes[0]}).text


def test_the_secret_is_encrypted_where_it_is_stored():
    user = UserFactory()
    client, _response = sign_in(user)
    secret = set_up(client)
    stored = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert secret not in stored
    assert stored.startswith("gAAAAA")


def test_guessing_codes_ends_after_five():
    user = UserFactory()
    set_up(sign_in(user)[0])
    client, response = sign_in(user)
    for _number in range(5):
        assert "验证码不正确" in client.post(response["Location"], {"code": "000000"}).text
    assert "次数过多" in client.post(response["Location"], {"code": "000000"}).text


@pytest.mark.parametrize(
    "path", [ADMIN, "/admin/review/", "/admin/account/", "/files/x/", "/documents/1/x.pdf"]
)
def test_staff_are_led_to_set_it_up_where_it_is_demanded(settings, path):
    settings.STAFF_TWO_FACTOR = True
    response = signed_in(reviewer()).get(path)
    assert response["Location"] == ACTIVATE


def test_others_and_public_pages_are_let_be(settings):
    settings.STAFF_TWO_FACTOR = True
    staff = signed_in(reviewer())
    for path in ("/", "/accounts/email/", HOME, "/accounts/sessions/", "/accounts/password/change/"):
        assert staff.get(path).status_code == 200
    assert signed_in(UserFactory()).get("/centre/").status_code == 200
    # no loop before the gate: it sends on, and the page behind it asks
    assert staff.get("/admin/login/")["Location"] == ADMIN


@pytest.mark.django_db(
    transaction=True, serialized_rollback=True
)  # the session learns of it when it is stored
def test_staff_with_a_code_are_let_in_and_cannot_switch_it_off(settings):
    settings.STAFF_TWO_FACTOR = True
    user = reviewer()
    before, _response = sign_in(user)
    here, _response = sign_in(user)
    secret = set_up(here)
    assert here.get(ADMIN).status_code == 200
    # signed in elsewhere with the password alone: asked for the code, and led back
    asked = before.get("/admin/review/?page=1")["Location"]
    assert urlsplit(asked).path == "/accounts/two-factor/reauthenticate/"
    assert parse_qs(urlsplit(asked).query) == {"next": ["/admin/review/?page=1"]}
    with time_machine.travel(time.time() + 120):
        assert before.post(asked, {"code": code_of(secret)})["Location"] == "/admin/review/?page=1"
        assert before.get("/admin/review/").status_code == 200
        refused = here.post("/accounts/two-factor/totp/deactivate/", follow=True)
        assert "不能关闭" in refused.text or "请再次确认身份" in refused.text
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_where_it_is_not_demanded_it_can_be_switched_off():
    user = UserFactory()
    client, _response = sign_in(user)
    set_up(client)
    assert client.post("/accounts/two-factor/totp/deactivate/")["Location"] == HOME
    assert not Authenticator.objects.filter(user=user).exists()
    assert sign_in(user)[1]["Location"] == "/centre/"


def test_an_administrator_resets_it_and_it_is_on_record():
    user, admin = editor(), UserFactory(admin=True)
    client, _response = sign_in(user)
    set_up(client)
    address = f"/admin/users/{user.pk}/two-factor/reset/"
    assert "丢失手机" in signed_in(admin).get(address).text
    assert f'href="{address}"' in signed_in(admin).get("/admin/users/").text
    signed_in(admin).post(address)
    assert not Authenticator.objects.filter(user=user).exists()
    assert not UserSession.objects.filter(user=user).exists()
    assert client.get(ADMIN).status_code == 302
    entry = AuditEntry.objects.of(user).get()
    assert (entry.actor, entry.changes) == (admin, {"两步验证": ["已启用", "已重置"]})
    assert Message.objects.get(recipient=user).subject == "两步验证已重置"
    # there is nothing to reset any more
    assert "没有启用" in signed_in(admin).get(address).text
    assert "没有启用" in signed_in(admin).post(address, follow=True).text
    assert AuditEntry.objects.of(user).count() == 1


def test_nobody_resets_their_own_or_a_superiors():
    admin = UserFactory(admin=True)
    assert signed_in(admin).get(f"/admin/users/{admin.pk}/two-factor/reset/").status_code == 302
    other = reviewer()
    assert signed_in(other).post(f"/admin/users/{admin.pk}/two-factor/reset/").status_code == 302
    assert signed_in(admin).get("/admin/users/999999/two-factor/reset/").status_code == 404
