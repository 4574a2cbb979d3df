"""What every step of every submission shares: fields that understand people, and one submission a record."""

import datetime
from decimal import Decimal

import pytest
from django import forms
from django.urls import reverse
from wagtail.models import WorkflowState

from accounts.models import User
from institutions.forms import HostForm
from institutions.models import Provider
from institutions.services import provider_of, save_provider
from tests.factories import ProviderFactory, UserFactory
from tests.threads import at_once
from workflow import services
from workflow.forms import DayField, HalfWidthField, MoneyField, ParagraphWidget
from workflow.history import history
from workflow.models import AuditEntry, ReviewTaskState
from workflow.statuses import SubmissionStatus


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1200", "1200.00"),
        ("1,200.5", "1200.50"),
        ("１，２００．５０", "1200.50"),
        (" ¥1 200 ", "1200.00"),
        ("1200元", "1200.00"),
    ],
)
def test_money_is_read_as_people_write_it(typed, amount):
    value = MoneyField(max_digits=12, decimal_places=2).clean(typed)
    assert str(value) == amount


@pytest.mark.parametrize("typed", ["一千", "1200,5x", "Infinity", "NaN", "0x10", "1;2", "--1"])
def test_money_refuses_what_is_no_number(typed):
    with pytest.raises(forms.ValidationError, match="请填写数字金额，单位元"):
        MoneyField(max_digits=12, decimal_places=2).clean(typed)


@pytest.mark.parametrize("typed", ["1e20", "9" * 30])
def test_money_refuses_what_is_too_much(typed):
    with pytest.raises(forms.ValidationError, match="金额太大"):
        MoneyField(max_digits=12, decimal_places=2).clean(typed)


def test_money_is_shown_with_separators_and_read_back_unchanged():
    field = MoneyField(max_digits=12, decimal_places=2)
    for amount, shown in (("2680000.00", "2,680,000"), ("1200.50", "1,200.50")):
        assert field.prepare_value(Decimal(amount)) == shown
        assert field.clean(shown) == Decimal(amount)


@pytest.mark.parametrize(
    "typed", ["2021-06-30", "2021/6/30", "2021.06.30", "2021年6月30日", "20210630", "２０２１-０６-３０"]
)
def test_days_are_read_as_people_write_them(typed):
    assert DayField().clean(typed) == datetime.date(2021, 6, 30)


def test_numbers_lose_full_width_and_spaces():
    assert HalfWidthField().clean("０２９－8888 1234") == "029-88881234"


def test_line_breaks_of_a_browser_count_once():
    assert ParagraphWidget().value_from_datadict({"text": "一\r\n二"}, {}, "text") == "一\n二"


@pytest.mark.django_db
def test_every_choice_is_named_in_chinese():
    form = HostForm(instance=Provider(account=UserFactory()), owner=User())
    assert form.fields["city"].choices[0] == ("", "请选择")
    assert "---------" not in form.as_p()


@pytest.mark.django_db
def test_a_step_demands_nothing_before_the_record_is_finished():
    form = HostForm({"version": "1"}, {}, instance=Provider(account=UserFactory()), owner=UserFactory())
    assert form.is_valid(), form.errors


@pytest.mark.django_db
def test_history_leaves_reviewers_unnamed():
    provider = ProviderFactory(pending=True)
    services.approve(
        record=provider, actor=UserFactory(admin=True, contact_name="张审核"), comment="材料齐全"
    )
    assert [
        (event.title, event.actor, event.text, event.tone) for event in history(provider, provider.account)
    ] == [
        ("审核通过", "审核人员", "材料齐全", "good"),
        ("提交审核", "王小明", "", "info"),
    ]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_submissions_at_once_make_one_review():
    provider = ProviderFactory()

    def submit():
        record = Provider.objects.get(pk=provider.pk)
        return services.submit(record=record, actor=record.account)

    results = at_once(submit, submit)
    assert sorted(type(result).__name__ for result in results) == ["Provider", "WorkflowError"]
    assert WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS).count() == 1
    assert ReviewTaskState.objects.count() == 1
    assert AuditEntry.objects.of(provider).filter(action="submit").count() == 1
    provider.refresh_from_db()
    assert (provider.status, provider.version) == (SubmissionStatus.PENDING, 2)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_first_saves_at_once_make_one_institution(client):
    account = UserFactory()
    first, second = provider_of(account), provider_of(account)
    first.host_name, second.host_name = "甲", "乙"
    results = at_once(
        lambda: save_provider(provider=first, actor=account, version=1),
        lambda: save_provider(provider=second, actor=account, version=1),
    )
    assert sorted(type(result).__name__ for result in results) == ["Provider", "StaleFormError"]
    assert Provider.objects.count() == 1
    client.force_login(account)
    assert client.get(reverse("institutions:overview")).status_code == 200
