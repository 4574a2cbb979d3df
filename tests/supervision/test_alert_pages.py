"""Warnings in the admin: the list, one with its follow-up, the dashboard, the workbook."""

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from supervision.models import Alert, AlertNote
from supervision.services import follow_up
from supervision.statuses import Severity
from tests.conftest import signed_in
from tests.factories import ProviderFactory, UserFactory, auditor, editor, reviewer
from tests.supervision.warnings import CODE, a_warning
from workflow.setup import MANAGERS

pytestmark = pytest.mark.django_db

LIST = "/admin/alerts/"


@pytest.fixture
def staff():
    return reviewer(username="审核员", contact_name="何静怡")


def titles(client: Client, **asked: str) -> list[str]:
    response = client.get(LIST, asked)
    assert response.status_code == 200
    return [alert.title for alert in response.context["object_list"]]


def test_the_gravest_unsettled_come_first(staff):
    a_warning(title="提示一条", severity=Severity.INFO)
    a_warning(title="严重一条", severity=Severity.SERIOUS)
    a_warning(title="一般一条", severity=Severity.NORMAL)
    closed = a_warning(title="已处理一条", severity=Severity.SERIOUS)
    follow_up(alert=closed, actor=staff, text="属实", status="closed")
    client = signed_in(staff)
    assert titles(client) == ["严重一条", "一般一条", "提示一条"]
    assert titles(client, status="closed") == ["已处理一条"]
    assert len(titles(client, status="all")) == 4


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"severity": "info"}, ["提示"]),
        ({"code": CODE}, ["严重", "提示"]),
        ({"code": "none.such"}, ["严重", "提示"]),
        ({"institution": "秦岭"}, ["严重"]),
        ({"q": "汉江"}, ["提示"]),
        ({"q": "相隔 3 分钟"}, ["严重"]),
        ({"mine": "me"}, ["严重"]),
        ({"mine": "nobody"}, ["提示"]),
        ({"found_at_from": "2020-01-01", "found_at_to": "2020-12-31"}, []),
    ],
)
def test_filters_narrow_the_list(staff, asked, found):
    alert = a_warning(title="严重")
    follow_up(alert=alert, actor=staff, assigned_to=staff)
    other = ProviderFactory(name="汉江检测所", host_name="汉江检测所")
    a_warning(title="提示", severity=Severity.INFO, record=other, institutions=[other], detail="")
    assert titles(signed_in(staff), **asked) == found


def test_a_reviewer_follows_up_and_finds_it_on_record(staff, alert):
    client = signed_in(staff)
    other = UserFactory(staff=True, groups=[MANAGERS], contact_name="马会来")
    page = client.get(alert.get_admin_url()).content.decode()
    assert "请核对两份订单的日期和内容。" in page
    assert f'href="{alert.record_type.get_object_for_this_type(pk=alert.record_id).get_review_url()}"' in page
    values = {"text": "已联系机构", "status": "following", "assigned_to": other.pk, "seen_notes": 0}
    response = client.post(alert.get_admin_url(), values)
    assert (response.status_code, response["Location"]) == (302, alert.get_admin_url())
    page = client.get(alert.get_admin_url()).content.decode()
    assert "已联系机构" in page
    assert "交给 马会来" in page
    alert.refresh_from_db()
    assert (alert.status, alert.assigned_to) == ("following", other)

    stale = client.post(alert.get_admin_url(), values)
    assert stale.status_code == 422
    assert "已有其他人跟进了这条预警" in stale.content.decode()
    assert AlertNote.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"status": "closed"}, "请填写核查结果和处理情况"),
        ({"status": "open"}, "请填写跟进情况"),
        ({"status": "paid", "text": "x"}, "paid"),
        ({"status": "open", "text": "很" * 1001}, "1000"),
    ],
)
def test_a_faulty_form_comes_back_with_its_sentence(staff, alert, values, sentence):
    response = signed_in(staff).post(alert.get_admin_url(), {"seen_notes": 0, **values})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not AlertNote.objects.exists()


def test_an_auditor_reads_and_changes_nothing(alert):
    client = signed_in(auditor())
    assert titles(client) == [alert.title]
    page = client.get(alert.get_admin_url()).content.decode()
    assert "记录跟进" not in page
    response = client.post(alert.get_admin_url(), {"text": "x", "status": "closed", "seen_notes": 0})
    assert response["Location"].startswith("/admin/")
    alert.refresh_from_db()
    assert alert.status == "open"
    assert not AlertNote.objects.exists()


def test_editors_see_none_of_it(alert):
    client = signed_in(editor())
    for address in (LIST, alert.get_admin_url(), f"{LIST}?export=xlsx"):
        assert client.get(address)["Location"].startswith("/admin/")
    assert "待处理" not in client.get("/admin/").content.decode()


def test_the_dashboard_counts_for_those_who_follow_up(staff, alert):
    follow_up(alert=alert, actor=staff, status="following", assigned_to=staff)
    a_warning(title="提示一条", severity=Severity.INFO)
    panels = signed_in(staff).get("/admin/").context["panels"]
    (panel,) = [panel for panel in panels if panel.name == "alerts"]
    request = type("Request", (), {"user": staff})
    assert panel.get_context_data({"request": request})["counts"] == {
        "open": 1,
        "serious": 1,
        "following": 1,
        "mine": 1,
    }
    panels = signed_in(auditor()).get("/admin/").context["panels"]
    assert not [panel for panel in panels if panel.name == "alerts"]


def test_the_workbook_holds_what_is_filtered(staff, alert):
    a_warning(title="提示一条", severity=Severity.INFO)
    response = signed_in(staff).get(LIST, {"severity": "serious", "export": "xlsx"})
    rows = list(load_workbook(io.BytesIO(b"".join(response))).active.values)
    assert rows[0] == (
        "预警",
        "类型",
        "严重程度",
        "详情",
        "涉及记录",
        "涉及机构",
        "发现时间",
        "最近一次发现",
        "处理状态",
        "跟进人",
    )
    assert [row[:6] for row in rows[1:]] == [
        (
            "同一天内的两份订单疑似拆分",
            "拆分订单",
            "严重",
            "两份订单相隔 3 分钟，内容相同。",
            "分析测试中心",
            "分析测试中心、秦岭精密机械有限公司",
        )
    ]


def test_the_list_takes_the_same_queries_whatever_its_length(staff, django_assert_max_num_queries):
    client = signed_in(staff)
    for number in range(3):
        alert = a_warning(title=f"第 {number} 条", key=str(number))
        follow_up(alert=alert, actor=staff, assigned_to=staff)
    client.get(LIST)
    with django_assert_max_num_queries(10):
        client.get(LIST)
    alert = Alert.objects.latest("pk")
    with django_assert_max_num_queries(12):
        client.get(alert.get_admin_url())
