"""Signing in with an account of 协作网, against an OpenID Connect server of its own on loopback."""

import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests
import time_machine
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from django.utils import timezone

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


def of_old(**fields):
    """An account from before with a verified address, signed in with its password; and its browser."""
    account, client = UserFactory(**fields), Client()
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    client.post("/accounts/login/", {"login": account.username, "password": PASSWORD})
    return account, client


def sent_away(client):
    """Where the network's page of signing in is, once the password is confirmed."""
    away = client.post(f"{LOGIN}?process=connect")
    if away["Location"].startswith("/accounts/reauthenticate/"):
        ready = client.post(away["Location"], {"password": PASSWORD}, follow=True)
        assert "绑定协作网账户" in ready.text
        away = client.post(f"{LOGIN}?process=connect")
    return away["Location"]


def link(client):
    """As sign_in, by who confirms the password."""
    assert client.post(f"{LOGIN}?process=connect")["Location"].startswith("/accounts/reauthenticate/")
    back = requests.get(sent_away(client), allow_redirects=False, timeout=5).headers["Location"]
    return back.removeprefix("http://testserver")


def test_an_account_from_before_is_linked_after_its_password_and_told_of_it(
    network, django_capture_on_commit_callbacks
):
    account, client = of_old()
    assert "绑定协作网账户" in client.get(LINKS).text
    with django_capture_on_commit_callbacks(execute=True):
        page = client.get(link(client), follow=True)
    assert "已绑定，以后可以用它登录" in page.text
    assert "绑定了协作网账户" in mail.outbox[-1].body
    assert sign_in(Client()).wsgi_request.user == account
    found = SocialAccount.objects.get(user=account)
    assert "已解除绑定" in client.post(LINKS, {"account": found.pk}, follow=True).text
    assert sign_in(Client()).redirect_chain[-1][0] == SIGNUP


def test_a_linking_that_waited_too_long_is_begun_again(network):
    _account, client = of_old()
    back = link(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        page = client.get(back, follow=True)
    assert "确认密码后过了太久" in page.text
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda account: EmailAddress.objects.update(verified=False), "请先验证邮箱，再绑定账户"),
        (lambda account: (account.set_unusable_password(), account.save()), "请先设置密码"),
    ],
    ids=["address", "password"],
)
def test_who_is_not_known_by_both_does_not_link(network, spoil, sentence):
    account, client = of_old()
    spoil(account)
    client.force_login(account)
    assert sentence in client.post(f"{LOGIN}?process=connect", follow=True).text
    assert network.asked == []


def test_who_resets_the_password_is_rid_of_what_was_linked_before(
    network, django_capture_on_commit_callbacks
):
    """Somebody may have registered with this address and waited for its owner."""
    account = linked(email="owner@lab.example")
    account.set_unusable_password()
    account.save()
    with django_capture_on_commit_callbacks(execute=True):
        Client().post("/accounts/password/reset/", {"email": account.email})
    path = re.search(r"/accounts/password/reset/key/\S+", mail.outbox[-1].body).group()
    client = Client()
    form = client.get(path, follow=True)
    password = "another-horse-42"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(form.request["PATH_INFO"], {"password1": password, "password2": password})
    account.refresh_from_db()
    assert account.check_password(password)
    assert "已解除与协作网账户的绑定" in "".join(one.subject for one in mail.outbox)
    assert sign_in(Client()).redirect_chain[-1][0] == SIGNUP


@pytest.mark.parametrize("asked", [{}, {"account": 999}, {"account": "x"}])
def test_what_is_unlinked_already_is_said_so(network, asked):
    _account, client = of_old()
    assert "绑定已有变化" in client.post(LINKS, asked, follow=True).text


def test_a_linking_that_failed_or_was_cancelled_leads_back_to_it(network):
    _account, client = of_old()
    for query in ("?error=access_denied", "?error=server_error"):
        state = dict(parse_qsl(urlsplit(sent_away(client)).query))["state"]
        page = client.get(f"{LOGIN}callback/{query}&state={state}", follow=True)
        assert ("绑定" in page.text, "返回绑定账户" in page.text, "返回登录" in page.text) == (
            True,
            True,
            False,
        )


def test_who_begins_it_too_often_waits(network):
    client = Client()
    answers = [client.post(LOGIN).status_code for _try in range(31)]
    assert (answers[29], answers[30]) == (302, 429)


