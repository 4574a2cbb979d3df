"""Charts drawn on the server as SVG, for pages that have the same figures in a table beneath.

No script and nothing from elsewhere: what pygal adds of either is taken out. Its inline style needs the admin's laxer policy.
"""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, tostring

import pygal
from django.utils.safestring import SafeString, mark_safe
from pygal.style import Style

FONTS = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
NEVER = frozenset({"script", "title", "desc"})
MARGIN = 20
STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground="#1f2937",
    foreground_strong="#1f2937",
    foreground_subtle="#6b7280",
    colors=("#1d4f91", "#b4232a", "#4b7f52", "#9a6b1f"),
    font_family=FONTS,
    value_font_family=FONTS,
    label_font_family=FONTS,
    major_label_font_family=FONTS,
    legend_font_family=FONTS,
    title_font_family=FONTS,
    label_font_size=14,
    major_label_font_size=14,
    legend_font_size=14,
    value_font_size=14,
    value_colors=("#1f2937",),
)


def bar_chart(
    labels: Sequence[str],
    series: Mapping[str, Sequence[float]],
    *,
    title: str,
    horizontal: bool = False,
    decimals: int = 0,
    styled: bool = True,
) -> SafeString:
    """Bars for each label, one for each series. ``title`` is what a screen reader says of it.

    Not ``styled``, it is drawn by static/css/charts.css: for public pages, whose policy allows no style in the page.

    The figures, with so many ``decimals``, stand clear of the bars' ends, and no line of the grid crosses them.
    """
    most = max((value for values in series.values() for value in values), default=0) or 1
    chart = (pygal.HorizontalBar if horizontal else pygal.Bar)(
        style=STYLE,
        js=(),
        # about as large as it is shown, so that its text has the size of the page's
        height=240 if horizontal else 320,
        width=420 if horizontal else 760,
        margin_left=MARGIN + (_unforeseen(labels) if horizontal else 0),
        show_legend=len(series) > 1,
        legend_at_bottom=True,
        print_values=True,
        print_values_position="top",
        value_formatter=lambda value: f"{value:,.{decimals}f}" if value else "",
        # each bar has its figure; of the two axes pygal swaps, that of the labels stays
        show_x_labels=not horizontal,
        show_y_labels=horizontal,
        range=(0, most * (1.2 if horizontal else 1.1)),
        disable_xml_declaration=True,
        explicit_size=False,
    )
    # horizontal bars are drawn from below
    chart.x_labels = list(reversed(labels)) if horizontal else list(labels)
    for name, values in series.items():
        chart.add(name, list(reversed(values)) if horizontal else list(values))
    root = chart.render_tree()
    for figure in root.iter("text"):
        if figure.get("class") == "value":
            # where pygal puts it, it touches its bar
            if horizontal:
                figure.set("text-anchor", "start")
            else:
                figure.set("y", str(float(figure.get("y", 0)) - 4))
    return _svg(root, title, drop=NEVER if styled else NEVER | {"defs", "style"})


def _unforeseen(labels: Sequence[str]) -> int:
    """Room for the longest label: pygal takes a Chinese character for as narrow as a letter."""
    longest = max((sum(not char.isascii() for char in label) for label in labels), default=0)
    return max(6 * longest - MARGIN, 0)


def _svg(root: Element, title: str, *, drop: frozenset[str]) -> SafeString:
    for parent in list(root.iter()):
        for child in list(parent):
            is_grid = "guide line" in child.get("class", "")
            if is_grid or str(child.tag).rpartition("}")[2] in drop:
                parent.remove(child)
        if "style" not in drop:
            continue
        parent.attrib.pop("style", None)
    root.set("role", "img")
    root.set("aria-label", title)
    return mark_safe(tostring(root, encoding="unicode"))  # noqa: S308 - pygal escapes what it draws
