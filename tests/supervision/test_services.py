"""Raising a warning once, and following it up."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Message
from supervision.exceptions import SupervisionError
from supervision.kinds import declare_kind, kind_of
from supervision.models import Alert, AlertNote
from supervision.services import follow_up
from supervision.statuses import AlertStatus, Severity
from tests.conftest import signed_in
from tests.factories import ProviderFactory, UserFactory, auditor, editor, reviewer
from tests.supervision.warnings import CODE, a_warning
from workflow.models import AuditEntry
from workflow.setup import MANAGERS
from workflow.statuses import Action

pytestmark = pytest.mark.django_db


def trail(alert):
    return list(AuditEntry.objects.of(alert).values_list("action", "actor_name", "changes", "reason"))


def stored(alert):
    return Alert.objects.values().get(pk=alert.pk), list(alert.notes.values())


def test_a_warning_says_what_was_found_about_what(alert):
    provider = alert.record_type.get_object_for_this_type(pk=alert.record_id)
    assert (alert.code, alert.severity, alert.status, alert.key) == (
        CODE,
        "serious",
        "open",
        str(provider.pk),
    )
    assert (alert.record_title, alert.institution_names) == (
        "分析测试中心",
        "分析测试中心、秦岭精密机械有限公司",
    )
    assert alert.institutions == [
        {"name": "分析测试中心", "type": alert.record_type_id, "id": provider.pk},
        {"name": "秦岭精密机械有限公司"},
    ]
    assert alert.kind_label == "拆分订单"
    assert trail(alert) == [(Action.WARN, "系统", {}, "两份订单相隔 3 分钟，内容相同。")]


def test_the_same_finding_is_raised_once_and_marked_as_seen(alert):
    provider = alert.record_type.get_object_for_this_type(pk=alert.record_id)
    before, _notes = stored(alert)
    again = a_warning(record=provider, severity=Severity.INFO, title="别的标题")
    assert again.pk == alert.pk
    after, _notes = stored(alert)
    assert after.pop("last_seen_at") > before.pop("last_seen_at")
    assert after == before
    assert len(trail(alert)) == 1


def test_findings_are_told_apart_by_their_key(alert):
    provider = alert.record_type.get_object_for_this_type(pk=alert.record_id)
    assert a_warning(record=provider, key="2026-12").pk != alert.pk
    assert Alert.objects.count() == 2


@pytest.mark.parametrize(("status", "is_new"), [("dismissed", False), ("closed", True), ("following", False)])
def test_what_was_dismissed_stays_so_and_what_was_closed_is_raised_anew(alert, status, is_new):
    provider = alert.record_type.get_object_for_this_type(pk=alert.record_id)
    follow_up(alert=alert, actor=reviewer(), text="已核查", status=status)
    again = a_warning(record=provider)
    assert (again.pk != alert.pk) == is_new
    assert Alert.objects.get(pk=alert.pk).status == status


def test_the_database_keeps_one_unsettled_warning_of_a_finding(alert):
    twin = Alert.objects.get(pk=alert.pk)
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    assert Alert.objects.count() == 1


def test_a_kind_nobody_declared_cannot_be_raised(db):
    with pytest.raises(ValueError, match="no app has declared"):
        a_warning(code="tests.unknown")
    assert not Alert.objects.exists()
    assert kind_of("tests.unknown").label == "tests.unknown"


def test_a_code_names_one_kind():
    assert declare_kind(CODE, "拆分订单") == kind_of(CODE)
    with pytest.raises(ValueError, match="two kinds"):
        declare_kind(CODE, "另一种")
    with pytest.raises(ValueError, match="40"):
        declare_kind("x" * 41, "太长")


def test_a_warning_goes_with_the_transaction_it_was_raised_in(db):
    provider = ProviderFactory()
    with transaction.atomic():
        a_warning(record=provider)
        transaction.set_rollback(True)
    assert not Alert.objects.exists()


def test_from_found_to_closed(alert):
    first, second = (
        reviewer(contact_name="何静怡"),
        UserFactory(staff=True, groups=[MANAGERS], contact_name="马会来"),
    )
    follow_up(alert=alert, actor=first, text="已联系机构", status="following", assigned_to=second)
    follow_up(alert=alert, actor=second, text="属实，已追回", status="closed", seen_notes=1)
    alert.refresh_from_db()
    assert (alert.status, alert.assigned_to, alert.is_settled) == ("closed", second, True)
    assert list(alert.notes.values_list("author_name", "text", "status", "assigned_name")) == [
        ("何静怡", "已联系机构", "following", "马会来"),
        ("马会来", "属实，已追回", "closed", ""),
    ]
    assert trail(alert)[:2] == [
        (Action.FOLLOW_UP, "马会来", {"status": ["following", "closed"]}, "属实，已追回"),
        (
            Action.FOLLOW_UP,
            "何静怡",
            {"status": ["open", "following"], "assigned_to": ["", "马会来"]},
            "已联系机构",
        ),
    ]
    assert list(Message.objects.values_list("recipient", "subject", "link")) == [
        (second.pk, "请跟进预警：同一天内的两份订单疑似拆分", f"/admin/alerts/{alert.pk}/")
    ]


def test_it_can_be_given_back_and_noted_without_moving(alert):
    staff = reviewer()
    follow_up(alert=alert, actor=staff, assigned_to=staff)
    follow_up(alert=alert, actor=staff, assigned_to=None)
    follow_up(alert=alert, actor=staff, text="等待材料")
    alert.refresh_from_db()
    assert (alert.status, alert.assigned_to, alert.notes.count()) == ("open", None, 3)
    assert not Message.objects.exists()


def test_what_was_settled_can_be_taken_up_again_unless_it_was_raised_anew(alert):
    staff = reviewer()
    follow_up(alert=alert, actor=staff, text="属实", status="closed")
    follow_up(alert=alert, actor=staff, status="following")
    follow_up(alert=alert, actor=staff, text="属实", status="closed")
    a_warning(record=alert.record_type.get_object_for_this_type(pk=alert.record_id))
    before = stored(alert)
    with pytest.raises(SupervisionError, match="已有一条新的预警在处理"):
        follow_up(alert=alert, actor=staff, status="following")
    assert stored(alert) == before


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "请填写跟进情况"),
        ({"text": "  "}, "请填写跟进情况"),
        ({"status": "open"}, "请填写跟进情况"),
        ({"status": "closed"}, "改为“已处理”时，请填写"),
        ({"status": "dismissed", "text": " "}, "改为“误报”时，请填写"),
        ({"text": "核查", "seen_notes": 1}, "已有其他人跟进"),
    ],
)
def test_a_follow_up_that_says_too_little_changes_nothing(alert, values, sentence):
    before = stored(alert)
    with pytest.raises(SupervisionError, match=sentence):
        follow_up(alert=alert, actor=reviewer(), **values)
    assert stored(alert) == before
    assert len(trail(alert)) == 1


def test_moves_that_are_not_in_the_table_are_refused(alert):
    staff = reviewer()
    follow_up(alert=alert, actor=staff, text="属实", status="closed")
    before = stored(alert)
    with pytest.raises(SupervisionError, match="现在是“已处理”，不能改为“待处理”"):
        follow_up(alert=alert, actor=staff, text="重来", status=AlertStatus.OPEN)
    assert stored(alert) == before


@pytest.mark.parametrize(
    "someone", [auditor, editor, lambda: UserFactory(), lambda: UserFactory(consumer=True)]
)
def test_who_may_not_follow_up_changes_nothing(alert, someone):
    before = stored(alert)
    with pytest.raises(SupervisionError, match="只有查看权限"):
        follow_up(alert=alert, actor=someone(), text="核查", status="closed")
    assert stored(alert) == before


@pytest.mark.parametrize("someone", [auditor, lambda: reviewer(is_active=False)])
def test_it_is_handed_to_nobody_who_could_not_follow_up(alert, someone):
    before = stored(alert)
    with pytest.raises(SupervisionError, match="没有跟进预警的权限"):
        follow_up(alert=alert, actor=reviewer(), text="请看", assigned_to=someone())
    assert stored(alert) == before
    assert not AlertNote.objects.exists()


def test_nobody_follows_up_a_warning_about_themselves(db):
    about, other = reviewer(contact_name="何静怡"), reviewer()
    alert = a_warning(record=about)
    before = stored(alert)
    with pytest.raises(SupervisionError, match="涉及您本人"):
        follow_up(alert=alert, actor=about, text="没有问题", status="dismissed")
    with pytest.raises(SupervisionError, match="涉及“何静怡”本人"):
        follow_up(alert=alert, actor=other, text="请看", assigned_to=about)
    assert stored(alert) == before
    assert "记录跟进" not in signed_in(about).get(alert.get_admin_url()).content.decode()
    assert "记录跟进" in signed_in(other).get(alert.get_admin_url()).content.decode()
