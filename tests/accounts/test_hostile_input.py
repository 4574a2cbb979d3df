"""Forms that anybody may send, filled with more than anybody types."""

import unicodedata

import pytest
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db

# One character that normalising makes eighteen.
SWELLING = "\ufdfa" * 100_000


@pytest.fixture
def longest_normalised(monkeypatch):
    """The lengths of the texts handed to the normaliser meanwhile."""
    lengths = [0]
    real = unicodedata.normalize

    def counted(form: str, text: str) -> str:
        lengths.append(len(text))
        return real(form, text)

    monkeypatch.setattr(unicodedata, "normalize", counted)
    return lengths


def test_an_endless_login_name_is_refused_unread(longest_normalised):
    response = Client().post("/accounts/login/", {"login": SWELLING, "password": "x"})
    assert "这不是登录名、邮箱或手机号码" in response.content.decode()
    assert max(longest_normalised) < 1000


def test_an_endless_registration_is_refused_unread(longest_normalised):
    response = Client().post(
        "/accounts/signup/",
        {
            "kind": "provider",
            "username": SWELLING,
            "contact_name": "王小明",
            "email": "wang@example.com",
            "mobile": SWELLING,
            "password1": "Cuihua-Shan-88",
            "password2": "Cuihua-Shan-88",
        },
    )
    assert set(response.context["form"].errors) == {"username", "mobile"}
    assert max(longest_normalised) < 1000
    assert not User.objects.exists()
