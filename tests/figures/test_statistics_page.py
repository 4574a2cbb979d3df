"""The public page: exact numbers, what is hidden, what is public, and that it never reads orders."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from figures.models import Cell
from figures.public import statistics
from figures.refreshing import refresh
from figures.suppression import hidden
from tests import order_factories as deals
from tests.consumer_factories import ConsumerFactory
from tests.factories import InstrumentFactory
from tests.voucher_factories import a_pool, a_voucher

pytestmark = pytest.mark.django_db
ADDRESS = "/statistics/"


def of(institutions, count=10):
    return Cell(institutions=institutions, count=count)


@pytest.mark.parametrize(
    ("cells", "disjoint", "expected"),
    [
        ({"a": of(3), "b": of(50)}, True, set()),
        ({"a": of(2), "b": of(9), "c": of(5)}, True, {"a", "c"}),
        ({"a": of(1), "b": of(2), "c": of(5)}, True, {"a", "b"}),
        ({"a": of(1), "b": of(1), "c": of(5)}, True, {"a", "b", "c"}),
        ({"a": of(2), "b": of(2), "c": of(5), "d": of(9)}, False, {"a", "b", "c"}),
        ({"a": of(2)}, True, {"a"}),
        ({"a": of(2), "b": of(4, count=9), "c": of(4, count=8)}, True, {"a", "c"}),
        ({}, True, set()),
    ],
)
def test_small_cells_are_hidden_with_enough_others_to_keep_them_so(cells, disjoint, expected):
    assert hidden(cells, disjoint=disjoint) == expected


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=1), st.integers(0, 9)), st.booleans())
def test_what_is_hidden_is_of_two_cells_and_three_institutions_or_of_all(numbers, disjoint):
    cells = {value: of(number) for value, number in numbers.items()}
    found = hidden(cells, disjoint=disjoint)
    small = {value for value, number in numbers.items() if 0 < number < 3}
    assert small <= found
    assert bool(small) == bool(found)
    if found and found != {value for value, number in numbers.items() if number}:
        taken = [numbers[value] for value in found]
        assert len(taken) >= 2
        assert (sum(taken) if disjoint else max(taken)) >= 3


def cell(measure, dimension, value, count, institutions, amount=None):
    Cell.objects.bulk_create(
        [
            Cell(
                year=timezone.localdate().year,
                measure=measure,
                dimension=dimension,
                value=value,
                count=count,
                institutions=institutions,
                amount=Decimal(amount or count * 1000),
            )
        ]
    )


def shown(table, column=0):
    return {
        row.label: row.numbers[column].text if row.numbers[column].is_hidden else row.numbers[column].count
        for row in table.rows
    }


@pytest.fixture
def cities():
    cell("granted", "whole", "", 32, 30)
    cell("granted", "city", "6101", 20, 20)
    cell("granted", "city", "6104", 9, 8)
    cell("granted", "city", "6107", 3, 2)


def test_a_city_with_two_institutions_is_not_shown_nor_to_be_worked_out(client, cities):
    found = statistics(timezone.localdate().year)
    assert shown(found.table("city")) == {"西安市": 20, "咸阳市": "*", "汉中市": "<3"}
    page = client.get(ADDRESS).content.decode()
    assert "&lt;3" in page
    assert "9,000" not in page
    assert "3,000" not in page
    assert "32,000" in page


def test_the_workbook_hides_what_the_page_hides(client, cities):
    response = client.get(f"/statistics/{timezone.localdate().year}.xlsx")
    book = load_workbook(BytesIO(response.getvalue()))
    assert [[one.value for one in row] for row in book["各市"].iter_rows(max_col=3)] == [
        ["用券机构所在城市", "发放（数量）", "发放（元）"],
        ["西安市", 20, 20000],
        ["咸阳市", "*", "*"],
        ["汉中市", "<3", "<3"],
    ]


def test_a_total_of_too_few_shows_nothing_at_all(client):
    cell("granted", "whole", "", 2, 2, "90001")
    cell("granted", "city", "6101", 2, 2, "90001")
    assert "90,001" not in client.get(ADDRESS).content.decode()


def test_classes_are_kept_from_the_total_of_their_own_kind():
    for kind in ("instrument", "testing"):
        cell(
            "ordered",
            "whole" if kind == "instrument" else "kind",
            "" if kind == "instrument" else kind,
            99,
            20,
        )
    cell("ordered", "kind", "instrument", 60, 20)
    cell("ordered", "class", "instrument:010000", 50, 10)
    cell("ordered", "class", "instrument:020000", 10, 2)
    cell("ordered", "class", "instrument:020100", 10, 2)
    cell("ordered", "class", "testing:010000", 5, 3)
    found = statistics(timezone.localdate().year).table("class")
    assert list(shown(found).values()) == ["*", "<3", 5]


def test_the_first_instruments_are_public_ones_that_three_consumers_ordered(client):
    instruments = [
        InstrumentFactory(approved=True, provider__approved=True, name=name) for name in ("甲仪", "乙仪")
    ]
    hidden_one = InstrumentFactory(name="丙仪")
    for number, one in enumerate((*instruments, hidden_one)):
        cell("ordered", "offer", f"instrument:{one.pk}", 9 - number, 3)
    few = InstrumentFactory(approved=True, provider=instruments[0].provider, name="丁仪")
    cell("ordered", "offer", f"instrument:{few.pk}", 90, 2)
    found = statistics(timezone.localdate().year).table("instruments")
    assert [(row.label, row.url) for row in found.rows] == [
        (one.name, f"/catalogue/instruments/{one.pk}/") for one in instruments
    ]


def test_orders_vouchers_and_links_to_the_catalogue_are_on_the_page(client):
    instrument = InstrumentFactory(approved=True, provider__approved=True, name="场发射电镜")
    a_pool()
    for _number in range(3):
        consumer = ConsumerFactory(approved=True)
        a_voucher("5000", consumer=consumer)
        deals.an_order(offer=instrument, consumer=consumer, slot=None)
    refresh()
    page = client.get(ADDRESS).content.decode()
    assert "15,000&nbsp;元" in page
    assert f'<a href="/catalogue/instruments/{instrument.pk}/">场发射电镜</a>' in page
    assert f'href="/catalogue/instruments/?category={instrument.instrument_class_id[:2]}0000"' in page
    assert "<style" not in page
    assert " style=" not in page


def test_years_without_figures_are_not_found_and_this_year_is_empty(client):
    assert "这一年还没有统计数据" in client.get(ADDRESS).content.decode()
    for address in ("/statistics/?year=2019", "/statistics/?year=x", "/statistics/2019.xlsx"):
        assert client.get(address).status_code == 404


def test_the_page_is_read_from_cells_alone(client, cities, django_assert_num_queries):
    instrument = InstrumentFactory(approved=True, provider__approved=True)
    cell("ordered", "class", "instrument:010000", 9, 3)
    cell("ordered", "class", "testing:010000", 9, 3)
    cell("ordered", "offer", f"instrument:{instrument.pk}", 9, 3)
    cell("ordered", "provider", str(instrument.provider_id), 9, 3)
    client.get(ADDRESS)
    with django_assert_num_queries(11) as queries:
        client.get(ADDRESS)
    assert not any("orders_order" in query["sql"] for query in queries.captured_queries)


def test_the_english_page_has_its_words_in_english(client, cities):
    client.cookies["site_language"] = "en"
    page = client.get(ADDRESS).content.decode()
    assert "Innovation voucher statistics" in page
