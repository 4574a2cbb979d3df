"""Private files reach their owner and those who review; nobody else learns that they exist."""

import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import AccountKind, User
from files.models import PrivateFile
from files.uploads import store_private_file
from tests.files.conftest import image_bytes, pdf_bytes, upload


@pytest.fixture
def scan(owner: User) -> PrivateFile:
    return store_private_file(upload=upload("法人 证书.pdf", pdf_bytes()), owner=owner)


def test_its_owner_reads_it(client: Client, owner: User, scan: PrivateFile) -> None:
    client.force_login(owner)
    response = client.get(scan.get_absolute_url())
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == pdf_bytes()
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"] == (
        "inline; filename*=utf-8''%E6%B3%95%E4%BA%BA%20%E8%AF%81%E4%B9%A6.pdf"
    )
    assert response["Content-Security-Policy"].startswith("default-src 'none'")


def test_it_can_be_saved(client: Client, owner: User, scan: PrivateFile) -> None:
    client.force_login(owner)
    disposition = client.get(scan.get_absolute_url() + "?download")["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''")


def test_an_image_is_shown_in_a_sandbox(client: Client, owner: User) -> None:
    image = store_private_file(upload=upload("a.png", image_bytes()), owner=owner)
    client.force_login(owner)
    response = client.get(image.get_absolute_url())
    assert response["Content-Type"] == "image/png"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_head_answers_without_the_content(client: Client, owner: User, scan: PrivateFile) -> None:
    client.force_login(owner)
    response = client.head(scan.get_absolute_url())
    assert response.status_code == 200
    assert response["Content-Length"] == str(len(pdf_bytes()))


def test_another_account_gets_404(client: Client, account: Callable[..., User], scan: PrivateFile) -> None:
    client.force_login(account("provider-b"))
    assert client.get(scan.get_absolute_url()).status_code == 404


def test_an_address_that_does_not_exist_answers_the_same(client: Client, owner: User) -> None:
    client.force_login(owner)
    assert client.get(f"/files/{uuid.uuid4()}/").status_code == 404


@pytest.mark.parametrize("exists", [True, False])
def test_a_visitor_is_sent_to_sign_in_whether_it_exists_or_not(
    client: Client, scan: PrivateFile, exists: bool
) -> None:
    address = scan.get_absolute_url() if exists else f"/files/{uuid.uuid4()}/"
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={address}"


def test_staff_read_it_only_with_the_permission(
    client: Client, account: Callable[..., User], scan: PrivateFile
) -> None:
    staff = account("reviewer", kind=AccountKind.STAFF)
    client.force_login(staff)
    assert client.get(scan.get_absolute_url()).status_code == 404
    staff.user_permissions.add(Permission.objects.get(codename="view_privatefile"))
    assert client.get(scan.get_absolute_url()).status_code == 200


def test_the_permission_given_to_an_external_account_by_mistake_opens_nothing(
    client: Client, account: Callable[..., User], scan: PrivateFile
) -> None:
    other = account("provider-b")
    other.user_permissions.add(Permission.objects.get(codename="view_privatefile"))
    client.force_login(other)
    assert client.get(scan.get_absolute_url()).status_code == 404


def test_behind_nginx_the_file_is_named_not_sent(
    client: Client, owner: User, scan: PrivateFile, settings
) -> None:
    settings.PRIVATE_ACCEL_PREFIX = "/protected/"
    client.force_login(owner)
    response = client.get(scan.get_absolute_url())
    assert response["X-Accel-Redirect"] == f"/protected/{scan.file.name}"
    assert response["Content-Type"] == "application/pdf"
    assert response.content == b""


def test_a_row_whose_file_is_gone_is_404(client: Client, owner: User, scan: PrivateFile) -> None:
    scan.file.storage.delete(scan.file.name)
    client.force_login(owner)
    assert client.get(scan.get_absolute_url()).status_code == 404


def test_private_files_have_no_public_address(client: Client, scan: PrivateFile) -> None:
    with pytest.raises(ValueError, match="no address of its own"):
        _ = scan.file.url
    assert client.get(f"/media/{scan.file.name}").status_code == 404
