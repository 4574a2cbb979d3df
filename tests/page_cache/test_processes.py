"""Two servers beside this process, on one database: what one of them changes, the other shows at the next request.

SQLite with nothing else has its version in the database, and each server its own pages; with REDIS_URL both share both.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection
from django.urls import reverse

from tests.conftest import signed_in
from tests.factories import InstrumentFactory, reviewer, seen
from tests.page_cache.visits import needs_page_cache, real_commits
from tests.policy.articles import add_notice

ROOT = Path(__file__).resolve().parents[2]
SECRET = "c" * 32  # of the double submit of a CSRF token
pytestmark = [needs_page_cache, real_commits]


class Server:
    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"

    def open(self, path, data=None, **headers):
        request = urllib.request.Request(f"{self.url}{path}", data=data, headers=headers)  # noqa: S310
        opener = urllib.request.build_opener(_NoRedirects)
        try:
            with opener.open(request, timeout=60) as response:
                return response.status, dict(response.headers), response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read().decode(errors="replace")

    def shows(self, words, path):
        return words in self.open(path)[2]

    def keep(self, path):
        """Ask until the page comes from the cache."""
        self.open(path)
        assert "Age" in self.open(path)[1], path

    def post(self, user, path, data):
        client = signed_in(user)
        cookie = f"sessionid={client.cookies['sessionid'].value}; csrftoken={SECRET}"
        status, headers, body = self.open(path, data.encode(), Cookie=cookie, **{"X-CSRFToken": SECRET})
        assert status == 302, body
        return headers["Location"]


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


@pytest.fixture
def servers(tmp_path, transactional_db, django_db_serialized_rollback):
    # what a rollback brings back has its old numbers, which PostgreSQL would give out again
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(running(tmp_path / name)) for name in ("one", "two")]


@contextlib.contextmanager
def running(folder):
    """gunicorn with one worker, on the database of this test."""
    folder.mkdir()
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "voucher_site.settings.dev",
        "DEBUG": "off",
        "PAGE_CACHE_SECONDS": "60",
        "SECRET_KEY": settings.SECRET_KEY,
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL and settings.CACHES["default"]["LOCATION"],
        "VAR_DIR": str(folder),
        "PYTHONPATH": f"{ROOT / 'site'}{os.pathsep}{ROOT}",
    }
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "voucher_site.wsgi"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            server = Server(port)
            for _ in range(300):
                assert process.poll() is None, (folder / "log").read_text()
                with contextlib.suppress(OSError):
                    if server.open("/healthz")[0] == 200:
                        break
                time.sleep(0.2)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=30)


def database_url():
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    user = quote(values["USER"]) + (f":{quote(values['PASSWORD'])}" if values["PASSWORD"] else "")
    return f"postgres://{user}@{values['HOST'] or '127.0.0.1'}:{values['PORT'] or 5432}/{values['NAME']}"


def test_what_one_server_changes_the_other_shows_at_the_next_request(servers):
    first, second = servers
    instruments, notices = "/catalogue/instruments/", "/notices/"
    instrument = InstrumentFactory(name="高分辨质谱仪", state="pending")
    content_type = ContentType.objects.get_for_model(instrument)
    page = f"{instruments}{instrument.pk}/"

    second.keep(instruments)
    assert not second.shows("高分辨质谱仪", instruments)
    approve = urlencode({"decision": "approve", **seen(instrument)})
    first.post(reviewer(), reverse("review_decide", args=[content_type.pk, instrument.pk]), approve)
    assert second.shows("高分辨质谱仪", instruments)
    second.keep(page)

    withdraw = reverse("instruments:withdraw", args=[instrument.pk])
    first.post(instrument.owner, withdraw, "confirmed=1")
    assert second.open(page)[0] == 404
    assert not second.shows("高分辨质谱仪", instruments)

    # and what a third process does, as a worker or a command of the day
    for server in servers:
        server.keep(notices)
    notice = add_notice("停机维护")
    assert [server.shows("停机维护", notices) for server in servers] == [True, True]
    for server in servers:
        server.keep(notices)
    notice.title = "恢复开放"
    notice.save_revision().publish()
    assert [server.shows("恢复开放", notices) for server in servers] == [True, True]
    assert [server.shows("停机维护", notices) for server in servers] == [False, False]
