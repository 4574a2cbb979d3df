"""Promises of the repository itself."""

import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


@pytest.mark.parametrize("path", [None, "."])
def test_the_site_folder_never_hides_the_standard_librarys_site_module(path):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if path:
        environment["PYTHONPATH"] = path
    command = [sys.executable, "-c", "import site; print(site.__file__)"]
    shown = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    assert Path(shown.stdout.strip()) == Path(sysconfig.get_path("stdlib"), "site.py")


def test_the_site_folder_is_no_package():
    assert not (ROOT / "site" / "__init__.py").exists()
    assert (ROOT / "site" / "voucher_site" / "__init__.py").exists()


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_pin_by_hash_and_name_no_server(name):
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text
    requirements = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(requirements) > 40
    for requirement in requirements:
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+ ", requirement), requirement
        assert "--hash=sha256:" in requirement


def test_development_installs_the_versions_that_production_runs():
    runtime, development = (_pins(name) for name in LOCKS)
    assert runtime.items() <= development.items()


def _pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", (ROOT / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("target", ["demo", "test", "test-browser", "lint", "format", "lock", "bench"])
def test_the_makefile_has_the_promised_targets(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_the_readme_opens_with_the_two_commands():
    opening = (ROOT / "README.md").read_text().split("## ")[0]
    assert opening.index("make demo") < opening.index("make test") < opening.index("docs/images/home.png")
    assert (ROOT / "docs" / "images" / "home.png").stat().st_size <= 300 * 1024


def test_documents_link_to_files_that_exist():
    documents = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    assert len(documents) > 8
    for document in documents:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text()):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.relative_to(ROOT)}: {target}"


def test_every_decision_is_in_the_index():
    folder = ROOT / "docs" / "adr"
    pages = {page.name for page in folder.glob("0*.md")}
    assert len(pages) >= 4
    assert set(re.findall(r"\]\((0[^)]+)\)", (folder / "README.md").read_text())) == pages
