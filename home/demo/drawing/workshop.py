"""Instruments of workshops, test halls, machine rooms and the open air."""

import math

from PIL import Image, ImageDraw

from home.demo.drawing.canvas import HEIGHT, SCALE, WIDTH, Box, Canvas, gradient, mix


def frame(c: Canvas) -> None:
    c.shadow(210, 620)
    c.box((230, 520, 600, 612), radius=12)
    c.box((230, 520, 600, 542), (c.palette.accent, c.palette.accent), 8)
    for x in (268, 532):
        c.box((x, 130, x + 30, 526), ("#f3f6f9", "#8c9caf"), 4, across=True)
        for y in range(150, 520, 16):
            c.line([(x + 3, y), (x + 27, y + 5)], "#a7b5c4", 1.5)
    c.box((244, 104, 586, 156), radius=12)
    c.box((250, 252, 580, 306), (c.palette.trim, mix(c.palette.trim, "#ffffff", 0.25)), 10)
    c.box((392, 304, 438, 356), ("#e8edf2", "#8a9aac"), 6, across=True)
    c.box((400, 352, 430, 384), (c.palette.trim, c.palette.trim), 4)
    c.box((409, 380, 421, 444), (c.palette.accent, c.palette.accent), 3)
    c.box((400, 440, 430, 472), (c.palette.trim, c.palette.trim), 4)
    c.box((388, 470, 442, 524), ("#e8edf2", "#8a9aac"), 6, across=True)
    c.screen((646, 330, 822, 460), "curve")
    c.box((722, 460, 748, 612), ("#8d9bab", "#667587"), 4)
    c.box((676, 602, 794, 616), (c.palette.trim, c.palette.trim), 5)
    c.legs(230, 600)


def scope(c: Canvas) -> None:
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


def rack(c: Canvas) -> None:
    c.shadow(170, 790)
    for left in (190, 394, 598):
        c.box((left, 110, left + 188, 616), (c.palette.trim, mix(c.palette.trim, "#000000", 0.3)), 10)
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


def telescope(c: Canvas) -> None:
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
    image.paste(gradient(mask.size, *colours).convert("RGBA"), (left, top), mask)


def tripod(c: Canvas) -> None:
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
    c.line([(518, 214), (900, 130)], mix(c.palette.accent, c.palette.wall[0], 0.55), 3)


def laser(c: Canvas) -> None:
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
    for width, share in ((16, 0.75), (9, 0.45), (3.5, 0.0)):
        colour = mix("#2fd08a", c.palette.wall[1], share)
        c.line([(420, 386), (612, 386), (612, 250), (800, 250)], colour, width)
    for x, y in ((612, 386), (612, 250)):
        c.shape([(x - 32, y + 22), (x + 22, y - 32), (x + 34, y - 20), (x - 20, y + 34)], "#dfe8f0")
        c.shape([(x - 32, y + 22), (x + 22, y - 32), (x + 26, y - 28), (x - 28, y + 26)], c.palette.glass[0])
    for x, top in ((500, 352), (612, 384), (716, 216)):
        c.box((x - 5, top + 40, x + 5, 442), (c.palette.trim, c.palette.trim), 3)
    for x, y in ((500, 386), (716, 250)):
        c.ring((x, y), 34, c.palette.trim, 9)
        c.disc((x, y), 25, (mix(c.palette.glass[0], "#ffffff", 0.5), c.palette.glass[0]))
        c.line([(x - 26, y), (x + 26, y)], "#2fd08a", 3.5)
    c.box((788, 214, 840, 286), (c.palette.trim, mix(c.palette.trim, "#ffffff", 0.2)), 8)
    c.box((806, 286, 820, 442), (c.palette.trim, c.palette.trim), 3)


def mast(c: Canvas) -> None:
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


def rosette(c: Canvas) -> None:
    c.box((0, 470, WIDTH, HEIGHT), (mix(c.palette.glass[0], "#ffffff", 0.35), c.palette.glass[1]), 0)
    for y, shift in ((474, 0), (500, 40), (538, 10), (592, 60)):
        for x in range(-60 + shift, WIDTH, 160):
            c.arc((x, y, x + 110, y + 22), 200, 340, mix(c.palette.glass[0], "#ffffff", 0.6), 3)
    c.line([(480, 0), (480, 120)], c.palette.trim, 5)
    c.shape([(480, 96), (600, 170), (360, 170)], mix(c.palette.trim, "#ffffff", 0.15))
    c.shape([(480, 118), (566, 168), (394, 168)], c.palette.wall[0])
    for y in (168, 470):
        c.box((300, y, 660, y + 20), (c.palette.trim, c.palette.trim), 9)
    for x in (306, 642):
        c.box((x, 176, x + 14, 480), ("#d9e1e9", "#8494a6"), 4, across=True)
    for index, x in enumerate((330, 384, 438, 492, 546, 600)):
        colours = (
            ("#f8fafc", "#a2b1c1")
            if index % 2
            else (mix(c.palette.accent, "#ffffff", 0.55), c.palette.accent)
        )
        c.box((x - 6, 196, x + 40, 456), colours, 18, across=True)
        c.box((x + 2, 188, x + 32, 206), (c.palette.trim, c.palette.trim), 6)
        c.box((x + 2, 446, x + 32, 464), (c.palette.trim, c.palette.trim), 6)
    c.box((380, 486, 580, 536), (c.palette.trim, mix(c.palette.trim, "#ffffff", 0.2)), 16)
    c.disc((430, 511), 13, (c.palette.glass[0], c.palette.glass[1]))
    c.disc((530, 511), 13, ("#f2c14e", "#b98d3c"))


def reactor(c: Canvas) -> None:
    c.shadow(240, 720, 650)
    for x in (300, 520):
        c.box((x, 470, x + 26, 640), ("#c6d0db", "#76869a"), 4, across=True)
    c.box((272, 214, 574, 540), ("#fbfcfd", "#8e9eb0"), 110, across=True)
    c.box((262, 240, 584, 268), (c.palette.trim, c.palette.trim), 6)
    for x in range(276, 580, 38):
        c.box((x, 232, x + 12, 276), ("#dfe6ee", "#7b8b9d"), 3)
    c.box((398, 120, 448, 220), ("#f3f6f9", "#8595a7"), 8, across=True)
    c.box((376, 78, 470, 136), (c.palette.accent, mix(c.palette.accent, "#000000", 0.25)), 14)
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


def gantry(c: Canvas) -> None:
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


def fieldcase(c: Canvas) -> None:
    c.table()
    c.box((270, 236, 700, 360), (c.palette.trim, mix(c.palette.trim, "#ffffff", 0.2)), 18)
    c.box((290, 252, 680, 350), ("#30404f", "#22303d"), 10)
    c.screen((330, 256, 560, 352), "wave")
    c.box((580, 272, 660, 332), ("#3f5163", "#2c3b4a"), 6)
    c.box(
        (250, 354, 720, 500),
        (mix(c.palette.accent, "#ffffff", 0.12), mix(c.palette.accent, "#000000", 0.22)),
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
