"""What people and spreadsheets write as the value of an attribute, and how it is read, printed and read again."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from catalogue.attributes import clean_value, display_value, plain_value
from catalogue.models import AttributeDefinition, AttributeKind


def defined(kind, **fields):
    return AttributeDefinition(pk=7, name="分辨率", kind=kind, instrument_class_id="010100", **fields)


NUMBER = defined(AttributeKind.NUMBER, unit="nm")
RANGE = defined(AttributeKind.RANGE, unit="nm")
CHOICE = defined(AttributeKind.CHOICE, choices="EI\n CI \nESI（电喷雾）\nEI")
BOOLEAN = defined(AttributeKind.BOOLEAN)
TEXT = defined(AttributeKind.TEXT)


@pytest.mark.parametrize("nothing", [None, "", "  ", [], ["", None], "\0"])
@pytest.mark.parametrize("definition", [NUMBER, RANGE, CHOICE, BOOLEAN, TEXT])
def test_nothing_is_no_value(definition, nothing):
    assert clean_value(definition, nothing) is None


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0.8", "0.8"),
        ("０．８", "0.8"),
        (" 0.80 nm", "0.8"),
        ("0.8nm", "0.8"),
        ("≤0.5", "0.5"),
        ("优于 0.5 nm", "0.5"),
        ("−10", "-10"),
        ("－10", "-10"),
        ("-0", "0"),
        ("1,200", "1200"),
        ("１，２００", "1200"),
        ("1e-3", "0.001"),
        (".5", "0.5"),
        (5, "5"),
        (0.1 + 0.2, "0.3"),
        (Decimal("2.50"), "2.5"),
    ],
)
def test_numbers_are_read_as_people_write_them(typed, stored):
    assert clean_value(NUMBER, typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0.5~80", ["0.5", "80"]),
        ("0.5～80 nm", ["0.5", "80"]),
        ("0.5nm～80nm", ["0.5", "80"]),
        ("0.5-80", ["0.5", "80"]),
        ("0.5 – 80", ["0.5", "80"]),
        ("5——90", ["5", "90"]),
        ("5--90", ["5", "90"]),
        ("0.5至80", ["0.5", "80"]),
        ("0.5 到 80", ["0.5", "80"]),
        ("-10~-5", ["-10", "-5"]),
        ("-10--5", ["-10", "-5"]),
        ("−10－5", ["-10", "5"]),
        ("±30", ["-30", "30"]),
        ("1,000~2,000", ["1000", "2000"]),
        ("1e-3~1e-2", ["0.001", "0.01"]),
        (["0.5", " 80 "], ["0.5", "80"]),
        ([0.5, 80], ["0.5", "80"]),
        (("5", "5"), ["5", "5"]),
    ],
)
def test_ranges_are_read_as_people_write_them(typed, stored):
    assert clean_value(RANGE, typed) == stored


@pytest.mark.parametrize(
    ("definition", "typed", "sentence"),
    [
        (NUMBER, "很高", "“分辨率（nm）”请填写数字，如 0.8。"),
        (NUMBER, "0,5", "“分辨率（nm）”请填写数字，如 0.8。"),
        (NUMBER, "NaN", "“分辨率（nm）”请填写数字，如 0.8。"),
        (NUMBER, float("inf"), "“分辨率（nm）”请填写数字，如 0.8。"),
        (NUMBER, True, "“分辨率（nm）”请填写数字，如 0.8。"),
        (NUMBER, ["1"], "“分辨率（nm）”请填写数字，如 0.8。"),
        (NUMBER, {"a": 1}, "“分辨率（nm）”请填写数字，如 0.8。"),
        (NUMBER, "1" * 5000, "“分辨率（nm）”请填写数字，如 0.8。"),
        (NUMBER, "0.0000001", "“分辨率（nm）”最多保留 6 位小数。"),
        (NUMBER, "1e12", "“分辨率（nm）”的数值太大，请核对单位。"),
        (NUMBER, "1e999999999", "“分辨率（nm）”的数值太大，请核对单位。"),
        (NUMBER, "1e999999999999999999999", "“分辨率（nm）”的数值太大，请核对单位。"),
        (NUMBER, 10**40, "“分辨率（nm）”的数值太大，请核对单位。"),
        (RANGE, "5", "“分辨率（nm）”请填写下限和上限两个数字，如 0.5~80。"),
        (RANGE, ["5", ""], "“分辨率（nm）”请填写下限和上限两个数字，如 0.5~80。"),
        (RANGE, ["1", "2", "3"], "“分辨率（nm）”请填写下限和上限两个数字，如 0.5~80。"),
        (RANGE, 5, "“分辨率（nm）”请填写下限和上限两个数字，如 0.5~80。"),
        (RANGE, {"low": 1}, "“分辨率（nm）”请填写下限和上限两个数字，如 0.5~80。"),
        (RANGE, ["a", "2"], "“分辨率（nm）”请填写数字，如 0.8。"),
        (RANGE, "80~0.5", "“分辨率（nm）”的下限大于上限，请核对。"),
        (CHOICE, "MALDI", "“分辨率”没有“MALDI”这个选项，可选：EI、CI、ESI（电喷雾）。"),
        (BOOLEAN, "也许", "“分辨率”请填写“是”或“否”。"),
        (TEXT, "字" * 201, "“分辨率”最多 200 个字，现在有 201 个。"),
        (TEXT, ["a"], "“分辨率”请填写文字。"),
    ],
)
def test_what_cannot_be_understood_has_its_sentence(definition, typed, sentence):
    with pytest.raises(ValidationError) as refusal:
        clean_value(definition, typed)
    assert refusal.value.messages == [sentence]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("EI", "EI"), ("ei", "EI"), ("ＥＩ", "EI"), (" CI ", "CI"), ("esi(电喷雾)", "ESI（电喷雾）")],
)
def test_choices_are_found_whatever_their_width_and_case(typed, stored):
    assert clean_value(CHOICE, typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("是", True),
        ("有", True),
        (True, True),
        ("1", True),
        ("否", False),
        (False, False),
        ("NO", False),
        (0, False),
    ],
)
def test_yes_and_no(typed, stored):
    assert clean_value(BOOLEAN, typed) is stored


def test_what_is_stored_is_accepted_again_whatever_the_choices_are_by_now():
    assert clean_value(CHOICE, "FAB", stored="FAB") == "FAB"
    with pytest.raises(ValidationError):
        clean_value(CHOICE, "FAB", stored="EI")
    assert clean_value(BOOLEAN, 1, stored=True) is True


@pytest.mark.parametrize(
    ("definition", "value", "shown"),
    [
        (NUMBER, "0.8", "0.8 nm"),
        (RANGE, ["-10", "5"], "-10–5 nm"),
        (CHOICE, "EI", "EI"),
        (BOOLEAN, False, "否"),
        (TEXT, "水~油", "水~油"),
        (NUMBER, None, ""),
    ],
)
def test_values_are_shown_with_their_unit(definition, value, shown):
    assert display_value(definition, value) == shown


figures = st.decimals(
    min_value=-(10**12) + 1, max_value=10**12 - 1, places=6, allow_nan=False, allow_infinity=False
)


@given(figures)
def test_a_number_survives_every_way_of_writing_it(number):
    stored = clean_value(NUMBER, str(number))
    assert Decimal(stored) == number
    assert clean_value(NUMBER, plain_value(NUMBER, stored)) == stored
    assert clean_value(NUMBER, display_value(NUMBER, stored)) == stored


@given(figures, figures)
def test_a_range_survives_every_way_of_writing_it(one, other):
    low, high = sorted((one, other))
    stored = clean_value(RANGE, [str(low), str(high)])
    assert [Decimal(part) for part in stored] == [low, high]
    assert clean_value(RANGE, plain_value(RANGE, stored)) == stored
    assert clean_value(RANGE, display_value(RANGE, stored)) == stored


@given(
    st.one_of(st.text(max_size=80), st.integers(), st.floats(), st.lists(st.text(max_size=9)), st.booleans())
)
def test_whatever_comes_is_a_value_nothing_or_a_sentence(raw):
    for definition in (NUMBER, RANGE, CHOICE, BOOLEAN, TEXT):
        try:
            value = clean_value(definition, raw)
        except ValidationError as error:
            value, refusal = None, error.messages[0]
        else:
            refusal = ""
        assert refusal == "" or refusal.startswith("“分辨率")
        assert value is None or clean_value(definition, value) == value
