"""Production starts only with its secrets and servers, and Django's own deployment checks are content."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import DatabaseError

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = dict(
    line.split("=", 1)
    for line in (ROOT / "site/deploy/voucher.env.example").read_text().splitlines()
    if line and not line.startswith("#")
)
REQUIRED = [
    "SECRET_KEY",
    "FIELD_ENCRYPTION_KEYS",
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "REDIS_URL",
    "SITE_URL",
    "EMAIL_URL",
]


def run(*arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """Run Python with the example environment of production, changed as told; None takes a variable away."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": "site:.",
        **EXAMPLE,
        "SECRET_KEY": secrets.token_urlsafe(60),
        "FIELD_ENCRYPTION_KEYS": secrets.token_urlsafe(60),
        **changes,
    }
    environment = {name: value for name, value in environment.items() if value is not None}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("value", [None, "", " "])
@pytest.mark.parametrize("name", REQUIRED)
def test_production_refuses_to_start_without(name, value):
    result = run("-c", "import voucher_site.settings.production", **{name: value})
    assert result.returncode == 1
    assert f"Set {name} in the environment" in result.stderr


def test_production_refuses_to_answer_to_any_host_name():
    result = run("-c", "import voucher_site.settings.production", ALLOWED_HOSTS="voucher.example.gov.cn,*")
    assert result.returncode == 1
    assert "ALLOWED_HOSTS must name the site's own hosts" in result.stderr


OIDC = {
    "OIDC_URL": "https://sso.example.gov.cn/realm/",
    "OIDC_CLIENT_ID": "voucher",
    "OIDC_CLIENT_SECRET": "s",
}
SMS = {"SMS_GATEWAY": "accounts.sms.HttpGateway", "SMS_URL": "https://sms.example.gov.cn/", "SMS_TOKEN": "t"}


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({**OIDC, "OIDC_URL": "http://sso.example.gov.cn"}, "OIDC_URL must begin with https://"),
        ({**OIDC, "OIDC_CLIENT_SECRET": None}, "Set the OIDC_CLIENT_SECRET environment variable"),
        ({**SMS, "SMS_URL": "http://sms.example.gov.cn"}, "an SMS_URL of https://"),
        ({**SMS, "SMS_TOKEN": None}, "needs SMS_TOKEN"),
    ],
)
def test_production_refuses_servers_that_others_could_pass_for(environment, sentence):
    result = run("-c", "import voucher_site.settings.production", **environment)
    assert result.returncode == 1
    assert sentence in result.stderr


def test_forms_may_lead_to_the_network_and_nowhere_else():
    program = """
from django.conf import settings as s
print(s.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"], s.OIDC_URL)
"""
    own = run("-c", program, **OIDC, **SMS)
    assert own.stdout == "[\"'self'\", 'https://sso.example.gov.cn'] https://sso.example.gov.cn/realm\n", (
        own.stderr
    )
    other = run("-c", program, **OIDC, OIDC_ORIGINS="https://login.example.gov.cn")
    assert other.stdout.startswith("[\"'self'\", 'https://login.example.gov.cn']")
    assert run("-c", program).stdout == "[\"'self'\"] \n"


def test_production_names_everything_that_is_missing_at_once():
    result = run("-c", "import voucher_site.settings.production", **dict.fromkeys(REQUIRED))
    assert f"Set {', '.join(REQUIRED)} in the environment" in result.stderr


def test_the_example_environment_passes_the_deployment_checks(tmp_path):
    result = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", VAR_DIR=str(tmp_path))
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


def test_production_settings_from_the_environment():
    program = """
from django.conf import settings as s
from django.db import connection
print(s.DEBUG, s.CSRF_TRUSTED_ORIGINS, s.SECRET_KEY_FALLBACKS, s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS)
print(s.DEFAULT_FROM_EMAIL, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT)
print(connection.pool.max_size, connection.get_connection_params()["prepare_threshold"])
print(s.ALLAUTH_TRUSTED_PROXY_COUNT, s.REST_FRAMEWORK["NUM_PROXIES"])
print(s.CACHES["default"]["LOCATION"], s.TASKS["default"]["BACKEND"])
"""
    result = run(
        "-c",
        program,
        SITE_URL="https://voucher.example.gov.cn/",
        SECRET_KEY_FALLBACKS="old,older",
        DEFAULT_FROM_EMAIL=None,
        DATABASE_POOL_SIZE="6",
        TRUSTED_PROXY_COUNT="2",
    )
    assert result.stdout.splitlines() == [
        "False ['https://voucher.example.gov.cn'] ['old', 'older'] smtp.example.gov.cn 587 True",
        "noreply@voucher.example.gov.cn True True True",
        "6 None",
        "2 2",
        "redis://127.0.0.1:6379/0 django_tasks_db.DatabaseBackend",
    ], result.stderr


def test_the_example_has_no_secret_that_everybody_knows():
    assert (EXAMPLE["SECRET_KEY"], EXAMPLE["FIELD_ENCRYPTION_KEYS"]) == ("", "")


def test_several_keys_may_open_the_encrypted_columns():
    program = "from django.conf import settings as s; print(s.SALT_KEY)"
    assert run("-c", program, FIELD_ENCRYPTION_KEYS="new,old").stdout == "['new', 'old']\n"


def test_every_variable_the_settings_read_is_in_the_operations_manual():
    settings = ROOT / "site/voucher_site/settings"
    read = {
        name
        for module in ("base", "production")
        for name in re.findall(
            r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', (settings / f"{module}.py").read_text(encoding="utf-8")
        )
    }
    manual = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert read >= {*REQUIRED, "TRUSTED_PROXY_COUNT"} - {"DATABASE_URL"}
    assert [name for name in sorted(read) if f"`{name}`" not in manual] == []


def test_the_process_is_alive(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_the_process_is_ready(client):
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_not_ready_without_the_database(client):
    with mock.patch("voucher_site.health.connection.cursor", side_effect=DatabaseError("gone")):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "failed": ["database"]}


@pytest.mark.django_db
def test_not_ready_when_the_cache_forgets(client):
    with mock.patch.object(cache, "set"):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "failed": ["cache"]}
