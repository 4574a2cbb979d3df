"""Banning and lifting in the Wagtail admin: the card on the review page, both forms, the ledger, the listing."""

import pytest
from django.utils import timezone

from institutions.bans import ban_consumer, ban_in_force
from institutions.models import ConsumerBan
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import auditor, editor, reviewer

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

LEDGER = "/admin/institutions/consumerban/"
LISTING = "/admin/snippets/institutions/consumer/"


@pytest.fixture
def staff():
    return reviewer(username="审核员", contact_name="何静怡")


@pytest.fixture
def consumer():
    return ConsumerFactory(approved=True, name="秦岭精密机械有限公司")


def ban_address(consumer):
    return f"/admin/consumers/{consumer.pk}/ban/"


def lift_address(consumer):
    return f"/admin/consumers/{consumer.pk}/lift-ban/"


def test_from_the_review_page_to_banned_and_back(staff, consumer):
    client = signed_in(staff)
    assert ban_address(consumer) in client.get(consumer.get_review_url()).content.decode()
    assert "确认暂停" in client.get(ban_address(consumer)).content.decode()
    until = timezone.localdate().replace(year=timezone.localdate().year + 1, day=1)
    response = client.post(ban_address(consumer), {"reason": "虚构业务", "until": until.isoformat()})
    assert (response.status_code, response["Location"]) == (302, consumer.get_review_url())
    ban = ConsumerBan.objects.get()
    assert (ban.consumer, ban.reason, ban.starts_on, ban.until, ban.made_by) == (
        consumer,
        "虚构业务",
        timezone.localdate(),
        until,
        staff,
    )
    html = client.get(consumer.get_review_url()).content.decode()
    assert "虚构业务" in html
    assert ban_address(consumer) not in html
    assert lift_address(consumer) in html
    assert "虚构业务" in client.get(lift_address(consumer)).content.decode()
    response = client.post(lift_address(consumer), {"reason": ""})
    assert response.status_code == 422
    assert "请填写恢复说明" in response.content.decode()
    response = client.post(lift_address(consumer), {"reason": "已整改"})
    assert (response.status_code, response["Location"]) == (302, consumer.get_review_url())
    ban.refresh_from_db()
    assert (ban.lifted_by, ban.lift_reason) == (staff, "已整改")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"reason": ""}, "请填写暂停原因"),
        ({"reason": "核查", "starts_on": "2020-01-01"}, "不能早于今天"),
        ({"reason": "核查", "until": "2020-01-01"}, "不能早于“暂停自”"),
        ({"reason": "核查", "until": "明年"}, "请填写日期"),
        ({"reason": "很" * 501}, "500"),
    ],
)
def test_a_faulty_form_comes_back_with_its_sentence(staff, consumer, values, sentence):
    response = signed_in(staff).post(ban_address(consumer), values)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not ConsumerBan.objects.exists()


def test_a_stale_tab_finds_out_that_there_is_nothing_left_to_do(staff, consumer):
    client = signed_in(staff)
    response = client.post(lift_address(consumer), {"reason": "说明"}, follow=True)
    assert "用券资格没有暂停" in response.content.decode()
    ban_consumer(consumer=consumer, actor=staff, reason="第一次")
    response = client.post(ban_address(consumer), {"reason": "第二次"}, follow=True)
    assert "用券资格已经暂停" in response.content.decode()
    assert ConsumerBan.objects.get().reason == "第一次"


@pytest.mark.parametrize("someone", [auditor, editor])
def test_staff_without_the_permission_are_turned_away(staff, consumer, someone):
    client = signed_in(someone())
    for address in (ban_address(consumer), lift_address(consumer)):
        assert client.get(address)["Location"].startswith("/admin/")
        assert client.post(address, {"reason": "核查"})["Location"].startswith("/admin/")
    assert not ConsumerBan.objects.exists()
    ban = ban_consumer(consumer=consumer, actor=staff, reason="核查")
    client.post(lift_address(consumer), {"reason": "说明"})
    assert ban_in_force(consumer) == ban


def test_an_auditor_reads_why_and_changes_nothing(staff, consumer):
    ban_consumer(consumer=consumer, actor=staff, reason="虚构业务")
    client = signed_in(auditor())
    html = client.get(consumer.get_review_url()).content.decode()
    assert "虚构业务" in html
    assert lift_address(consumer) not in html
    assert "虚构业务" in client.get(LEDGER).content.decode()
    ban = ConsumerBan.objects.get()
    assert "虚构业务" in client.get(f"{LEDGER}inspect/{ban.pk}/").content.decode()
    assert client.get(f"{LEDGER}?export=xlsx").status_code == 200
    for action in ("edit", "delete"):
        assert client.post(f"{LEDGER}{action}/{ban.pk}/").status_code in {302, 403, 404}
    assert client.get(f"{LEDGER}inspect/99999/").status_code == 404
    assert ConsumerBan.objects.values().get() == ConsumerBan.objects.values().get(pk=ban.pk)


def test_the_review_page_of_a_twin_leads_to_the_account_that_is_banned(staff, consumer):
    twin = ConsumerFactory(approved=True, name="秦岭精密（二）", code=consumer.code)
    ban_consumer(consumer=consumer, actor=staff, reason="虚构业务")
    html = signed_in(staff).get(twin.get_review_url()).content.decode()
    assert "同一代码的另一个账户“秦岭精密机械有限公司”正在暂停中" in html
    assert f'href="{consumer.get_review_url()}"' in html


def test_the_listing_tells_and_filters_who_is_banned(staff, consumer):
    ConsumerFactory(approved=True, name="汉江材料有限公司")
    ban_consumer(consumer=consumer, actor=staff, reason="虚构业务")
    client = signed_in(staff)
    assert client.get(LISTING).content.decode().count("已通过，用券资格已暂停") == 1
    listed = {
        value: [one.name for one in client.get(LISTING, {"banned": value}).context["object_list"]]
        for value in ("yes", "no")
    }
    assert listed == {"yes": ["秦岭精密机械有限公司"], "no": ["汉江材料有限公司"]}
