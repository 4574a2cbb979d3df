"""The site as in production, on whichever database the benchmark made; PostgreSQL with Redis, SQLite with nothing else."""

from pathlib import Path

from voucher_site.settings.base import *
from voucher_site.settings.base import DATABASES, STORAGES, VAR_DIR

DEBUG = False
SECRET_KEY = "bench-key-that-protects-nothing-and-is-long-enough-to-pass"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.web_server"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
STATIC_ROOT = Path(VAR_DIR) / "static"
API_RATES = {**API_RATES, "anonymous": 1_000_000}
LOGGING["root"]["level"] = "WARNING"
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 2}
