"""Lists of the public API: walked by cursor, sent again only when changed, never confused by parameters."""

from urllib.parse import quote

import pytest
from django.core.cache import cache

from catalogue.models import AttributeDefinition
from tests.api.helpers import INSTRUMENTS, LISTS, ids, walk
from tests.factories import (
    InstrumentFactory,
    ProviderFactory,
)
from workflow import services

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


def test_a_list_is_walked_by_cursor_and_changes_move_nothing(client):
    provider = ProviderFactory(approved=True)
    made = [InstrumentFactory(provider=provider, approved=True) for _ in range(5)]
    first = client.get(f"{INSTRUMENTS}?limit=2").json()
    assert [one["id"] for one in first["results"]] == [made[4].pk, made[3].pk]
    services.withdraw(record=made[4], actor=provider.account)
    InstrumentFactory(provider=provider, approved=True)
    rest, pages = walk(client, first["next"])
    assert (rest, pages) == ([made[2].pk, made[1].pk, made[0].pk], 2)


def test_a_search_is_walked_in_its_own_order(client):
    provider = ProviderFactory(approved=True)
    in_text = [
        InstrumentFactory(provider=provider, approved=True, name="联用系统", functions="气相色谱分析")
        for _ in range(3)
    ]
    in_name = [InstrumentFactory(provider=provider, approved=True, name="气相色谱仪") for _ in range(2)]
    found, pages = walk(client, f"{INSTRUMENTS}?limit=2&q=" + quote("气相色谱"))
    assert found == [one.pk for one in (*reversed(in_name), *reversed(in_text))]
    assert pages == 3
    assert ids(client.get(f"{INSTRUMENTS}?limit=2&cursor=WzEsIDk5OV0&q=" + quote("气相色谱"))) == []


