"""项目参数 in the Wagtail admin."""

import datetime
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
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


def confirmed(**values):
    """The same, once its differences to the set in force have been looked at."""
    return {**values, "confirmed": current_parameters().pk}


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
    response = client.post(address("add"), confirmed(**posted(client, lab_share_percent="30")))
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


@pytest.mark.parametrize("typed", ["300000", "300,000", "３００,０００.00"])
def test_amounts_are_shown_and_understood_with_separators(client, typed):
    html = client.get(address("add")).text
    for shown in ('value="20,000,000"', 'value="200,000"'):
        assert shown in html
    client.post(address("add"), confirmed(**posted(client, consumer_ceiling_amount=typed)))
    assert current_parameters().consumer_ceiling_amount == Decimal("300000.00")


def in_hours(hours):
    return timezone.localtime(timezone.now() + datetime.timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(("hours", "asks"), [(None, True), (2, True), (23, True), (25, False)])
def test_what_takes_force_within_a_day_is_shown_against_the_set_in_force_first(client, hours, asks):
    moment = "" if hours is None else in_hours(hours)
    before = ProgrammeParameters.objects.count()
    changes = {"consumer_ceiling_amount": "300,000", "payee": "provider", "effective_from": moment}
    response = client.post(address("add"), posted(client, **changes))
    assert ProgrammeParameters.objects.count() == before + (not asks)
    if not asks:
        assert response.status_code == 302
        return
    for said in (
        "每家机构年度申领上限（元）：200,000 → 300,000",
        "收款方：用券机构 → 接券机构",
        "陕科发〔2026〕8 号",
        f"将于 {moment} 生效" if moment else "确认后立即生效",
    ):
        assert said in response.text
    fields = {one["name"]: one["value"] for one in hidden_inputs(response)}
    assert "confirmed" not in fields
    # nothing typed is lost on the way back
    revised = client.post(address("add"), {**fields, "revise": "1"})
    assert 'value="300,000"' in revised.text
    assert ProgrammeParameters.objects.count() == before
    answered = client.post(address("add"), {**fields, "confirmed": current_parameters().pk})
    assert answered.status_code == 302
    made = ProgrammeParameters.objects.order_by("-pk").first()
    assert (made.consumer_ceiling_amount, made.payee) == (Decimal("300000.00"), "provider")


def hidden_inputs(response):
    return BeautifulSoup(response.text, "html.parser").select(".review-card input[type=hidden]")


def test_a_confirmation_against_a_set_that_is_no_longer_in_force_asks_again(client):
    seen = current_parameters().pk
    values = posted(client, consumer_ceiling_amount="300,000")
    parameters_with(consumer_ceiling_amount=Decimal(250000))
    response = client.post(address("add"), {**values, "confirmed": seen})
    assert "每家机构年度申领上限（元）：250,000 → 300,000" in response.text
    assert current_parameters().consumer_ceiling_amount == Decimal("250000.00")


def test_a_set_that_is_brought_forward_is_confirmed_too(client):
    future = parameters_with(effective_from=timezone.now() + 9 * DAY, publicity_days=3)
    values = posted(client, publicity_days="5")
    response = client.post(address("edit", future), values)
    assert "兑付前公示（天）：7 → 5" in response.text
    assert ProgrammeParameters.objects.get(pk=future.pk).publicity_days == 3
    assert client.post(address("edit", future), confirmed(**values)).status_code == 302
    assert current_parameters().publicity_days == 5


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
    client.get(address("list"))
    with django_assert_max_num_queries(11):
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
    values = confirmed(**posted(client, consumer_ceiling_amount="300000"))
    made = client.post(address("add"), values).status_code
    assert made == 302
    client.get(address("inspect", current_parameters()))
    with django_assert_max_num_queries(12):
        html = client.get(address("inspect", current_parameters())).text
    assert "每家机构年度申领上限（元）：200,000 → 300,000" in html
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
