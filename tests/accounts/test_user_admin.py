"""Accounts in the Wagtail admin: staff are kept there, external accounts only looked up and deactivated."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.models import AccountKind, User
from tests.factories import PASSWORD, ProviderFactory, UserFactory, reviewer
from workflow.setup import AUDITORS, REVIEWERS

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]
LIST = "/admin/users/"


def names(client: Client, query: str = "") -> set[str]:
    return {account.username for account in client.get(LIST + query).context["users"]}


def entries(**changes: object) -> dict[str, object]:
    return {
        "username": "ZhaoMin",
        "contact_name": "赵敏",
        "email": "zhao@example.com",
        "mobile": "",
        "password1": "right-horse-42",
        "password2": "right-horse-42",
        "groups": [Group.objects.get(name=REVIEWERS).pk],
        **changes,
    }


def form_errors(client: Client, address: str, **changes: object) -> dict[str, list[str]]:
    response = client.post(address, entries(**changes))
    assert response.status_code == 200
    return dict(response.context["form"].errors)


def test_the_list_shows_staff_unless_another_kind_is_asked_for(superuser_client: Client) -> None:
    UserFactory(username="秦岭材料院")
    UserFactory(username="杨凌农科", consumer=True)
    colleague = reviewer(username="zhaomin")
    assert names(superuser_client) == {superuser_client.user.username, colleague.username}
    assert names(superuser_client, "?kind=provider") == {"秦岭材料院"}
    assert names(superuser_client, "?kind=consumer") == {"杨凌农科"}


@pytest.mark.parametrize("q", ["秦岭", "王小秦", "qinling@", "1370000"])
def test_the_search_looks_into_name_contact_email_and_mobile(superuser_client: Client, q: str) -> None:
    UserFactory(
        username="秦岭材料院", contact_name="王小秦", email="qinling@example.com", mobile="13700001111"
    )
    UserFactory(username="别的机构", contact_name="李四", email="other@example.com", mobile="13811112222")
    assert names(superuser_client, f"?kind=provider&q={q}") == {"秦岭材料院"}
    assert names(superuser_client, f"?q={q}") == set()


def test_the_list_costs_the_same_however_many_accounts_there_are(
    superuser_client: Client, django_assert_max_num_queries
) -> None:
    User.objects.bulk_create(
        UserFactory.build(username=f"机构{n}", email=f"many{n}@example.com", mobile=None) for n in range(60)
    )
    superuser_client.get(LIST)
    with django_assert_max_num_queries(16):
        superuser_client.get(LIST)
    with django_assert_max_num_queries(16):
        assert len(superuser_client.get(f"{LIST}?kind=provider").context["users"]) == 20


def test_a_new_account_is_staff_with_its_role_and_can_sign_in(
    superuser_client: Client, client: Client
) -> None:
    response = superuser_client.post(f"{LIST}new/", entries(kind="provider", mobile="+86 139 0000 1111"))
    assert response.status_code == 302
    account = User.objects.get(username="zhaomin")
    assert (account.kind, account.contact_name, account.mobile) == (AccountKind.STAFF, "赵敏", "13900001111")
    assert [group.name for group in account.groups.all()] == [REVIEWERS]
    signed = client.post("/accounts/login/", {"login": "ZhaoMin", "password": "right-horse-42"})
    assert signed["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("username", "zhao min", "登录名应为 2–30 个字"),
        ("username", "TAKEN", "这个登录名已被使用，请换一个。"),
        ("email", "TAKEN@example.com", "这个邮箱已注册过"),
        ("contact_name", "", "必"),
        ("mobile", "123", "11 位中国大陆手机号码"),
        ("password2", "other-horse-42", "密码"),
    ],
)
def test_a_wrong_new_account_is_refused(
    superuser_client: Client, field: str, value: str, sentence: str
) -> None:
    UserFactory(username="taken", email="taken@example.com")
    errors = form_errors(superuser_client, f"{LIST}new/", **{field: value})
    assert list(errors) == [field]
    assert sentence in errors[field][0]
    assert not User.objects.filter(contact_name="赵敏").exists()


def test_a_staff_account_is_edited(superuser_client: Client) -> None:
    colleague = reviewer()
    address = f"{LIST}edit/{colleague.pk}/"
    assert "姓名" in superuser_client.get(address).content.decode()
    auditors = Group.objects.get(name=AUDITORS)
    response = superuser_client.post(
        address, entries(password1="", password2="", groups=[auditors.pk], is_active="on", is_superuser="on")
    )
    assert response.status_code == 302
    colleague = User.objects.get(pk=colleague.pk)
    assert (colleague.username, colleague.contact_name, colleague.is_superuser) == ("zhaomin", "赵敏", True)
    assert list(colleague.groups.all()) == [auditors]
    assert colleague.check_password(PASSWORD)


def test_a_changed_email_closes_the_old_one_for_sign_in_and_reset(
    superuser_client: Client, client: Client
) -> None:
    colleague = reviewer(email="old@example.com")
    EmailAddress.objects.create(user=colleague, email="old@example.com", primary=True, verified=True)
    superuser_client.post(f"{LIST}edit/{colleague.pk}/", entries(password1="", password2="", is_active="on"))
    assert [address.email for address in EmailAddress.objects.filter(user=colleague)] == ["zhao@example.com"]
    assert (
        client.post("/accounts/login/", {"login": "old@example.com", "password": PASSWORD}).status_code == 200
    )


def test_of_an_external_account_only_whether_it_may_sign_in_changes(
    superuser_client: Client, client: Client
) -> None:
    account = UserFactory(username="秦岭材料院", email="qinling@example.com", mobile="13700001111")
    address = f"{LIST}edit/{account.pk}/"
    page = superuser_client.get(address).content.decode()
    assert "这是外部账户，类型为“接券机构（协作网单位）”" in page
    assert 'name="groups"' not in page
    assert 'name="password1"' not in page

    response = superuser_client.post(
        address, entries(is_superuser="on", kind="staff")
    )  # no is_active: deactivate

    assert response.status_code == 302
    after = User.objects.get(pk=account.pk)
    assert not after.is_active
    assert (after.username, after.email, after.mobile) == ("秦岭材料院", "qinling@example.com", "13700001111")
    assert (after.contact_name, after.kind, after.is_superuser) == ("王小明", "provider", False)
    assert after.groups.count() == 0
    assert after.check_password(PASSWORD)
    client.force_login(account)
    assert client.get("/centre/").status_code == 302


def test_nobody_deactivates_or_demotes_themselves(superuser_client: Client) -> None:
    page = superuser_client.get(f"{LIST}edit/{superuser_client.user.pk}/").content.decode()
    assert 'name="is_active"' not in page
    assert 'name="is_superuser"' not in page


def bulk(action: str, *accounts: User | str) -> str:
    chosen = "&".join(f"id={getattr(account, 'pk', account)}" for account in accounts)
    return f"/admin/bulk/accounts/user/{action}/?{chosen}"


def test_a_role_in_bulk_goes_to_staff_only(superuser_client: Client) -> None:
    account, colleague = UserFactory(), UserFactory(staff=True)
    auditors = Group.objects.get(name=AUDITORS)
    superuser_client.post(bulk("assign_role", account, colleague), {"role": auditors.pk})
    assert list(auditors.user_set.all()) == [colleague]


def test_all_in_bulk_never_means_the_external_accounts(superuser_client: Client) -> None:
    account, colleague = UserFactory(), UserFactory(staff=True)
    superuser_client.post(bulk("set_active_state", "all"), {"mark_as_active": "False"})
    active = set(User.objects.filter(is_active=True).values_list("pk", flat=True))
    assert active == {account.pk, superuser_client.user.pk}
    assert not User.objects.get(pk=colleague.pk).is_active


def test_what_has_a_trail_is_not_deleted_one_by_one_or_in_bulk(superuser_client: Client) -> None:
    account = ProviderFactory(approved=True).account
    decider = User.objects.get(groups__name=REVIEWERS)
    unused = UserFactory(staff=True)
    for kept in (account, decider):
        page = superuser_client.post(f"{LIST}delete/{kept.pk}/", follow=True).content.decode()
        assert "名下有办理记录，不能删除。请改为停用。" in page
    superuser_client.post(bulk("delete", account, decider, unused))
    assert set(User.objects.values_list("pk", flat=True)) == {
        account.pk,
        decider.pk,
        superuser_client.user.pk,
    }


def test_an_unused_staff_account_is_deleted(superuser_client: Client) -> None:
    unused = UserFactory(staff=True)
    assert superuser_client.get(f"{LIST}delete/{unused.pk}/").status_code == 200
    superuser_client.post(f"{LIST}delete/{unused.pk}/")
    assert not User.objects.filter(pk=unused.pk).exists()


def test_reviewers_do_not_see_the_accounts(reviewer_client: Client) -> None:
    assert reviewer_client.get(LIST).status_code == 302
    assert reviewer_client.get(f"{LIST}new/").status_code == 302


def test_staff_keep_their_own_name_number_and_password(reviewer_client: Client) -> None:
    address = "/admin/account/"
    page = reviewer_client.get(address).content.decode()
    assert 'name="name_email-contact_name"' in page
    for absent in ("first_name", "notifications-", "name_email-email"):
        assert absent not in page
    changed = {
        "name_email-contact_name": "赵敏",
        "name_email-mobile": "137 0000 1111",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
        "password-old_password": PASSWORD,
        "password-new_password1": "brown-horse-43",
        "password-new_password2": "brown-horse-43",
    }
    assert reviewer_client.post(address, changed).status_code == 302
    after = User.objects.get(pk=reviewer_client.user.pk)
    assert (after.contact_name, after.mobile) == ("赵敏", "13700001111")
    assert after.check_password("brown-horse-43")
    assert reviewer_client.get("/admin/").status_code == 200


def test_script_in_a_name_is_shown_as_text(superuser_client: Client) -> None:
    account = UserFactory(contact_name="<script>1</script>", mobile=None)
    for address in (f"{LIST}?kind=provider", f"{LIST}edit/{account.pk}/"):
        page = superuser_client.get(address).content.decode()
        assert "<script>1" not in page
        assert "&lt;script&gt;1&lt;/script&gt;" in page


@pytest.fixture
def keeper(client: Client) -> Client:
    """Somebody who keeps accounts, and is no superuser: no group we ship, but one that a province may make."""
    account = UserFactory(staff=True)
    permissions = Permission.objects.filter(
        codename__in=["add_user", "change_user", "delete_user", "access_admin"]
    )
    group = Group.objects.create(name="账户管理")
    group.permissions.set(permissions)
    account.groups.add(group)
    client.force_login(account)
    return client


def test_who_keeps_accounts_makes_nobody_a_superuser(keeper: Client) -> None:
    page = keeper.get(f"{LIST}new/").content.decode()
    assert 'name="is_superuser"' in page
    assert keeper.post(f"{LIST}new/", entries(is_superuser="on")).status_code == 302
    made = User.objects.get(username="zhaomin")
    assert not made.is_superuser
    keeper.post(
        f"{LIST}edit/{made.pk}/",
        entries(contact_name="赵小敏", password1="", password2="", is_active="on", is_superuser="on"),
    )
    made.refresh_from_db()
    assert (made.contact_name, made.is_superuser) == ("赵小敏", False)


def test_who_keeps_accounts_does_not_touch_a_superuser(keeper: Client) -> None:
    administrator = UserFactory(admin=True)
    before = User.objects.filter(pk=administrator.pk).values().get()
    listed = keeper.get(LIST).content.decode()
    assert administrator.username in listed
    assert f"{LIST}edit/{administrator.pk}/" not in listed
    for address in (f"{LIST}edit/{administrator.pk}/", f"{LIST}delete/{administrator.pk}/"):
        assert keeper.get(address).status_code == 302
        assert keeper.post(address, entries(password1="", password2="")).status_code == 302
    keeper.post(bulk("set_active_state", administrator), {"mark_as_active": "False"})
    keeper.post(bulk("assign_role", administrator), {"role": Group.objects.get(name=AUDITORS).pk})
    keeper.post(bulk("delete", administrator))
    assert User.objects.filter(pk=administrator.pk).values().get() == before
    assert not administrator.groups.exists()
    # other members of staff are still theirs to deactivate
    colleague = reviewer()
    keeper.post(bulk("set_active_state", colleague), {"mark_as_active": "False"})
    assert not User.objects.get(pk=colleague.pk).is_active


def test_no_account_is_overwritten_by_copying_it(keeper: Client, superuser_client: Client) -> None:
    administrator, colleague = UserFactory(admin=True), reviewer()
    before = list(User.objects.order_by("pk").values())
    for client in (keeper, superuser_client):
        for account in (administrator, colleague):
            address = f"{LIST}copy/{account.pk}/"
            assert client.get(address).status_code == 404
            assert client.post(address, entries(is_superuser="on")).status_code == 404
    assert list(User.objects.order_by("pk").values()) == before
