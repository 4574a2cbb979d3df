"""Our catalogues: what Wagtail does not say in Chinese, and the public pages in English."""

import gettext
import shutil
import subprocess

import pytest
from django.conf import settings
from django.test import Client

from institutions.suspension import suspend_provider
from tests.factories import ProviderFactory, auditor, editor, reviewer

CATALOGUES = sorted(settings.LOCALE_PATHS[0].glob("*/LC_MESSAGES/*.po"))
MSGFMT = shutil.which("msgfmt")


def read(path):
    with open(path, "rb") as file:
        return gettext.GNUTranslations(file)._catalog


@pytest.mark.skipif(MSGFMT is None, reason="needs gettext's msgfmt")
@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda po: f"{po.parts[-3]}-{po.stem}")
def test_the_compiled_catalogue_is_the_written_one(catalogue, tmp_path):
    fresh = tmp_path / "django.mo"
    subprocess.run([MSGFMT, "--check-format", "-o", fresh, catalogue], check=True)
    assert read(catalogue.with_suffix(".mo")) == read(fresh)


@pytest.mark.django_db
@pytest.mark.reviewed
def test_staff_read_chinese_where_wagtail_has_none():
    suspend_provider(provider=ProviderFactory(approved=True), actor=reviewer(), reason="核查")
    client = Client()
    client.force_login(editor())
    home = client.get("/admin/").content.decode()
    assert "搜索全部页面" in home
    assert "个页面" in home
    client.force_login(auditor())
    ledger = client.get("/admin/institutions/suspension/").content.decode()
    assert "按状态" in ledger
    assert "最近 7 天" in ledger
    assert "Past 7 days" not in ledger


@pytest.mark.django_db
def test_the_scripts_of_the_admin_speak_chinese():
    client = Client()
    client.force_login(editor())
    script = client.get("/admin/jsi18n/").content.decode()
    assert ascii("正在自动保存").strip("'") in script
