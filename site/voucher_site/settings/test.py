"""Settings of the test suite. DATABASE_URL and REDIS_URL choose the servers; SQLite and memory by default."""

import tempfile
from pathlib import Path

from .base import *
from .base import CACHES, REDIS_URL, STORAGES

DEBUG = False
SECRET_KEY = "test-key-that-protects-nothing-and-is-long-enough-to-pass"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
VAR_DIR = Path(tempfile.mkdtemp(prefix="voucher-tests-"))
MEDIA_ROOT = VAR_DIR / "media"
PRIVATE_ROOT = VAR_DIR / "private"
STORAGES["private"]["OPTIONS"]["location"] = PRIVATE_ROOT
if not REDIS_URL:
    CACHES["default"]["LOCATION"] = "tests"
