"""Who saw more of what is private than a day's work needs is warned about, once for a day."""

import datetime

import pytest
import time_machine
from django.core.management import call_command

from supervision import checks
from supervision.access import record_access
from supervision.checks import check_day
from supervision.models import Alert
from tests.consumer_factories import ConsumerFactory, payer
from tests.factories import PrivateFileFactory, UserFactory, reviewer
from workflow.audit import record_step
from workflow.statuses import Action

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 6, 10)


@pytest.fixture
def a_busy_day(monkeypatch):
    """One reviewer sees three files, another two; a payer three account numbers. More than two is unusual here."""
    monkeypatch.setattr(checks, "MOST_FILES_A_DAY", 2)
    monkeypatch.setattr(checks, "MOST_ACCOUNTS_A_DAY", 2)
    busy, other, pays = (
        reviewer(contact_name="何静怡", username="heyi"),
        reviewer(),
        payer(contact_name="段晓峰"),
    )
    owner, consumer = UserFactory(), ConsumerFactory(approved=True)
    with time_machine.travel("2026-06-10T06:00:00+00:00", tick=False):
        for number in range(3):
            file = PrivateFileFactory(owner=owner)
            for actor in (busy, other)[: 2 if number < 2 else 1]:
                record_access(file=file, actor=actor, ip_address="", is_download=False)
            record_step(record=consumer, actor=pays, action=Action.VIEW_BANK)
    return busy, pays


def test_a_warning_names_who_and_how_much(a_busy_day):
    busy, pays = a_busy_day
    assert check_day(DAY) == 2
    assert list(Alert.objects.order_by("code").values_list("code", "severity", "title", "record_id", "detail")) == [
        ("supervision.many_accounts", "serious", "“段晓峰”在 2026-06-10 查看了 3 次完整银行账号", pays.pk, f"账户：{pays.username}。"),
        ("supervision.many_files", "normal", "“何静怡”在 2026-06-10 查看了 3 份他人的文件", busy.pk, "账户：heyi。"),
    ]  # fmt: skip


def test_a_day_is_checked_once_and_ends_at_midnight_here(a_busy_day):
    check_day(DAY)
    assert check_day(DAY) == 2
    assert Alert.objects.count() == 2
    assert check_day(DAY + datetime.timedelta(days=1)) == 0
    assert Alert.objects.count() == 2


def test_the_daily_command_looks_at_yesterday(a_busy_day, capsys):
    with time_machine.travel("2026-06-10T17:00:00+00:00"):  # one in the morning of the 11th in Beijing
        call_command("check_access")
    assert capsys.readouterr().out == "2 people saw unusually much on 2026-06-10\n"
    assert Alert.objects.count() == 2
