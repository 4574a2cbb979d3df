"""Settings of the test suite. DATABASE_URL and REDIS_URL choose the servers; SQLite and memory by default."""

import os
import tempfile
from pathlib import Path

from .base import *
from .base import CACHES, DATABASES, INSTALLED_APPS, REDIS_URL, STORAGES, VAR_DIR

INSTALLED_APPS.append("django_migration_linter")
DEBUG = False
PAGE_CACHE_SECONDS = 0  # tests of pages are about rendering them; tests/page_cache/ turns it on
SECRET_KEY = "test-key-that-protects-nothing-and-is-long-enough-to-pass"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TEST_DATABASES = (
    VAR_DIR / "test-databases"
)  # stays, so that the next run has not to migrate (tests/databases.py)
_var = tempfile.TemporaryDirectory(prefix="voucher-tests-")  # removed when the process ends
VAR_DIR = Path(_var.name)
STATIC_ROOT = VAR_DIR / "staticfiles"
STATIC_ROOT.mkdir()
MEDIA_ROOT = VAR_DIR / "media"
PRIVATE_ROOT = VAR_DIR / "private"
STORAGES["private"]["OPTIONS"]["location"] = PRIVATE_ROOT

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in production: threads on a database in memory share a cache that answers "table is
    # locked" at once where a file waits. Nothing of it has to survive, so nothing is synced.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
else:
    # as above; and no query of a test is long enough to be worth compiling
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off -c jit=off"

if REDIS_URL:
    # clear() empties a whole Redis database: each worker of pytest-xdist counts up to one of its own.
    server, number = REDIS_URL.rsplit("/", 1)
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    CACHES["default"]["LOCATION"] = f"{server}/{int(number) + worker}"
else:
    CACHES["default"]["LOCATION"] = "tests"
