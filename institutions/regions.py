"""Cities and districts of the province (GB/T 2260), from the file the settings name."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext


@dataclass(frozen=True)
class City:
    code: str
    name: str
    districts: tuple[str, ...]


@functools.cache
def cities() -> tuple[City, ...]:
    """The province's cities in the order of their codes."""
    data = json.loads(Path(settings.PROVINCE_REGIONS_FILE).read_text(encoding="utf-8"))
    return tuple(City(city["code"], city["name"], tuple(city["districts"])) for city in data["cities"])


@functools.cache
def _names() -> dict[str, str]:
    return {city.code: city.name for city in cities()}


def city_choices() -> list[tuple[str, str]]:
    return [(city.code, gettext(city.name)) for city in cities()]


def city_name(code: str) -> str:
    """The city's name; empty for a code the province does not have."""
    name = _names().get(code, "")
    return gettext(name) if name else ""


def place_name(city: str, district: str) -> str:
    """A city by its code, with one of its districts: 西安市雁塔区."""
    return gettext("%(city)s%(district)s") % {"city": city_name(city), "district": district}


def district_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Districts grouped by city, as an HTML select shows them."""
    return [(city.name, [(name, name) for name in city.districts]) for city in cities()]


def is_district_of(district: str, city_code: str) -> bool:
    return any(district in city.districts for city in cities() if city.code == city_code)
