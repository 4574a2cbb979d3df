"""Signing in with an account of 协作网, against an OpenID Connect server of its own on loopback."""

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from accounts.forms import NetworkSignupForm
from accounts.models import User
from tests.accounts.network_server import NetworkServer, use
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
LOGIN, SIGNUP, LINKS = "/accounts/oidc/network/login/", "/accounts/network/signup/", "/accounts/network/"
FORM = {
    "kind": "provider",
    "username": "zhang.lab",
    "contact_name": "张工",
    "email": "zhang@lab.example",
    "mobile": "13800001234",
}


@pytest.fixture
def network(settings):
    server = NetworkServer()
    use(settings, server.url)
    yield server
    server.close()


def sign_in(client, query="", process="login", **more):
    """Through the network's page and back; the page that is shown then."""
    away = client.post(f"{LOGIN}?process={process}{query}")
    assert away.status_code == 302, away.text
    back = requests.get(away["Location"], allow_redirects=False, timeout=5).headers["Location"]
    return client.get(back.removeprefix("http://testserver"), **{"follow": True, **more})


def linked(**fields):
    account = UserFactory(**fields)
    SocialAccount.objects.create(user=account, provider="network", uid="u-1001")
    return account


def test_the_first_sign_in_asks_for_the_kind_and_the_next_ones_for_nothing(network):
    client = Client()
    assert "用协作网账户登录" in client.get("/accounts/login/").text
    page = sign_in(client)
    form = page.context["form"]
    assert page.redirect_chain[-1][0] == SIGNUP
    assert {name: form[name].value() for name in FORM if name != "kind"} == {
        name: value for name, value in FORM.items() if name != "kind"
    }
    assert "请选择机构类型" in client.post(SIGNUP, {**FORM, "kind": ""}).text
    done = client.post(SIGNUP, FORM)
    assert (done.status_code, done["Location"]) == (302, "/centre/")
    account = User.objects.get(username="zhang.lab")
    assert (account.kind, account.mobile, account.has_usable_password()) == ("provider", "13800001234", False)
    assert EmailAddress.objects.get(user=account).verified
    again = sign_in(Client())
    assert again.redirect_chain[-1][0] == "/centre/"
    assert again.wsgi_request.user == account


def test_an_address_the_network_did_not_verify_is_not_taken_for_verified(network):
    network.claims["email_verified"] = False
    client = Client()
    sign_in(client)
    client.post(SIGNUP, FORM)
    assert not EmailAddress.objects.get(user__username="zhang.lab").verified


def test_another_address_than_the_networks_is_the_only_one(network, django_capture_on_commit_callbacks):
    client = Client()
    sign_in(client)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(SIGNUP, {**FORM, "email": "other@lab.example"})
    account = User.objects.get(username="zhang.lab")
    assert [(one.email, one.verified) for one in EmailAddress.objects.filter(user=account)] == [
        ("other@lab.example", False)
    ]
    assert mail.outbox[-1].to == ["other@lab.example"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("username", "taken", "这个登录名已被使用"),
        ("email", "taken@lab.example", "请先用原来的账户登录，再到“账户设置”绑定协作网账户"),
        ("mobile", "13900000000", "这个手机号码已注册过"),
    ],
)
def test_what_is_taken_is_said_at_its_field_and_nothing_is_lost(network, field, value, sentence):
    UserFactory(username="taken", email="taken@lab.example", mobile="13900000000")
    client = Client()
    sign_in(client)
    page = client.post(SIGNUP, {**FORM, field: value})
    assert sentence in str(page.context["form"].errors[field])
    assert client.post(SIGNUP, FORM)["Location"] == "/centre/"


def test_a_name_taken_at_the_same_moment_leaves_the_form_as_it_was(network, monkeypatch):
    client = Client()
    sign_in(client)
    UserFactory(username="zhang.lab")
    full_clean = NetworkSignupForm.full_clean
    calls = []

    def late(form):
        """The first look is from before the other one registered."""
        full_clean(form)
        calls.append(form)
        if len(calls) == 1:
            form._errors.clear()
            form.cleaned_data["username"] = "zhang.lab"

    monkeypatch.setattr(NetworkSignupForm, "full_clean", late)
    page = client.post(SIGNUP, FORM)
    assert "这个登录名已被使用" in str(page.context["form"].errors["username"])
    monkeypatch.undo()
    assert client.post(SIGNUP, {**FORM, "username": "zhang.two"})["Location"] == "/centre/"


def test_claims_that_no_account_here_can_have_are_left_out(network):
    network.claims |= {"preferred_username": "a@b", "phone_number": 42, "name": "名" * 80}
    form = sign_in(Client()).context["form"]
    assert [form[name].value() for name in ("username", "mobile", "contact_name")] == ["", "", "名" * 30]


