"""Voucher numbers: unguessable, and a slip in typing one is noticed."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from vouchers.numbers import ALPHABET, check_character, new_number, normalise_number, validate_number

GOOD = "2026-7K3M-Q9XA-4TPN-" + check_character("20267K3MQ9XA4TPN")
bodies = st.text(ALPHABET, min_size=16, max_size=16)


def refusal(text):
    with pytest.raises(ValidationError) as caught:
        validate_number(text)
    return caught.value.messages[0]


def test_a_new_number_begins_with_its_year_and_passes_its_own_check():
    number = new_number(2026)
    assert (number[:5], len(number)) == ("2026-", 21)
    validate_number(number)
    assert normalise_number(number) == number


def test_numbers_do_not_repeat():
    assert len({new_number(2026) for _number in range(2_000)}) == 2_000


@pytest.mark.parametrize(
    "typed",
    [
        GOOD.lower(),
        GOOD.replace("-", ""),
        f"  {GOOD.replace('-', ' ')} ",
        GOOD.replace("-", "－").replace("2026", "２０２６"),
        GOOD.replace("0", "O"),
        GOOD.replace("-", "—"),
    ],
)
def test_a_number_is_read_however_it_was_typed(typed):
    validate_number(typed)
    assert normalise_number(typed) == GOOD


@given(bodies, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_any_one_wrong_character_is_noticed(body, place, other):
    number = body + check_character(body)
    wrong = number[:place] + other + number[place + 1 :]
    if wrong != number:
        assert "校验位" in refusal(wrong)


@given(bodies, st.integers(0, 15))
def test_two_neighbours_that_changed_places_are_noticed(body, place):
    number = body + check_character(body)
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if wrong != number:
        assert "校验位" in refusal(wrong)


def test_what_is_no_number_is_told_why():
    assert refusal(GOOD[:-3]) == "券号应为 17 位（不计连字符），现在是 15 位，请核对。"
    assert refusal(GOOD[:-1] + "!") == "券号不含字符“!”，请核对。"
