"""What is suggested while typing, and 您是不是要找."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.search.corrections import corrections, nearest_part
from home.search.popular import count_search
from home.search.suggestions import suggestions
from policy.models import Topic
from tests.factories import InstrumentFactory
from tests.home.searching import add_notice, search, statements, suggested

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


# Suggestions


def test_suggestions_of_every_kind_at_most_eight(client, everything):
    for number in range(5):
        InstrumentFactory(approved=True, provider=everything.provider, name=f"拉伸机 {number}")
        add_notice(f"拉伸通知 {number}")
    found = suggested(client, "拉伸")
    assert set(found) == {"instrument", "testing", "lab", "article", "faq"}
    assert sum(map(len, found.values())) <= 8
    assert found["instrument"][0] == f"/search/?q={quote('拉伸机 4').replace('%20', '+')}&tab=instrument"


def test_pinyin_standards_and_classes_are_suggested(client, everything):
    InstrumentFactory(approved=True, provider=everything.provider, name="气相色谱质谱联用仪")
    for typed in ("qxsp", "qixiangse", "气相", "色"):
        assert (
            f"/search/?q={quote('气相色谱质谱联用仪')}&tab=instrument"
            in suggested(client, typed)["instrument"]
        ), typed
    assert suggested(client, "GBT228.1")["standard"] == ["/search/?q=GB%2FT+228.1-2021&tab=capability"]
    assert suggested(client, "色谱仪器")["class"] == ["/catalogue/instruments/?category=010500"]
    assert suggested(client, "spyq")["class"] == ["/catalogue/instruments/?category=010500"]
    assert (
        "<mark>GB/T</mark> <mark>228.1</mark>-2021 金属材料"
        in client.get("/search/suggest/", {"q": "GB/T 228.1"}).content.decode()
    )


def test_too_little_is_not_guessed_from(client, everything):
    for typed in ("", " ", "a", "1", "。"):
        assert suggested(client, typed) == {}


def test_suggestions_take_four_queries(everything):
    suggestions("拉伸")
    with CaptureQueriesContext(connection) as captured:
        suggestions("拉伸")
    assert len(statements(captured)) == 4


def test_a_withdrawn_page_is_not_suggested_any_more(client):
    notice = add_notice("兑付通知")
    assert suggested(client, "兑付") == {"article": [notice.url]}
    notice.unpublish()
    assert suggested(client, "兑付") == {}


# 您是不是要找


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("气象色谱仪", "气相色谱仪"),
        ("气相色普仪", "气相色谱仪"),
        ("气相色谱议", "气相色谱仪"),
        ("色普", "色谱仪"),
        ("气相谱仪", "气相色谱仪"),
        ("qixangsepu", "气相色谱仪"),
    ],
)
def test_a_slip_is_understood(client, typed, meant):
    InstrumentFactory(approved=True, name="气相色谱仪")
    assert corrections(typed)[0] == meant
    page = search(client, typed).content.decode()
    assert "您是不是要找" in page
    assert f'<a href="?q={quote(meant)}">{meant}</a>' in page
    assert search(client, meant).context["total"] >= 1


def test_whole_words_are_proposed_never_a_cut_one():
    for name in (
        "激光显微共聚焦成像系统",
        "显微硬度测试机",
        "生物显微镜",
        "红外光谱仪",
        "超导核磁共振波谱仪",
        "核磁共振成像仪",
    ):
        InstrumentFactory(approved=True, name=name)
    assert corrections("显微进") == ["显微镜"]
    assert corrections("红外光普") == ["红外光谱仪"]
    assert corrections("核磁共镇") == ["核磁共振"]


def test_topics_are_proposed_too():
    Topic.objects.create(name="机构年检", slug="yearly")
    assert corrections("机构年俭") == ["机构年检"]


def test_policies_and_popular_searches_are_proposed_too():
    add_notice("科技创新券申领通知")
    for number in range(3):
        count_search("透射电镜", f"10.0.0.{number}")
    assert corrections("创新卷申领") == ["创新券申领"]
    assert corrections("透射电竟") == ["透射电镜"]


def test_nothing_is_proposed_for_what_is_like_nothing():
    InstrumentFactory(approved=True, name="气相色谱仪")
    for typed in ("zzzz", "x", "雷达", "这是一个很长很长很长很长很长很长的句子", "?!"):
        assert corrections(typed) == [], typed


def test_a_proposal_takes_few_queries():
    InstrumentFactory(approved=True, name="气相色谱仪")
    corrections("气象色谱仪")
    with CaptureQueriesContext(connection) as captured:
        corrections("气象色谱仪")
    assert len(statements(captured)) <= 7


def test_the_nearest_part_of_a_text():
    assert nearest_part("气象色谱", "安捷伦气相色谱仪") == (1, 3, 7)
    assert nearest_part("abc", "xxabcxx") == (0, 2, 5)
    assert nearest_part("abc", "") == (3, 0, 0)
