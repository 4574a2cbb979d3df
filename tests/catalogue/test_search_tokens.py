"""What the tokens of a text and the conditions of a query have in common: every part of a text finds it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.pinyin import pinyin_tokens
from catalogue.search.tokens import (
    document_tokens,
    name_match,
    normalise,
    pieces,
    pinyin_match,
    query_words,
    text_match,
)

CHARACTERS = "气相色谱质谱仪度粒分GCMSgcms0789BX-/.()（） 、。μα①Ⅲ㎡\u0301\ud800😀_'\"*:"


def meets(match, tokens):
    """What both databases do with a match."""

    def occurs(term):
        return (
            any(token.startswith(term.token) for token in tokens) if term.is_prefix else term.token in tokens
        )

    return (
        all(any(occurs(term) for term in clause) for clause in match.clauses)
        and not any(occurs(term) for term in match.without)
        and not (match.unlike and meets(match.unlike, tokens))
    )


def finds(query, *texts, name=""):
    words = query_words(query)
    return bool(words) and meets(text_match(words), document_tokens(name, texts))


@st.composite
def text_and_part(draw):
    text = draw(st.text(CHARACTERS, min_size=2, max_size=60))
    start = draw(st.integers(0, len(text) - 1))
    return text, text[start : draw(st.integers(start + 1, len(text)))]


@given(text_and_part())
def test_every_part_of_a_text_finds_it(example):
    text, part = example
    assert finds(part, text) or not any(char.isalnum() for char in normalise(part))


@given(st.text("气相色谱质", min_size=2, max_size=20), st.text("气相色谱质", min_size=2, max_size=3))
def test_up_to_three_characters_find_nothing_that_does_not_contain_them(text, part):
    assert finds(part, text) == (part in text)


@given(st.text(max_size=300))
def test_any_query_is_few_conditions_of_harmless_tokens(query):
    conditions = [clause for word in query_words(query) for clause in word.clauses]
    assert len(conditions) <= 32
    for term in (term for clause in conditions for term in clause):
        assert term.token.replace("_", "x").isalnum()
        assert len(term.token) <= 16


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("色谱", "气相色谱质谱联用仪"),
        ("谱质", "气相色谱质谱联用仪"),
        ("谱", "气相色谱"),
        ("789", "7890B"),
        ("90b", "7890B"),
        ("0B-5", "7890B-5977A"),
        ("b-5977", "7890B-5977A"),
        ("GC-MS", "气相色谱质谱联用仪（GC-MS）"),
        ("gcms", "GC-MS"),
        ("gc ms", "GC-MS"),
        ("gc-ms", "GCMS-QP2020"),
        ("gc/ms", "GC-MS"),
        ("ＧＣ－ＭＳ", "GC-MS"),
        ("射线", "X射线衍射仪"),
        ("x射线", "X射线衍射仪"),
        ("pcr仪", "实时荧光定量PCR仪"),
        ("0.02", "检出限 0.02 μg/L"),
        ("μg/l", "检出限 0.02 µg/L"),
        ("228.1-2021", "GB/T 228.1-2021"),
        ("GB/T228", "GB/T228"),
        ("GB/T 228.1", "GB/T 228.1-2021"),
        ("gb/t228.1", "GB/T 228.1-2021"),
        ("GBT228.1", "GB/T 228.1-2021"),
        ("GB/T 228.1", "GB/T228.1-2021"),
        ("gbt228.1-2021", "ＧＢ／Ｔ　228.1—2021"),
        ("hj828", "HJ 828-2017"),
        ("db61/t1234.5-2020", "DB61/T 1234.5-2020"),
        ("QP2010", "GCMS-QP 2010"),
        ("spectrophotometer", "UV-Vis-NIR Spectrophotometer"),
        ("rophotometer", "UV-Vis-NIR Spectrophotometer"),
        ("-b", "7890-B"),
        ("样、土", "水样、土壤"),
        ("𠮷野", "𠮷野仪"),
    ],
)
def test_fragments_find(query, text):
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("粒度分", "粒度测量，光度分析"),
        ("0.1", "101 和 01"),
        ("0b-5", "7890B 和 5977"),
        ("x射线", "射线，x"),
        ("gc-ms", "gc 与 systems"),
        ("gbt228.1", "GB/T 2281-1980"),
        ("gbt2281", "GB/T 228.1-2021"),
        ("gbt228", "GB/T 和 228"),
        ("chromatograph7890", "chromatograph 7890"),
        ("3d打", "13 个，打印"),
        ("。，！", "有。，！"),
        ("😀", "😀"),
        ("", "色谱"),
    ],
)
def test_what_only_looks_alike_is_not_found(query, text):
    assert not finds(query, text)


def test_pairs_do_not_reach_from_one_text_into_the_next():
    assert not finds("谱质", "色谱", "质谱")
    assert finds("色谱 质谱", "色谱", "质谱")


def test_the_name_is_a_tier_of_its_own():
    tokens = document_tokens("离子色谱仪", ["气相 GC-MS"])
    assert meets(name_match(query_words("离子 色谱")), tokens)
    assert not meets(name_match(query_words("离子 气相")), tokens)
    assert not meets(name_match(query_words("gc")), tokens)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("qixiangsepu", "气相色谱质谱联用仪"),
        ("qxsp", "气相色谱质谱联用仪"),
        ("qixiangsepuzhipulianyongyi", "气相色谱质谱联用仪"),
        ("sepu", "气相色谱质谱联用仪"),
        ("zhip", "气相色谱质谱联用仪"),
        ("zply", "气相色谱质谱联用仪"),
        ("qi xiang se pu", "气相色谱质谱联用仪"),
        ("xshexian", "X射线衍射仪"),
        ("changdu", "长度计量仪"),
        ("zhongliang", "重量法测定仪"),
        ("pingxing", "平行光管"),
        ("lv", "铝合金分析仪"),
        ("lü", "铝合金分析仪"),
        ("xi'an", "西安分析仪"),
        ("sepu 质谱", "气相色谱质谱联用仪"),
    ],
)
def test_pinyin_finds(typed, name):
    assert meets(pinyin_match(query_words(typed)), set(document_tokens(name, [])) | set(pinyin_tokens(name)))


def test_only_letters_are_pinyin():
    assert pinyin_match(query_words("7890")) is None
    assert pinyin_match(query_words("色谱")) is None
    assert pinyin_match(query_words("a")) is None


def test_long_names_stay_small():
    assert len(pinyin_tokens("重长行" * 33)) <= 100 * 2 * 4
    assert len(document_tokens("a-b" * 33, ["x" * 500, "a-" * 250])) < 2_000


def test_the_same_text_gives_the_same_tokens_in_the_same_order():
    first = list(document_tokens("气相色谱仪", ["GC-MS"]))
    pieces.__globals__["_remembered_pieces"].cache_clear()
    assert list(document_tokens("气相色谱仪", ["GC-MS"])) == first
