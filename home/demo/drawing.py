"""Pictures for the demonstration: illustrated instruments, seals and sample certificates, all drawn here.

Everything is drawn at twice its size and reduced, which is what smooths the edges.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont
from pypinyin import lazy_pinyin

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
        self.image.paste(_gradient(size, *(colours or self.palette.body), across=across), (left, top), mask)

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
    image = _gradient((WIDTH * SCALE, HEIGHT * SCALE), *palette.wall)
    glow = Image.radial_gradient("L").resize((1300 * SCALE, 1000 * SCALE))
    light = ImageChops.invert(glow).point(lambda value: value * 0.42)
    image.paste("#ffffff", (-170 * SCALE, -230 * SCALE), light)
    floor = _gradient((WIDTH * SCALE, (HEIGHT - FLOOR) * SCALE), palette.floor, palette.wall[1])
    image.paste(floor, (0, FLOOR * SCALE))
    return image


def _gradient(size: tuple[int, int], start: str, end: str, *, across: bool = False) -> Image.Image:
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


def _stack(c: Canvas) -> None:
    c.table()
    for index, height in enumerate((62, 84, 70, 92)):
        top = 498 - sum((62, 84, 70, 92)[: index + 1]) - index * 3
        c.box((250, top, 500, top + height), radius=9)
        c.box((262, top + 10, 300, top + height - 10), (c.palette.glass[0], c.palette.glass[1]), 5)
        c.line([(318, top + height - 16), (480, top + height - 16)], "#c4ced9", 3)
        c.buttons((420, top + 20), 3, 22)
    c.box((284, 138, 466, 182), ("#dfe7ef", "#b9c6d4"), 6)
    for x in (304, 340, 376, 412):
        c.box((x, 112, x + 24, 152), (c.palette.glass[0], c.palette.accent), 5)
    c.box((540, 330, 740, 498), radius=12)
    c.screen((560, 346, 720, 452))
    c.buttons((610, 474))


def _bench(c: Canvas) -> None:
    c.table()
    c.box((210, 262, 690, 498), radius=24)
    c.box((210, 426, 690, 498), (c.palette.body[1], c.palette.body[1]), 20)
    c.box((210, 262, 690, 290), (c.palette.accent, c.palette.accent), 14)
    c.box((210, 280, 690, 300), c.palette.body, 0)
    c.screen((250, 320, 440, 440))
    c.box((474, 316, 650, 446), (c.palette.glass[0], c.palette.glass[1]), 16)
    c.box((490, 330, 560, 342), ("#ffffff", "#bfe0f5"), 6)
    c.box((520, 372, 606, 432), ("#e7edf3", "#aebccb"), 8)
    c.buttons((262, 466), 4)
    c.box((720, 408, 790, 498), ("#ffffff", "#d5dee8"), 8)
    c.box((734, 424, 776, 476), (c.palette.glass[0], c.palette.accent), 6)


def _column(c: Canvas) -> None:
    c.shadow(200, 770)
    c.box((250, 430, 540, 612), radius=12)
    c.box((262, 446, 528, 470), (c.palette.accent, c.palette.accent), 6)
    c.box((322, 356, 470, 436), ("#e9eef4", "#aab7c6"), 12, across=True)
    c.box((346, 240, 446, 362), ("#f7f9fb", "#a4b2c2"), 10, across=True)
    for y in (262, 292, 322):
        c.box((338, y, 454, y + 12), (c.palette.trim, c.palette.trim), 5)
    c.box((362, 130, 430, 246), ("#f7f9fb", "#93a3b5"), 14, across=True)
    c.box((372, 108, 420, 140), (c.palette.accent, c.palette.accent), 10)
    c.box((462, 380, 540, 408), ("#dbe3ec", "#8fa0b2"), 8)
    c.box((250, 376, 330, 404), ("#dbe3ec", "#8fa0b2"), 8)
    c.disc((290, 390), 9, (c.palette.glass[0], c.palette.glass[1]))
    c.box((596, 440, 800, 460), ("#f4f7fa", "#b9c5d2"), 6)
    c.box((618, 460, 636, 612), ("#8d9bab", "#667587"), 4)
    c.box((760, 460, 778, 612), ("#8d9bab", "#667587"), 4)
    c.screen((600, 300, 790, 424), "wave")
    c.box((684, 424, 708, 442), (c.palette.trim, c.palette.trim), 2)
    c.legs(250, 540)


def _chamber(c: Canvas) -> None:
    c.shadow(220, 740)
    c.box((230, 130, 730, 612), radius=20)
    c.box((230, 130, 730, 184), (c.palette.accent, c.palette.accent), 18)
    c.box((230, 168, 730, 190), c.palette.body, 0)
    c.box((262, 214, 554, 540), ("#dde5ed", "#b4c1cf"), 16)
    c.box((284, 238, 532, 516), (c.palette.glass[0], c.palette.glass[1]), 12)
    c.shape([(300, 500), (300, 320), (400, 252), (440, 252)], _mix(c.palette.glass[0], "#ffffff", 0.22))
    c.box((336, 424, 480, 444), ("#e7edf3", "#94a4b5"), 4)
    c.box((372, 374, 444, 424), ("#f3f6f9", "#a9b7c6"), 8)
    c.box((556, 340, 572, 420), (c.palette.trim, c.palette.trim), 6)
    c.screen((592, 216, 708, 306), "steps")
    c.buttons((616, 336))
    for y in range(390, 540, 18):
        c.line([(600, y), (700, y)], "#b3c0ce", 4)
    c.legs(230, 730)


def _microscope(c: Canvas) -> None:
    c.table()
    c.box((300, 462, 560, 500), (c.palette.trim, c.palette.trim), 12)
    c.box((462, 236, 536, 476), ("#ffffff", "#bcc8d5"), 20, across=True)
    c.box((334, 226, 536, 292), ("#ffffff", "#ccd6e0"), 22)
    c.shape([(352, 236), (404, 232), (356, 150), (318, 168)], c.palette.trim)
    c.box((300, 128, 362, 172), (c.palette.trim, c.palette.trim), 12)
    c.disc((376, 306), 36, ("#e3e9ef", "#9dadbd"))
    for x, length in ((352, 62), (380, 76), (406, 50)):
        c.box((x - 10, 312, x + 12, 312 + length), ("#eef2f6", "#8193a6"), 5, across=True)
        c.box((x - 10, 300 + length, x + 12, 308 + length), (c.palette.accent, c.palette.accent), 2)
    c.box((310, 404, 470, 424), (c.palette.trim, c.palette.trim), 5)
    c.box((350, 396, 416, 404), (c.palette.glass[0], c.palette.glass[0]), 2)
    c.disc((500, 416), 26, ("#dfe6ee", "#8b9cae"))
    c.disc((500, 416), 14, (c.palette.accent, c.palette.accent))
    c.screen((596, 300, 790, 440), "wave")
    c.box((676, 440, 710, 498), (c.palette.trim, c.palette.trim), 3)
    c.box((640, 486, 746, 500), (c.palette.trim, c.palette.trim), 5)


def _frame(c: Canvas) -> None:
    c.shadow(210, 620)
    c.box((230, 520, 600, 612), radius=12)
    c.box((230, 520, 600, 542), (c.palette.accent, c.palette.accent), 8)
    for x in (268, 532):
        c.box((x, 130, x + 30, 526), ("#f3f6f9", "#8c9caf"), 4, across=True)
        for y in range(150, 520, 16):
            c.line([(x + 3, y), (x + 27, y + 5)], "#a7b5c4", 1.5)
    c.box((244, 104, 586, 156), radius=12)
    c.box((250, 252, 580, 306), (c.palette.trim, _mix(c.palette.trim, "#ffffff", 0.25)), 10)
    c.box((392, 304, 438, 356), ("#e8edf2", "#8a9aac"), 6, across=True)
    c.box((400, 352, 430, 384), (c.palette.trim, c.palette.trim), 4)
    c.box((409, 380, 421, 444), (c.palette.accent, c.palette.accent), 3)
    c.box((400, 440, 430, 472), (c.palette.trim, c.palette.trim), 4)
    c.box((388, 470, 442, 524), ("#e8edf2", "#8a9aac"), 6, across=True)
    c.screen((646, 330, 822, 460), "curve")
    c.box((722, 460, 748, 612), ("#8d9bab", "#667587"), 4)
    c.box((676, 602, 794, 616), (c.palette.trim, c.palette.trim), 5)
    c.legs(230, 600)


def _scope(c: Canvas) -> None:
    c.table()
    c.box((190, 236, 770, 492), radius=20)
    c.box((206, 488, 250, 504), (c.palette.trim, c.palette.trim), 4)
    c.box((710, 488, 754, 504), (c.palette.trim, c.palette.trim), 4)
    c.box((220, 262, 560, 462), (c.palette.trim, c.palette.trim), 12)
    c.box((230, 272, 550, 452), ("#10233a", "#1c3a57"), 8)
    for x in range(262, 550, 32):
        c.line([(x, 276), (x, 448)], "#27455f", 1)
    for y in range(294, 450, 26):
        c.line([(234, y), (546, y)], "#27455f", 1)
    for shift, colour in ((0.0, c.palette.glass[0]), (1.4, "#f2c14e")):
        c.line(
            [(236 + step * 3.06, 362 + 52 * math.sin(step / 8 + shift) * (0.6 + 0.4 * math.cos(step / 23)))
             for step in range(101)], colour, 3,
        )  # fmt: skip
    for row, y in enumerate((290, 340, 390)):
        for x in (596, 650, 704):
            if row == 0:
                c.disc((x + 16, y), 19, ("#e6ecf2", "#92a2b3"))
                c.line([(x + 16, y), (x + 24, y - 11)], c.palette.trim, 3)
            else:
                c.box(
                    (x, y - 12, x + 34, y + 8), (("#cfd8e2", "#aab7c5"), (c.palette.accent,) * 2)[x == 596], 5
                )
    for x in (600, 642, 684, 726):
        c.disc((x + 8, 444), 15, ("#f2d9a0", "#b98d3c"))
        c.disc((x + 8, 444), 6, (c.palette.trim, c.palette.trim))
    c.box((380, 200, 580, 240), ("#d5dee7", "#a9b6c4"), 14)
    c.box((402, 214, 558, 240), c.palette.wall, 8)


def _rack(c: Canvas) -> None:
    c.shadow(170, 790)
    for left in (190, 394, 598):
        c.box((left, 110, left + 188, 616), (c.palette.trim, _mix(c.palette.trim, "#000000", 0.3)), 10)
        c.box((left + 14, 126, left + 174, 602), ("#1b2a3b", "#0f1b29"), 6)
        for index in range(13):
            y = 138 + index * 35
            c.box((left + 20, y, left + 168, y + 28), ("#3c5168", "#26384b"), 3)
            for hole in range(7):
                c.box(
                    (left + 62 + hole * 14, y + 8, left + 71 + hole * 14, y + 20), ("#16222f", "#16222f"), 2
                )
            lit = (index * 7 + left) % 5
            c.disc((left + 32, y + 14), 3.6, (("#69e0a8",) * 2, (c.palette.glass[0],) * 2)[lit == 0])
            c.disc((left + 44, y + 14), 3.6, ((c.palette.glass[0],) * 2, ("#f2c14e",) * 2)[lit == 2])


def _telescope(c: Canvas) -> None:
    c.shadow(300, 680)
    c.box((400, 470, 560, 612), ("#f5f8fa", "#b2bfcd"), 12, across=True)
    c.box((370, 590, 590, 616), (c.palette.trim, c.palette.trim), 8)
    c.shape([(430, 478), (530, 478), (520, 352), (440, 352)], c.palette.trim)
    tube = Image.new("RGBA", (620 * SCALE, 200 * SCALE))
    for box, colours, radius in (
        ((20, 20, 470, 180), ("#ffffff", "#a5b3c3"), 14),
        ((440, 8, 560, 192), ("#f3f6f9", "#93a3b5"), 10),
        ((540, 16, 572, 184), (c.palette.glass[0], c.palette.glass[1]), 8),
        ((150, 14, 172, 186), (c.palette.accent, c.palette.accent), 4),
        ((320, 14, 342, 186), (c.palette.accent, c.palette.accent), 4),
        ((0, 70, 40, 130), (c.palette.trim, c.palette.trim), 8),
    ):
        _opaque_box(tube, box, colours, radius)
    turned = tube.rotate(28, expand=True, resample=Image.Resampling.BICUBIC)
    c.image.paste(turned, (150 * SCALE, 70 * SCALE), turned)
    c.disc((480, 372), 50, ("#e6ecf2", "#8a9bad"))
    c.disc((480, 372), 24, (c.palette.accent, c.palette.accent))


def _opaque_box(image: Image.Image, box: Box, colours: tuple[str, str], radius: float) -> None:
    left, top, right, bottom = (round(value * SCALE) for value in box)
    mask = Image.new("L", (right - left, bottom - top))
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, right - left - 1, bottom - top - 1), radius * SCALE, fill=255
    )
    image.paste(_gradient(mask.size, *colours).convert("RGBA"), (left, top), mask)


def _tripod(c: Canvas) -> None:
    c.shadow(270, 690, 650)
    for foot in (280, 480, 680):
        c.shape(
            [(462, 372), (498, 372), (foot + 12, 644), (foot - 12, 644)],
            "#d9a441" if foot != 480 else "#c08c2e",
        )
        c.shape([(foot - 12, 614), (foot + 12, 614), (foot + 4, 652), (foot - 4, 652)], c.palette.trim)
    c.box((412, 346, 548, 378), (c.palette.trim, c.palette.trim), 8)
    c.box((436, 316, 524, 350), ("#e6ecf2", "#93a3b4"), 8, across=True)
    for x in (404, 524):
        c.box((x, 140, x + 32, 322), ("#ffffff", "#b4c1ce"), 14, across=True)
    c.box((400, 120, 560, 152), (c.palette.accent, c.palette.accent), 14)
    c.box((430, 178, 530, 270), ("#f6f8fa", "#a9b7c5"), 20)
    c.disc((480, 224), 38, (c.palette.trim, c.palette.trim))
    c.disc((480, 224), 29, (c.palette.glass[0], c.palette.glass[1]))
    c.disc((470, 213), 9, ("#ffffff", c.palette.glass[0]))
    c.box((440, 284, 520, 312), ("#12263c", "#1d3b58"), 5)
    c.line([(518, 214), (900, 130)], _mix(c.palette.accent, c.palette.wall[0], 0.55), 3)


def _laser(c: Canvas) -> None:
    c.shadow(120, 840, 660)
    for x in (170, 750):
        c.box((x, 500, x + 50, 652), ("#8d9bab", "#5e6d7f"), 5, across=True)
    c.box((110, 440, 850, 508), ("#4d5b6b", "#2f3b48"), 8)
    for x in range(136, 840, 24):
        for y in (456, 472):
            c.disc((x, y), 2.4, ("#1b242e", "#1b242e"))
    c.box((140, 330, 420, 440), ("#ffffff", "#bcc8d5"), 12)
    c.box((140, 330, 420, 356), (c.palette.accent, c.palette.accent), 10)
    c.buttons((168, 410), 3)
    for width, mix in ((16, 0.75), (9, 0.45), (3.5, 0.0)):
        colour = _mix("#2fd08a", c.palette.wall[1], mix)
        c.line([(420, 386), (612, 386), (612, 250), (800, 250)], colour, width)
    for x, y in ((612, 386), (612, 250)):
        c.shape([(x - 32, y + 22), (x + 22, y - 32), (x + 34, y - 20), (x - 20, y + 34)], "#dfe8f0")
        c.shape([(x - 32, y + 22), (x + 22, y - 32), (x + 26, y - 28), (x - 28, y + 26)], c.palette.glass[0])
    for x, top in ((500, 352), (612, 384), (716, 216)):
        c.box((x - 5, top + 40, x + 5, 442), (c.palette.trim, c.palette.trim), 3)
    for x, y in ((500, 386), (716, 250)):
        c.ring((x, y), 34, c.palette.trim, 9)
        c.disc((x, y), 25, (_mix(c.palette.glass[0], "#ffffff", 0.5), c.palette.glass[0]))
        c.line([(x - 26, y), (x + 26, y)], "#2fd08a", 3.5)
    c.box((788, 214, 840, 286), (c.palette.trim, _mix(c.palette.trim, "#ffffff", 0.2)), 8)
    c.box((806, 286, 820, 442), (c.palette.trim, c.palette.trim), 3)


def _gantryring(c: Canvas) -> None:
    c.shadow(150, 850, 640)
    c.box((270, 96, 690, 624), ("#ffffff", "#c3cfdb"), 150)
    c.box((300, 590, 660, 630), (c.palette.body[1], c.palette.trim), 12)
    c.ring((480, 320), 156, c.palette.accent, 10)
    c.disc((480, 320), 142, ("#d4dee8", "#8e9fb1"))
    c.disc((480, 320), 116, (c.palette.glass[1], "#0f2236"))
    c.disc((480, 330), 100, ("#24405c", "#16304a"))
    c.box((130, 386, 560, 420), ("#ffffff", "#cdd7e2"), 16)
    c.box((150, 366, 548, 394), (c.palette.glass[0], c.palette.accent), 13)
    c.box((150, 350, 220, 380), ("#ffffff", "#dbe3ec"), 14)
    c.box((170, 418, 300, 630), ("#eef2f6", "#b0bdcb"), 10, across=True)
    c.screen((710, 250, 830, 336), "wave")


def _mast(c: Canvas) -> None:
    c.shadow(330, 630, 650)
    c.box((466, 130, 486, 640), ("#f2f5f8", "#8998a9"), 6, across=True)
    for foot in (320, 640):
        c.line([(476, 400), (foot, 640)], "#a5b2c0", 4)
        c.box((foot - 16, 632, foot + 16, 646), (c.palette.trim, c.palette.trim), 4)
    c.line([(340, 196), (612, 196)], c.palette.trim, 8)
    c.line([(356, 196), (356, 150)], c.palette.trim, 5)
    for angle in (10, 130, 250):
        x, y = 356 + 34 * math.cos(math.radians(angle)), 146 + 12 * math.sin(math.radians(angle))
        c.line([(356, 146), (x, y)], c.palette.trim, 4)
        c.disc((x, y), 13, (c.palette.accent, c.palette.accent))
    c.line([(596, 196), (596, 150)], c.palette.trim, 5)
    c.shape([(548, 140), (632, 140), (660, 122), (660, 168), (632, 152), (548, 152)], c.palette.accent)
    c.disc((476, 122), 22, ("#ffffff", "#b7c4d1"))
    for y in range(262, 340, 15):
        c.box((430, y, 522, y + 9), ("#ffffff", "#c3ced9"), 5)
    c.box((406, 408, 546, 516), radius=10)
    c.screen((424, 424, 528, 490), "steps")
    c.shape([(560, 330), (720, 296), (738, 386), (578, 424)], c.palette.glass[1])
    for step in range(1, 5):
        c.line(
            [(560 + step * 32, 330 - step * 6.8), (578 + step * 32, 424 - step * 7.6)], c.palette.glass[0], 2
        )
    c.line([(566, 360), (728, 326)], c.palette.glass[0], 2)
    c.line([(572, 392), (734, 356)], c.palette.glass[0], 2)
    c.line([(486, 390), (580, 384)], c.palette.trim, 6)


def _rosette(c: Canvas) -> None:
    c.box((0, 470, WIDTH, HEIGHT), (_mix(c.palette.glass[0], "#ffffff", 0.35), c.palette.glass[1]), 0)
    for y, shift in ((474, 0), (500, 40), (538, 10), (592, 60)):
        for x in range(-60 + shift, WIDTH, 160):
            c.arc((x, y, x + 110, y + 22), 200, 340, _mix(c.palette.glass[0], "#ffffff", 0.6), 3)
    c.line([(480, 0), (480, 120)], c.palette.trim, 5)
    c.shape([(480, 96), (600, 170), (360, 170)], _mix(c.palette.trim, "#ffffff", 0.15))
    c.shape([(480, 118), (566, 168), (394, 168)], c.palette.wall[0])
    for y in (168, 470):
        c.box((300, y, 660, y + 20), (c.palette.trim, c.palette.trim), 9)
    for x in (306, 642):
        c.box((x, 176, x + 14, 480), ("#d9e1e9", "#8494a6"), 4, across=True)
    for index, x in enumerate((330, 384, 438, 492, 546, 600)):
        colours = (
            ("#f8fafc", "#a2b1c1")
            if index % 2
            else (_mix(c.palette.accent, "#ffffff", 0.55), c.palette.accent)
        )
        c.box((x - 6, 196, x + 40, 456), colours, 18, across=True)
        c.box((x + 2, 188, x + 32, 206), (c.palette.trim, c.palette.trim), 6)
        c.box((x + 2, 446, x + 32, 464), (c.palette.trim, c.palette.trim), 6)
    c.box((380, 486, 580, 536), (c.palette.trim, _mix(c.palette.trim, "#ffffff", 0.2)), 16)
    c.disc((430, 511), 13, (c.palette.glass[0], c.palette.glass[1]))
    c.disc((530, 511), 13, ("#f2c14e", "#b98d3c"))


def _reactor(c: Canvas) -> None:
    c.shadow(240, 720, 650)
    for x in (300, 520):
        c.box((x, 470, x + 26, 640), ("#c6d0db", "#76869a"), 4, across=True)
    c.box((272, 214, 574, 540), ("#fbfcfd", "#8e9eb0"), 110, across=True)
    c.box((262, 240, 584, 268), (c.palette.trim, c.palette.trim), 6)
    for x in range(276, 580, 38):
        c.box((x, 232, x + 12, 276), ("#dfe6ee", "#7b8b9d"), 3)
    c.box((398, 120, 448, 220), ("#f3f6f9", "#8595a7"), 8, across=True)
    c.box((376, 78, 470, 136), (c.palette.accent, _mix(c.palette.accent, "#000000", 0.25)), 14)
    c.disc((423, 396), 58, ("#dbe3eb", "#7f90a2"))
    c.disc((423, 396), 45, (c.palette.glass[0], c.palette.glass[1]))
    c.arc((392, 364, 454, 430), 200, 300, "#ffffff", 5)
    c.line([(560, 320), (640, 320), (640, 566), (700, 566)], "#9aa9ba", 13)
    c.line([(310, 236), (230, 180), (230, 560)], "#9aa9ba", 11)
    c.disc((320, 168), 24, ("#ffffff", "#c3cdd8"))
    c.line([(320, 168), (332, 156)], c.palette.accent, 4)
    c.line([(320, 190), (320, 236)], "#8595a7", 6)
    c.box((660, 330, 800, 520), radius=10)
    c.screen((676, 346, 784, 426), "steps")
    c.buttons((694, 460))
    c.box((718, 520, 742, 642), ("#8d9bab", "#667587"), 4)
    c.box((680, 634, 780, 648), (c.palette.trim, c.palette.trim), 5)
    c.box((410, 536, 436, 600), ("#e4eaf0", "#8494a6"), 4, across=True)


def _gantry(c: Canvas) -> None:
    c.shadow(170, 800)
    c.box((180, 440, 790, 500), ("#77838f", "#4b5763"), 6)
    c.box((180, 430, 790, 452), ("#9aa5b0", "#78848f"), 4)
    c.box((220, 500, 750, 612), ("#f2f5f8", "#b9c5d1"), 8)
    c.box((220, 500, 750, 520), (c.palette.accent, c.palette.accent), 4)
    for x in (214, 690):
        c.box((x, 180, x + 66, 436), radius=8, across=True)
    c.box((200, 120, 770, 196), radius=14)
    c.box((200, 172, 770, 196), (c.palette.accent, c.palette.accent), 8)
    c.box((420, 100, 512, 240), ("#ffffff", "#aab8c7"), 12, across=True)
    c.box((448, 232, 484, 340), ("#eef2f6", "#8696a8"), 6, across=True)
    c.box((456, 336, 476, 364), (c.palette.trim, c.palette.trim), 4)
    c.line([(466, 362), (466, 396)], c.palette.trim, 3)
    c.disc((466, 399), 5, ("#e0503c", "#a8321f"))
    c.box((380, 404, 590, 432), ("#dfe5eb", "#9aa8b7"), 6)
    c.box((520, 356, 576, 408), ("#e6ebf0", "#a4b2c0"), 10, across=True)
    c.disc((548, 380), 13, (c.palette.trim, c.palette.trim))
    c.legs(220, 750)


def _fieldcase(c: Canvas) -> None:
    c.table()
    c.box((270, 236, 700, 360), (c.palette.trim, _mix(c.palette.trim, "#ffffff", 0.2)), 18)
    c.box((290, 252, 680, 350), ("#30404f", "#22303d"), 10)
    c.screen((330, 256, 560, 352), "wave")
    c.box((580, 272, 660, 332), ("#3f5163", "#2c3b4a"), 6)
    c.box(
        (250, 354, 720, 500),
        (_mix(c.palette.accent, "#ffffff", 0.12), _mix(c.palette.accent, "#000000", 0.22)),
        18,
    )
    c.box((276, 370, 694, 452), ("#e4eaf0", "#bac6d2"), 8)
    for index in range(8):
        x = 304 + index * 34
        c.disc((x, 396), 11, ("#f2d9a0", "#b98d3c"))
        c.disc((x, 396), 4.5, (c.palette.trim, c.palette.trim))
        c.disc((x, 428), 6, ((c.palette.accent,) * 2, ("#69c08f",) * 2)[index % 3 == 0])
    c.disc((628, 410), 27, ("#f5f7fa", "#98a7b7"))
    c.line([(628, 410), (644, 394)], c.palette.trim, 4)
    c.box((420, 478, 550, 492), (c.palette.trim, c.palette.trim), 6)
    c.line([(304, 396), (180, 430), (150, 494)], c.palette.trim, 5)
    c.line([(338, 396), (190, 462), (186, 494)], "#c0492f", 5)
    for x in (150, 186):
        c.shape([(x - 9, 486), (x + 9, 486), (x, 516)], c.palette.trim)


def _furnace(c: Canvas) -> None:
    c.table()
    c.box((280, 380, 620, 500), radius=16)
    c.screen((304, 402, 440, 480), "curve")
    c.buttons((500, 470))
    c.box((356, 196, 544, 384), ("#f8fafb", "#9babbc"), 24, across=True)
    c.box((344, 180, 556, 212), (c.palette.accent, c.palette.accent), 12)
    for y in range(236, 350, 22):
        c.box((372, y, 528, y + 8), ("#c3cfdb", "#aab8c7"), 4)
    c.box((424, 100, 476, 186), ("#f0f3f6", "#8798aa"), 10, across=True)
    c.box((408, 88, 492, 112), (c.palette.trim, c.palette.trim), 10)
    c.disc((450, 300), 22, ("#ffd9a0", "#e0703a"))
    c.disc((450, 300), 12, ("#fff3d6", "#ffb65c"))
    c.line([(544, 250), (600, 250), (600, 320), (660, 320)], "#9aa9ba", 7)
    c.box((656, 260, 730, 500), ("#dfe6ed", "#8999ab"), 30, across=True)
    c.box((680, 226, 706, 264), (c.palette.trim, c.palette.trim), 6)


def _magnet(c: Canvas) -> None:
    c.shadow(240, 760, 655)
    for x in (300, 440, 570):
        c.shape([(x, 520), (x + 26, 520), (x + 20, 646), (x + 6, 646)], c.palette.trim)
    c.box((250, 180, 640, 540), ("#ffffff", "#93a4b6"), 60, across=True)
    c.box((250, 250, 640, 272), (c.palette.accent, c.palette.accent), 2)
    c.box((250, 478, 640, 488), ("#c2cdd8", "#8293a5"), 2)
    for x in (330, 530):
        c.box((x - 20, 96, x + 22, 196), ("#f5f8fa", "#8d9dae"), 12, across=True)
        c.box((x - 12, 72, x + 14, 104), (c.palette.trim, c.palette.trim), 7)
    c.box((414, 130, 476, 196), ("#eef2f5", "#8595a6"), 8, across=True)
    c.box((428, 96, 462, 138), (c.palette.glass[0], c.palette.glass[1]), 8)
    c.box((418, 536, 474, 596), ("#dfe6ed", "#7f90a2"), 6, across=True)
    c.box((690, 300, 830, 640), radius=12)
    c.screen((706, 320, 814, 410))
    c.buttons((726, 444))
    for y in range(490, 610, 18):
        c.line([(716, y), (804, y)], "#b3c0ce", 4)


def _dewar(c: Canvas) -> None:
    c.shadow(230, 720, 650)
    c.box((270, 340, 520, 640), ("#5c6874", "#353f49"), 10, across=True)
    c.box((250, 310, 540, 360), ("#7b8792", "#4a545f"), 8)
    c.box((300, 230, 490, 318), ("#6b7782", "#454f59"), 8, across=True)
    c.box((360, 190, 430, 238), ("#d9e0e7", "#8393a4"), 8, across=True)
    c.disc((395, 474), 60, ("#f1c84b", "#d9a21d"))
    for angle in (90, 210, 330):
        points = [(395.0, 474.0)]
        for spread in (-28, -14, 0, 14, 28):
            turn = math.radians(angle + spread)
            points.append((395 + 48 * math.cos(turn), 474 - 48 * math.sin(turn)))
        c.shape(points, "#2b2b2b")
    c.disc((395, 474), 13, ("#f1c84b", "#e6b535"))
    c.disc((395, 474), 8, ("#2b2b2b", "#2b2b2b"))
    c.box((590, 390, 760, 640), ("#ffffff", "#a3b2c2"), 60, across=True)
    c.box((636, 330, 714, 402), ("#eef2f6", "#8696a7"), 14, across=True)
    c.box((590, 480, 760, 500), (c.palette.accent, c.palette.accent), 2)
    c.line([(430, 214), (560, 200), (676, 250), (676, 334)], "#8c9bab", 9)


def _balance(c: Canvas) -> None:
    c.table()
    c.box((310, 430, 650, 500), radius=18)
    c.box((340, 446, 480, 486), ("#12263c", "#1d3b58"), 6)
    c.line([(360, 466), (460, 466)], c.palette.glass[0], 5)
    c.buttons((540, 466))
    c.box(
        (350, 180, 610, 434),
        (_mix(c.palette.glass[0], "#ffffff", 0.72), _mix(c.palette.glass[0], "#ffffff", 0.35)),
        10,
    )
    c.box((344, 164, 616, 192), (c.palette.trim, c.palette.trim), 8)
    for x in (350, 602):
        c.box((x, 190, x + 8, 434), (c.palette.trim, c.palette.trim), 2)
    c.disc((480, 396), 66, ("#f4f7f9", "#9fadbc"))
    c.box((414, 396, 546, 434), (_mix(c.palette.glass[0], "#ffffff", 0.5),) * 2, 0)
    c.box((410, 386, 550, 402), ("#f7f9fb", "#8d9dae"), 7)
    c.box((454, 318, 506, 388), ("#f6d89b", "#b3832f"), 8, across=True)
    c.box((470, 296, 490, 324), ("#f6d89b", "#b3832f"), 6, across=True)


SUBJECTS: dict[str, Callable[[Canvas], None]] = {
    "stack": _stack, "bench": _bench, "column": _column, "chamber": _chamber, "microscope": _microscope,
    "frame": _frame, "scope": _scope, "rack": _rack, "telescope": _telescope, "tripod": _tripod,
    "laser": _laser, "gantryring": _gantryring, "mast": _mast, "rosette": _rosette, "reactor": _reactor,
    "gantry": _gantry, "fieldcase": _fieldcase, "furnace": _furnace, "magnet": _magnet, "dewar": _dewar,
    "balance": _balance,
}  # fmt: skip


def instrument_photo(subject: str, palette: int) -> bytes:
    """An illustrated instrument, 960 × 720, as JPEG."""
    canvas = Canvas(PALETTES[palette % len(PALETTES)])
    SUBJECTS[subject](canvas)
    return canvas.jpeg()


SEAL_COLOURS = ("#1d4f91", "#a3322b", "#1f6f5c", "#6a3f8c", "#8a5a1c", "#20607a", "#7a2c4f", "#3b4a63")


def seal(name: str, colour: int) -> bytes:
    """A round seal with the initials of the name in pinyin, 320 × 320, as PNG."""
    side, ink = 320 * SCALE, SEAL_COLOURS[colour % len(SEAL_COLOURS)]
    image = Image.new("RGB", (side, side), "#ffffff")
    draw = ImageDraw.Draw(image)
    middle = side / 2
    for radius, width in ((0.46, 14), (0.41, 4), (0.27, 4)):
        span = radius * side
        draw.ellipse((middle - span, middle - span, middle + span, middle + span), outline=ink, width=width)
    for step in range(24):
        turn = math.tau * step / 24
        x, y, dot = (
            middle + 0.34 * side * math.cos(turn),
            middle + 0.34 * side * math.sin(turn),
            9 - 4 * (step % 2),
        )
        draw.ellipse((x - dot, y - dot, x + dot, y + dot), fill=ink)
    draw.text((middle, middle), initials(name), font=_latin(96 * SCALE // 2), fill=ink, anchor="mm")
    buffer = BytesIO()
    image.reduce(SCALE).quantize(64).save(buffer, "PNG")
    return buffer.getvalue()


def initials(name: str) -> str:
    """Up to four initials in pinyin: 关中理工大学 is GZLG."""
    return "".join(syllable[0] for syllable in lazy_pinyin(name)[:4] if syllable).upper()


def certificate(title: str, rows: list[tuple[str, str]]) -> bytes:
    """A certificate no one could mistake for a real one: 样例 is written across it. JPEG, 840 × 1188."""
    image = _certificate_paper().copy()
    draw = ImageDraw.Draw(image)
    draw.text((420, 190), _legible(title), font=_chinese(52), fill="#8c1f18", anchor="mm")
    for index, (label, value) in enumerate(rows):
        y = 330 + index * 84
        draw.text((130, y), _legible(label), font=_chinese(26), fill="#5d564c", anchor="lm")
        draw.text((330, y), _legible(value)[:26], font=_chinese(27), fill="#23303d", anchor="lm")
        draw.line((320, y + 28, 720, y + 28), fill="#c9bda8", width=2)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


@cache
def _certificate_paper() -> Image.Image:
    image = _gradient((840, 1188), "#fdf8ec", "#f6ecd6")
    draw = ImageDraw.Draw(image)
    for inset, width in ((36, 8), (54, 2), (62, 2)):
        draw.rectangle((inset, inset, 840 - inset, 1188 - inset), outline="#b8964f", width=width)
    draw.ellipse((540, 900, 740, 1100), outline="#c8382c", width=8)
    star = [
        (640 + radius * math.sin(math.pi * step / 5), 1000 - radius * math.cos(math.pi * step / 5))
        for step, radius in enumerate((52, 21) * 5)
    ]
    draw.polygon(star, fill="#c8382c")
    mark = Image.new("L", (900, 300))
    ImageDraw.Draw(mark).text((450, 150), _legible("样例 无效"), font=_chinese(150), fill=52, anchor="mm")
    turned = mark.rotate(32, expand=True)
    image.paste("#8c1f18", (420 - turned.width // 2, 600 - turned.height // 2), turned)
    return image


CHINESE_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/STHeiti Light.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)


@cache
def _chinese_font_file() -> str | None:
    return next((path for path in CHINESE_FONTS if Path(path).exists()), None)


@cache
def _chinese(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    path = _chinese_font_file()
    # In a .ttc of Noto the third face is Simplified Chinese; the others have one only.
    if path is None:
        return _latin(size * 2 // 3)
    return ImageFont.truetype(path, size, index=2 if "NotoSansCJK" in path else 0)


@cache
def _latin(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _legible(text: str) -> str:
    """The text, in pinyin on a machine without a Chinese font."""
    return text if _chinese_font_file() else " ".join(lazy_pinyin(text))


def _mix(first: str, second: str, share: float) -> str:
    """``first`` with ``share`` of ``second`` in it."""
    parts = [
        round(int(first[at : at + 2], 16) * (1 - share) + int(second[at : at + 2], 16) * share)
        for at in (1, 3, 5)
    ]
    return "#{:02x}{:02x}{:02x}".format(*parts)
