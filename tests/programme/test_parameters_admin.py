"""项目参数 in the Wagtail admin."""

import datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from programme.models import ProgrammeParameters
from programme.selectors import current_parameters
from tests.conftest import signed_in
from tests.factories import auditor, editor, reviewer
from tests.voucher_factories import manager, parameters_with
from workflow.models import AuditEntry
from workflow.setup import MANAGERS

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def staff():
    return manager(contact_name="高晓峰")


@pytest.fixture
def client(staff):
    return signed_in(staff)


def address(name, parameters=None):
    return reverse(
        f"wagtailsnippets_programme_programmeparameters:{name}", args=[parameters.pk] if parameters else []
    )


def posted(client, **changes):
    """What the form for a new set would send, filled in as it comes."""
    form = client.get(address("add")).context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False, "")}
    return {**values, "effective_from": "", "reason": "陕科发〔2026〕8 号", **changes}


def test_the_group_of_managers_settles_parameters_and_funds_pools():
    permissions = Group.objects.get(name=MANAGERS).permissions
    assert {"access_admin", "add_programmeparameters", "fund_pool"} <= set(
        permissions.values_list("codename", flat=True)
    )
    assert not permissions.filter(codename="grant_voucher").exists()


def test_a_new_set_begins_as_a_copy_of_the_one_in_force(client, staff):
    parameters_with(lab_share_percent=40, direct_orders=False)
    form = client.get(address("add")).context["form"]
    assert (form["lab_share_percent"].value(), form["direct_orders"].value()) == (40, False)
    assert form["reason"].value() == ""
    response = client.post(address("add"), posted(client, lab_share_percent="30"))
    assert (response.status_code, response["Location"]) == (302, address("list"))
    made = current_parameters()
    assert (made.lab_share_percent, made.direct_orders, made.made_by) == (30, False, staff)
    assert AuditEntry.objects.of(made).get().changes == {"lab_share_percent": [40, 30]}


def test_faults_stand_at_their_fields_and_nothing_is_stored(client):
    count = ProgrammeParameters.objects.count()
    yesterday = (timezone.localtime() - DAY).strftime("%Y-%m-%d %H:%M")
    response = client.post(
        address("add"),
        posted(client, effective_from=yesterday, reason="", validity="fixed_date", spot_check_percent="101"),
    )
    errors = response.context["form"].errors
    assert set(errors) == {"effective_from", "reason", "valid_to", "spot_check_percent"}
    assert errors["effective_from"] == ["生效时间不能早于现在。需要立即生效的，请把生效时间留空。"]
    assert ProgrammeParameters.objects.count() == count


def test_a_moment_that_is_taken_is_told_at_its_field(client):
    future = parameters_with(effective_from=timezone.now().replace(second=0, microsecond=0) + DAY)
    moment = timezone.localtime(future.effective_from).strftime("%Y-%m-%d %H:%M")
    response = client.post(address("add"), posted(client, effective_from=moment))
    assert response.context["form"].errors == {
        "effective_from": ["已有一套参数在这一时间生效，请换一个时间。"]
    }


def test_the_listing_says_which_is_in_force(client, django_assert_max_num_queries):
    past = current_parameters()
    current = parameters_with(reason="第一次调整")
    future = parameters_with(reason="明年起", effective_from=timezone.now() + DAY)
    with django_assert_max_num_queries(14):
        html = client.get(address("list")).text
    assert [html.count(state) for state in ("未生效", "生效中", "已失效")] == [1, 1, 1]
    assert html.index("未生效") < html.index("生效中") < html.index("已失效")
    assert address("edit", future) in html
    assert address("delete", future) in html
    for fixed in (past, current):
        assert address("edit", fixed) not in html
        assert address("delete", fixed) not in html
        assert address("inspect", fixed) in html


def test_inspecting_shows_what_changed_who_and_when(client, staff, django_assert_max_num_queries):
    first = current_parameters()
    made = client.post(address("add"), posted(client, consumer_ceiling_amount="300000")).status_code
    assert made == 302
    with django_assert_max_num_queries(12):
        html = client.get(address("inspect", current_parameters())).text
    assert "每家机构年度申领上限（元）：200000.00 → 300000.00" in html
    made_at = timezone.localtime(current_parameters().made_at)
    assert (
        html.count(made_at.strftime("%Y-%m-%d %H:")) >= 3
    )  # title, moment and made at, in the site's time zone
    assert "20,000,000" in html
    assert "高晓峰" in html
    assert "陕科发〔2026〕8 号" in html
    html = client.get(address("inspect", first)).text
    assert "这是第一套参数。" in html
    assert "平台自带" in html


def test_a_future_set_is_edited_and_deleted(client):
    future = parameters_with(effective_from=timezone.now() + DAY)
    response = client.post(
        address("edit", future), posted(client, publicity_days="5", effective_from="2099-01-01 08:00")
    )
    assert response.status_code == 302
    future = ProgrammeParameters.objects.get(pk=future.pk)
    assert (future.publicity_days, timezone.localtime(future.effective_from).year) == (5, 2099)
    assert client.get(address("delete", future)).status_code == 200
    assert client.post(address("delete", future))["Location"] == address("list")
    assert not ProgrammeParameters.objects.filter(pk=future.pk).exists()
    assert AuditEntry.objects.filter(action="delete", record_id=future.pk).exists()


def test_what_has_taken_force_is_not_edited_or_deleted_alone_or_among_others(client):
    current = current_parameters()
    future = parameters_with(effective_from=timezone.now() + DAY)
    before = list(ProgrammeParameters.objects.order_by("pk").values())
    bulk = reverse("wagtail_bulk_action", args=["programme", "programmeparameters", "delete"])
    bulk = f"{bulk}?id={current.pk}&id={future.pk}"
    for target in (address("edit", current), address("delete", current), bulk):
        for ask in (client.get, lambda path: client.post(path, posted(client))):
            response = ask(target)
            assert (response.status_code, response["Location"]) == (302, address("list"))
    assert "已经生效，不能修改或删除" in client.get(address("list")).text
    assert list(ProgrammeParameters.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(("someone", "reads"), [(reviewer, True), (auditor, True), (editor, False)])
def test_others_read_or_see_nothing(someone, reads):
    future = parameters_with(effective_from=timezone.now() + DAY, consumer_ceiling_amount=Decimal(5))
    client = signed_in(someone())
    for name in ("list", "inspect"):
        status = client.get(address(name, future if name == "inspect" else None)).status_code
        assert status == (200 if reads else 302)
    for name in ("edit", "delete"):
        assert client.get(address(name, future)).status_code == 302
        assert client.post(address(name, future), {"reason": "改写"}).status_code == 302
    assert client.get(address("add")).status_code == 302
    assert ProgrammeParameters.objects.get(pk=future.pk).consumer_ceiling_amount == 5
