"""Banning a consumer and giving its right back: who may, what follows, what does not."""

import datetime

import pytest
import time_machine
from django.core.management import call_command

from accounts.models import Message
from institutions.bans import ban_consumer, ban_in_force, lift_ban, lift_expired_bans
from institutions.exceptions import InstitutionError
from institutions.models import ConsumerBan
from orders.exceptions import OrderError
from orders.obstacles import obstacles_to_book
from tests import order_factories
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import TestingServiceFactory, UserFactory, auditor, editor, reviewer
from tests.voucher_factories import ApplicationFactory, a_pool, a_voucher, checker, decider
from vouchers.application_services import open_application_of, save_application
from vouchers.eligibility import standing_of
from vouchers.exceptions import VoucherError
from vouchers.models import Voucher
from vouchers.models.applications import VoucherApplication
from workflow import services as workflow
from workflow.models import AuditEntry
from workflow.setup import MANAGERS
from workflow.statuses import Action

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

TODAY = datetime.date(2026, 6, 10)
YESTERDAY, TOMORROW = TODAY - datetime.timedelta(days=1), TODAY + datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def june():
    with time_machine.travel("2026-06-10T02:00:00+00:00", tick=True):
        yield


@pytest.fixture
def staff(db):
    return reviewer(contact_name="何静怡")


@pytest.fixture
def consumer(db):
    return ConsumerFactory(approved=True, name="秦岭精密机械有限公司")


def banned(consumer, staff, **values):
    return ban_consumer(consumer=consumer, actor=staff, **{"reason": "虚构检测业务。"} | values)


def test_a_ban_stands_on_record_and_the_consumer_is_told(consumer, staff):
    ban = banned(consumer, staff, until=datetime.date(2026, 12, 31))
    assert ban_in_force(consumer) == ban
    assert (ban.starts_on, ban.made_by, ban.term) == (TODAY, staff, "2026-06-10 至 2026-12-31（含当天）")
    assert ban.facts == "暂停期限：2026-06-10 至 2026-12-31（含当天）。暂停原因：虚构检测业务。"
    entry = AuditEntry.objects.of(consumer).first()
    assert (entry.action, entry.actor, entry.reason) == (
        Action.BAN,
        staff,
        "虚构检测业务。（暂停期限：2026-06-10 至 2026-12-31（含当天））",
    )
    message = Message.objects.get(recipient=consumer.account, subject__contains="用券资格")
    assert message.subject == "机构“秦岭精密机械有限公司”的用券资格已暂停"
    assert "虚构检测业务" in message.body
    consumer.refresh_from_db()
    assert consumer.status == "approved"


def test_lifting_gives_the_right_back_at_once(consumer, staff):
    ban = banned(consumer, staff)
    ban = lift_ban(ban=ban, actor=staff, reason="已退回款项")
    assert (ban.lifted_by, ban.lift_reason, ban.is_over) == (staff, "已退回款项", True)
    assert ban_in_force(consumer) is None
    entry = AuditEntry.objects.of(consumer).first()
    assert (entry.action, entry.reason) == (Action.LIFT_BAN, "已退回款项")
    assert Message.objects.filter(recipient=consumer.account, subject__contains="已恢复").count() == 1
    with pytest.raises(InstitutionError, match="已经恢复"):
        lift_ban(ban=ban, actor=staff, reason="再次")


@pytest.mark.parametrize(
    ("starts_on", "until", "counts"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (TOMORROW, None, False),
        (TOMORROW, TOMORROW, False),
    ],
)
def test_a_ban_counts_from_its_first_day_through_its_last(consumer, staff, starts_on, until, counts):
    banned(consumer, staff, starts_on=starts_on, until=until)
    assert (ban_in_force(consumer) is not None) == counts
    with time_machine.travel("2026-06-11T02:00:00+00:00"):
        assert (ban_in_force(consumer) is not None) == (until != TODAY)


def test_it_is_over_with_its_last_day_and_put_on_record_by_the_daily_command(consumer, staff):
    ban = banned(consumer, staff, until=TODAY)
    assert lift_expired_bans() == 0
    with time_machine.travel("2026-06-10T16:30:00+00:00"):  # half past midnight in Beijing
        assert ban_in_force(consumer) is None
        call_command("lift_suspensions")
        ban.refresh_from_db()
        assert (ban.lifted_by, ban.lift_reason) == (None, "暂停期限已满，自动恢复。")
        assert lift_expired_bans() == 0
    assert AuditEntry.objects.of(consumer).filter(action=Action.LIFT_BAN).count() == 1


def test_one_that_is_over_makes_way_for_another(consumer, staff):
    first = banned(consumer, staff, until=TODAY)
    with time_machine.travel("2026-06-12T02:00:00+00:00"):
        second = banned(consumer, staff, reason="再次违规")
        first.refresh_from_db()
        assert first.lift_reason == "暂停期限已满，自动恢复。"
        assert ban_in_force(consumer) == second


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"reason": " "}, "请填写暂停原因"),
        ({"starts_on": YESTERDAY}, "“暂停自”不能早于今天"),
        ({"until": YESTERDAY}, "“暂停至”不能早于“暂停自”"),
        ({"starts_on": TOMORROW, "until": TODAY}, "“暂停至”不能早于“暂停自”"),
    ],
)
def test_a_ban_that_makes_no_sense_is_refused(consumer, staff, values, sentence):
    entries = AuditEntry.objects.count()
    with pytest.raises(InstitutionError, match=sentence):
        banned(consumer, staff, **values)
    assert not ConsumerBan.objects.exists()
    assert AuditEntry.objects.count() == entries


