"""Production, behind a reverse proxy that ends TLS. Refuses to start without its secrets and servers.

docs/operations.md lists every variable; site/deploy/ has the proxy, the services and an example environment.
"""

import os
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

REQUIRED = (
    "SECRET_KEY",
    "FIELD_ENCRYPTION_KEYS",
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "REDIS_URL",
    "SITE_URL",
    "EMAIL_URL",
)
if missing := [name for name in REQUIRED if not os.environ.get(name, "").strip()]:
    raise ImproperlyConfigured(f"Set {', '.join(missing)} in the environment; see docs/operations.md.")

# Only now: the shared settings would stumble over an empty address.
from .base import *  # noqa: E402
from .base import (  # noqa: E402 - not before the check above, as the line above says
    DATABASES,
    LOGGING,
    OIDC_URL,
    REST_FRAMEWORK,
    SMS_GATEWAY,
    SMS_TOKEN,
    SMS_URL,
    STORAGES,
    TASKS,
    env,
)

DEBUG = False
SECRET_KEY = env("SECRET_KEY")
# While a key is being replaced: the old ones, so that sessions and reset links live on.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
if "*" in ALLOWED_HOSTS:
    # The links of password resets are made of the host a request names: anybody could have them sent elsewhere.
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the site's own hosts; see docs/operations.md.")
WAGTAILADMIN_BASE_URL = WAGTAILAPI_BASE_URL = env("SITE_URL").rstrip("/")
CSRF_TRUSTED_ORIGINS = [WAGTAILADMIN_BASE_URL]
# How many proxies of ours append to X-Forwarded-For. Too few, and everyone shares the proxy's address
# and with it the lock-out after failed logins; too many, and the address can be forged.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1)
REST_FRAMEWORK["NUM_PROXIES"] = ALLAUTH_TRUSTED_PROXY_COUNT

if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # A worker serves one request at a time, so its pool is small; the pool replaces connections that
    # broke or grew old. Statements stay unprepared, as Django has them: PostgreSQL's generic plans for
    # prepared ones made the search forty times slower.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": env.int("DATABASE_POOL_SIZE", default=2),
        "timeout": 10,  # seconds
    }

TASKS["default"] = {"BACKEND": "django_tasks_db.DatabaseBackend"}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}

vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"noreply@{urlsplit(WAGTAILADMIN_BASE_URL).hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
# The proxy must set this header itself, or a visitor could claim it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=True)
STAFF_TWO_FACTOR = env.bool("STAFF_TWO_FACTOR", default=True)
if OIDC_URL and not OIDC_URL.startswith("https://"):
    # What it says of a visitor is believed because it comes over a connection nobody can change.
    raise ImproperlyConfigured("OIDC_URL must begin with https://; see docs/operations.md.")
if SMS_GATEWAY == "accounts.sms.HttpGateway" and not (SMS_URL.startswith("https://") and SMS_TOKEN):
    raise ImproperlyConfigured("accounts.sms.HttpGateway needs SMS_TOKEN and an SMS_URL of https://.")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

LOGGING["handlers"]["console"]["formatter"] = "json"
LOGGING["root"]["level"] = env("LOG_LEVEL", default="INFO")
