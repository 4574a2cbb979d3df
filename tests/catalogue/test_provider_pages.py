"""Where providers are, and their figures: the sketch of the province, and the head of a provider's page."""

import json
import re

import pytest
from django.conf import settings as django_settings
from django.utils import translation

from institutions import maps
from institutions.maps import city_map
from institutions.regions import _names, cities
from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    QualificationFactory,
    TestingServiceFactory,
)

pytestmark = pytest.mark.reviewed

LIST = "/catalogue/providers/"


@pytest.fixture
def another_province(settings, tmp_path):
    """A province of two cities; the test writes its drawing, or does without."""
    regions = tmp_path / "regions.json"
    regions.write_text(
        json.dumps(
            {
                "cities": [
                    {"code": "9901", "name": "甲市", "districts": []},
                    {"code": "9902", "name": "乙州", "districts": []},
                ]
            }
        )
    )
    settings.PROVINCE_REGIONS_FILE, settings.PROVINCE_PREFIX = str(regions), "99"
    caches = [maps._data, cities, _names]
    for one in caches:
        one.cache_clear()
    yield tmp_path / "map_99.json"
    for one in caches:
        one.cache_clear()


def places(page):
    """(words for a screen reader, address) of the cities that can be followed."""
    return re.findall(r'<a class="city-map__place[^>]*? href="([^"]*)"[^>]*? aria-label="([^"]*)"', page)


# --- the drawing


def test_every_city_of_the_province_is_drawn_inside_and_apart_from_the_others():
    drawn = city_map({}, str)
    assert [place.name for place in drawn.places] == [city.name.removesuffix("市") for city in cities()]
    assert all(0 < p.x < drawn.width and 0 < p.y < drawn.height for p in drawn.places)
    apart = [
        (one.x - other.x) ** 2 + (one.y - other.y) ** 2
        for one in drawn.places
        for other in drawn.places
        if one is not other
    ]
    assert min(apart) > 24**2  # so that a finger hits one of them


def test_every_name_ends_within_the_drawing_in_english_too():
    with translation.override("en"):
        drawn = city_map({city.code: 88 for city in cities()}, str)
    weinan = next(place for place in drawn.places if place.name == "Weinan")
    assert drawn.width >= weinan.label_x + 8 * len("Weinan 88")
    assert max(place.right for place in drawn.places) <= drawn.width


def test_a_dot_grows_with_what_is_there_and_leads_there():
    drawn = {
        place.name: place for place in city_map({"6101": 16, "6103": 4}, "?city={}".format, "6103").places
    }
    assert [(drawn[name].radius, drawn[name].url) for name in ("西安", "宝鸡", "延安")] == [
        (maps.LARGEST, "?city=6101"),
        (round(maps.SMALLEST + (maps.LARGEST - maps.SMALLEST) / 2), "?city=6103"),
        (maps.SMALLEST, ""),
    ]
    assert [place.name for place in drawn.values() if place.marked] == ["宝鸡"]


def test_a_province_without_a_drawing_shows_none(another_province):
    assert city_map({"9901": 3}, str) is None


def test_another_province_brings_its_own_drawing(another_province):
    another_province.write_text(
        json.dumps(
            {
                "cities": {"9901": {"at": [100, 30], "label": "right"}},
                "ground": [[99, 29], [99, 31], [101, 31], [101, 29]],
            }
        )
    )
    drawn = city_map({"9901": 3}, str)
    assert [(place.name, place.count) for place in drawn.places] == [("甲", 3)]
    assert re.fullmatch(r"M\d+ \d+Q\d+ \d+ \d+ \d+(L\d+ \d+Q\d+ \d+ \d+ \d+){3}Z", drawn.ground)


def test_the_drawing_lies_beside_the_regions_file():
    assert maps._data() is not None
    assert django_settings.PROVINCE_PREFIX == "61"


# --- the list