@pytest.mark.parametrize("route", [*LISTS, "providers", "instrument-classes", "testing-fields", "regions"])
def test_what_has_not_changed_is_not_sent_again(client, route):
    factory = LISTS.get(route, InstrumentFactory)
    record = factory(approved=True)
    listed = client.get(f"/api/v1/{route}/")
    key = {
        "providers": record.provider_id,
        "instrument-classes": "010000",
        "testing-fields": "010000",
        "regions": "6101",
    }.get(route, record.pk)
    for url in (f"/api/v1/{route}/", f"/api/v1/{route}/{key}/"):
        response = client.get(url)
        assert response.status_code == 200
        again = client.get(url, headers={"If-None-Match": response["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", response["ETag"])
        assert again["Cache-Control"] == "public, no-cache"
        if "Last-Modified" in response:
            again = client.get(url, headers={"If-Modified-Since": response["Last-Modified"]})
            assert again.status_code == 304
    if route in LISTS or route == "providers":
        assert "Last-Modified" in listed
        factory(approved=True)
        for name, value in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
            assert client.get(f"/api/v1/{route}/", headers={name: listed[value]}).status_code == 200


def test_another_question_has_another_etag(client):
    InstrumentFactory(approved=True)
    etag = client.get(INSTRUMENTS)["ETag"]
    assert client.get(f"{INSTRUMENTS}?vouchers=1", headers={"If-None-Match": etag}).status_code == 200
    assert client.get(f"{INSTRUMENTS}?vouchers=1")["ETag"] != etag


def test_a_renamed_attribute_is_a_change(client):
    definition = AttributeDefinition.objects.create(
        instrument_class_id="010200", name="分辨率", unit="amu", kind="number"
    )
    instrument = InstrumentFactory(approved=True, attributes={definition.key: "0.1"})
    for url in (INSTRUMENTS, f"{INSTRUMENTS}{instrument.pk}/"):
        before = client.get(url)
        definition.name += "（改）"
        definition.save()
        after = client.get(url, headers={"If-None-Match": before["ETag"]})
        assert after.status_code == 200
        assert "分辨率（改）" in after.content.decode()


def test_a_forgotten_cache_makes_a_state_newer_never_older(client, monkeypatch):
    InstrumentFactory(approved=True)
    before = client.get(INSTRUMENTS)
    cache.clear()
    monkeypatch.setattr("catalogue.api.conditional.time.time", lambda: 4_000_000_000)
    again = client.get(INSTRUMENTS, headers={"If-Modified-Since": before["Last-Modified"]})
    assert again.status_code == 200
    assert client.get(INSTRUMENTS, headers={"If-None-Match": before["ETag"]}).status_code == 304


def test_too_many_requests_are_told_when_to_come_again(client, settings):
    settings.API_RATES = {**settings.API_RATES, "anonymous": 2}
    assert [client.get(INSTRUMENTS).status_code for _ in range(3)] == [200, 200, 429]
    response = client.get(INSTRUMENTS)
    assert 0 < int(response["Retry-After"]) <= 60
    assert response.json()["detail"].startswith("请求太频繁，请等 ")
    # what a client writes into the header of proxies gives it no other address
    forged = client.get(INSTRUMENTS, headers={"X-Forwarded-For": "10.0.0.9"})
    assert forged.status_code == 429
    assert client.get(INSTRUMENTS, REMOTE_ADDR="10.0.0.9").status_code == 200


@pytest.mark.parametrize(
    ("route", "most"),
    [("instruments", 9), ("testing-services", 8), ("lab-services", 8), ("capabilities", 7), ("providers", 5)],
)
def test_queries_do_not_grow_with_the_rows_with_nothing_remembered(
    client, django_assert_max_num_queries, route, most
):
    factory = LISTS.get(route, InstrumentFactory)
    definition = AttributeDefinition.objects.create(
        **{"instrument_class_id" if factory is InstrumentFactory else "testing_field_id": "010000"},
        name="参数",
        kind="text",
    )
    for _ in range(4):
        record = factory(approved=True, attributes={definition.key: "值"})
    client.get(f"/api/v1/{route}/")
    with django_assert_max_num_queries(most):
        assert len(ids(client.get(f"/api/v1/{route}/"))) == 4
    key = record.provider_id if route == "providers" else record.pk
    with django_assert_max_num_queries(most):
        client.get(f"/api/v1/{route}/{key}/")
    etag = client.get(f"/api/v1/{route}/")["ETag"]
    with django_assert_max_num_queries(3):
        assert client.get(f"/api/v1/{route}/", headers={"If-None-Match": etag}).status_code == 304
    if route in LISTS:
        with django_assert_max_num_queries(14):
            assert len(ids(client.get(f"/api/v1/{route}/?sort=newest&vouchers="))) == 4


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("category=019900000", {"category": ["仪器分类里没有代码“019900000”。"]}),
        ("category=888888", {"category": ["仪器分类里没有代码“888888”。"]}),
        ("category=%00%00", {"category": ["仪器分类里没有代码“\x00\x00”。"]}),
        ("city=1101", {"city": ["“1101”不在可选范围内。"]}),
        ("vouchers=yes", {"vouchers": ["“yes”不在可选范围内。"]}),
        ("sort=random", {"sort": ["“random”不在可选范围内。"]}),
        ("price_min=9&price_max=1", {"price_max": ["最高价格不能低于最低价格。"]}),
        ("limit=0", {"limit": ["请填写 1 到 100 的整数。"]}),
        ("limit=101", {"limit": ["请填写 1 到 100 的整数。"]}),
        ("limit=²", {"limit": ["请填写 1 到 100 的整数。"]}),
        ("cursor=hello", {"cursor": ["游标无效，请从上一页的 next 取得，筛选条件保持不变。"]}),
        ("cursor=WzAsIC01XQ", {"cursor": ["游标无效，请从上一页的 next 取得，筛选条件保持不变。"]}),
        ("cursor=WzAsIDVd&q=x", {"cursor": ["游标无效，请从上一页的 next 取得，筛选条件保持不变。"]}),
        (
            "updated_since=yesterday",
            {"updated_since": ["时间格式不对，应如 2026-01-31T08:00:00+08:00 或 2026-01-31。"]},
        ),
        (
            "updated_since=0001-01-01T00:00:00%2B14:00",
            {"updated_since": ["时间格式不对，应如 2026-01-31T08:00:00+08:00 或 2026-01-31。"]},
        ),
    ],
)
def test_a_parameter_that_makes_no_sense_is_named(client, query, errors):
    InstrumentFactory(approved=True)
    response = client.get(f"{INSTRUMENTS}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["title"], body["errors"]) == ("请求有误", errors)


@pytest.mark.parametrize(
    "name", ["q", "institution", "price_min", "category", "cursor", "limit", "sort", "nobody"]
)
@pytest.mark.parametrize(
    "value",
    [
        "\0",
        "'; DROP TABLE",
        "9" * 400,
        "-1",
        "1e400",
        "NaN",
        "\udfff".encode("utf-8", "surrogatepass"),
        "é" * 3000,
    ],
)
def test_hostile_parameters_never_end_in_a_server_error(client, name, value):
    InstrumentFactory(approved=True)
    for route in (*LISTS, "providers", "instrument-classes"):
        response = client.get(f"/api/v1/{route}/?{name}={quote(value)}")
        assert response.status_code in {200, 400}
