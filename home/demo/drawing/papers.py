"""Seals and sample certificates."""

import hashlib
import math
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from pypinyin import lazy_pinyin

from home.demo.drawing.canvas import SCALE, gradient

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
    _figure(draw, repr((title, rows)))
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def _figure(draw: ImageDraw.ImageDraw, content: str) -> None:
    """Fields of light and dark that no other content has: papers that differ in their words alone look the same to a machine."""
    shades = hashlib.sha256(content.encode()).digest()
    for place in range(24):
        left, upper = 105 + place % 6 * 105, 660 + place // 6 * 100
        ink = ("#5d564c", "#c9bda8", "#fdf8ec")[shades[place] % 3]
        draw.rectangle((left, upper, left + 96, upper + 92), fill=ink)


@cache
def _certificate_paper() -> Image.Image:
    image = gradient((840, 1188), "#fdf8ec", "#f6ecd6")
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
