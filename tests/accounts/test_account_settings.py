"""账户设置: contact, e-mail, password, deletion."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts import forms
from accounts.models import Message, User
from accounts.services import notify
from tests.conftest import signed_in
from tests.factories import PASSWORD, PrivateFileFactory, ProviderFactory, UserFactory, reviewer

pytestmark = pytest.mark.django_db
CONTACT = "/centre/account/contact/"
DELETE = "/centre/account/delete/"
EMAIL = "/accounts/email/"


@pytest.fixture
def account(provider_client: Client) -> User:
    return provider_client.user


def stored(account: User) -> User:
    return User.objects.get(pk=account.pk)


def test_the_page_shows_the_account_and_what_can_be_changed(provider_client: Client, account: User) -> None:
    page = provider_client.get("/centre/account/").content.decode()
    for text in (
        account.username,
        "接券机构（协作网单位）",
        "王小明",
        account.mobile,
        account.email,
        "未验证",
    ):
        assert text in page
    for address in (CONTACT, DELETE, EMAIL, "/accounts/password/change/"):
        assert f'href="{address}"' in page


def test_contact_and_mobile_are_changed(provider_client: Client, account: User) -> None:
    response = provider_client.post(CONTACT, {"contact_name": "赵敏", "mobile": "137 0000 1111"})
    assert (response.status_code, response["Location"]) == (302, "/centre/account/")
    assert (stored(account).contact_name, stored(account).mobile) == ("赵敏", "13700001111")


def test_forged_fields_change_nothing(provider_client: Client, account: User) -> None:
    provider_client.post(
        CONTACT,
        {
            "contact_name": "赵敏",
            "mobile": "13700001111",
            "kind": "staff",
            "is_superuser": "on",
            "username": "x",
        },
    )
    after = stored(account)
    assert (after.kind, after.is_superuser, after.username) == ("provider", False, account.username)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("mobile", "", "请填写手机号码。"),
        ("mobile", "123", "请输入 11 位中国大陆手机号码。"),
        ("mobile", "137 0000 2222", "这个手机号码已被另一个账户使用，请换一个号码。"),
        ("contact_name", "", "请填写联系人姓名。"),
    ],
)
def test_a_wrong_contact_changes_nothing(
    provider_client: Client, account: User, field: str, value: str, sentence: str
) -> None:
    UserFactory(mobile="13700002222")
    entries = {"contact_name": "赵敏", "mobile": "13700001111", field: value}
    response = provider_client.post(CONTACT, entries)
    assert response.context["form"].errors == {field: [sentence]}
    assert (stored(account).contact_name, stored(account).mobile) == ("王小明", account.mobile)
    assert "<b>王小明</b>" in response.content.decode()  # the menu's head still shows who it is


def test_a_number_taken_meanwhile_is_told(provider_client: Client, account: User, monkeypatch) -> None:
    UserFactory(mobile="13700001111")
    monkeypatch.setattr(forms.ContactForm, "validate_unique", lambda form: None)
    response = provider_client.post(CONTACT, {"contact_name": "赵敏", "mobile": "13700001111"})
    assert response.context["form"].errors["mobile"] == ["这个手机号码已被另一个账户使用，请换一个号码。"]
    assert stored(account).contact_name == "王小明"


def change_email(client: Client, email: str, password: str = PASSWORD):
    return client.post(EMAIL, {"email": email, "password": password})


def test_a_new_email_replaces_the_old_one_everywhere(
    provider_client: Client, account: User, client: Client, django_capture_on_commit_callbacks
) -> None:
    before = account.email
    provider_client.get(EMAIL)
    EmailAddress.objects.filter(user=account).update(verified=True)

    with django_capture_on_commit_callbacks(execute=True):
        response = change_email(provider_client, "New@Example.com")

    assert (response.status_code, response["Location"]) == (302, EMAIL)
    assert stored(account).email == "new@example.com"
    address = EmailAddress.objects.get(user=account)
    assert (address.email, address.primary, address.verified) == ("new@example.com", True, False)
    assert [sent.to for sent in mail.outbox] == [[before], ["new@example.com"]]
    assert "已改为 new@example.com" in mail.outbox[0].body
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/password/reset/", {"email": before})
    assert "没有账户使用这个邮箱" in mail.outbox[0].body
    assert client.post("/accounts/login/", {"login": before, "password": PASSWORD}).status_code == 200
    assert (
        client.post("/accounts/login/", {"login": "new@example.com", "password": PASSWORD}).status_code == 302
    )


@pytest.mark.parametrize(
    ("email", "password", "field", "sentence"),
    [
        ("taken@example.com", PASSWORD, "email", "这个邮箱已被另一个账户使用，请换一个邮箱。"),
        ("TAKEN@Example.com", PASSWORD, "email", "这个邮箱已被另一个账户使用，请换一个邮箱。"),
        ("not an address", PASSWORD, "email", "请填写正确的电子邮箱，如 name@example.com。"),
        ("new@example.com", "wrong", "password", "密码不正确，请重新输入。"),
    ],
)
def test_a_refused_email_changes_nothing(
    provider_client: Client, account: User, email: str, password: str, field: str, sentence: str
) -> None:
    UserFactory(email="taken@example.com")
    response = change_email(provider_client, email, password)
    assert response.context["form"].errors == {field: [sentence]}
    assert stored(account).email == account.email


def test_an_email_taken_meanwhile_is_told(provider_client: Client, account: User, monkeypatch) -> None:
    UserFactory(email="taken@example.com")
    monkeypatch.setattr(forms.EmailForm, "clean_email", lambda form: form.cleaned_data["email"])
    response = change_email(provider_client, "taken@example.com")
    assert response.context["form"].errors["email"] == ["这个邮箱已被另一个账户使用，请换一个邮箱。"]
    assert stored(account).email == account.email


def test_guessing_the_password_at_a_borrowed_screen_locks(provider_client: Client) -> None:
    for _ in range(5):
        change_email(provider_client, "new@example.com", "wrong")
    (sentence,) = change_email(provider_client, "new@example.com").context["form"].errors["password"]
    assert "请 10 分钟后再试" in sentence


def test_the_verification_mail_is_sent_again_but_not_in_a_row(
    provider_client: Client, account: User, django_capture_on_commit_callbacks
) -> None:
    for expected in (f"验证邮件已发到 {account.email}，请查收。", "验证邮件刚刚发过"):
        with django_capture_on_commit_callbacks(execute=True):
            page = provider_client.post(EMAIL, {"action_send": ""}, follow=True).content.decode()
        assert expected in page
    (sent,) = mail.outbox
    link = re.search(r"http://testserver(\S+)", sent.body).group(1)
    provider_client.post(link)
    assert EmailAddress.objects.get(user=account).verified
    assert "已验证" in provider_client.get(EMAIL).content.decode()


def test_staff_change_their_email_the_same_way(reviewer_client: Client) -> None:
    assert change_email(reviewer_client, "new@example.com").status_code == 302
    assert stored(reviewer_client.user).email == "new@example.com"


def test_a_changed_password_ends_the_other_sessions(provider_client: Client, account: User) -> None:
    elsewhere = signed_in(account)
    new = {"oldpassword": PASSWORD, "password1": "brown-horse-43", "password2": "brown-horse-43"}
    assert provider_client.post("/accounts/password/change/", new).status_code == 302
    assert provider_client.get("/centre/account/").status_code == 200
    assert elsewhere.get("/centre/account/").status_code == 302
    assert stored(account).check_password("brown-horse-43")


def test_a_wrong_old_password_changes_nothing(provider_client: Client, account: User) -> None:
    new = {"oldpassword": "wrong", "password1": "brown-horse-43", "password2": "brown-horse-43"}
    response = provider_client.post("/accounts/password/change/", new)
    assert response.context["form"].errors == {"oldpassword": ["当前密码不正确，请重新输入。"]}
    assert stored(account).check_password(PASSWORD)


def test_an_account_with_nothing_is_deleted_and_may_register_anew_as_the_other_kind(
    provider_client: Client, account: User, client: Client
) -> None:
    notify(recipient=account, subject="欢迎", body="", email=False)
    assert "确定删除账户" in provider_client.get(DELETE).content.decode()

    response = provider_client.post(DELETE, {"password": PASSWORD}, follow=True)

    assert "账户已删除" in response.content.decode()
    assert not User.objects.filter(pk=account.pk).exists()
    assert not Message.objects.exists()
    assert "_auth_user_id" not in provider_client.session
    entries = {
        "kind": "consumer",
        "username": account.username,
        "contact_name": "王小明",
        "email": account.email,
        "mobile": account.mobile,
        "password1": "brown-horse-43",
        "password2": "brown-horse-43",
    }
    assert client.post("/accounts/signup/", entries).status_code == 302
    assert User.objects.get(username=account.username).is_consumer


def test_deletion_asks_for_the_password(provider_client: Client, account: User) -> None:
    response = provider_client.post(DELETE, {"password": "wrong"})
    assert response.context["form"].errors == {"password": ["密码不正确，请重新输入。"]}
    assert User.objects.filter(pk=account.pk).exists()


@pytest.mark.parametrize(
    "make", [lambda owner: ProviderFactory(account=owner), lambda owner: PrivateFileFactory(owner=owner)]
)
def test_an_account_with_something_to_keep_is_told_why_it_stays(
    provider_client: Client, account: User, make
) -> None:
    make(account)
    page = provider_client.get(DELETE).content.decode()
    assert "这个账户现在不能删除" in page
    assert "确定删除账户" not in page

    response = provider_client.post(DELETE, {"password": PASSWORD}, follow=True)
    assert "账户名下已有机构信息、上传的文件或办理记录，不能删除。" in response.content.decode()
    assert User.objects.filter(pk=account.pk).exists()
    assert provider_client.session["_auth_user_id"] == str(account.pk)


def test_staff_do_not_delete_themselves() -> None:
    colleague = reviewer()
    response = signed_in(colleague).post(DELETE, {"password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert User.objects.filter(pk=colleague.pk).exists()
