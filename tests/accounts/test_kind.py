"""The kind of an account is fixed for life, in code and in the database; external kinds hold no rights."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction

from accounts.exceptions import AccountError
from accounts.models import AccountKind, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def stored_kind(account: User) -> str:
    return User.objects.values_list("kind", flat=True).get(pk=account.pk)


def test_saving_another_kind_is_refused_in_words() -> None:
    account = User.objects.get(pk=UserFactory().pk)
    account.kind = AccountKind.STAFF
    with pytest.raises(AccountError, match="账户类型在注册时选定，不能更改"):
        account.save()
    assert stored_kind(account) == AccountKind.PROVIDER


def test_the_account_just_created_is_guarded_too() -> None:
    account = UserFactory()
    account.kind = AccountKind.CONSUMER
    with pytest.raises(AccountError):
        account.save()


def test_an_account_loaded_without_its_kind_can_still_be_saved() -> None:
    account = User.objects.defer("kind").get(pk=UserFactory().pk)
    account.contact_name = "新联系人"
    account.save()
    assert User.objects.get(pk=account.pk).contact_name == "新联系人"


def change_by_update(account: User) -> None:
    User.objects.filter(pk=account.pk).update(kind=AccountKind.STAFF)


def change_by_bulk_update(account: User) -> None:
    account.kind = AccountKind.STAFF
    User.objects.bulk_update([account], ["kind"])


def change_by_sql(account: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_user SET kind = 'staff', contact_name = 'x' WHERE id = %s", [account.pk]
        )


@pytest.mark.parametrize("change", [change_by_update, change_by_bulk_update, change_by_sql])
def test_the_database_refuses_what_goes_round_the_model(change) -> None:
    account = UserFactory()
    with pytest.raises(IntegrityError, match="fixed for life"), transaction.atomic():
        change(account)
    assert stored_kind(account) == AccountKind.PROVIDER


def test_writing_the_same_kind_again_is_no_change() -> None:
    account = UserFactory()
    User.objects.filter(pk=account.pk).update(kind=AccountKind.PROVIDER, contact_name="赵敏")
    assert User.objects.get(pk=account.pk).contact_name == "赵敏"


@pytest.mark.parametrize("flag", ["is_staff", "is_superuser"])
@pytest.mark.parametrize("kind", [AccountKind.PROVIDER, AccountKind.CONSUMER])
def test_the_database_refuses_staff_flags_on_external_accounts(kind: str, flag: str) -> None:
    account = UserFactory(kind=kind)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=account.pk).update(**{flag: True})


def test_the_database_refuses_a_kind_it_does_not_know() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(kind="auditor")


def test_a_group_gives_an_external_account_nothing() -> None:
    account, colleague = UserFactory(groups=["审核人员"]), UserFactory(staff=True, groups=["审核人员"])
    assert Group.objects.get(name="审核人员").user_set.count() == 2
    assert colleague.has_perm("wagtailadmin.access_admin")
    assert not account.has_perm("wagtailadmin.access_admin")
    assert not account.has_module_perms("wagtailadmin")


@pytest.mark.parametrize(
    ("field", "first", "second"),
    [("username", "qinling", "QinLing"), ("email", "wang@example.com", "Wang@Example.com")],
)
def test_identifiers_are_unique_without_regard_to_case(field: str, first: str, second: str) -> None:
    UserFactory(**{field: first})
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(**{field: second})
    with pytest.raises(IntegrityError), transaction.atomic():  # past the model, which stores small letters
        User.objects.bulk_create([UserFactory.build(**{field: second})])


def test_identifiers_are_stored_as_sign_in_looks_them_up() -> None:
    account = User.objects.create_superuser(
        "ＡDMIN", "Admin@Example.COM", "right-horse-42", contact_name="系统管理员"
    )
    account = User.objects.get(pk=account.pk)
    assert (account.username, account.email, account.mobile) == ("admin", "admin@example.com", None)
    assert account.kind == AccountKind.STAFF


def test_several_staff_may_have_no_mobile_number() -> None:
    for mobile in ("", None):
        UserFactory(staff=True, mobile=mobile)
    assert User.objects.filter(mobile=None).count() == 2
