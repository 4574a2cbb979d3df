"""What every picture is drawn with: colours, a room, and shapes with soft light on them.

Everything is drawn at twice its size and reduced, which is what smooths the edges.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 960, 720
SCALE = 2
FLOOR = 590

Box = tuple[float, float, float, float]
Point = tuple[float, float]


@dataclass(frozen=True)
class Palette:
    """Colours of one picture: wall from–to, floor, body light–dark, trim, accent, glass."""

    wall: tuple[str, str]
    floor: str
    body: tuple[str, str]
    trim: str
    accent: str
    glass: tuple[str, str]


PALETTES = (
    Palette(("#e9f1fa", "#c9dcef"), "#b7cde4", ("#ffffff", "#cfd9e4"), "#33475e", "#1d5fa8", ("#7db4e0", "#1e4a78")),
    Palette(("#eef5f1", "#cfe4d9"), "#bcd6c9", ("#fdfefd", "#cbd8d2"), "#2f4a43", "#1f7a63", ("#8cc9b6", "#1f5a52")),
    Palette(("#f7f1e8", "#e6d7c1"), "#d8c6ab", ("#fffdf9", "#ddd3c6"), "#4f463b", "#b4622b", ("#8fb3c9", "#35536b")),
    Palette(("#f0eff8", "#d6d5ea"), "#c6c5de", ("#ffffff", "#d5d6e3"), "#3d3f5c", "#54519f", ("#a5a8e0", "#3b3d78")),
)  # fmt: skip


class Canvas:
    """Drawing in the picture's own units, with soft gradients and shadows."""

    def __init__(self, palette: Palette) -> None:
        self.palette = palette
        self.image = _room(palette).copy()
        self.draw = ImageDraw.Draw(self.image)

    def shadow(self, left: float, right: float, bottom: float = FLOOR + 26) -> None:
        """A soft shadow on the floor beneath something that reaches from ``left`` to ``right``."""
        width, height = int(right - left) + 140, 90
        mask = Image.new("L", (width, height))
        ImageDraw.Draw(mask).ellipse((60, 26, width - 60, 64), fill=120)
        mask = mask.filter(ImageFilter.GaussianBlur(13)).resize((width * SCALE, height * SCALE))
        place = (int((left - 70) * SCALE), int((bottom - 45) * SCALE))
        self.image.paste(self.palette.trim, place, mask)

    def box(
        self, box: Box, colours: tuple[str, str] | None = None, radius: float = 14, *, across: bool = False
    ) -> None:
        """A rounded body, lit from above (or, ``across``, from the left)."""
        left, top, right, bottom = (round(value * SCALE) for value in box)
        size = (right - left, bottom - top)
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).rounded_rectangle(
            (0, 0, size[0] - 1, size[1] - 1), radius=min(radius * SCALE, min(size) / 2), fill=255
        )
        self.image.paste(gradient(size, *(colours or self.palette.body), across=across), (left, top), mask)

    def disc(self, centre: Point, radius: float, colours: tuple[str, str] | None = None) -> None:
        x, y = centre
        self.box((x - radius, y - radius, x + radius, y + radius), colours, radius)

    def shape(self, points: list[Point], colour: str) -> None:
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def line(self, points: list[Point], colour: str, width: float = 4) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.draw.line(scaled, fill=colour, width=round(width * SCALE), joint="curve")

    def arc(self, box: Box, start: float, end: float, colour: str, width: float) -> None:
        scaled = tuple(value * SCALE for value in box)
        self.draw.arc(scaled, start, end, fill=colour, width=round(width * SCALE))

    def ring(self, centre: Point, radius: float, colour: str, width: float) -> None:
        x, y = centre
        self.arc((x - radius, y - radius, x + radius, y + radius), 0, 360, colour, width)

    def screen(self, box: Box, plot: str = "peaks") -> None:
        """A dark display with a plot on it."""
        left, top, right, bottom = box
        palette = self.palette
        self.box(box, (palette.trim, palette.trim), 10)
        inner = (left + 7, top + 7, right - 7, bottom - 7)
        self.box(inner, ("#12263c", "#1d3b58"), 6)
        base, height, width = bottom - 20, bottom - top - 44, right - left - 34
        self.line([(left + 16, base), (right - 16, base)], "#54718f", 1.5)
        points = [
            (left + 17 + width * step / 90, base - height * PLOTS[plot](step / 90)) for step in range(91)
        ]
        self.line(points, palette.glass[0], 2.5)

    def buttons(self, start: Point, count: int = 3, gap: float = 26) -> None:
        x, y = start
        for index in range(count):
            colour = self.palette.accent if index == 0 else "#9fb0c0"
            self.disc((x + index * gap, y), 6.5, (colour, colour))

    def legs(self, left: float, right: float) -> None:
        for x in (left + 34, right - 34):
            self.box((x - 20, FLOOR + 6, x + 20, FLOOR + 24), (self.palette.trim, self.palette.trim), 5)

    def table(self, left: float = 130, right: float = 830, top: float = 500) -> None:
        """A laboratory bench to stand small instruments on."""
        self.shadow(left, right, 668)
        for x in (left + 26, right - 62):
            self.box((x, top + 20, x + 36, 664), ("#8d9bab", "#667587"), 4, across=True)
        self.box((left + 80, top + 24, right - 96, top + 90), ("#dfe6ee", "#c3cedb"), 6)
        self.box((left - 16, top, right + 16, top + 28), ("#f4f7fa", "#b9c5d2"), 7)

    def jpeg(self) -> bytes:
        buffer = BytesIO()
        self.image.reduce(SCALE).save(buffer, "JPEG", quality=88, optimize=True, progressive=True)
        return buffer.getvalue()


