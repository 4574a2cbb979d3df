"""Suspending a provider: what leaves the public, what stays, and that lifting restores exactly what was there."""

import datetime
from io import BytesIO

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Message
from catalogue.models import Capability, Instrument, LabService, Qualification, TestingService
from catalogue.search.checks import compare
from catalogue.search.models import SearchDoc
from home.selectors import catalogue_figures
from institutions.exceptions import InstitutionError
from institutions.models import Provider, Suspension
from institutions.suspension import lift_expired, lift_suspension, suspend_provider
from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    QualificationFactory,
    TestingServiceFactory,
    UserFactory,
    auditor,
    editor,
    reviewer,
)
from workflow import services
from workflow.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

KINDS = (Provider, Instrument, Qualification, Capability, TestingService, LabService)
FACTORIES = (
    InstrumentFactory,
    QualificationFactory,
    CapabilityFactory,
    TestingServiceFactory,
    LabServiceFactory,
)


@pytest.fixture
def staff():
    return reviewer(username="审核员", contact_name="何静怡")


@pytest.fixture
def provider():
    """A provider with an approved and a pending record of every kind, beside another with its own."""
    provider = ProviderFactory(approved=True)
    for factory in FACTORIES:
        factory(provider=provider, approved=True)
        factory(provider=provider, pending=True)
        factory(approved=True)
    return provider


def public_ids():
    return {model.__name__: set(model.objects.public().values_list("pk", flat=True)) for model in KINDS}


def indexed():
    return set(SearchDoc.objects.values_list("kind", "object_id", "digest"))


def states():
    return {
        model.__name__: set(model.objects.values_list("pk", "status", "live", "version")) for model in KINDS
    }


def test_everything_of_the_provider_leaves_the_public_at_once_and_no_state_changes(provider, staff):
    own = {
        model.__name__: set(model.objects.filter(provider=provider).values_list("pk", flat=True))
        for model in KINDS[1:]
    } | {"Provider": {provider.pk}}
    before, states_before, documents = public_ids(), states(), indexed()
    suspend_provider(provider=provider, actor=staff, reason="投诉核查")
    assert public_ids() == {name: ids - own[name] for name, ids in before.items()}
    assert states() == states_before
    # four kinds of record are searched, one of each was public
    assert indexed() < documents
    assert len(documents) - len(indexed()) == 4
    assert not SearchDoc.objects.filter(institution_id=provider.pk).exists()
    assert not compare()


def test_lifting_restores_exactly_what_was_public(provider, staff):
    before, documents = public_ids(), indexed()
    suspension = suspend_provider(provider=provider, actor=staff, reason="投诉核查")
    lift_suspension(suspension=suspension, actor=staff)
    assert public_ids() == before
    assert indexed() == documents
    assert not compare()


def test_what_is_approved_during_the_suspension_appears_when_it_is_lifted(provider, staff):
    before = public_ids()
    pending = Instrument.objects.pending().get(provider=provider)
    suspension = suspend_provider(provider=provider, actor=staff, reason="投诉核查")
    services.approve(record=pending, actor=staff)
    assert pending.pk not in public_ids()["Instrument"]
    assert not SearchDoc.objects.filter(kind="instrument", object_id=pending.pk).exists()
    lift_suspension(suspension=suspension, actor=staff)
    after = public_ids()
    assert after["Instrument"] - before["Instrument"] == {pending.pk}
    assert {name: ids for name, ids in after.items() if name != "Instrument"} == {
        name: ids for name, ids in before.items() if name != "Instrument"
    }
    assert not compare()


def test_a_provider_that_withdraws_while_suspended_stays_away_after_lifting(provider, staff):
    suspension = suspend_provider(provider=provider, actor=staff, reason="投诉核查")
    services.withdraw(record=provider, actor=provider.account)
    lift_suspension(suspension=suspension, actor=staff)
    assert provider.pk not in public_ids()["Provider"]
    assert not SearchDoc.objects.filter(institution_id=provider.pk).exists()
    assert not compare()


def test_public_addresses_answer_404_and_lists_count_without_it(client, staff):
    instrument = InstrumentFactory(approved=True, name="场发射扫描电镜")
    address = instrument.get_absolute_url()
    assert client.get(address).status_code == 200
    assert "场发射扫描电镜" in client.get("/catalogue/instruments/").content.decode()
    suspend_provider(provider=instrument.provider, actor=staff, reason="投诉核查")
    assert client.get(address).status_code == 404
    assert client.get(instrument.provider.get_absolute_url()).status_code == 404
    assert "场发射扫描电镜" not in client.get("/catalogue/instruments/").content.decode()
    assert "场发射扫描电镜" not in client.get("/catalogue/instruments/?q=扫描电镜").content.decode()
    assert str(instrument.provider) not in client.get("/catalogue/providers/").content.decode()
    for place, pk in (("instruments", instrument.pk), ("providers", instrument.provider_id)):
        assert client.get(f"/api/v1/{place}/").json()["results"] == []
        assert client.get(f"/api/v1/{place}/{pk}/").status_code == 404
    export = client.get("/catalogue/instruments/export/")
    assert load_workbook(BytesIO(export.getvalue())).active.max_row == 1
    assert catalogue_figures().instruments == 0


