"""Instruments that stand on a bench or in a laboratory."""

import math

from home.demo.drawing.canvas import Canvas, mix


def stack(c: Canvas) -> None:
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


def bench(c: Canvas) -> None:
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


def column(c: Canvas) -> None:
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


def chamber(c: Canvas) -> None:
    c.shadow(220, 740)
    c.box((230, 130, 730, 612), radius=20)
    c.box((230, 130, 730, 184), (c.palette.accent, c.palette.accent), 18)
    c.box((230, 168, 730, 190), c.palette.body, 0)
    c.box((262, 214, 554, 540), ("#dde5ed", "#b4c1cf"), 16)
    c.box((284, 238, 532, 516), (c.palette.glass[0], c.palette.glass[1]), 12)
    c.shape([(300, 500), (300, 320), (400, 252), (440, 252)], mix(c.palette.glass[0], "#ffffff", 0.22))
    c.box((336, 424, 480, 444), ("#e7edf3", "#94a4b5"), 4)
    c.box((372, 374, 444, 424), ("#f3f6f9", "#a9b7c6"), 8)
    c.box((556, 340, 572, 420), (c.palette.trim, c.palette.trim), 6)
    c.screen((592, 216, 708, 306), "steps")
    c.buttons((616, 336))
    for y in range(390, 540, 18):
        c.line([(600, y), (700, y)], "#b3c0ce", 4)
    c.legs(230, 730)


def microscope(c: Canvas) -> None:
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


def furnace(c: Canvas) -> None:
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


def magnet(c: Canvas) -> None:
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


def dewar(c: Canvas) -> None:
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


def balance(c: Canvas) -> None:
    c.table()
    c.box((310, 430, 650, 500), radius=18)
    c.box((340, 446, 480, 486), ("#12263c", "#1d3b58"), 6)
    c.line([(360, 466), (460, 466)], c.palette.glass[0], 5)
    c.buttons((540, 466))
    c.box(
        (350, 180, 610, 434),
        (mix(c.palette.glass[0], "#ffffff", 0.72), mix(c.palette.glass[0], "#ffffff", 0.35)),
        10,
    )
    c.box((344, 164, 616, 192), (c.palette.trim, c.palette.trim), 8)
    for x in (350, 602):
        c.box((x, 190, x + 8, 434), (c.palette.trim, c.palette.trim), 2)
    c.disc((480, 396), 66, ("#f4f7f9", "#9fadbc"))
    c.box((414, 396, 546, 434), (mix(c.palette.glass[0], "#ffffff", 0.5),) * 2, 0)
    c.box((410, 386, 550, 402), ("#f7f9fb", "#8d9dae"), 7)
    c.box((454, 318, 506, 388), ("#f6d89b", "#b3832f"), 8, across=True)
    c.box((470, 296, 490, 324), ("#f6d89b", "#b3832f"), 6, across=True)


def gantryring(c: Canvas) -> None:
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
