"""Who asks: the account behind a token made in the centre (docs/adr/0006-api-tokens.md)."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import BasePermission
from wagtail.models import APIToken

from accounts.models import User
from catalogue.api.throttling import WrongTokenThrottle

# When a token was last used is written at most this often.
SECONDS_BETWEEN_TOUCHES = 60


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer wagtail_…``. Cookies are not looked at: a session is nobody here."""

    def authenticate(self, request: Any) -> tuple[User, APIToken] | None:
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        scheme, _space, word = header.partition(" ")
        token = self._token(word.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            throttle = WrongTokenThrottle()
            if not throttle.allow_request(request, None):
                raise Throttled(wait=throttle.wait())
            raise AuthenticationFailed(
                _("令牌无效或已停用。请核对请求头“Authorization: Bearer 令牌”，或在应用中心新建令牌。")
            )
        self._touch(token)
        return token.user, token

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="api"'

    def _token(self, word: str) -> APIToken | None:
        """The token in force of an active provider."""
        if not APIToken.validate_token_format(word):
            return None
        token = (
            APIToken.objects.select_related("user")
            .filter(key_hash__in=APIToken.candidate_key_hashes(word), revoked_at=None)
            .first()
        )
        return token if token and token.user.is_active and token.user.is_provider else None

    def _touch(self, token: APIToken) -> None:
        now = timezone.now()
        last = token.last_used_at
        if last is None or (now - last).total_seconds() >= SECONDS_BETWEEN_TOUCHES:
            APIToken.objects.filter(pk=token.pk).update(last_used_at=now)


class HasToken(BasePermission):
    def has_permission(self, request: Any, view: Any) -> bool:
        return request.auth is not None


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "wagtail_…",
            "description": _("在应用中心“账户设置 → 接口令牌”新建。"),
        }
