"""How login names and mobile numbers are read, and which are refused."""

import pytest
from django.core.exceptions import ValidationError

from accounts.validators import (
    normalise_identifier,
    normalise_mobile,
    validate_login_name,
    validate_mobile,
)


@pytest.mark.parametrize(
    "typed",
    [
        "13900001111",
        " 139 0000 1111 ",
        "139-0000-1111",
        "１３９００００１１１１",
        "+86 13900001111",
        "0086-13900001111",
    ],
)
def test_a_mobile_number_is_read_however_it_is_written(typed: str) -> None:
    assert normalise_mobile(typed) == "13900001111"
    assert normalise_identifier(typed) == "13900001111"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" QinLing ", "qinling"),
        ("ＱｉｎＬｉｎｇ２", "qinling2"),
        ("秦岭材料院", "秦岭材料院"),
        ("Wang@Example.COM", "wang@example.com"),
    ],
)
def test_other_identifiers_are_read_without_regard_to_width_and_case(typed: str, stored: str) -> None:
    assert normalise_identifier(typed) == stored


@pytest.mark.parametrize("name", ["秦岭", "xaut", "西安光机所-测试中心", "lab_2.a", "𠮷林大学", "a" * 30])
def test_login_names_of_chinese_and_latin_letters_are_accepted(name: str) -> None:
    validate_login_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "a" * 31,
        "13900001111",
        "1abc",
        "_abc",
        "wang@example.com",
        "wang li",
        "<b>wang</b>",
        "wang\n",
        "wang\u202ergo",
        "аdmin",  # begins with a Cyrillic letter
        "",
    ],
)
def test_login_names_that_could_shadow_or_imitate_another_are_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="登录名应为"):
        validate_login_name(name)


@pytest.mark.parametrize(
    "number", ["12900001111", "1390000111", "139000011112", "1390000１111", "139٠٠٠٠1111", "x"]
)
def test_what_is_no_mobile_number_is_refused(number: str) -> None:
    with pytest.raises(ValidationError, match="11 位中国大陆手机号码"):
        validate_mobile(number)
