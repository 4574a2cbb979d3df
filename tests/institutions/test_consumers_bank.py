"""The account number: encrypted wherever it is stored, masked wherever it is shown, in full on record only."""

import io
import json
import logging
import pickle

import pytest
from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.views.debug import SafeExceptionReporterFilter
from openpyxl import load_workbook
from wagtail.models import Revision

from accounts.masking import Masked
from institutions import services
from institutions.exceptions import InstitutionError
from institutions.models import Consumer
from institutions.views import ConsumerStepView
from tests.conftest import signed_in
from tests.consumer_factories import ACCOUNT_NUMBER, ConsumerFactory, payer
from tests.factories import ProviderFactory, UserFactory, auditor, editor, reviewer
from tests.permission_table import TABLE
from workflow import services as workflow
from workflow.differences import changed_values, plain_values, review_rows
from workflow.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

WITHIN = ("/admin/", "/centre/")
OTHER = "1234567890004321"  # ends like ACCOUNT_NUMBER
FIELD_KEYS = settings.SALT_KEY
FIELD = Consumer._meta.get_field("bank_account_number")


def resubmitted(number: str = OTHER) -> Consumer:
    """Approved with one number, submitted again with another, and waiting."""
    consumer = ConsumerFactory(approved=True)
    consumer = workflow.withdraw(record=consumer, actor=consumer.account)
    consumer.bank_account_number = number
    services.save_consumer(consumer=consumer, actor=consumer.account, version=consumer.version)
    return workflow.submit(record=consumer, actor=consumer.account)


@pytest.fixture
def keys(settings):
    """Changes the keys, and lets the column forget those it has worked with."""

    def change(**names):
        for name, value in names.items():
            setattr(settings, name, value)
        for cached in ("keys", "f"):
            FIELD.__dict__.pop(cached, None)

    yield change
    for cached in ("keys", "f"):
        FIELD.__dict__.pop(cached, None)


def stored_texts():
    """Every text and JSON value of every table, as the database has it."""
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - names of our own
            for row in cursor.fetchall():
                yield model, json.dumps(row, default=str, ensure_ascii=False)


def test_a_masked_value_gives_itself_away_nowhere():
    number = Masked(ACCOUNT_NUMBER)
    assert (str(number), f"{number}", repr(number)) == ("•••• 4321", "•••• 4321", "<Masked •••• 4321>")
    assert str(Masked("12345678")) == "••••"
    assert number == Masked(ACCOUNT_NUMBER) != Masked(OTHER)
    assert number != ACCOUNT_NUMBER
    assert hash(number) == hash(Masked(ACCOUNT_NUMBER))
    with pytest.raises(TypeError):
        json.dumps({"number": number})
    assert pickle.loads(pickle.dumps(number)) == number  # noqa: S301 - our own


def test_whatever_is_assigned_is_masked_at_once():
    consumer = Consumer(bank_account_number=ACCOUNT_NUMBER)
    assert str(consumer.bank_account_number) == "•••• 4321"
    consumer.bank_account_number = ""
    assert consumer.bank_account_number == ""


def test_nothing_in_the_database_holds_the_number():
    resubmitted()
    resubmitted("9" * 20)
    found = [
        model for model, text in stored_texts() if any(n in text for n in (ACCOUNT_NUMBER, OTHER, "9" * 20))
    ]
    assert found == []
    # and the search would have found it
    assert any("西安高新支行" in text for _model, text in stored_texts())


def test_each_revision_holds_it_encrypted_and_gives_it_back():
    consumer = resubmitted()
    contents = [revision.content["bank_account_number"] for revision in Revision.objects.all()]
    assert len(contents) == 2
    assert all(content.startswith("gAAAAA") for content in contents)
    assert consumer.approved_revision.as_object().bank_account_number == Masked(ACCOUNT_NUMBER)
    approved = workflow.approve(record=consumer, actor=reviewer())
    assert approved.bank_account_number == Masked(OTHER)  # written back from the revision


def test_fixtures_hold_it_encrypted():
    ConsumerFactory()
    text = serializers.serialize("json", Consumer.objects.all())
    assert ACCOUNT_NUMBER not in text
    (loaded,) = serializers.deserialize("json", text)
    assert loaded.object.bank_account_number == Masked(ACCOUNT_NUMBER)