@cache
def _room(palette: Palette) -> Image.Image:
    """The empty room: a wall with light on it, and the floor."""
    image = gradient((WIDTH * SCALE, HEIGHT * SCALE), *palette.wall)
    glow = Image.radial_gradient("L").resize((1300 * SCALE, 1000 * SCALE))
    light = ImageChops.invert(glow).point(lambda value: value * 0.42)
    image.paste("#ffffff", (-170 * SCALE, -230 * SCALE), light)
    floor = gradient((WIDTH * SCALE, (HEIGHT - FLOOR) * SCALE), palette.floor, palette.wall[1])
    image.paste(floor, (0, FLOOR * SCALE))
    return image


def gradient(size: tuple[int, int], start: str, end: str, *, across: bool = False) -> Image.Image:
    ramp = Image.linear_gradient("L")
    if across:
        ramp = ramp.rotate(90)
    ramp = ramp.resize(size, Image.Resampling.BILINEAR)
    return Image.composite(Image.new("RGB", size, end), Image.new("RGB", size, start), ramp)


def _peaks(at: float) -> float:
    peaks = (
        (0.14, 0.35, 0.012),
        (0.3, 0.95, 0.014),
        (0.42, 0.5, 0.012),
        (0.6, 0.75, 0.016),
        (0.8, 0.28, 0.018),
    )
    return 0.04 + sum(height * math.exp(-(((at - place) / width) ** 2)) for place, height, width in peaks)


PLOTS: dict[str, Callable[[float], float]] = {
    "peaks": _peaks,
    "wave": lambda at: 0.5 + 0.38 * math.sin(at * 22) * math.exp(-0.8 * at),
    "curve": lambda at: min(1, 1.15 * at**0.42) if at < 0.82 else 0.95 - (at - 0.82) * 1.4,
    "steps": lambda at: 0.15 + 0.16 * math.floor(at * 5) + 0.03 * math.sin(at * 60),
}


def mix(first: str, second: str, share: float) -> str:
    """``first`` with ``share`` of ``second`` in it."""
    parts = [
        round(int(first[at : at + 2], 16) * (1 - share) + int(second[at : at + 2], 16) * share)
        for at in (1, 3, 5)
    ]
    return "#{:02x}{:02x}{:02x}".format(*parts)
