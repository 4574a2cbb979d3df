"""Identity codes: what is right, and which part a wrong one is told to look at."""

import pytest
from django.core.exceptions import ValidationError

from institutions.codes import (
    is_registered_in_province,
    normalise_code,
    uscc_check_character,
    validate_identity_code,
)
from tests.factories import make_credit_code

# the example of GB 32100-2015 itself
STANDARD = "91350100M000100Y43"


@pytest.mark.parametrize("code", [STANDARD, make_credit_code(7), make_credit_code(99_999_999), "123456788"])
def test_right_codes_are_accepted(code):
    validate_identity_code(code)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("", "length"),
        ("91610113000000070", "length"),
        ("9161011300000007OX", "alphabet"),
        ("Q16101130000000755", "authority"),
        ("916101A30000000755", "region"),
        ("12345678X", "checksum"),
        ("1234567_8", "alphabet"),
    ],
)
def test_a_wrong_code_is_told_which_part(code, kind):
    with pytest.raises(ValidationError) as caught:
        validate_identity_code(code)
    assert caught.value.code == kind


def test_one_wrong_character_anywhere_is_noticed():
    code = make_credit_code(12_345_678)
    for place in range(2, 18):
        other = "1" if code[place] != "1" else "2"
        with pytest.raises(ValidationError):
            validate_identity_code(code[:place] + other + code[place + 1 :])


def test_an_organisation_code_inside_that_does_not_fit_is_named():
    first_17 = "91610113000000071"  # 00000007 has the check character 8
    with pytest.raises(ValidationError) as caught:
        validate_identity_code(first_17 + uscc_check_character(first_17))
    assert caught.value.code == "inner"


@pytest.mark.parametrize(
    ("typed", "read"),
    [(" 12345678-8 ", "123456788"), ("９１６１０１１３abc", "91610113ABC"), ("91-61", "91-61")],
)
def test_codes_are_read_as_people_type_them(typed, read):
    assert normalise_code(typed) == read


def test_the_place_of_registration_is_told_by_unified_codes_only():
    assert is_registered_in_province(make_credit_code(7), "61") is True
    assert is_registered_in_province(make_credit_code(7, region="440300"), "61") is False
    assert is_registered_in_province("123456788", "61") is None