def test_the_difference_says_that_it_is_another_even_where_the_mask_is_the_same():
    consumer = resubmitted()
    previous = consumer.approved_revision.as_object()
    rows = {row.name: row for section in review_rows(consumer, previous) for row in section.rows}
    row = rows["bank_account_number"]
    assert (row.old, row.new, row.changed) == ("•••• 4321", "•••• 4321", True)
    assert [name for name, row in rows.items() if row.changed] == ["bank_account_number"]


def test_the_audit_trail_says_that_it_changed_and_no_more():
    consumer = resubmitted()
    entry = AuditEntry.objects.of(consumer).get(action="save")
    assert entry.changes == {"bank_account_number": ["•••• 4321", "•••• 4321"]}
    assert entry.get_changes_display() == "对公银行账号：•••• 4321 → •••• 4321"
    same = changed_values(plain_values(consumer), plain_values(Consumer.objects.get()))
    assert same == {}


def test_amounts_in_the_trail_are_told_as_on_the_pages():
    assert Consumer.describe_change("revenue_amount", None, "8200000.00") == "营业收入：（空） → 820 万元"


def test_logs_do_not_name_it(caplog):
    caplog.set_level(logging.DEBUG)
    consumer = resubmitted()
    services.reveal_bank_account(consumer=consumer, actor=payer())
    assert "view_bank institutions.consumer" in caplog.text
    assert not any(number in caplog.text for number in (ACCOUNT_NUMBER, OTHER))


def test_an_error_report_does_not_repeat_what_was_typed(rf, settings):
    settings.DEBUG = False
    request = rf.post(
        "/centre/institution/finance/", {"bank_account_number": ACCOUNT_NUMBER, "bank_name": "甲"}
    )
    request.user = ConsumerFactory().account
    request.session = {}
    ConsumerStepView.as_view()(request, step="finance")
    reported = SafeExceptionReporterFilter().get_post_parameters(request)
    assert (reported["bank_name"], ACCOUNT_NUMBER in str(reported)) == ("甲", False)


def addresses(consumer: Consumer, *, everything: bool) -> list[str]:
    """What is the consumer's own, and what else the permission table knows: public pages too, if asked for everything."""
    content_type = AuditEntry.objects.of(consumer)[0].record_type_id
    snippet = f"/admin/snippets/institutions/consumer/{{}}/{consumer.pk}/"
    own = [
        *(f"/centre/institution/{step}" for step in ("", "basics/", "finance/", "contacts/", "submit/")),
        "/centre/institution/size/?industry=software&staff_count=5&revenue_amount=7",
        f"/admin/review/{content_type}/{consumer.pk}/",
        f"/admin/consumers/{consumer.pk}/bank-account/",
        "/admin/snippets/institutions/consumer/",
        "/admin/snippets/institutions/consumer/?export=xlsx",
        *(snippet.format(view) for view in ("edit", "history", "usage", "inspect")),
        f"/admin/snippets/institutions/consumer/history/{consumer.pk}/revisions/{consumer.latest_revision_id}/view/",
        f"/admin/snippets/institutions/consumer/history/{consumer.pk}/revisions/compare/earliest...latest/",
        "/admin/audit/",
        "/admin/audit/?export=xlsx",
        *(f"/admin/audit/{entry.pk}/" for entry in AuditEntry.objects.of(consumer)),
        "/admin/reports/site-history/",
        "/admin/reports/workflow/",
        "/admin/reports/workflow_tasks/",
        "/admin/review/?state=decided&export=xlsx",
        "/centre/",
        "/centre/messages/",
    ]
    lines = [line for line in TABLE.strip().splitlines() if not line.startswith("#")]
    table = [line.split(" | ")[1].split()[:2] for line in lines]
    known = [address for method, address in table if method == "GET" and "{" not in address]
    return [*own, *(address for address in dict.fromkeys(known) if everything or address.startswith(WITHIN))]


