"""The class of an enterprise by size: the table of the ministry, row by row, and what holds for every row."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from institutions.sme import TABLE, Figure, Industry, SizeClass, classify, figures_of, in_wan

# The table of the notice (2017 edition), typed again: staff X, revenue Y and assets Z in 万元 for large, medium, small.
NOTICE = {
    "agriculture": "Y20000 | Y500 | Y50",
    "industry": "X1000 Y40000 | X300 Y2000 | X20 Y300",
    "construction": "Y80000 Z80000 | Y6000 Z5000 | Y300 Z300",
    "wholesale": "X200 Y40000 | X20 Y5000 | X5 Y1000",
    "retail": "X300 Y20000 | X50 Y500 | X10 Y100",
    "transport": "X1000 Y30000 | X300 Y3000 | X20 Y200",
    "storage": "X200 Y30000 | X100 Y1000 | X20 Y100",
    "post": "X1000 Y30000 | X300 Y2000 | X20 Y100",
    "lodging": "X300 Y10000 | X100 Y2000 | X10 Y100",
    "catering": "X300 Y10000 | X100 Y2000 | X10 Y100",
    "transmission": "X2000 Y100000 | X100 Y1000 | X10 Y100",
    "software": "X300 Y10000 | X100 Y1000 | X10 Y50",
    "real_estate": "Y200000 Z10000 | Y1000 Z5000 | Y100 Z2000",
    "property": "X1000 Y5000 | X300 Y1000 | X100 Y500",
    "leasing": "X300 Z120000 | X100 Z8000 | X10 Z100",
    "other": "X300 | X100 | X10",
}
LETTERS = {"X": Figure.STAFF, "Y": Figure.REVENUE, "Z": Figure.ASSETS}
# One person, and one fen: the least that an amount of yuan can lack.
LEAST = {Figure.STAFF: 1, Figure.REVENUE: Decimal("0.01"), Figure.ASSETS: Decimal("0.01")}
SIZES = list(SizeClass)


def bounds_of(industry: str) -> list[dict[Figure, int]]:
    return [
        {LETTERS[bound[0]]: int(bound[1:]) for bound in part.split()} for part in NOTICE[industry].split("|")
    ]


def at(bounds: dict[Figure, int]) -> dict[str, Decimal | int]:
    """The figures exactly at the bounds, in the model's units; what does not count is nothing."""
    figures: dict[str, Decimal | int] = {figure.value: 0 for figure in Figure}
    for figure, bound in bounds.items():
        figures[figure.value] = bound if figure is Figure.STAFF else Decimal(bound) * 10_000
    return figures


def size(industry: str, figures: dict[str, Decimal | int]) -> SizeClass | None:
    return classify(industry=industry, **figures).size


def test_every_industry_is_in_the_table_but_the_one_that_is_not_covered():
    assert set(NOTICE) == {industry.value for industry in TABLE} == set(Industry.values) - {"not_covered"}


@pytest.mark.parametrize("industry", NOTICE)
def test_each_row_at_its_bounds_and_a_fen_or_a_person_below(industry):
    for place, bounds in enumerate(bounds_of(industry)):
        assert size(industry, at(bounds)) == SIZES[place]
        for figure in bounds:
            short = at(bounds)
            short[figure.value] -= LEAST[figure]
            assert size(industry, short) == SIZES[place + 1], figure
    assert size(industry, {figure.value: 0 for figure in Figure}) == SizeClass.MICRO


def test_the_highest_class_needs_all_of_its_bounds_however_large_one_figure_is():
    finding = classify(
        industry="industry", staff_count=999, revenue_amount=Decimal("9e11"), assets_amount=Decimal(0)
    )
    assert finding.size == SizeClass.MEDIUM
    assert finding.is_sme is True


amounts = st.decimals(0, Decimal("2e9"), places=2)
industries = st.sampled_from(sorted(NOTICE))


@given(industries, st.integers(0, 2500), amounts, amounts, st.sampled_from(list(Figure)), st.data())
def test_more_of_any_figure_never_makes_an_enterprise_smaller(industry, staff, revenue, assets, figure, data):
    figures = {"staff_count": staff, "revenue_amount": revenue, "assets_amount": assets}
    more = data.draw(st.integers(0, 3000) if figure is Figure.STAFF else amounts)
    before = size(industry, figures)
    after = size(industry, figures | {figure.value: figures[figure.value] + more})
    assert SIZES.index(after) <= SIZES.index(before)


@given(industries, st.integers(0, 2500), amounts, amounts)
def test_figures_that_do_not_count_in_an_industry_change_nothing(industry, staff, revenue, assets):
    figures = {"staff_count": staff, "revenue_amount": revenue, "assets_amount": assets}
    counting = {
        name: value if Figure(name) in figures_of(industry) else None for name, value in figures.items()
    }
    assert classify(industry=industry, **figures) == classify(industry=industry, **counting)


@given(industries, st.integers(0, 2500), amounts, amounts)
def test_the_sentence_names_the_industry_and_every_figure_that_counts(industry, staff, revenue, assets):
    finding = classify(industry=industry, staff_count=staff, revenue_amount=revenue, assets_amount=assets)
    values = {Figure.STAFF: f"{staff:,} 人", Figure.REVENUE: in_wan(revenue), Figure.ASSETS: in_wan(assets)}
    assert finding.sentence.startswith(f"{finding.size.label}：")
    assert str(Industry(industry).label) in finding.sentence
    for figure in figures_of(industry):
        assert values[figure] in finding.sentence


@pytest.mark.parametrize(
    ("industry", "staff", "revenue", "sentence"),
    [
        (
            "software",
            300,
            "100000000",
            "大型：从业人员 300 人、营业收入 10,000 万元，全部达到软件和信息技术服务业的大型标准"
            "（从业人员 300 人及以上、营业收入 10,000 万元及以上）。",
        ),
        (
            "software",
            300,
            "99999999.99",
            "中型：从业人员 300 人、营业收入 9,999.999999 万元，全部达到软件和信息技术服务业的中型标准"
            "（从业人员 100 人及以上、营业收入 1,000 万元及以上），未达到大型标准中的营业收入 10,000 万元及以上。",
        ),
        (
            "software",
            9,
            "9000000",
            "微型：从业人员 9 人、营业收入 900 万元，未达到软件和信息技术服务业的小型标准中的从业人员 10 人及以上。",
        ),
        ("software", None, "1", "请填写从业人员，即可算出企业规模。"),
        ("", 1, "1", "请先选择所属行业。"),
        ("not_covered", 1, "1", "划型标准未列这个行业，由审核人员人工核定。"),
    ],
)
def test_the_rule_that_decided_is_said(industry, staff, revenue, sentence):
    finding = classify(
        industry=industry, staff_count=staff, revenue_amount=Decimal(revenue), assets_amount=Decimal(0)
    )
    assert finding.sentence == sentence


def test_without_its_figures_the_table_says_nothing():
    finding = classify(industry="leasing", staff_count=5, revenue_amount=None, assets_amount=None)
    assert (finding.size, finding.is_sme) == (None, None)
    assert finding.sentence == "请填写资产总额，即可算出企业规模。"