def test_a_second_ban_is_refused(consumer, staff):
    banned(consumer, staff)
    with pytest.raises(InstitutionError, match="的用券资格已经暂停"):
        banned(consumer, staff, reason="第二次")
    assert ConsumerBan.objects.get().reason == "虚构检测业务。"


def test_who_was_never_approved_need_not_be_banned(staff):
    with pytest.raises(InstitutionError, match="还没有通过过审核"):
        banned(ConsumerFactory(pending=True), staff)
    assert not ConsumerBan.objects.exists()


@pytest.mark.parametrize(
    "someone",
    [
        auditor,
        editor,
        lambda: UserFactory(staff=True, groups=[MANAGERS]),
        lambda: UserFactory(),
        lambda: UserFactory(consumer=True),
    ],
)
def test_others_neither_ban_nor_lift(consumer, staff, someone):
    other = someone()
    with pytest.raises(InstitutionError, match="没有暂停用券资格的权限"):
        banned(consumer, other)
    assert not ConsumerBan.objects.exists()
    ban = banned(consumer, staff)
    with pytest.raises(InstitutionError, match="没有恢复用券资格的权限"):
        lift_ban(ban=ban, actor=other, reason="说明")
    assert ban_in_force(consumer) == ban


def test_lifting_says_why(consumer, staff):
    ban = banned(consumer, staff)
    with pytest.raises(InstitutionError, match="请填写恢复说明"):
        lift_ban(ban=ban, actor=staff, reason=" ")
    assert ban_in_force(consumer) == ban


def test_an_institution_does_not_get_round_it_with_another_account(consumer, staff):
    twin = ConsumerFactory(approved=True, name="秦岭精密（二）", code=consumer.code)
    ban = banned(consumer, staff)
    assert ban_in_force(twin) == ban
    assert standing_of(twin).ban == ban
    assert ban_in_force(ConsumerFactory(approved=True)) is None


def test_a_banned_consumer_cannot_apply(consumer, staff):
    a_pool()
    banned(consumer, staff, until=datetime.date(2026, 12, 31))
    sentence = (
        "用券资格已暂停，暂停期间不能申请创新券。"
        "暂停期限：2026-06-10 至 2026-12-31（含当天）。暂停原因：虚构检测业务。"
    )
    assert standing_of(consumer).reasons == [sentence]
    with pytest.raises(VoucherError, match="用券资格已暂停"):
        save_application(application=open_application_of(consumer), actor=consumer.account, version=0)
    page = signed_in(consumer.account).get("/centre/vouchers/apply/", follow=True).content.decode()
    assert "用券资格已暂停" in page
    assert (
        not consumer.voucherapplication_set.exists() if hasattr(consumer, "voucherapplication_set") else True
    )


def test_an_application_that_waits_is_not_granted(consumer, staff):
    a_pool()
    waiting = ApplicationFactory(consumer=consumer, pending=True)
    banned(consumer, staff)
    application = VoucherApplication.objects.get(pk=waiting.pk)
    first = application.review_evidence()[0]
    assert (first.condition, first.holds) == ("用券资格没有暂停", False)
    assert first.finding.startswith("用券资格已暂停")
    application = workflow.approve(record=application, actor=checker())
    with pytest.raises(VoucherError, match="用券资格已暂停"):
        workflow.approve(record=application, actor=decider())
    application.refresh_from_db()
    assert application.status == "pending"
    assert not Voucher.objects.exists()


def test_no_voucher_is_granted_past_the_applications_either(consumer, staff):
    a_pool()
    banned(consumer, staff)
    with pytest.raises(VoucherError, match="的用券资格已暂停，不能向它发放创新券"):
        a_voucher(consumer=consumer)
    assert not Voucher.objects.exists()


def test_a_banned_consumer_neither_books_nor_orders(consumer, staff):
    service = TestingServiceFactory(approved=True)
    running = order_factories.an_order("active", offer=service, consumer=consumer)
    ban = banned(consumer, staff)
    (sentence,) = obstacles_to_book(consumer.account, service)
    assert sentence == f"贵单位的用券资格已暂停，暂停期间不能预约和下单。{ban.facts}"
    with pytest.raises(OrderError, match="用券资格已暂停"):
        order_factories.a_booking(offer=service, consumer=consumer)
    running.refresh_from_db()
    assert running.status == "active"


def test_the_application_centre_says_so(consumer, staff):
    client = signed_in(consumer.account)
    assert "用券资格已暂停" not in client.get("/centre/").content.decode()
    banned(consumer, staff, until=datetime.date(2026, 12, 31))
    for address in ("/centre/", "/centre/institution/"):
        page = client.get(address).content.decode()
        assert "用券资格已暂停" in page, address
        assert "2026-06-10 至 2026-12-31（含当天）" in page, address
        assert "虚构检测业务" in page, address
