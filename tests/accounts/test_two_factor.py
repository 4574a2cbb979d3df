"""两步验证: set up by the telephone, asked for at sign-in, demanded of staff, and reset by an administrator."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from accounts.models import Message
from accounts.two_factor import renew_secrets
from tests.conftest import signed_in
from tests.factories import PASSWORD, UserFactory, editor, reviewer
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db
LOGIN, ACTIVATE = "/accounts/login/", "/accounts/two-factor/totp/activate/"
ADMIN, HOME = "/admin/", "/accounts/two-factor/"
CODES = f"{HOME}recovery-codes/"


def an_owner():
    """A provider's account with a verified address."""
    user = UserFactory()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"primary": True, "verified": True}
    )
    return user


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
    user = an_owner()
    client, _response = sign_in(user)
    secret = set_up(client)
    assert [message.subject for message in mail.outbox] == ["【科技创新券服务平台】两步验证已启用"]
    codes = client.get(CODES).context["unused_codes"]
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
    user = an_owner()
    client, _response = sign_in(user)
    secret = set_up(client)
    stored = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert secret not in stored
    assert stored.startswith("gAAAAA")


def test_guessing_codes_ends_after_five_and_the_owner_is_told():
    user = an_owner()
    set_up(sign_in(user)[0])
    client, response = sign_in(user)
    for _number in range(5):
        assert "验证码不正确" in client.post(response["Location"], {"code": "000000"}).text
    refused = client.post(response["Location"], {"code": "000000"}).text
    assert "验证码输错次数过多" in refused
    assert "%d" not in refused
    assert [one.subject for one in Message.objects.filter(recipient=user)] == [
        "有人用您的密码登录，但验证码多次不正确"
    ]


def test_a_code_is_taken_once_as_long_as_it_is_good():
    user = an_owner()
    secret = set_up(sign_in(user)[0])
    now = int(time.time()) // 30 * 30 + 300
    with time_machine.travel(now, tick=False) as clock:
        code = code_of(secret, steps=1)  # of a telephone that is fast
        for seconds, location in ((0, "/centre/"), (31, None), (59, None)):
            clock.move_to(now + seconds)
            client, response = sign_in(user)
            assert client.post(response["Location"], {"code": code}).headers.get("Location") == location


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_backup_code_is_used_once_and_told():
    user = an_owner()
    here, _response = sign_in(user)
    set_up(here)
    codes = here.get(CODES).context["unused_codes"]
    client, response = sign_in(user)
    assert client.post(response["Location"], {"code": codes[3]})["Location"] == "/centre/"
    assert Message.objects.get(recipient=user).subject == "您的账户使用了一个备用码登录"
    assert codes[3] not in client.get(CODES, follow=True).text


def test_outsiders_need_a_verified_address():
    user = UserFactory()
    client, _response = sign_in(user)
    page = client.post(f"/accounts/reauthenticate/?next={ACTIVATE}", {"password": PASSWORD}, follow=True)
    refused = client.post(ACTIVATE, {"code": code_of(page.context["form"].secret)})
    assert "请先在“电子邮箱”一页验证邮箱" in refused.text
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("demanded", [True, False])
def test_a_session_from_before_learns_no_backup_codes_with_the_password_alone(settings, demanded):
    settings.STAFF_TWO_FACTOR = demanded
    user = reviewer() if demanded else an_owner()
    thief, _response = sign_in(user)
    set_up(sign_in(user)[0])
    thief.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for path in (CODES, f"{CODES}generate/", f"{CODES}download/", f"{HOME}totp/deactivate/", HOME):
        for answer in (thief.get(path), thief.post(path)):
            assert urlsplit(answer["Location"]).path == "/accounts/two-factor/reauthenticate/"
            assert "no-store" in answer["Cache-Control"]
    assert Authenticator.objects.filter(user=user).count() == 2


def test_scripts_of_open_pages_are_refused_not_redirected(settings):
    settings.STAFF_TWO_FACTOR = True
    client = signed_in(reviewer())
    for _number in range(3):
        ping = client.post("/admin/editing-sessions/1/", headers={"sec-fetch-mode": "cors"})
        assert ping.status_code == 403
    assert client.get(ADMIN, follow=True).text.count("管理人员须先启用两步验证") == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_secrets_outlive_a_change_of_keys(settings):
    user = an_owner()
    client, _response = sign_in(user)
    secret = set_up(client)
    codes = client.get(CODES).context["unused_codes"]
    old = settings.SALT_KEY
    settings.SALT_KEY = ["a-new-key-of-a-good-length", *old]
    assert renew_secrets() == 2
    settings.SALT_KEY = settings.SALT_KEY[:1]
    with time_machine.travel(time.time() + 120):
        client, response = sign_in(user)
        assert client.post(response["Location"], {"code": code_of(secret)})["Location"] == "/centre/"
    client, response = sign_in(user)
    assert client.post(response["Location"], {"code": codes[0]})["Location"] == "/centre/"


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
    assert signed_in(an_owner()).get("/centre/").status_code == 200
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


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_where_it_is_not_demanded_it_can_be_switched_off():
    user = an_owner()
    client, _response = sign_in(user)
    set_up(client)
    assert client.post("/accounts/two-factor/totp/deactivate/")["Location"] == HOME
    assert not Authenticator.objects.filter(user=user).exists()
    assert sign_in(user)[1]["Location"] == "/centre/"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)  # sessions end when it is stored
def test_an_administrator_resets_it_and_it_is_on_record(settings):
    user, admin = editor(), UserFactory(admin=True)
    client, _response = sign_in(user)
    set_up(client)
    unlisted, _response = sign_in(user)
    unlisted.post(
        "/accounts/two-factor/authenticate/", {"code": client.get(CODES).context["unused_codes"][0]}
    )
    UserSession.objects.filter(session_key=unlisted.session.session_key).delete()
    assert unlisted.get(ADMIN).status_code == 200
    address = f"/admin/users/{user.pk}/two-factor/reset/"
    assert "丢失手机" in signed_in(admin).get(address).text
    assert f'href="{address}"' in signed_in(admin).get("/admin/users/").text
    signed_in(admin).post(address)
    assert not Authenticator.objects.filter(user=user).exists()
    assert not UserSession.objects.filter(user=user).exists()
    assert client.get(ADMIN).status_code == 302
    settings.STAFF_TWO_FACTOR = True
    assert unlisted.get(ADMIN)["Location"] == ACTIVATE
    settings.STAFF_TWO_FACTOR = False
    entry = AuditEntry.objects.of(user).get()
    assert (entry.actor, entry.changes) == (admin, {"两步验证": ["已启用", "已重置"]})
    assert Message.objects.filter(recipient=user, subject="两步验证已重置").count() == 1
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
