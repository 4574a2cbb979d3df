"""Whatever is sent, the answer is a sentence, never a server error, and nothing is half stored."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.api.own.writing import body_names
from catalogue.models import Capability, Instrument, LabService, Qualification, TestingService
from tests.api.conftest import INSTRUMENT

pytestmark = pytest.mark.django_db

JSON = "application/json"


def send(system, content, content_type=JSON, method="PUT", number="YQ-1"):
    return system.client.generic(method, system.url(number), content, content_type)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "请求内容应是一个 JSON 对象"),
        (b"{", "请求内容不是正确的 JSON，请检查引号、逗号和括号。"),
        (b"{}", "请求内容应是一个 JSON 对象"),
        (b"[]", "请求内容应是一个 JSON 对象"),
        (b'"name"', "请求内容应是一个 JSON 对象"),
        (b"{'name': 1}", "请求内容不是正确的 JSON"),
        (b'{"name": NaN}', "JSON 里没有“NaN”这样的数。"),
        (b'{"name": "a", "name": "b"}', "“name”写了两次，请只保留一个。"),
        (b'{"name": "\xff"}', "请求内容不是正确的 UTF-8 文字。"),
        (b'{"name": "\\ud800"}', "请求内容不是正确的 UTF-8 文字。"),
        (b"[" * 100_000, "JSON 的层次太深。"),
        (b'{"name": ' + b"[" * 5000 + b"]" * 5000 + b"}", "JSON 的层次太深。"),
        (b"\x00\x01\x02", "请求内容不是正确的 JSON"),
    ],
)
def test_a_body_that_is_no_json_object(system, content, sentence):
    response = send(system, content)
    assert response.status_code == 400
    assert response.json()["detail"].startswith(sentence)
    assert not Instrument.objects.exists()


def test_a_body_that_is_too_big(system):
    response = send(system, json.dumps({"name": "x" * 300_000}).encode())
    assert (response.status_code, response.json()["detail"]) == (413, "请求内容太大，最多 256 kB。")
    response = system.client.generic("PUT", system.url("YQ-1"), b"{}", JSON, CONTENT_LENGTH="9" * 30)
    assert response.status_code in {400, 413}
    assert not Instrument.objects.exists()


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
        "x",
        "\x00",
    ],
)
def test_another_content_type_is_refused(system, content_type):
    response = send(system, b'{"name": "x"}', content_type)
    assert response.status_code in {400, 415}
    assert response["Content-Type"] == "application/problem+json"
    assert not Instrument.objects.exists()


def test_a_form_that_is_none_is_refused(system):
    system.put("YQ-1", INSTRUMENT)
    for content, content_type in (
        (b"x", "multipart/form-data"),
        (b"x", "multipart/form-data; boundary=" + "b" * 300),
        (b"x" * 5000, "application/octet-stream"),
        (b"--b\r\nContent-Disposition: form-data", "multipart/form-data; boundary=b"),
        (b"--b\r\n" * 2000, "multipart/form-data; boundary=b"),
    ):
        response = system.client.generic("POST", system.url("YQ-1", more="photos/"), content, content_type)
        assert response.status_code in {400, 413, 415}
    assert not Instrument.objects.get().photos.exists()


@pytest.mark.parametrize(
    "value",
    [
        10**400,
        -(10**30),
        1e308,
        "1e999999999",
        "1e-999999999",
        "9" * 4400,
        "\x00",
        "\u202e\u0000",
        "😀" * 600,
        [],
        {},
        [[]],
        {"code": []},
        {"id": "9" * 30},
        [{"id": 10**30}],
        ["x" * 5000],
        [None, True, 1.5],
        True,
        None,
        "'; DROP TABLE catalogue_instrument; --",
    ],
)
@pytest.mark.parametrize(
    ("slug", "model"),
    [
        ("instruments", Instrument),
        ("qualifications", Qualification),
        ("capabilities", Capability),
        ("testing-services", TestingService),
        ("lab-services", LabService),
    ],
)
def test_any_value_in_any_field_is_taken_or_refused(system, slug, model, value):
    names = [*body_names(model), "attributes"]
    response = system.put("N-1", {name: value for name in names if name != "internal_number"}, of=slug)
    assert response.status_code in {201, 400}
    system.put("N-2", {"category": "010100"}, of=slug)
    for name in ("category", "city", "qualification", "instruments", "internal_number"):
        assert system.patch("N-2", {name: value}, of=slug).status_code in {200, 400, 404}


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(
    [*INSTRUMENT, "attributes", "internal_number", "photos", "id", "run_hours", "disciplines"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(body=st.dictionaries(names, anything, max_size=4), number=st.text(min_size=1, max_size=12))
def test_any_body_at_any_number_is_taken_or_refused(system, body, number):
    response = system.put(number, body)
    assert response.status_code in {200, 201, 400, 404, 405, 409, 429}
