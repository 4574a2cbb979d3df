"""What a browser says it is, in a few words that its owner recognises."""

import re

# (what its name is, as the first that is found: browsers claim to be the others too)
BROWSERS = (
    ("微信", r"MicroMessenger/"),
    ("钉钉", r"DingTalk/"),
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("QQ 浏览器", r"M?QQBrowser/"),
    ("Firefox", r"(?:Firefox|FxiOS)/"),
    ("Chrome", r"(?:Chrome|CriOS)/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("HarmonyOS", r"HarmonyOS|OpenHarmony"),
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("Linux", r"Linux"),
)


def device_of(agent: str) -> str:
    """Chrome · Windows; what says nothing known is printed as it is, shortened."""
    names = [
        next((name for name, pattern in kinds if re.search(pattern, agent)), "")
        for kinds in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(filter(None, names)) or agent[:60]
