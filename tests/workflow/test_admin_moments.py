"""Moments read the same wherever staff see them: 2026-03-01 09:30, in the site's time zone."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from institutions.suspension import suspend_provider
from tests.conftest import signed_in
from tests.factories import ProviderFactory, UserFactory, reviewer
from tests.voucher_factories import ApplicationFactory
from workflow.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

LONG = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}月\d{1,2}日")


@pytest.fixture
def staff():
    return signed_in(UserFactory(admin=True))


def test_lists_and_single_rows_write_moments_alike(staff):
    application = ApplicationFactory(pending=True)
    suspend_provider(provider=ProviderFactory(approved=True), actor=reviewer(), reason="整改", until=None)
    entry = AuditEntry.objects.of(application).first()
    submitted, at = (
        timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
        for moment in (application.submitted_at, entry.at)
    )
    for address, shown in {
        "/admin/review/": submitted,
        "/admin/snippets/vouchers/voucherapplication/": submitted,
        "/admin/snippets/institutions/provider/": "",
        "/admin/snippets/programme/programmeparameters/": "",
        "/admin/audit/": at,
        f"/admin/audit/{entry.pk}/": at,
        "/admin/institutions/suspension/": "",
    }.items():
        html = staff.get(address).text
        assert shown in html, address
        assert LONG.findall(html) == [], address


def test_the_day_by_which_a_decision_is_due_is_told_alike():
    application = ApplicationFactory()
    client = signed_in(application.owner)
    answer = {"confirmed": "1", "version": application.version}
    page = client.post(reverse("vouchers:submit", args=[application.pk]), answer, follow=True).text
    application.refresh_from_db()
    assert f"预计 {application.due_on} 前完成。" in page
