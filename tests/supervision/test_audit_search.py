"""The search over the audit trail: what it finds, what it shows, how it is exported, and who may."""

import datetime
import io
from urllib.parse import urlencode

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from openpyxl import load_workbook

from catalogue.models import Instrument
from institutions import services as institutions
from institutions.models import Consumer
from supervision import listings
from supervision.admin_audit import AuditListView
from tests.conftest import signed_in
from tests.consumer_factories import ACCOUNT_NUMBER, ConsumerFactory
from tests.factories import InstrumentFactory, UserFactory, auditor, editor, reviewer
from tests.voucher_factories import a_voucher
from workflow import services as workflow
from workflow.audit import record_step
from workflow.models import AuditEntry
from workflow.setup import MANAGERS
from workflow.statuses import Action

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

LIST = "/admin/audit/"
MOMENT = datetime.datetime(2026, 3, 1, 10, 0)  # noqa: DTZ001 - a cell has no zone


@pytest.fixture
def client():
    return signed_in(auditor())


def found(client: Client, asked: str = "", **names) -> list[AuditEntry]:
    response = client.get(f"{LIST}?{asked or urlencode(names)}")
    assert response.status_code == 200
    return list(response.context["object_list"])


def entry(record, action=Action.SAVE, *, at="2026-03-01T02:00:00+00:00", actor=None, **values) -> AuditEntry:
    with time_machine.travel(at, tick=False):
        return record_step(record=record, actor=actor, action=action, **values)


@pytest.fixture
def some():
    """Three entries: of a reviewer on an instrument, of the system on it, of the provider on its institution."""
    instrument = InstrumentFactory(name="气相色谱质谱联用仪 GCMS-7890B")
    staff = reviewer(username="heyi", contact_name="何静怡")
    return {
        "instrument": instrument,
        "staff": staff,
        "returned": entry(
            instrument, Action.RETURN, actor=staff, reason="照片不清晰", at="2026-03-01T02:00:00+00:00"
        ),
        "expired": entry(instrument, Action.EXPIRE, reason="到期", at="2026-03-02T02:00:00+00:00"),
        "banned": entry(instrument.provider, Action.SUSPEND, actor=staff, at="2026-03-03T02:00:00+00:00"),
    }


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("actor=何静怡&at_to=2026-03-31", ["banned", "returned"]),
        ("actor=heyi&at_to=2026-03-31", ["banned", "returned"]),
        ("actor=HEYI&at_to=2026-03-31", ["banned", "returned"]),
        ("actor=系统&at_to=2026-03-31", ["expired"]),
        ("actor=没有此人", []),
        ("action=return&action=expire", ["expired", "returned"]),
        ("action=return", ["returned"]),
        ("q=gcms-7890b&at_to=2026-03-31", ["expired", "returned"]),
        ("q=色谱质谱&at_to=2026-03-31", ["expired", "returned"]),
        ("at_from=2026-03-02&at_to=2026-03-02", ["expired"]),
        ("at_from=2026-03-02&at_to=2026-03-03", ["banned", "expired"]),
        ("reason=照片", ["returned"]),
        ("reason=照片&action=expire", []),
        ("at_to=2026-02-01", []),
    ],
)
def test_filters_find_who_did_what_when_and_why(client, some, asked, names):
    assert found(client, asked) == [some[name] for name in names]


def test_one_record_is_followed_by_its_kind_and_number(client, some):
    kind = ContentType.objects.get_for_model(Instrument)
    other = InstrumentFactory()
    asked = {"record_type": kind.pk, "record_id": some["instrument"].pk}
    assert {one.record_id for one in found(client, **asked)} == {some["instrument"].pk}
    assert other.pk != some["instrument"].pk
    numbered = found(client, q=str(some["instrument"].pk), record_type=kind.pk, at_to="2026-03-31")
    assert numbered == [some["expired"], some["returned"]]


def test_newest_first_in_pages_of_fifty(client, some):
    for day in range(1, 61):
        entry(some["instrument"], at=f"2026-01-01T00:{day % 60:02d}:00+00:00", reason="批量")
    first = found(client, reason="批量")
    assert len(first) == 50
    assert [one.at for one in first] == sorted((one.at for one in first), reverse=True)
    second = found(client, reason="批量", p=2)
    assert len(second) == 10
    assert not {one.pk for one in first} & {one.pk for one in second}
    assert found(client, reason="批量", p=99) == second  # the last there is


def test_beyond_what_is_counted_it_says_so(client, some, monkeypatch):
    monkeypatch.setattr(listings, "MOST_COUNTED", 2)
    monkeypatch.setattr(AuditListView, "paginate_by", 1)
    html = client.get(LIST, {"at_to": "2026-03-31"}).content.decode()
    assert "共 2+ 条" in html
    assert "更早的请用日期等条件筛选" in html
    assert found(client, at_to="2026-03-31", p=2) == [some["expired"]]
    assert found(client, at_to="2026-03-31", p=3) == [some["expired"]]  # the last page that is counted
    assert "共 1 条" in client.get(LIST, {"reason": "照片"}).content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        "actor=%00",
        "q=透射%00",
        "action=nothing",
        "record_type=x",
        "record_id=99999999999999999999",
        "record_id=-1",
        "at_from=明天",
        "q=" + "9" * 30,
        "p=-1",
        "p=x",
        "ordering=actor__password",
        "actor__password__startswith=p",
    ],
)
def test_odd_questions_are_answered(client, some, asked):
    assert client.get(f"{LIST}?{asked}").status_code == 200
    assert client.get(f"{LIST}results/?{asked}").status_code == 200


