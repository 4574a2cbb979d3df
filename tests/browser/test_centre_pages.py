"""The pages where a provider keeps its records, in a real browser: silent, accessible, and no wider than the screen."""

import pytest

from catalogue.centre.kinds import KINDS
from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    QualificationFactory,
    TestingServiceFactory,
)

pytestmark = pytest.mark.browser

BATCHES = [
    "/centre/",
    "/centre/batches/",
    "/centre/batches/instruments/import/",
    "/centre/batches/instruments/photos/",
    "/centre/batches/instruments/nrii/",
    "/centre/batches/capabilities/completeness/",
]


@pytest.fixture
def provider(live_server):
    """With a draft of every kind."""
    provider = ProviderFactory(approved=True)
    instrument = InstrumentFactory(provider=provider)
    qualification = QualificationFactory(provider=provider)
    CapabilityFactory(provider=provider, qualification=qualification)
    TestingServiceFactory(provider=provider, instruments=[instrument])
    LabServiceFactory(provider=provider, instruments=[instrument])
    return provider


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_a_record_s_pages_are_accessible_and_fit(
    kind, width, provider, new_page, sign_in, assert_accessible, assert_fits
):
    screen = new_page(width=width)
    sign_in(screen, provider.account.username)
    record = kind.model._default_manager.get(provider=provider)
    steps = [f"{record.get_centre_url()}{step.slug}/" for step in kind.steps]
    for path in (kind.list_url, kind.create_url, record.get_centre_url(), *steps):
        assert screen.goto(path).status == 200
        assert_accessible(screen)
        assert_fits(screen)


@pytest.mark.parametrize("width", [1280, 390])
def test_batch_pages_are_accessible_and_fit(
    width, provider, new_page, sign_in, assert_accessible, assert_fits
):
    screen = new_page(width=width)
    sign_in(screen, provider.account.username)
    for path in BATCHES:
        assert screen.goto(path).status == 200
        assert_accessible(screen)
        assert_fits(screen)


def test_what_is_seldom_done_waits_behind_one_button(provider, phone, sign_in, assert_fits):
    sign_in(phone, provider.account.username)
    phone.goto("/centre/instruments/")
    links = [phone.get_by_role("link", name=name, exact=True) for name in ("批量提交", "国家平台导出")]
    assert not any(link.is_visible() for link in links)

    phone.locator("summary", has_text="更多操作").click()
    assert all(link.is_visible() for link in links)
    assert_fits(phone)

    phone.get_by_role("heading", level=1).click()
    assert not any(link.is_visible() for link in links)
