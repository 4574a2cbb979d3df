"""What a card shows of where the words were found."""

import pytest

from catalogue.models import Instrument
from catalogue.templatetags.catalogue import excerpt, hit, mark


def test_words_are_marked_and_everything_is_escaped():
    assert mark("<b>色谱</b>仪", "色谱") == "&lt;b&gt;<mark>色谱</mark>&lt;/b&gt;仪"
    assert mark("气相色谱", "") == "气相色谱"


def test_an_excerpt_shows_the_surroundings_of_the_first_hit():
    text = "甲" * 40 + "离子迁移谱" + "乙" * 80
    assert excerpt(text, "离子") == f"…{'甲' * 20}<mark>离子</mark>迁移谱{'乙' * 55}…"
    assert excerpt("短 离子", "离子") == "短 <mark>离子</mark>"
    assert excerpt("没有", "离子") == ""
    standard = f"按 GB/T 228.1-2021 {'甲' * 13}"  # twenty characters before the hit would begin within 228.1
    assert excerpt(f"{standard}离子", "离子") == f"…{'甲' * 13}<mark>离子</mark>"
    assert excerpt("<&>" * 10 + "离子", "离子") == "…&amp;&gt;" + "&lt;&amp;&gt;" * 6 + "<mark>离子</mark>"


@pytest.mark.parametrize("words", ["gbt228.1", "GB/T228.1", "gb/t 228.1"])
def test_a_standard_number_is_marked_however_it_is_typed(words):
    marked = mark("按 GB/T 228.1-2021 拉伸", words)
    assert marked.replace("<mark>", "").replace("</mark>", "") == "按 GB/T 228.1-2021 拉伸"
    assert "228.1</mark>-2021" in marked


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("试验机", ""),
        ("cmt", ""),
        ("拉伸", "金属<mark>拉伸</mark>试验"),
        ("tester", "Universal <mark>Tester</mark>"),
        ("没有", ""),
        (None, ""),
    ],
)
def test_a_hit_is_shown_only_where_name_and_model_do_not_show_it(words, expected):
    instrument = Instrument(
        name="万能试验机", model="CMT5105", name_en="Universal Tester", functions="金属拉伸试验"
    )
    assert hit(instrument, words) == expected
