"""The public pages in a real browser: silent, accessible, and no wider than the screen."""

import pytest

from catalogue.models import LabService, TestingService
from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    QualificationFactory,
    TestingServiceFactory,
)

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/catalogue/instruments/",
    "/catalogue/instruments/?q=色谱",
    "/catalogue/instruments/?q=没有这种仪器",
    "/catalogue/testing/?q=拉伸",
    "/catalogue/labs/",
    "/catalogue/capabilities/?q=GBT228.1",
    "/catalogue/providers/",
    "/notices/",
    "/policy/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
]


@pytest.fixture
def instrument(live_server):
    """With everything else that its provider may offer."""
    instrument = InstrumentFactory(approved=True)
    provider = instrument.provider
    qualification = QualificationFactory(approved=True, provider=provider)
    CapabilityFactory(approved=True, provider=provider, qualification=qualification)
    TestingServiceFactory(approved=True, provider=provider, instruments=[instrument])
    LabServiceFactory(approved=True, provider=provider, instruments=[instrument])
    return instrument


@pytest.mark.parametrize("path", PAGES)
def test_public_pages_are_accessible_and_fit(path, instrument, page, phone, assert_accessible, assert_fits):
    for screen in (page, phone):
        assert screen.goto(path).status == 200
        assert screen.locator("h1").count() == 1
        assert_accessible(screen)
        assert_fits(screen)


def test_detail_pages_are_accessible_and_fit(instrument, page, phone, assert_accessible, assert_fits):
    for screen in (page, phone):
        for path in (
            f"/catalogue/instruments/{instrument.pk}/",
            f"/catalogue/providers/{instrument.provider_id}/",
            TestingService.objects.get().get_absolute_url(),
            LabService.objects.get().get_absolute_url(),
        ):
            assert screen.goto(path).status == 200
            assert_accessible(screen)
            assert_fits(screen)


def test_larger_type_is_remembered_and_fits_a_phone(instrument, phone, assert_accessible, assert_fits):
    phone.goto("/")
    phone.get_by_role("button", name="关怀版").click()
    phone.set_viewport_size({"width": 360, "height": 900})
    for path in (
        "/catalogue/instruments/",
        "/catalogue/testing/",
        "/catalogue/labs/",
        "/catalogue/capabilities/",
    ):
        phone.goto(path)
        assert phone.locator("html").get_attribute("data-size") == "large"
        assert_accessible(phone)
        assert_fits(phone)


def test_a_page_that_does_not_exist_is_ours_and_accessible(page, complaints, assert_accessible):
    assert page.goto("/nowhere/").status == 404
    assert page.get_by_role("heading", level=1).is_visible()
    assert_accessible(page)
    complaints.expected("404: ")


def test_the_harness_fails_a_page_that_complains(page, complaints):
    page.goto("/")
    page.evaluate("console.error('我有意见')")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')")
    page.goto("/nowhere/")
    complaints.expected("console: 我有意见")
    complaints.expected("Content Security Policy")
    complaints.expected("404: ")
