"""A drawing of where the province's cities lie to each other, from ``map_<prefix>.json`` beside the regions file.

It is a sketch, not a map: the file has rough positions (degrees east and north) that keep the names apart, and the corners of
a ground to draw them on, which is no boundary. A province without the file shows no drawing.
"""

import functools
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from institutions.regions import cities, city_name

# Of the drawing, in its own units, which are about those of the screen.
UNITS_PER_DEGREE = 46
MARGIN = 16
ROUNDING = 14
SMALLEST, LARGEST = 6, 11
GAP, RING_GAP = 5, 10
# How wide a character of a label is at most, and a Chinese one.
LETTER, CHARACTER = 8, 14
# By where the name stands: its place beside the dot as multiples of (radius + GAP), then units down, and its anchor.
LABELS = {
    "right": (1, 0, 5, "start"),
    "left": (-1, 0, 5, "end"),
    "below": (0, 1, 12, "middle"),
    "above": (0, -1, 0, "middle"),
}


@dataclass(frozen=True)
class Place:
    """A city of the drawing. ``radius`` grows with ``count``; ``url`` is empty where there is nothing to lead to."""

    name: str
    count: int
    x: int
    y: int
    radius: int
    label_x: int
    label_y: int
    anchor: str
    url: str
    marked: bool

    @property
    def right(self) -> int:
        """Where its label ends, at most."""
        label = f"{self.name} {self.count}" if self.url else self.name
        length = sum(LETTER if char.isascii() else CHARACTER for char in label)
        return self.label_x + {"start": length, "middle": length // 2, "end": 0}[self.anchor]


@dataclass(frozen=True)
class CityMap:
    """``ground`` is the path of an SVG."""

    width: int
    height: int
    ground: str
    places: tuple[Place, ...]


def city_map(counts: Mapping[str, int], url: Callable[[str], str], marked: str = "") -> CityMap | None:
    """The province with ``counts`` by city, each leading to ``url(code)``; None where it has no drawing."""
    data = _data()
    if data is None:
        return None
    across, down, width, height = _projection(data)
    most = max([1, *counts.values()])

    def place(code: str, drawn: dict[str, Any]) -> Place:
        count = counts.get(code, 0)
        radius = round(SMALLEST + (LARGEST - SMALLEST) * math.sqrt(count / most))
        x, y = across(drawn["at"][0]), down(drawn["at"][1])
        right, below, lower, anchor = LABELS[drawn["label"]]
        away = radius + (RING_GAP if code == marked else GAP)
        return Place(
            name=city_name(code).removesuffix("市"),
            count=count,
            x=x,
            y=y,
            radius=radius,
            label_x=x + right * away,
            label_y=y + below * away + lower,
            anchor=anchor,
            url=url(code) if count else "",
            marked=code == marked,
        )

    places = tuple(
        place(city.code, data["cities"][city.code]) for city in cities() if city.code in data["cities"]
    )
    width = max([width, *(place.right for place in places)])
    return CityMap(width, height, _rounded([(across(x), down(y)) for x, y in data["ground"]]), places)


@functools.cache
def _data() -> dict[str, Any] | None:
    file = Path(settings.PROVINCE_REGIONS_FILE).with_name(f"map_{settings.PROVINCE_PREFIX}.json")
    data: dict[str, Any] | None = json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
    return data


def _projection(data: dict[str, Any]) -> tuple[Callable[[float], int], Callable[[float], int], int, int]:
    """How degrees become units, and the size of all: a degree east is shorter than one north, by the latitude."""
    east, north = zip(*data["ground"], *(city["at"] for city in data["cities"].values()), strict=True)
    left, top = min(east), max(north)
    shorter = math.cos(math.radians((min(north) + top) / 2))

    def across(degrees: float) -> int:
        return round(MARGIN + (degrees - left) * shorter * UNITS_PER_DEGREE)

    def down(degrees: float) -> int:
        return round(MARGIN + (top - degrees) * UNITS_PER_DEGREE)

    return across, down, across(max(east)) + MARGIN, down(min(north)) + MARGIN


def _rounded(corners: list[tuple[int, int]]) -> str:
    """A closed path through the corners, each cut by a curve."""
    steps: list[str] = []
    for before, corner, after in zip(
        [corners[-1], *corners], corners, [*corners[1:], corners[0]], strict=False
    ):
        (x1, y1), (x2, y2) = _toward(corner, before), _toward(corner, after)
        steps.append(f"{'L' if steps else 'M'}{x1} {y1}Q{corner[0]} {corner[1]} {x2} {y2}")
    return "".join(steps) + "Z"


def _toward(corner: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """A point a little way from the corner, not beyond the middle."""
    length = math.dist(corner, other) or 1
    part = min(ROUNDING / length, 0.5)
    return round(corner[0] + (other[0] - corner[0]) * part), round(corner[1] + (other[1] - corner[1]) * part)