def test_an_entry_says_what_changed_and_leads_to_the_record(client):
    instrument = InstrumentFactory(approved=True)
    approved = AuditEntry.objects.of(instrument).filter(action=Action.APPROVE).get()
    html = client.get(f"{LIST}{approved.pk}/").content.decode()
    assert "状态：待审核 → 已通过" in html
    assert f'href="{instrument.get_review_url()}"' in html
    kind = ContentType.objects.get_for_model(Instrument)
    assert f'href="{LIST}?record_type={kind.pk}&amp;record_id={instrument.pk}"' in html


def test_it_leads_to_a_row_of_a_ledger_too(client):
    voucher = a_voucher()
    granted = AuditEntry.objects.of(voucher)[0]
    html = client.get(f"{LIST}{granted.pk}/").content.decode()
    assert f'href="/admin/vouchers/voucher/inspect/{voucher.pk}/"' in html


def test_of_a_record_that_is_gone_it_says_so(client):
    instrument = InstrumentFactory()
    left = entry(instrument, Action.DELETE)
    Instrument.objects.filter(pk=instrument.pk).delete()
    html = client.get(f"{LIST}{left.pk}/").content.decode()
    assert "（记录已删除）" in html
    assert instrument.get_review_url() not in html


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 30])
def test_an_entry_there_is_not_is_not_found(client, pk):
    assert client.get(f"{LIST}{pk}/").status_code == 404


def test_no_account_number_stands_anywhere_in_it(client):
    consumer = ConsumerFactory(approved=True)
    consumer = workflow.withdraw(record=consumer, actor=consumer.account)
    consumer.bank_account_number = "1234567890004321"
    institutions.save_consumer(consumer=consumer, actor=consumer.account, version=consumer.version)
    saved = AuditEntry.objects.of(consumer).filter(action=Action.SAVE).first()
    pages = [
        client.get(LIST).content.decode(),
        client.get(f"{LIST}{saved.pk}/").content.decode(),
        str(workbook(client, record_type=ContentType.objects.get_for_model(Consumer).pk)),
    ]
    for page in pages:
        assert "•••• 4321" in page
        assert ACCOUNT_NUMBER not in page
        assert "1234567890004321" not in page


def workbook(client: Client, **asked) -> list[tuple]:
    response = client.get(LIST, {**asked, "export": "xlsx"})
    return list(load_workbook(io.BytesIO(b"".join(response))).active.values)


def test_the_workbook_holds_what_is_filtered(client, some):
    entry(some["instrument"], Action.SUBMIT, changes={"status": ["draft", "pending"]}, reason="=1+1")
    rows = workbook(client, action=["return", "submit"], at_to="2026-03-31")
    assert rows[0] == ("时间", "操作人", "登录名", "操作", "类型", "编号", "记录", "变更", "说明")
    assert rows[1:] == [
        (
            MOMENT,
            "系统",
            None,
            "提交审核",
            "仪器",
            some["instrument"].pk,
            some["instrument"].name,
            "状态：未提交 → 待审核",
            "=1+1",
        ),
        (
            MOMENT,
            "何静怡",
            "heyi",
            "退回",
            "仪器",
            some["instrument"].pk,
            some["instrument"].name,
            None,
            "照片不清晰",
        ),
    ]


def test_a_workbook_that_is_not_all_says_so(client, some, monkeypatch):
    monkeypatch.setattr(listings, "MOST_EXPORTED", 2)
    rows = workbook(client, at_to="2026-03-31")
    assert len(rows) == 4
    assert rows[3][0] == "符合条件的记录超过 2 条，只导出最近的这些。请缩小筛选范围后分次导出。"


@pytest.mark.parametrize(
    "who", [auditor, lambda: UserFactory(staff=True, groups=[MANAGERS]), lambda: UserFactory(admin=True)]
)
def test_auditors_managers_and_administrators_search(who, some):
    client = signed_in(who())
    assert client.get(LIST).status_code == 200
    assert client.get(f"{LIST}{some['returned'].pk}/").status_code == 200


@pytest.mark.parametrize("who", [reviewer, editor, lambda: UserFactory(staff=True)])
def test_others_do_not(who, some):
    client = signed_in(who())
    for address in (LIST, f"{LIST}results/", f"{LIST}{some['returned'].pk}/", f"{LIST}?export=xlsx"):
        response = client.get(address)
        assert (response.status_code, response["Location"].split("?")[0]) in {
            (302, "/admin/"),
            (302, "/admin/login/"),
        }


def test_the_list_takes_at_most_twelve_queries(client, some, django_assert_max_num_queries):
    kind = ContentType.objects.get_for_model(Instrument)
    asked = {
        "actor": "何静怡",
        "action": "return",
        "record_type": kind.pk,
        "reason": "照片",
        "at_from": "2026-01-01",
        "q": "色谱",
    }
    for parameters in ({}, asked):
        client.get(LIST, parameters)
        with django_assert_max_num_queries(12):
            client.get(LIST, parameters)
    with django_assert_max_num_queries(12):
        client.get(f"{LIST}{some['returned'].pk}/")
