"""Statistics and a provider's year in a real browser: silent, accessible, no wider than the screen; confirmed by its buttons."""

import pytest
from django.utils import timezone

from figures.models import Cell, ProviderYear
from figures.services import open_year
from tests.factories import InstrumentFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def instrument(live_server):
    """With figures of this year of everything there is, and its provider's last year opened."""
    instrument = InstrumentFactory(approved=True, provider__approved=True)
    year = timezone.localdate().year
    places = [
        ("whole", ""),
        *(("month", f"{month:02}") for month in range(1, 13)),
        *(("city", f"61{number:02}") for number in range(1, 11)),
        *(("size", size) for size in ("medium", "small", "micro", "incubator", "network")),
        *(("industry", industry) for industry in ("software", "not_covered", "")),
        *(("kind", kind) for kind in ("instrument", "testing", "lab")),
        ("class", "instrument:010000"),
        ("offer", f"instrument:{instrument.pk}"),
        ("provider", str(instrument.provider_id)),
    ]
    measures = ("granted", "ordered", "completed", "claimed", "redeemed")
    Cell.objects.bulk_create(
        Cell(
            year=year,
            measure=measure,
            dimension=dimension,
            value=value,
            count=1_234_567 - 1000 * place,
            amount=98_765_432 - 1_000_000 * place,
            institutions=place % 7 + 2,
        )
        for measure in measures
        for place, (dimension, value) in enumerate(places, start=1)
    )
    open_year(provider=instrument.provider, year=year - 1, actor=None)
    return instrument


@pytest.mark.parametrize("width", [1280, 390, 360])
def test_statistics_are_accessible_and_fit(width, instrument, new_page, assert_accessible, assert_fits):
    screen = new_page(width=width)
    assert screen.goto("/statistics/").status == 200
    assert screen.locator("svg.pygal-chart").count() == 4
    assert_accessible(screen)
    assert_fits(screen)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_provider_checks_and_confirms_its_year(
    width, instrument, new_page, sign_in, assert_accessible, assert_fits
):
    screen = new_page(width=width)
    sign_in(screen, instrument.provider.account.username)
    year = timezone.localdate().year - 1
    screen.goto("/centre/figures/")
    assert_accessible(screen)
    screen.get_by_role("link", name=f"{year} 年度").click()
    assert_accessible(screen)
    assert_fits(screen)
    screen.get_by_role("button", name="确认", exact=True).click()
    assert_accessible(screen)
    screen.get_by_role("dialog").get_by_role("button", name="确定").click()
    assert screen.get_by_text("已确认，谢谢。").is_visible()
    assert ProviderYear.objects.get().status == "confirmed"
