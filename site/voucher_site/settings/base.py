"""Settings every environment shares. Anything secret or local comes from the environment."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

from .api import *

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parents[3]
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))

PROVINCE_NAME = env("PROVINCE_NAME", default="陕西省")
PROVINCE_PREFIX = env("PROVINCE_PREFIX", default="61")
PROVINCE_REGIONS_FILE = env(
    "PROVINCE_REGIONS_FILE", default=str(BASE_DIR / "institutions" / "data" / "regions_61.json")
)
SITE_NAME = "科技创新券服务平台"

# With SECRET_KEY these open the encrypted columns (bank accounts). The first encrypts; the others are still read.
# The library's name for it. Production refuses to start without; docs/operations.md says how to replace one.
SALT_KEY = env.list("FIELD_ENCRYPTION_KEYS", default=["development-only-5ZtXk0vQm3cB8rLw1yHn"])

INSTALLED_APPS = [
    "home",
    "policy",
    "figures.apps.FiguresConfig",
    "redemptions.apps.RedemptionsConfig",
    "vouchers",
    "orders.apps.OrdersConfig",
    "catalogue",
    "institutions",
    "programme",
    "supervision",
    "files",
    "accounts.apps.AccountsConfig",
    "accounts.apps.WagtailUsersConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "wagtail.contrib.redirects",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.typed_table_block",
    "wagtail.api.v2",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "workflow",  # after wagtail.admin: it disconnects the mailers that app connects
    "wagtail_modeladmin",
    "modelcluster",
    "taggit",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "voucher_site.page_cache.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "voucher_site.middleware.ContentSecurityPolicyMiddleware",
    "voucher_site.language.LanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.two_factor.TwoFactorMiddleware",
    "voucher_site.middleware.DomainErrorMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "voucher_site.urls"
WSGI_APPLICATION = "voucher_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "voucher_site.context_processors.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# DATABASE_URL=postgres://user:password@host:5432/name for PostgreSQL; SQLite out of the box.
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at BEGIN: two requests then queue instead of failing half-way
    # with "database is locked", and a read-check-write inside atomic() is safe without row locks.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;",
    }
    # Opening the file anew for each request would cost more than most requests do, and empty that cache.
    DATABASES["default"]["CONN_MAX_AGE"] = None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="")
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "voucher_site.caches.LastingRedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            # of 300, the usual number, searches counted would push out who is locked out
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    ),
    # In each process's own memory, some 10 kB a page; only the version of what is public is shared.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 1_000},
    },
}
# Changes show at once all the same (accounts/public_version.py). This is how long a page may be late that changes by the
# clock alone, such as a notice that is pinned until today. 0 turns the cache of pages off; PostgreSQL has it with Redis only.
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", default=60)
if DATABASES["default"]["ENGINE"].endswith("postgresql") and not REDIS_URL:
    PAGE_CACHE_SECONDS = 0

# Networks whose addresses many institutions share, such as the administration's own counters: that both sides of a claim
# signed in there says nothing.
SHARED_NETWORKS = env.list("SHARED_NETWORKS", default=[])

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.LoginBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "centre:dashboard"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "login": "accounts.forms.LoginForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
}
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"【{SITE_NAME}】"
ACCOUNT_RATE_LIMITS = {"login_failed": "30/10m/ip,5/10m/key"}

# Whether staff must sign in with a code of their telephone besides the password. Production asks for it unless told otherwise.
STAFF_TWO_FACTOR = env.bool("STAFF_TWO_FACTOR", default=False)
MFA_ADAPTER = "accounts.two_factor.TwoFactorAdapter"
MFA_FORMS = {
    "activate_totp": "accounts.forms_two_factor.ActivateForm",
    "authenticate": "accounts.forms_two_factor.AuthenticateForm",
    "reauthenticate": "accounts.forms_two_factor.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds: clocks of telephones are not exact
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts of staff are made by an administrator, who knows whose they are

# Accounts of the province's instrument-sharing network 协作网 sign in here too, where its OpenID Connect server is named.
OIDC_URL = env("OIDC_URL", default="").rstrip("/")
# Where signing in may lead to: the server's address, and that of its pages where they lie elsewhere.
OIDC_ORIGINS = env.list(
    "OIDC_ORIGINS", default=["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_URL))] if OIDC_URL else []
)
OIDC_NAME = env("OIDC_NAME", default="协作网")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "network",
                "name": OIDC_NAME,
                "client_id": env("OIDC_CLIENT_ID"),
                "secret": env("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_URL},
            }
        ]
        if OIDC_URL
        else [],
    }
}
SOCIALACCOUNT_ADAPTER = "accounts.network.NetworkAdapter"
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.NetworkSignupForm"}
SOCIALACCOUNT_AUTO_SIGNUP = False  # the kind of account is asked for
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True  # linking is another way in
SOCIALACCOUNT_REQUESTS_TIMEOUT = 3  # seconds

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]  # English: voucher_site/language.py
WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(VAR_DIR / "staticfiles")))
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
PRIVATE_ROOT = VAR_DIR / "private"
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        # a private file has no address of its own, only the checked view
        "BACKEND": "files.storage.PrivateStorage",
        "OPTIONS": {"location": PRIVATE_ROOT},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PRIVATE_ACCEL_PREFIX = env("PRIVATE_ACCEL_PREFIX", default="")
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

# The workers' queue; immediate while developing, so that a message sent is a message seen.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="noreply@example.com")
# A class that sends text messages, by its dotted path; none are sent without (accounts/sms.py).
SMS_GATEWAY = env("SMS_GATEWAY", default="")
SMS_URL = env("SMS_URL", default="")
SMS_TOKEN = env("SMS_TOKEN", default="")

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "SAMEORIGIN"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF, *OIDC_ORIGINS],
        "frame-ancestors": [SELF],
    }
}
# Wagtail's editor needs inline styles and scripts; only staff ever load it.
CONTENT_SECURITY_POLICY_ADMIN = {
    "DIRECTIVES": {
        **CONTENT_SECURITY_POLICY["DIRECTIVES"],
        "style-src": [SELF, "'unsafe-inline'"],
        "script-src": [SELF, "'unsafe-inline'", "'unsafe-eval'"],
        "frame-src": [SELF],
    }
}

WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = env("SITE_URL", default="http://127.0.0.1:8000")
WAGTAILAPI_BASE_URL = WAGTAILADMIN_BASE_URL
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# Not every half second, the usual: the next save of a new page would overtake the one that makes it, and fail on its address.
WAGTAIL_AUTOSAVE_INTERVAL = 3_000
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "workflow.publishing.publish_approved"
WAGTAIL_I18N_ENABLED = False
WAGTAILIMAGES_IMAGE_MODEL = "files.SiteImage"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
# Nothing that a browser would run: no html, no svg.
WAGTAILDOCS_EXTENSIONS = [
    "pdf",
    "ofd",
    "doc",
    "docx",
    "wps",
    "xls",
    "xlsx",
    "et",
    "ppt",
    "pptx",
    "dps",
    "txt",
    "csv",
    "zip",
    "rar",
    "7z",
    "jpg",
    "jpeg",
    "png",
]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文")]
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILADMIN_LOGIN_URL = "admin_login"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "policy.search"}}
# Days for which it is kept how often something was searched for.
WAGTAILSEARCH_HITS_MAX_AGE = 90
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = True
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False  # accounts.views.EmailView asks for the password

# X_FRAME_OPTIONS: the admin previews pages, and reviewers read scans, in frames of this same site.
SILENCED_SYSTEM_CHECKS = ["security.W019"]

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
        "plain": {"format": "%(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
