"""Accounts and bytes for the tests of uploads."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import AccountKind, User
from tests.factories import UserFactory


@pytest.fixture
def account(db: None) -> Callable[..., User]:
    """Makes accounts: ``account("provider-a")``, ``account("reviewer", kind=AccountKind.STAFF)``."""

    def make(username: str, kind: AccountKind = AccountKind.PROVIDER) -> User:
        return UserFactory(username=username, kind=kind)

    return make


@pytest.fixture
def owner(account: Callable[..., User]) -> User:
    return account("provider-a")


def image_bytes(form: str = "PNG", size: tuple[int, int] = (80, 60), **options: object) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, "steelblue").save(buffer, form, **options)
    return buffer.getvalue()


def pdf_bytes(objects: bytes = b"") -> bytes:
    """A one-page document, with further objects put in before its end."""
    return (
        b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>\nendobj\n"
        + objects
        + b"\ntrailer\n<</Root 1 0 R/Size 4>>\nstartxref\n0\n%%EOF\n"
    )


def upload(name: str, content: bytes, claimed: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=claimed)
