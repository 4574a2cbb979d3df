"""Whose account it is: institutions' own, by number and by name."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from accounts.masking import Masked
from institutions.bank import (
    account_name_problem,
    is_same_name,
    looks_like_person,
    may_be_card,
    normalise_account_number,
    number_problem,
    validate_account_number,
)

digits = st.text("0123456789", min_size=15, max_size=18)


def with_check_digit(number: str) -> str:
    return number + luhn.calc_check_digit(number)


@pytest.mark.parametrize(
    "typed",
    [
        "3700 0218 0920 0004 321",
        "3700-0218-0920-0004-321",
        "３７０００２１８０９２００００４３２１",
        " 3700　0218‑0920–0004—321\t",
    ],
)
def test_numbers_are_tidied(typed):
    assert normalise_account_number(typed) == "3700021809200004321"


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("37000218092O0004321", "只含数字"),
        ("3700.0218", "只含数字"),
        ("١٢٣٤٥٦٧٨", "只含数字"),
        ("12345", "现在是 5 位"),
        ("1" * 33, "现在是 33 位"),
        (with_check_digit("622202120204123456"), "银行卡号，属于个人账户"),
        (with_check_digit("621700001000123"), "银行卡号，属于个人账户"),
        (with_check_digit("955880210000123456"), "银行卡号，属于个人账户"),
        (with_check_digit("436742123456789"), "银行卡号，属于个人账户"),
    ],
)
def test_what_is_no_account_of_an_institution_is_refused(number, sentence):
    for value in (number, Masked(number)):
        with pytest.raises(ValidationError, match=sentence):
            validate_account_number(value)


@pytest.mark.parametrize(
    "number", ["3700021809200004321", "61050175410000001234", "129905678910", "123456", "1" * 32]
)
def test_accounts_of_institutions_are_accepted(number):
    validate_account_number(number)
    assert number_problem(Masked(number), declared=False) == ""


@given(digits)
def test_every_number_that_passes_the_check_of_cards_needs_a_declaration(number):
    card = with_check_digit(number)
    assert may_be_card(card)
    assert "银行卡号的校验规则" in number_problem(Masked(card), declared=False)
    assert number_problem(Masked(card), declared=True) == ""
    other = card[:-1] + str((int(card[-1]) + 1) % 10)
    assert not may_be_card(other)


@given(st.text("0123456789", min_size=14, max_size=17).map(lambda rest: with_check_digit(f"62{rest}"[:18])))
def test_unionpay_cards_are_refused_whatever_is_declared(card):
    with pytest.raises(ValidationError, match="银行卡号，属于个人账户"):
        validate_account_number(card)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("陕西（西安）智造有限公司", "陕西(西安)智造有限公司"),
        ("陕西 西安 智造有限公司", "陕西西安智造有限公司"),
        ("ＡＢＣ科技有限公司", "abc科技有限公司"),
        ("西安　微纳科技有限公司 ", "西安微纳科技有限公司"),
        ("研究院〔西安〕", "研究院(西安)"),
    ],
)
def test_names_that_differ_by_typing_only_are_the_same(one, other):
    assert is_same_name(one, other)
    assert account_name_problem(one, other) == ""


@pytest.mark.parametrize("name", ["周晓明", "欧阳晓明", "李雷", "阿依古丽·买买提"])
def test_a_persons_name_is_said_to_be_one(name):
    assert looks_like_person(name)
    assert "像是个人姓名" in account_name_problem(name, "渭河软件科技有限公司")


@pytest.mark.parametrize("name", ["西安市医院", "渭河软件科技公司", "测试中心", "王家面馆店", "ABC", ""])
def test_a_short_name_of_an_institution_is_no_persons(name):
    assert not looks_like_person(name)


def test_another_institutions_name_is_refused_with_both_names():
    assert account_name_problem("渭河软件有限公司", "渭河软件科技有限公司") == (
        "账户名称“渭河软件有限公司”与机构名称“渭河软件科技有限公司”不一致，请填写本机构的对公账户（全角半角和空格不影响）。"
    )
