"""Registration as the manual has it (section 三)."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import forms
from accounts.models import AccountKind, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/accounts/signup/"


def entries(**changes: str) -> dict[str, str]:
    return {
        "kind": "provider",
        "username": "秦岭材料院",
        "contact_name": "王小明",
        "email": "wang@example.com",
        "mobile": "13900001111",
        "password1": "right-horse-42",
        "password2": "right-horse-42",
        **changes,
    }


def errors_of(client: Client, **changes: str) -> dict[str, list[str]]:
    """What is refused; nobody may have been registered by it."""
    before = User.objects.count()
    response = client.post(ADDRESS, entries(**changes))
    assert response.status_code == 200
    assert User.objects.count() == before
    return dict(response.context["form"].errors)


@pytest.mark.parametrize("kind", ["provider", "consumer"])
def test_registration_ends_on_the_success_page_not_signed_in(client: Client, kind: str) -> None:
    response = client.post(ADDRESS, entries(kind=kind), follow=True)

    assert response.redirect_chain == [("/accounts/signup/done/", 302)]
    assert "注册成功" in response.content.decode()
    assert f'href="{reverse("account_login")}">确定</a>' in response.content.decode()
    assert "_auth_user_id" not in client.session
    account = User.objects.get()
    assert (account.kind, account.username, account.contact_name) == (kind, "秦岭材料院", "王小明")
    assert (account.email, account.mobile) == ("wang@example.com", "13900001111")
    assert account.check_password("right-horse-42")
    assert not account.is_staff
    assert not account.is_superuser


def test_the_page_offers_two_kinds_and_the_manuals_button(client: Client) -> None:
    page = client.get(ADDRESS).content.decode()
    assert re.findall(r'name="kind" value="(\w+)"', page) == ["provider", "consumer"]
    assert "立即注册" in page


def test_identifiers_are_stored_normalised(client: Client) -> None:
    client.post(ADDRESS, entries(username="ＱinLing", email="Wang@Example.com", mobile="+86 139 0000 1111"))
    account = User.objects.get()
    assert (account.username, account.email, account.mobile) == ("qinling", "wang@example.com", "13900001111")


@pytest.mark.parametrize("kind", ["staff", "", "admin", "provider,staff"])
def test_no_kind_but_the_two_can_be_forged(client: Client, kind: str) -> None:
    assert list(errors_of(client, kind=kind)) == ["kind"]


def test_forged_flags_are_ignored(client: Client) -> None:
    client.post(ADDRESS, entries(is_staff="on", is_superuser="on", groups="1"))
    account = User.objects.get()
    assert (account.is_staff, account.is_superuser, account.groups.count()) == (False, False, 0)


def test_each_taken_identifier_is_named_with_its_cure(client: Client) -> None:
    UserFactory(username="秦岭材料院", email="wang@example.com", mobile="13900001111")
    assert errors_of(client) == {
        "username": ["这个登录名已被使用，请换一个。"],
        "email": ["这个邮箱已注册过，可直接登录或找回密码。"],
        "mobile": ["这个手机号码已注册过，可直接登录或找回密码。"],
    }


def test_taken_identifiers_are_found_in_whatever_way_they_are_written(client: Client) -> None:
    UserFactory(username="qinling", email="wang@example.com", mobile="13900001111")
    errors = errors_of(client, username="ＱＩＮling", email="WANG@example.com", mobile="139-0000-1111")
    assert set(errors) == {"username", "email", "mobile"}


def test_nothing_typed_is_lost_except_the_passwords(client: Client) -> None:
    page = client.post(ADDRESS, entries(kind="consumer", password2="other-horse-42")).content.decode()
    for typed in ("秦岭材料院", "王小明", "wang@example.com", "13900001111"):
        assert f'value="{typed}"' in page
    assert re.search(r'value="consumer"[^>]*checked', page)
    assert "right-horse-42" not in page
    assert "other-horse-42" not in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("username", "13812345678", "登录名应为 2–30 个字"),
        ("username", "wang@example.com", "登录名应为 2–30 个字"),
        ("username", "<script>alert(1)</script>", "登录名应为 2–30 个字"),
        ("username", "", "请填写登录名。"),
        ("contact_name", "", "请填写联系人姓名。"),
        ("mobile", "12345678901", "请输入 11 位中国大陆手机号码。"),
        ("mobile", "", "请填写手机号码。"),
        ("email", "not an address", "请填写正确的电子邮箱，如 name@example.com。"),
        ("email", "", "请填写电子邮箱。"),
        ("password2", "other-horse-42", "每次输入的密码必须相同。"),
        ("password1", "12345678", "密码"),
        ("kind", "", "请选择机构类型。"),
    ],
)
def test_each_wrong_entry_gets_its_sentence(client: Client, field: str, value: str, sentence: str) -> None:
    assert sentence in " ".join(errors_of(client, **{field: value})[field])


def test_the_one_who_was_slower_in_a_race_is_told_which_name_is_taken(client: Client, monkeypatch) -> None:
    """Both forms were valid; the other was stored between the check and the write."""
    check = forms.SignupForm.clean_mobile

    def quicker_neighbour(form: forms.SignupForm) -> str:
        mobile = check(form)
        monkeypatch.setattr(forms.SignupForm, "clean_mobile", check)
        UserFactory(username="neighbour", mobile=mobile)
        return mobile

    monkeypatch.setattr(forms.SignupForm, "clean_mobile", quicker_neighbour)
    response = client.post(ADDRESS, entries())

    assert response.context["form"].errors == {"mobile": ["这个手机号码已注册过，可直接登录或找回密码。"]}
    assert User.objects.get().username == "neighbour"


def test_the_address_is_verified_by_a_mail_but_not_needed_to_sign_in(
    client: Client, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ADDRESS, entries())
    (sent,) = mail.outbox
    assert sent.to == ["wang@example.com"]
    assert sent.subject == "【科技创新券服务平台】请验证您的电子邮箱"
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", sent.body).group(1)

    assert (
        client.post("/accounts/login/", {"login": "秦岭材料院", "password": "right-horse-42"}).status_code
        == 302
    )
    assert not EmailAddress.objects.get().verified
    assert client.post(link).status_code == 302
    assert EmailAddress.objects.get().verified


@pytest.mark.parametrize("field", ["username", "contact_name", "email", "mobile"])
def test_script_in_a_field_comes_back_as_text(client: Client, field: str) -> None:
    hostile = '"><script>alert(1)</script>'
    page = client.post(ADDRESS, entries(password2="", **{field: hostile})).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_someone_signed_in_does_not_register_again(provider_client: Client) -> None:
    response = provider_client.get(ADDRESS)
    assert (response.status_code, response["Location"]) == (302, "/centre/")
    assert User.objects.filter(kind=AccountKind.PROVIDER).count() == 1
