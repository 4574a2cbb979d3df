"""Sign-in by login name, e-mail or mobile number."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser

from accounts.models import User
from accounts.validators import MOBILE, normalise_identifier


class LoginBackend(AuthenticationBackend):
    """allauth's backend, with mobile numbers accepted where a login name is.

    allauth's own phone method wants codes by SMS; here the number only names the account, and the
    password proves it. A login name can never look like a number (``validate_login_name``).
    """

    def _authenticate_by_username(self, username: str, password: str) -> AbstractBaseUser | None:
        wanted = normalise_identifier(username)
        if MOBILE.fullmatch(wanted):
            return self._check_password(User.objects.filter(mobile=wanted).first(), password)
        return super()._authenticate_by_username(wanted, password)
