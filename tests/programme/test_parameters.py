"""Sets of parameters: which holds when, what may change, and that nothing of them is in code."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from catalogue.models import Instrument
from programme import services
from programme.exceptions import ProgrammeError
from programme.models import ProgrammeParameters
from programme.selectors import current_parameters, parameters_on
from tests.factories import InstrumentFactory, ProviderFactory, auditor, reviewer
from tests.voucher_factories import manager, parameters_with
from workflow.models import AuditEntry
from workflow.working_days import add_working_days

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

DAY = datetime.timedelta(days=1)


def everything():
    return list(ProgrammeParameters.objects.order_by("pk").values())


def a_set(**values):
    parameters = current_parameters().copied()
    for name, value in {"reason": "陕科发〔2026〕8 号", **values}.items():
        setattr(parameters, name, value)
    return parameters


def test_the_platform_comes_with_the_defaults_of_the_rules():
    parameters = current_parameters()
    stored = {
        field.name: getattr(parameters, field.name) for field in ProgrammeParameters._meta.concrete_fields
    }
    assert {
        name: stored[name] for name in stored if name not in {"id", "made_at", "effective_from", "reason"}
    } == {
        "yearly_pool_amount": Decimal("20000000.00"),
        "consumer_ceiling_amount": Decimal("200000.00"),
        "first_ceiling_amount": None,
        "reapply_used_percent": None,
        "whole_yuan_only": False,
        "instrument_share_percent": 50,
        "testing_share_percent": 50,
        "lab_share_percent": 50,
        "validity": "days",
        "validity_days": 365,
        "valid_to": None,
        "redeem_within_days": 90,
        "payee": "consumer",
        "publicity_days": 7,
        "spot_check_percent": 20,
        "low_use_percent": None,
        "direct_orders": True,
        "min_instrument_amount": Decimal("200000.00"),
        "institution_review_days": 2,
        "resource_review_days": 2,
        "subsidy_base": "vouchers",
        "subsidy_bands": "",
        "subsidy_ceiling_amount": None,
        "voucher_review_days": 3,
        "made_by": None,
    }


def test_the_set_in_force_is_the_last_that_has_begun(django_assert_num_queries):
    with time_machine.travel(datetime.datetime(2026, 3, 2, 2, 0, tzinfo=datetime.UTC), tick=False):
        before = current_parameters()
        noon = services.save_parameters(
            parameters=a_set(
                effective_from=timezone.now() + datetime.timedelta(hours=2), direct_orders=False
            ),
            actor=manager(),
        )
        with django_assert_num_queries(1):
            assert current_parameters() == before
        # of a day that is the set in force at its end
        assert parameters_on(datetime.date(2026, 3, 1)) == before
        assert parameters_on(datetime.date(2026, 3, 2)) == noon
    with time_machine.travel(datetime.datetime(2026, 3, 2, 4, 0, tzinfo=datetime.UTC), tick=False):
        assert current_parameters() == noon
        assert not current_parameters().direct_orders


def test_without_any_set_there_is_a_sentence():
    with pytest.raises(ProgrammeError, match="尚未设置生效的项目参数，请联系平台管理人员。"):
        parameters_on(datetime.date(2019, 12, 31))
    assert parameters_on(datetime.date(2020, 1, 1)).reason == "平台默认参数（操作手册）"


def test_a_set_takes_force_at_once_and_again_the_same_day():
    staff = manager()
    for allowed in (False, True, False):
        services.save_parameters(parameters=a_set(effective_from=None, direct_orders=allowed), actor=staff)
        assert current_parameters().direct_orders is allowed


def test_the_audit_trail_says_what_changed_who_and_why():
    staff = manager()
    parameters = services.save_parameters(
        parameters=a_set(effective_from=None, consumer_ceiling_amount=Decimal(300_000), payee="provider"),
        actor=staff,
    )
    assert (parameters.made_by, parameters.reason) == (staff, "陕科发〔2026〕8 号")
    entry = AuditEntry.objects.of(parameters).get()
    assert (entry.actor, entry.action, entry.reason, entry.changes) == (
        staff,
        "create",
        "陕科发〔2026〕8 号",
        {"consumer_ceiling_amount": ["200000.00", "300000.00"], "payee": ["consumer", "provider"]},
    )
    # PostgreSQL keeps no order of keys
    assert sorted(entry.get_changes_display().split("；")) == [
        "收款方：用券机构 → 接券机构",
        "每家机构年度申领上限（元）：200,000 → 300,000",
    ]


def test_a_future_set_is_changed_and_dropped():
    staff = manager()
    parameters = services.save_parameters(parameters=a_set(effective_from=timezone.now() + DAY), actor=staff)
    parameters.publicity_days = 10
    services.save_parameters(parameters=parameters, actor=staff)
    assert ProgrammeParameters.objects.get(pk=parameters.pk).publicity_days == 10
    pk = parameters.pk
    services.drop_parameters(parameters=parameters, actor=staff)
    assert not ProgrammeParameters.objects.filter(pk=pk).exists()
    actions = AuditEntry.objects.filter(record_id=pk, record_type__model="programmeparameters")
    assert list(actions.order_by("pk").values_list("action", flat=True)) == ["create", "save", "delete"]


@pytest.mark.parametrize("move_it_forward", [False, True])
def test_a_set_in_force_or_past_is_neither_changed_nor_dropped(move_it_forward):
    staff = manager()
    parameters_with(publicity_days=9)  # the first is past now
    before = everything()
    assert len(before) == 2
    for parameters in ProgrammeParameters.objects.all():
        parameters.publicity_days = 1
        if move_it_forward:
            parameters.effective_from = timezone.now() + DAY
        else:
            parameters.effective_from = timezone.now() + datetime.timedelta(seconds=5)
        with pytest.raises(ProgrammeError, match="已经生效，不能修改或删除"):
            services.save_parameters(parameters=parameters, actor=staff)
        with pytest.raises(ProgrammeError, match="已经生效，不能修改或删除"):
            services.drop_parameters(parameters=parameters, actor=staff)
    assert everything() == before
    assert not AuditEntry.objects.filter(record_type__model="programmeparameters").exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE programme_programmeparameters SET consumer_ceiling_amount = 1",
        "UPDATE programme_programmeparameters SET reason = 'x'",
        "UPDATE programme_programmeparameters SET low_use_percent = 30",
        "UPDATE programme_programmeparameters SET effective_from = '2099-01-01 00:00:00+00'",
        "DELETE FROM programme_programmeparameters",
    ],
)
def test_the_database_refuses_to_change_what_has_taken_force(statement):
    before = everything()
    assert len(before) == 1
    with (
        pytest.raises(DatabaseError, match="append-only table programme_programmeparameters"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert everything() == before


def test_the_database_lets_a_future_set_be_changed_and_dropped():
    future = parameters_with(effective_from=timezone.now() + DAY)
    ProgrammeParameters.objects.filter(pk=future.pk).update(publicity_days=1)
    assert ProgrammeParameters.objects.get(pk=future.pk).publicity_days == 1
    ProgrammeParameters.objects.filter(pk=future.pk).delete()
    assert len(everything()) == 1


def test_moments_that_have_passed_or_are_taken_are_refused():
    staff = manager()
    taken = services.save_parameters(parameters=a_set(effective_from=timezone.now() + DAY), actor=staff)
    before = everything()
    for moment, sentence in [
        (timezone.now() - DAY, "生效时间不能早于现在。需要立即生效的，请把生效时间留空。"),
        (taken.effective_from, "已有一套参数在这一时间生效，请换一个时间。"),
    ]:
        with pytest.raises(ProgrammeError) as caught:
            services.save_parameters(parameters=a_set(effective_from=moment), actor=staff)
        assert str(caught.value) == sentence
    assert everything() == before


@pytest.mark.parametrize("someone", [reviewer, auditor])
def test_only_who_may_settles_parameters(someone):
    future = parameters_with(effective_from=timezone.now() + DAY)
    before, actor = everything(), someone()
    for action in (
        lambda: services.save_parameters(parameters=a_set(effective_from=None), actor=actor),
        lambda: services.save_parameters(parameters=future, actor=actor),
        lambda: services.drop_parameters(parameters=future, actor=actor),
    ):
        with pytest.raises(ProgrammeError, match="权限"):
            action()
    assert everything() == before


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"validity": "fixed_date"}, "valid_to", "有效期到固定日期时，请填写有效期截止日。"),
        (
            {"validity": "fixed_date", "valid_to": datetime.date(9999, 12, 31)},
            "valid_to",
            "有效期截止日不能晚于参数生效后十年，请核对年份。",
        ),
        (
            {"first_ceiling_amount": Decimal(200_001)},
            "first_ceiling_amount",
            "首次申领上限不能大于每家机构年度申领上限。",
        ),
        ({"instrument_share_percent": 101}, "instrument_share_percent", "比例不能大于 100%。"),
        ({"testing_share_percent": 0}, "testing_share_percent", "比例不能小于 1%。"),
        ({"validity_days": 0}, "validity_days", "天数不能小于 1。"),
        ({"yearly_pool_amount": Decimal(-1)}, "yearly_pool_amount", "金额不能小于 1 元。"),
        ({"voucher_review_days": 61}, "voucher_review_days", "天数不能大于 60。"),
        (
            {"subsidy_bands": "1000 5%\n900 6%"},
            "subsidy_bands",
            "第 2 档的起点应大于上一档，请从低到高填写。",
        ),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field(values, field, sentence):
    with pytest.raises(ValidationError) as caught:
        a_set(effective_from=timezone.now(), **values).full_clean()
    assert caught.value.message_dict == {field: [sentence]}


# nothing of them in code


def test_review_targets_come_from_the_parameters():
    parameters_with(institution_review_days=4, resource_review_days=6)
    today = timezone.localdate()
    instrument = InstrumentFactory(pending=True)
    assert instrument.due_on == add_working_days(today, 6)
    assert ProviderFactory(pending=True).due_on == add_working_days(today, 4)
    assert Instrument.review_target_days() == 6


def test_the_least_value_of_an_instrument_comes_from_the_parameters():
    provider = ProviderFactory(approved=True)
    InstrumentFactory(provider=provider, original_value_amount=Decimal(300_000))
    parameters_with(min_instrument_amount=Decimal("300000.01"))
    found = {item.condition: item.holds for item in provider.review_evidence()}
    assert found["拥有单台（套）300,000.01 元以上的仪器"] is False