def test_an_account_from_before_is_linked_after_its_password_and_told_of_it(
    network, django_capture_on_commit_callbacks
):
    account, client = UserFactory(), Client()
    client.post("/accounts/login/", {"login": account.username, "password": PASSWORD})
    assert "绑定协作网账户" in client.get(LINKS).text
    with django_capture_on_commit_callbacks(execute=True):
        page = sign_in(client, process="connect")
        assert page.redirect_chain[-1][0] == "/accounts/reauthenticate/"
        page = client.post("/accounts/reauthenticate/", {"password": PASSWORD}, follow=True)
    assert "已绑定，以后可以用它登录" in page.text
    assert "绑定了协作网账户" in mail.outbox[-1].body
    assert sign_in(Client()).wsgi_request.user == account
    link = SocialAccount.objects.get(user=account)
    assert "已解除绑定" in client.post(LINKS, {"account": link.pk}, follow=True).text
    assert sign_in(Client()).redirect_chain[-1][0] == SIGNUP


def test_the_last_way_in_cannot_be_taken_away(network):
    client = Client()
    sign_in(client)
    client.post(SIGNUP, FORM)
    link = SocialAccount.objects.get()
    assert "请先设置密码" in client.post(LINKS, {"account": link.pk}).text
    assert SocialAccount.objects.exists()


def test_what_a_password_confirms_waits_until_there_is_one(network):
    client = Client()
    sign_in(client)
    client.post(SIGNUP, FORM)
    for path in ("/accounts/email/", "/centre/account/delete/"):
        assert "请先设置密码" in client.get(path, follow=True).text
    client.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    assert User.objects.get().check_password(PASSWORD)


def test_nobody_links_what_is_another_accounts(network):
    linked()
    account, client = UserFactory(), Client()
    client.post("/accounts/login/", {"login": account.username, "password": PASSWORD})
    sign_in(client, process="connect")
    page = client.post("/accounts/reauthenticate/", {"password": PASSWORD}, follow=True)
    assert "已绑定到本平台的另一个账户" in page.text
    assert not SocialAccount.objects.filter(user=account).exists()


def test_staff_come_in_with_password_and_code_alone(network):
    staff = linked(kind="staff")
    page = sign_in(Client())
    assert "管理人员账户只能用密码登录" in page.text
    assert not page.wsgi_request.user.is_authenticated
    SocialAccount.objects.all().delete()
    client = Client()
    client.force_login(staff)
    sign_in(client, process="connect", follow=False)
    assert not SocialAccount.objects.exists()


def test_an_account_that_is_disabled_stays_out(network):
    linked(is_active=False)
    assert not sign_in(Client()).wsgi_request.user.is_authenticated


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/userinfo"])
def test_a_server_that_is_away_is_said_so(network, path):
    client = Client()
    network.broken = path
    page = client.post(LOGIN) if path.startswith("/.") else sign_in(client)
    assert (page.status_code, "登录没有完成" in page.text) == (401, True)


@pytest.mark.parametrize("claims", [{}, {"sub": None, "email": ["x"]}, {"sub": ""}, {"sub": 7}, []])
def test_a_server_that_tells_nonsense_is_no_error_of_ours(network, claims):
    network.claims = claims
    client = Client()
    away = client.post(LOGIN)
    back = requests.get(away["Location"], allow_redirects=False, timeout=5).headers["Location"]
    page = client.get(back.removeprefix("http://testserver"))
    assert page.status_code == 401
    assert not SocialAccount.objects.exists()


def test_what_it_tells_of_somebody_else_signs_nobody_in(network):
    """The token names one, the page behind it another."""
    linked()
    respond = network.respond
    network.respond = lambda path, given: (
        (200, {**network.claims, "sub": "u-2002"}) if path == "/userinfo" else respond(path, given)
    )
    assert not sign_in(Client()).wsgi_request.user.is_authenticated


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?code=x&state=y", "?error=server_error", "?state=%00", "?error=access_denied"]
)
def test_an_answer_nobody_asked_for_signs_nobody_in(network, query):
    page = Client().get(f"{LOGIN}callback/{query}", follow=True)
    assert page.status_code in (200, 401)
    assert not page.wsgi_request.user.is_authenticated


def test_it_leads_on_to_where_one_was_going_but_to_no_other_site(network):
    linked()
    page = sign_in(Client(), query="&next=/centre/account/")
    assert page.redirect_chain[-1][0] == "/centre/account/"
    page = sign_in(Client(), query="&next=https://evil.example/")
    assert page.redirect_chain[-1][0] == "/centre/"


def test_a_page_that_was_only_opened_begins_nothing(network):
    page = Client().get(LOGIN)
    assert "用协作网账户登录" in page.text
    assert network.asked == []


def test_without_a_server_there_is_nothing_of_it():
    client = Client()
    assert "协作网" not in client.get("/accounts/login/").text
    assert client.post(LOGIN).status_code == client.get(f"{LOGIN}callback/").status_code == 404
    client.force_login(UserFactory())
    assert client.get(LINKS).status_code == 404
    assert "绑定账户" not in client.get("/centre/account/").text