@pytest.mark.django_db
def test_the_list_leads_to_each_city_and_keeps_the_other_filters(client):
    ProviderFactory(approved=True, city="6101")
    ProviderFactory(approved=True, city="6101")
    ProviderFactory(approved=True, city="6103", district="渭滨区")
    ProviderFactory(pending=True, city="6106", district="宝塔区")
    page = client.get(LIST, {"type": "institute"}).content.decode()
    assert places(page) == [
        ("?type=institute&amp;city=6101", "西安，2 家机构"),
        ("?type=institute&amp;city=6103", "宝鸡，1 家机构"),
    ]


@pytest.mark.django_db
def test_the_chosen_city_is_marked_and_takes_itself_away(client):
    ProviderFactory(approved=True, city="6101")
    ProviderFactory(approved=True, city="6103", district="渭滨区")
    response = client.get(LIST, {"city": "6103"})
    drawn = {place.name: place for place in response.context["city_map"].places}
    assert (drawn["宝鸡"].marked, drawn["宝鸡"].url, drawn["西安"].url) == (True, "?", "?city=6101")
    assert response.content.decode().count('aria-current="true" aria-label') == 1


@pytest.mark.django_db
def test_the_list_costs_no_query_more_for_the_map(client, django_assert_num_queries):
    for city, district in (("6101", "雁塔区"), ("6103", "渭滨区"), ("6106", "宝塔区")):
        InstrumentFactory(
            approved=True, provider=ProviderFactory(approved=True, city=city, district=district)
        )
    client.get(LIST)
    with django_assert_num_queries(6):
        client.get(LIST)


# --- a provider's page


@pytest.mark.django_db
def test_a_page_shows_figures_that_lead_down_to_what_they_count(client):
    provider = ProviderFactory(approved=True)
    for factory in (InstrumentFactory, TestingServiceFactory, CapabilityFactory, QualificationFactory):
        factory(approved=True, provider=provider)
    TestingServiceFactory(approved=True, provider=provider)
    LabServiceFactory(pending=True, provider=provider)
    page = client.get(provider.get_absolute_url()).content.decode()
    head = page.partition('class="provider-figures"')[2].partition("</nav>")[0]
    assert re.findall(r'(?:href="(#\w+)"|<span>)[^<]*?<b class="num">(\d+)</b>([^<]+)', head) == [
        ("#instruments", "1", "共享仪器"),
        ("#testing", "2", "检测服务"),
        ("", "0", "实验服务"),
        ("#capabilities", "1", "检测能力"),
        ("#qualifications", "1", "检测资质"),
    ]
    for anchor in ("instruments", "testing", "capabilities", "qualifications"):
        assert f'id="{anchor}"' in page
    assert 'id="labs"' not in page


@pytest.mark.django_db
def test_a_page_marks_its_city_and_leads_to_the_providers_of_others(client):
    provider = ProviderFactory(approved=True, city="6103", district="渭滨区")
    ProviderFactory(approved=True, city="6101")
    response = client.get(provider.get_absolute_url())
    assert [place.name for place in response.context["city_map"].places if place.marked] == ["宝鸡"]
    assert places(response.content.decode()) == [
        (f"{LIST}?city=6101", "西安，1 家机构"),
        (f"{LIST}?city=6103", "宝鸡，1 家机构"),
    ]


@pytest.mark.django_db
def test_a_page_without_a_drawing_says_the_place_in_words(client, monkeypatch):
    monkeypatch.setattr(maps, "_data", lambda: None)
    page = client.get(ProviderFactory(approved=True).get_absolute_url()).content.decode()
    assert "city-map" not in page
    assert "西安市雁塔区科技路 1 号" in page


@pytest.mark.django_db
def test_a_page_says_nothing_of_evaluations_before_there_are_any(client):
    assert "评价" not in client.get(ProviderFactory(approved=True).get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_a_page_costs_the_same_for_any_number_of_records(client, django_assert_num_queries):
    provider = ProviderFactory(approved=True)
    for _ in range(3):
        InstrumentFactory(approved=True, provider=provider)
        TestingServiceFactory(approved=True, provider=provider)
        LabServiceFactory(approved=True, provider=provider)
        CapabilityFactory(approved=True, provider=provider)
        QualificationFactory(approved=True, provider=provider)
    client.get(provider.get_absolute_url())
    with django_assert_num_queries(12):
        client.get(provider.get_absolute_url())
