"""No external account enters the Wagtail admin, whatever it was given by mistake."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page

from accounts.models import User
from tests.conftest import signed_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

# What the admin serves to anybody: no data, and our own gate.
OPEN = {"/admin/sprite/", "/admin/jsi18n/", "/admin/login/"}


def over_privileged(**fields: object) -> User:
    """An external account in every group, with every permission there is, to all pages and collections."""
    everything = Group.objects.create(name="everything")
    everything.permissions.set(Permission.objects.all())
    root = Page.get_first_root_node()
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", content_type__model="page"
    ):
        GroupPagePermission.objects.create(group=everything, page=root, permission=permission)
    for permission in Permission.objects.filter(content_type__app_label__in=["files", "wagtaildocs"]):
        for collection in GroupCollectionPermission._meta.get_field("collection").related_model.objects.all():
            GroupCollectionPermission.objects.create(
                group=everything, collection=collection, permission=permission
            )
    account = UserFactory(**fields)
    account.groups.set(Group.objects.all())
    account.user_permissions.set(Permission.objects.all())
    return account


def admin_addresses() -> list[str]:
    """Every address under /admin/, its parameters filled in."""
    return sorted({address for address in _walk(get_resolver(), "/") if address.startswith("/admin/")})


def _walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = prefix + _filled(entry)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route)
        elif isinstance(entry, URLPattern):
            yield route


def _filled(entry: URLPattern | URLResolver) -> str:
    pattern = entry.pattern
    if not hasattr(pattern, "_route"):  # a regular expression: the catch-all and a few old addresses
        return "x/" if str(pattern).endswith("$") else ""
    route = pattern._route
    for name, converter in pattern.converters.items():
        value = "00000000-0000-0000-0000-000000000001" if "UUID" in type(converter).__name__ else "1"
        for spelling in (
            f"<int:{name}>",
            f"<str:{name}>",
            f"<slug:{name}>",
            f"<path:{name}>",
            f"<uuid:{name}>",
            f"<{name}>",
        ):
            route = route.replace(spelling, value)
    return route


@pytest.mark.parametrize("consumer", [False, True])
def test_no_address_of_the_admin_opens_to_an_external_account(consumer: bool) -> None:
    client = signed_in(over_privileged(consumer=consumer))
    addresses = admin_addresses()
    assert len(addresses) > 200
    assert {"/admin/", "/admin/pages/", "/admin/users/", "/admin/account/", "/admin/review/"} <= set(
        addresses
    )

    entered = {}
    for address in addresses:
        if address in OPEN:
            continue
        for method in (client.get, client.post):
            response = method(address)
            client.cookies.pop("messages", None)  # or each refusal adds one, and every request reads them all
            sent_away = response.status_code == 302 and response["Location"].startswith("/admin/login/?next=")
            # 404: password reset of the admin, which is off
            if not sent_away and response.status_code != 404:
                entered[address] = (method.__name__, response.status_code, response.get("Location"))
    assert entered == {}


def test_the_same_addresses_do_open_to_staff(superuser_client: Client) -> None:
    superuser_client.raise_request_exception = False  # one of them is Wagtail's test of the error page
    opened = [address for address in admin_addresses() if superuser_client.get(address).status_code == 200]
    assert len(opened) > 30


@pytest.mark.parametrize(
    "address",
    [
        "/admin/",
        "/admin/pages/",
        "/admin/images/",
        "/admin/documents/",
        "/admin/users/",
        "/admin/reports/site-history/",
    ],
)
def test_an_external_account_is_told_and_taken_to_the_centre(provider_client: Client, address: str) -> None:
    response = provider_client.get(address, follow=True)
    assert [where for where, _status in response.redirect_chain] == [
        f"/admin/login/?next={address}",
        "/centre/",
    ]
    assert [str(message) for message in response.context["messages"]] == [
        "管理后台仅供管理人员使用。您的账户类型是“接券机构（协作网单位）”，请使用应用中心。"
    ]


def test_scripts_of_the_admin_are_refused_too(provider_client: Client) -> None:
    response = provider_client.get("/admin/pages/", headers={"x-requested-with": "XMLHttpRequest"})
    assert response.status_code == 403


@pytest.mark.parametrize("address", ["/admin/", "/admin/users/?q=%E7%8E%8B", "/admin/nowhere/"])
def test_visitors_sign_in_and_go_on_to_where_they_were_going(client: Client, address: str) -> None:
    UserFactory(admin=True, username="admin")
    arrived = client.get(address, follow=True)
    signin = arrived.redirect_chain[-1][0]
    assert signin.startswith("/accounts/login/?next=/admin/")
    response = client.post(signin, {"login": "admin", "password": PASSWORD})
    assert response["Location"] == address


def test_an_external_account_that_signs_in_for_the_admin_ends_in_the_centre(client: Client) -> None:
    UserFactory(username="qinling")
    response = client.post(
        "/accounts/login/?next=/admin/", {"login": "qinling", "password": PASSWORD}, follow=True
    )
    assert response.redirect_chain[-1] == ("/centre/", 302)


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/admin/login/", "/admin/login/?next=/admin/login/"],
)
def test_the_gate_leads_to_no_other_site_and_not_to_itself(superuser_client: Client, target: str) -> None:
    response = superuser_client.get("/admin/login/", {"next": target})
    assert (response.status_code, response["Location"]) == (302, "/admin/")


def test_staff_without_a_role_are_told_so_and_not_sent_in_circles() -> None:
    response = signed_in(UserFactory(staff=True, contact_name="新同事")).get("/centre/", follow=True)
    assert response.status_code == 403
    assert [where for where, _status in response.redirect_chain] == ["/admin/", "/admin/login/?next=/admin/"]
    assert "账户“新同事”还没有加入任何管理用户组" in response.content.decode()
