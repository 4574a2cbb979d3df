"""Qualifications that end: reminders to their providers, and what staff see of them."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message
from catalogue.models import QualificationReminder
from catalogue.reminders import remind_expiring
from tests.factories import ProviderFactory, QualificationFactory, reviewer
from tests.threads import at_once
from workflow import services

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

NOON = datetime.time(12, tzinfo=timezone.get_default_timezone())
END = datetime.date(2027, 6, 30)
LISTING = "/admin/snippets/catalogue/qualification/"


def on(day):
    return time_machine.travel(datetime.datetime.combine(day, NOON), tick=False)


def days_before_end(days):
    return END - datetime.timedelta(days=days)


@pytest.fixture
def qualification():
    """Approved a year before its end."""
    with on(days_before_end(365)):
        return QualificationFactory(
            approved=True, name="资质认定证书", certificate_number="242712340001", valid_to=END
        )


def reminders(provider):
    return Message.objects.filter(recipient=provider.account, subject__contains="项检测资质")


def test_the_provider_is_told_at_each_stage_and_never_twice(qualification):
    told = []
    for days in range(70, -6, -1):
        with on(days_before_end(days)):
            if remind_expiring():
                told.append(days)
            assert remind_expiring() == 0
    assert told == [60, 30, 7, -1]
    texts = [message.body.splitlines()[0] for message in reminders(qualification.provider).order_by("pk")]
    assert texts == [
        "“资质认定证书”（242712340001）：2027-06-30 到期，还有 60 天。",
        "“资质认定证书”（242712340001）：2027-06-30 到期，还有 30 天。",
        "“资质认定证书”（242712340001）：2027-06-30 到期，还有 7 天。",
        "“资质认定证书”（242712340001）：已于 2027-06-30 过期。",
    ]


def test_days_on_which_nothing_ran_cost_no_reminder_and_cause_no_flood(qualification):
    with on(days_before_end(20)):
        assert remind_expiring() == 1
    with on(END):
        assert remind_expiring() == 1
    message = reminders(qualification.provider).latest("pk")
    assert "今天（2027-06-30）到期" in message.body
    assert set(QualificationReminder.objects.values_list("days", flat=True)) == {30, 7}


def test_a_provider_gets_one_message_for_all_and_one_mail(qualification, django_capture_on_commit_callbacks):
    provider = qualification.provider
    with on(days_before_end(365)):
        QualificationFactory(
            provider=provider, approved=True, name="实验室认可证书", valid_to=END - datetime.timedelta(days=3)
        )
        other = QualificationFactory(approved=True, valid_to=END)
    mail.outbox.clear()
    with on(days_before_end(6)), django_capture_on_commit_callbacks(execute=True):
        call_command("remind_expiring")
    message = reminders(provider).get()
    assert message.subject == "有 2 项检测资质即将到期或已过期"
    assert [line.partition("”")[0] for line in message.body.splitlines()[:2]] == [
        "“实验室认可证书",
        "“资质认定证书",
    ]
    assert message.link == reverse("qualifications:list")
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(
        [provider.account.email, other.provider.account.email]
    )


def test_a_renewed_certificate_is_reminded_of_anew(qualification):
    with on(days_before_end(5)):
        assert remind_expiring() == 1
        renewed = services.withdraw(record=qualification, actor=qualification.owner)
        renewed.valid_to = END + datetime.timedelta(days=365)
        renewed = services.save_draft(record=renewed, actor=renewed.owner, version=renewed.version)
    with on(END):
        assert remind_expiring() == 0  # a draft is not before the public
        renewed.valid_to = END + datetime.timedelta(days=365)
        renewed = services.submit(record=renewed, actor=renewed.owner)
    services.approve(record=renewed, actor=reviewer())
    with on(END + datetime.timedelta(days=360)):
        assert remind_expiring() == 1


def test_what_is_not_approved_is_nobodys_concern(db):
    provider = ProviderFactory(approved=True)
    for state in ("draft", "pending", "returned", "withdrawn"):
        QualificationFactory(provider=provider, state=state, valid_to=timezone.localdate())
    assert remind_expiring() == 0
    assert not QualificationReminder.objects.exists()


def test_many_providers_cost_a_fixed_number_of_queries_each(qualification, django_assert_max_num_queries):
    with on(days_before_end(365)):
        for _ in range(5):
            QualificationFactory(provider=qualification.provider, approved=True, valid_to=END)
    with on(days_before_end(60)), django_assert_max_num_queries(8):
        assert remind_expiring() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_runs_at_once_tell_once():
    qualification = QualificationFactory(approved=True, valid_to=timezone.localdate())
    assert sorted(at_once(remind_expiring, remind_expiring)) == [0, 1]
    assert reminders(qualification.provider).count() == 1


def test_the_listing_of_staff_flags_and_filters_by_term(reviewer_client):
    today = timezone.localdate()
    provider = ProviderFactory(approved=True)
    for name, days in (("甲证书", 100), ("乙证书", 60), ("丙证书", 0)):
        QualificationFactory(
            provider=provider, approved=True, name=name, valid_to=today + datetime.timedelta(days=days)
        )
    with time_machine.travel(timezone.now() - datetime.timedelta(days=30)):
        QualificationFactory(
            provider=provider, approved=True, name="丁证书", valid_to=today - datetime.timedelta(days=1)
        )
    html = reviewer_client.get(LISTING).content.decode()
    assert (html.count("即将到期</td>"), html.count("已过期</td>")) == (2, 1)

    def shown(validity):
        page = reviewer_client.get(f"{LISTING}?validity={validity}").content.decode()
        return {name for name in ("甲证书", "乙证书", "丙证书", "丁证书") if name in page}

    assert shown("valid") == {"甲证书"}
    assert shown("expiring") == {"乙证书", "丙证书"}
    assert shown("expired") == {"丁证书"}
    assert shown("junk") == {"甲证书", "乙证书", "丙证书", "丁证书"}


def test_the_dashboard_of_staff_counts_what_ends(reviewer_client, editor_client):
    QualificationFactory(approved=True, valid_to=timezone.localdate())
    html = reviewer_client.get("/admin/").content.decode()
    assert "<strong>1</strong>即将到期" in html
    assert "<strong>0</strong>已过期" in html
    assert f"{LISTING}?status=approved&amp;validity=expiring" in html
    assert "检测资质有效期" not in editor_client.get("/admin/").content.decode()