def test_the_provider_is_told_and_the_step_is_in_the_trail(
    provider, staff, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        suspension = suspend_provider(
            provider=provider, actor=staff, reason=" 投诉核查 ", until=timezone.localdate()
        )
    day = timezone.localdate().isoformat()
    message = Message.objects.filter(recipient=provider.account).latest("pk")
    assert message.subject == f"机构“{provider}”已被暂停"
    assert message.body.startswith(f"暂停原因：投诉核查\n暂停期限：{day}（含当天）\n")
    assert [sent.to for sent in mail.outbox] == [[provider.account.email]]
    entry = AuditEntry.objects.of(provider).latest("pk")
    assert (entry.action, entry.actor, entry.reason) == (
        "suspend",
        staff,
        f"投诉核查（暂停期限：{day}（含当天））",
    )
    lift_suspension(suspension=suspension, actor=staff, reason="整改到位")
    message = Message.objects.filter(recipient=provider.account).latest("pk")
    assert message.subject == f"机构“{provider}”已恢复"
    assert message.body.startswith("说明：整改到位\n")
    entry = AuditEntry.objects.of(provider).latest("pk")
    assert (entry.action, entry.actor, entry.reason) == ("lift", staff, "整改到位")
    suspension.refresh_from_db()
    assert (suspension.lifted_by, suspension.lift_reason) == (staff, "整改到位")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"reason": "  "}, "请填写暂停原因"),
        ({"reason": "核查", "until": datetime.date(2020, 1, 1)}, "不能早于今天"),
    ],
)
def test_incomplete_suspensions_are_refused(provider, staff, values, sentence):
    before = public_ids()
    with pytest.raises(InstitutionError, match=sentence):
        suspend_provider(provider=provider, actor=staff, **values)
    assert not Suspension.objects.exists()
    assert public_ids() == before


@pytest.mark.parametrize("someone", [auditor, editor, UserFactory])
def test_only_staff_with_the_permission_suspend_and_lift(provider, staff, someone):
    actor = someone()
    with pytest.raises(InstitutionError, match="没有暂停接券机构的权限"):
        suspend_provider(provider=provider, actor=actor, reason="核查")
    assert not Suspension.objects.exists()
    suspension = suspend_provider(provider=provider, actor=staff, reason="核查")
    with pytest.raises(InstitutionError, match="没有恢复接券机构的权限"):
        lift_suspension(suspension=suspension, actor=actor)
    assert Suspension.objects.in_force().get() == suspension


def test_one_suspension_at_a_time_and_one_lifting_each(provider, staff):
    suspension = suspend_provider(provider=provider, actor=staff, reason="核查")
    messages = Message.objects.count()
    with pytest.raises(InstitutionError, match="已经处于暂停中"):
        suspend_provider(provider=provider, actor=staff, reason="再来一次")
    assert Suspension.objects.get().reason == "核查"
    assert Message.objects.count() == messages
    lift_suspension(suspension=suspension, actor=staff)
    with pytest.raises(InstitutionError, match="已经恢复"):
        lift_suspension(suspension=suspension, actor=staff)
    assert AuditEntry.objects.of(provider).filter(action="lift").count() == 1
    suspend_provider(provider=provider, actor=staff, reason="第二次")
    assert Suspension.objects.count() == 2


def test_a_provider_that_was_never_approved_needs_no_suspension(staff):
    pending = ProviderFactory(pending=True)
    with pytest.raises(InstitutionError, match="还没有通过过审核"):
        suspend_provider(provider=pending, actor=staff, reason="核查")
    assert not Suspension.objects.exists()


def test_the_last_day_is_inclusive_in_the_sites_own_time_zone(staff):
    provider = ProviderFactory(approved=True)
    with time_machine.travel("2026-11-20T10:00:00+08:00", tick=False):
        suspend_provider(provider=provider, actor=staff, reason="核查", until=datetime.date(2026, 11, 22))
    with time_machine.travel("2026-11-22T23:59:00+08:00", tick=False):
        assert lift_expired() == 0
    assert not Provider.objects.public().exists()
    # a day later here, though still the 22nd in UTC
    with time_machine.travel("2026-11-23T00:01:00+08:00", tick=False):
        call_command("lift_suspensions")
        assert lift_expired() == 0
    suspension = Suspension.objects.get()
    assert (suspension.lifted_by, suspension.lift_reason) == (None, "暂停期限已满，自动恢复。")
    assert Provider.objects.public().get() == provider
    entry = AuditEntry.objects.of(provider).latest("pk")
    assert (entry.action, entry.actor, entry.actor_name) == ("lift", None, "系统")


def test_an_open_suspension_does_not_run_out(provider, staff):
    suspend_provider(provider=provider, actor=staff, reason="核查")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=4000)):
        assert lift_expired() == 0
    assert Suspension.objects.in_force().exists()


def test_a_suspended_provider_reads_why_and_goes_on_editing(provider, staff):
    draft = InstrumentFactory(provider=provider, name="原子吸收光谱仪")
    client = Client()
    client.force_login(provider.account)
    suspend_provider(
        provider=provider, actor=staff, reason="多次拒绝预约\n<b>整改后恢复</b>", until=timezone.localdate()
    )
    page = client.get(reverse("institutions:overview"))
    html = page.content.decode()
    assert "badge badge--bad" in html
    assert "已暂停" in html
    assert "多次拒绝预约\n&lt;b&gt;整改后恢复&lt;/b&gt;" in html
    assert f"{timezone.localdate().isoformat()}（含当天）" in html
    assert "审核人员" in html
    assert staff.contact_name not in html
    assert client.get(draft.get_centre_url()).status_code == 200
    approved = Instrument.objects.approved().get(provider=provider)
    assert "机构已被暂停" in approved.hidden_reason
    services.save_draft(record=draft, actor=provider.account, version=draft.version)
    services.submit(record=draft, actor=provider.account)
    assert Instrument.objects.get(pk=draft.pk).status == "pending"