def shown(response) -> str:
    """All of what was sent; of a workbook, its cells."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if not content.startswith(b"PK"):
        return content.decode(errors="replace") + str(response.headers)
    book = load_workbook(io.BytesIO(content))
    return str([list(row) for sheet in book for row in sheet.iter_rows(values_only=True)])


@pytest.mark.parametrize(
    "who",
    ["anonymous", "owner", "provider", "consumer", "reviewer", "editor", "auditor", "payer", "admin"],
)
def test_no_page_shows_the_number_unasked(who):
    consumer = resubmitted("98765432101234")
    draft = ConsumerFactory()
    users = {
        "owner": consumer.account,
        "provider": ProviderFactory(approved=True).account,
        "consumer": draft.account,
        "reviewer": reviewer(),
        "editor": editor(),
        "auditor": auditor(),
        "payer": payer(),
        "admin": UserFactory(admin=True),
    }
    client = Client(raise_request_exception=False) if who == "anonymous" else signed_in(users[who])
    client.raise_request_exception = False
    seen = 0
    for address in addresses(consumer, everything=who == "anonymous"):
        text = shown(client.get(address))
        assert ACCOUNT_NUMBER not in text, address
        assert "98765432101234" not in text, address
        seen += "•••• 1234" in text
    assert bool(seen) is (who in {"owner", "reviewer", "auditor", "payer", "admin"})
    assert not AuditEntry.objects.filter(action="view_bank").exists()


@pytest.mark.parametrize("who", [payer, lambda: UserFactory(admin=True)])
def test_those_who_pay_see_it_when_they_ask_and_it_is_on_record(who):
    consumer = ConsumerFactory(approved=True)
    address = f"/admin/consumers/{consumer.pk}/bank-account/"
    staff = who()
    client = signed_in(staff)
    assert "•••• 4321" in client.get(address).content.decode()
    assert not AuditEntry.objects.filter(action="view_bank").exists()

    response = client.post(address)
    assert ACCOUNT_NUMBER in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    entry = AuditEntry.objects.of(consumer).get(action="view_bank")
    assert (entry.actor, entry.changes, entry.record_title) == (staff, {}, consumer.name)
    client.post(address)
    assert AuditEntry.objects.filter(action="view_bank").count() == 2
    # looked at again it is hidden again, and its owner is not told
    assert ACCOUNT_NUMBER not in client.get(address).content.decode()
    assert "查看银行账号" not in signed_in(consumer.account).get("/centre/institution/").content.decode()


@pytest.mark.parametrize("who", [reviewer, auditor, editor])
def test_other_staff_are_refused_and_nothing_is_on_record(who):
    consumer = ConsumerFactory(approved=True)
    address = f"/admin/consumers/{consumer.pk}/bank-account/"
    staff = who()
    client = signed_in(staff)
    for response in (client.get(address), client.post(address)):
        assert (response.status_code, response["Location"]) == (302, "/admin/")
    with pytest.raises(InstitutionError, match="只有办理兑付的人员"):
        services.reveal_bank_account(consumer=consumer, actor=staff)
    assert not AuditEntry.objects.filter(action="view_bank").exists()


def test_where_there_is_no_number_there_is_nothing_to_look_at():
    consumer = ConsumerFactory(bank_account_number="")
    client = signed_in(payer())
    address = f"/admin/consumers/{consumer.pk}/bank-account/"
    assert "查看完整账号" not in client.get(address).content.decode()
    response = client.post(address, follow=True)
    assert "这个机构还没有填写银行账号。" in response.content.decode()
    assert client.get("/admin/consumers/0/bank-account/").status_code == 404


def test_a_new_key_reads_what_the_old_one_wrote_and_writes_its_own(keys):
    consumer = resubmitted()
    keys(SALT_KEY=["new", *FIELD_KEYS])
    assert Consumer.objects.get().bank_account_number == Masked(OTHER)
    out = io.StringIO()
    call_command("reencrypt_accounts", stdout=out)
    assert (
        out.getvalue()
        == "1 rows, 2 revisions and 0 secrets of the second step encrypted under the first key.\n"
    )

    keys(SALT_KEY=["new"])
    stored = Consumer.objects.get()
    assert stored.bank_account_number == Masked(OTHER)
    assert stored.version == consumer.version
    assert stored.approved_revision.as_object().bank_account_number == Masked(ACCOUNT_NUMBER)


def test_the_secret_key_may_be_replaced_as_well(keys):
    ConsumerFactory()
    old = settings.SECRET_KEY
    keys(SECRET_KEY="another-secret-key-that-is-long-enough", SECRET_KEY_FALLBACKS=[old])
    call_command("reencrypt_accounts", stdout=io.StringIO())
    keys(SECRET_KEY_FALLBACKS=[])
    assert Consumer.objects.get().bank_account_number == Masked(ACCOUNT_NUMBER)


def test_a_lost_key_is_an_error_and_never_a_number(keys):
    ConsumerFactory()
    keys(SALT_KEY=["lost"])
    with pytest.raises(ImproperlyConfigured, match="FIELD_ENCRYPTION_KEYS"):
        Consumer.objects.get()
