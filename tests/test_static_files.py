"""Static files as production has them: names that change with the content, kept for good, compressed beforehand."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import storages
from django.core.management import call_command
from django.test import Client
from django.test.utils import override_settings

COMPRESSED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STYLE = "css/base.css"


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """Our static files, collected as a deployment does; to compress those of the packages too takes half a minute."""
    root = tmp_path_factory.mktemp("static")
    with override_settings(
        STATIC_ROOT=root,
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": COMPRESSED},
        },
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield root


@pytest.fixture
def client(collected):
    return Client()


def test_a_file_has_its_content_in_its_name_and_is_kept_for_good(client):
    address = staticfiles_storage.url(STYLE)
    assert re.fullmatch(r"/static/css/base\.[0-9a-f]{12}\.css", address)
    response = client.get(address)
    assert response.status_code == 200
    assert response["Cache-Control"] == "max-age=315360000, public, immutable"
    plain = client.get(f"/static/{STYLE}")
    assert "immutable" not in plain["Cache-Control"]


@pytest.mark.parametrize(
    ("takes", "gets"), [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("identity", None)]
)
def test_it_is_sent_as_compressed_as_the_browser_takes_it(client, takes, gets):
    address = staticfiles_storage.url(STYLE)
    response = client.get(address, headers={"accept-encoding": takes})
    assert response.get("Content-Encoding") == gets
    assert "Accept-Encoding" in response["Vary"]


def test_every_style_and_script_of_ours_is_compressed_both_ways(collected):
    own = [path for folder in ("css", "js") for path in Path("static", folder).glob("*.*")]
    assert len(own) > 10
    for path in own:
        address = staticfiles_storage.url(str(path.relative_to("static")))
        stored = collected / address.removeprefix("/static/")
        sizes = [stored.stat().st_size]
        if sizes[0] < 300:  # nothing to gain
            continue
        sizes += [stored.with_name(f"{stored.name}.{ending}").stat().st_size for ending in ("gz", "br")]
        assert sizes == sorted(sizes, reverse=True), path
    assert storages["staticfiles"].hashed_files