def test_the_page_of_linking_asks_for_little(network, django_assert_num_queries):
    _account, client = of_old()
    client.get(LINKS)
    with django_assert_num_queries(4):
        client.get(LINKS)


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
    account, client = of_old()
    assert "那边的账户已绑定到本平台的另一个账户" in client.get(link(client), follow=True).text
    assert not SocialAccount.objects.filter(user=account).exists()


def test_staff_come_in_with_password_and_code_alone(network):
    staff = linked(kind="staff")
    page = sign_in(Client())
    assert "管理人员账户只能用密码登录" in page.text
    assert not page.wsgi_request.user.is_authenticated
    client = Client()
    client.force_login(staff)
    network.asked.clear()
    assert client.post(f"{LOGIN}?process=connect")["Location"] == "/accounts/login/"
    assert network.asked == []


def test_an_account_that_is_disabled_stays_out(network):
    linked(is_active=False)
    assert not sign_in(Client()).wsgi_request.user.is_authenticated


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/userinfo"])
def test_a_server_that_is_away_is_said_so(network, path):
    client = Client()
    network.broken = path
    page = client.post(LOGIN) if path.startswith("/.") else sign_in(client)
    assert (page.status_code, "登录没有完成" in page.text) == (401, True)


NONSENSE = [[], "", 0, None, {}, {"sub": None}, {"sub": ""}, {"sub": 7}, {"sub": "x" * 192}, {"sub": "u\0"}]


@pytest.mark.parametrize("told", NONSENSE, ids=map(str, NONSENSE))
def test_a_server_that_tells_nonsense_is_no_error_of_ours(network, told):
    network.claims["sub"] = told.get("sub") if isinstance(told, dict) else "u-1001"
    network.told = told
    page = sign_in(Client())
    assert (page.status_code, "登录没有完成" in page.text) == (401, True)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("answer", [[], {}, {"authorization_endpoint": 7}, "x"], ids=str)
def test_a_server_that_describes_itself_in_nonsense_is_said_so(network, answer):
    respond = network.respond
    network.respond = lambda path, given: (200, answer) if "well-known" in path else respond(path, given)
    assert "登录没有完成" in Client().post(LOGIN).text


def test_only_what_is_used_is_kept_and_no_more_of_it_than_fits(network):
    network.claims |= {"name": "张\0\ud800" + "工" * 999, "address": "x" * 99_999, "given_name": ["\ud800"]}
    client = Client()
    sign_in(client)
    assert "token" not in client.session["socialaccount_sociallogin"]
    assert client.post(SIGNUP, FORM)["Location"] == "/centre/"
    told = SocialAccount.objects.get().extra_data["userinfo"]
    assert set(told) == {"sub", "name", "preferred_username", "email", "phone_number", "email_verified"}
    assert told["name"] == "张" + "工" * 253


@pytest.mark.parametrize(
    ("said", "verified"), [("true", True), ("false", False), ("no", False), ([0], False)]
)
def test_an_address_is_verified_where_the_network_says_so_in_whichever_way(network, said, verified):
    network.claims["email_verified"] = said
    client = Client()
    sign_in(client)
    client.post(SIGNUP, FORM)
    assert EmailAddress.objects.get().verified == verified


@pytest.mark.parametrize("method", ["head", "options", "put", "delete"])
def test_nothing_but_a_post_begins_it(network, method):
    client = Client()
    assert getattr(client, method)(LOGIN).status_code == 405
    assert getattr(client, method)(f"{LOGIN}callback/").status_code == 405
    assert network.asked == []


def test_an_address_of_ours_decides_nothing_of_the_networks(network):
    query = urlencode({"client_id": "x", "redirect_uri": "https://evil.example/", "state": "s"})
    away = Client().post(
        f"{LOGIN}?{urlencode({'auth_params': query, 'scope': 'all', 'process': 'redirect'})}"
    )
    asked = dict(parse_qsl(urlsplit(away["Location"]).query))
    assert asked["client_id"] == "voucher"
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert "evil" not in away["Location"]


def test_the_form_is_not_there_to_try_out_names(network):
    client = Client()
    sign_in(client)
    answers = [client.post(SIGNUP, {**FORM, "kind": ""}).status_code for _try in range(21)]
    assert (answers[19], answers[20]) == (200, 429)


def test_the_same_account_in_two_browsers_becomes_one(network):
    first, second = Client(), Client()
    sign_in(first)
    sign_in(second)
    first.post(SIGNUP, FORM)
    other = {**FORM, "username": "zhang.two", "email": "two@lab.example", "mobile": "13800005678"}
    assert "这个账户刚刚已经登记过" in second.post(SIGNUP, other, follow=True).text
    assert User.objects.filter(username__startswith="zhang").count() == 1


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
