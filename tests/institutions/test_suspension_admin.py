"""Suspending and lifting in the Wagtail admin: the card on the review page, both forms, the ledger, the listing."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from institutions.models import Suspension
from institutions.suspension import lift_suspension, suspend_provider
from tests.factories import InstrumentFactory, ProviderFactory, auditor, editor, reviewer

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

LEDGER = "/admin/institutions/suspension/"
LISTING = "/admin/snippets/institutions/provider/"


@pytest.fixture
def staff():
    return reviewer(username="审核员", contact_name="何静怡")


@pytest.fixture
def provider():
    return ProviderFactory(approved=True, name="分析测试中心", host_name="关中理工大学")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def suspend_address(provider):
    return f"/admin/providers/{provider.pk}/suspend/"


def lift_address(provider):
    return f"/admin/providers/{provider.pk}/lift/"


def test_from_the_review_page_to_suspended_and_back(staff, provider):
    client = signed_in(staff)
    html = client.get(provider.get_review_url()).content.decode()
    assert suspend_address(provider) in html
    assert "对公众可见" in html

    form = client.get(suspend_address(provider)).content.decode()
    assert "确认暂停" in form
    until = timezone.localdate() + datetime.timedelta(days=30)
    response = client.post(suspend_address(provider), {"reason": "投诉核查", "until": until.isoformat()})
    assert (response.status_code, response["Location"]) == (302, provider.get_review_url())
    suspension = Suspension.objects.in_force().get()
    assert (suspension.provider, suspension.reason, suspension.until, suspension.suspended_by) == (
        provider,
        "投诉核查",
        until,
        staff,
    )

    html = client.get(provider.get_review_url()).content.decode()
    assert "投诉核查" in html
    assert "已暂停" in html
    assert "对公众可见" not in html
    assert suspend_address(provider) not in html
    assert lift_address(provider) in html

    assert "投诉核查" in client.get(lift_address(provider)).content.decode()
    response = client.post(lift_address(provider), {"reason": "整改到位"})
    assert (response.status_code, response["Location"]) == (302, provider.get_review_url())
    suspension.refresh_from_db()
    assert (suspension.lifted_by, suspension.lift_reason) == (staff, "整改到位")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"reason": ""}, "请填写暂停原因"),
        ({"reason": "核查", "until": "2020-01-01"}, "不能早于今天"),
        ({"reason": "核查", "until": "明年"}, "请填写日期"),
        ({"reason": "很" * 501}, "500"),
    ],
)
def test_a_faulty_form_comes_back_with_its_sentence(staff, provider, values, sentence):
    response = signed_in(staff).post(suspend_address(provider), values)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Suspension.objects.exists()


def test_a_refusal_of_the_service_stands_in_the_form(staff):
    never_approved = ProviderFactory(pending=True)
    response = signed_in(staff).post(suspend_address(never_approved), {"reason": "核查"})
    assert response.status_code == 422
    assert "还没有通过过审核" in response.content.decode()
    assert "暂停</h2>" not in signed_in(staff).get(never_approved.get_review_url()).content.decode()


def test_a_stale_tab_finds_out_that_there_is_nothing_left_to_do(staff, provider):
    client = signed_in(staff)
    assert client.post(lift_address(provider), {"reason": ""})["Location"] == provider.get_review_url()
    suspend_provider(provider=provider, actor=staff, reason="第一次")
    response = client.post(suspend_address(provider), {"reason": "第二次"}, follow=True)
    assert "已经处于暂停中" in response.content.decode()
    assert Suspension.objects.get().reason == "第一次"


@pytest.mark.parametrize("someone", [auditor, editor])
def test_staff_without_the_permission_are_turned_away(staff, provider, someone):
    client = signed_in(someone())
    for address in (suspend_address(provider), lift_address(provider)):
        assert client.get(address)["Location"].startswith("/admin/")
        assert client.post(address, {"reason": "核查"})["Location"].startswith("/admin/")
    assert not Suspension.objects.exists()
    suspend_provider(provider=provider, actor=staff, reason="核查")
    client.post(lift_address(provider), {"reason": ""})
    assert Suspension.objects.in_force().exists()


def test_an_auditor_reads_the_suspension_without_buttons(staff, provider):
    suspend_provider(provider=provider, actor=staff, reason="投诉核查")
    html = signed_in(auditor()).get(provider.get_review_url()).content.decode()
    assert "投诉核查" in html
    assert lift_address(provider) not in html


def test_records_of_a_suspended_provider_are_not_called_visible(staff, provider):
    instrument = InstrumentFactory(provider=provider, approved=True)
    suspend_provider(provider=provider, actor=staff, reason="投诉核查")
    html = signed_in(staff).get(instrument.get_review_url()).content.decode()
    assert "对公众可见" not in html
    assert "机构已被暂停" in html


def test_the_listing_shows_who_is_suspended_and_filters_by_it(staff, provider, django_assert_max_num_queries):
    ProviderFactory(approved=True, name="检测研究院")
    suspend_provider(provider=provider, actor=staff, reason="投诉核查")
    client = signed_in(staff)
    with django_assert_max_num_queries(16):
        html = client.get(LISTING).content.decode()
    assert html.count("已通过，已暂停") == 1
    suspended = client.get(f"{LISTING}?suspended=yes").content.decode()
    assert ("分析测试中心" in suspended, "检测研究院" in suspended) == (True, False)
    others = client.get(f"{LISTING}?suspended=no").content.decode()
    assert ("分析测试中心" in others, "检测研究院" in others) == (False, True)


def test_the_ledger_lists_filters_and_exports(staff, provider, django_assert_max_num_queries):
    suspension = suspend_provider(provider=provider, actor=staff, reason="=1+1 投诉核查")
    lift_suspension(suspension=suspension, actor=staff, reason="整改到位")
    for number in range(3):
        suspend_provider(provider=ProviderFactory(approved=True), actor=staff, reason=f"原因{number}")
    client = signed_in(staff)
    with django_assert_max_num_queries(16):
        html = client.get(LEDGER).content.decode()
    assert "投诉核查" in html
    assert html.count("暂停中</td>") == 3
    assert "投诉核查" not in client.get(f"{LEDGER}?in_force=yes").content.decode()
    assert "原因0" not in client.get(f"{LEDGER}?in_force=no").content.decode()
    assert "原因0" in client.get(f"{LEDGER}?in_force=junk").content.decode()
    assert "原因0" in client.get(f"{LEDGER}?suspended_by__password__startswith=x").content.decode()
    export = client.get(f"{LEDGER}?export=csv").getvalue().decode()
    assert "'=1+1 投诉核查" in export
    assert "整改到位" in export
    assert client.get(f"{LEDGER}?export=xlsx").status_code == 200
    assert client.get(f"{LEDGER}inspect/{suspension.pk}/").status_code == 200


def test_the_ledger_is_never_written(staff, provider):
    suspension = suspend_provider(provider=provider, actor=staff, reason="投诉核查")
    client = signed_in(staff)
    for address in (f"{LEDGER}create/", f"{LEDGER}edit/{suspension.pk}/", f"{LEDGER}delete/{suspension.pk}/"):
        assert client.post(address, {"reason": "改写"}).status_code in {302, 404}
    suspension.refresh_from_db()
    assert suspension.reason == "投诉核查"
