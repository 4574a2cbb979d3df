"""Each request is one line of JSON in the access log, whatever is asked for."""

import json
import runpy
from pathlib import Path

import pytest

CONF = Path(__file__).parents[1] / "site/deploy/gunicorn.conf.py"


@pytest.mark.parametrize("path", ["/", '/x\n{"at": "forged"}', '/x\\"', "/\x1b[2J", "/仪器"])
def test_a_path_cannot_forge_or_break_a_line(path):
    conf = runpy.run_path(str(CONF))
    atoms = conf["logger_class"].atoms_wrapper_class(
        {
            "t": "now",
            "{x-forwarded-for}i": '1.2.3.4"\\',
            "m": "GET",
            "U": path,
            "s": "200",
            "B": 1,
            "L": "0.1",
        }
    )
    line = conf["access_log_format"] % atoms
    assert "\n" not in line
    assert json.loads(line)["request"] == f"GET {path}"
    assert json.loads(line)["client"] == '1.2.3.4"\\'


def test_the_key_of_a_calendar_is_not_logged():
    conf = runpy.run_path(str(CONF))
    atoms = conf["logger_class"].atoms_wrapper_class({"U": "/calendar/c2VjcmV0LWtleQ.ics", "m": "GET"})
    assert atoms["U"] == "/calendar/…"
