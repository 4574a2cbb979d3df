"""The answer of every address to every role. An address of ours that is not in the table fails the test.

Of the addresses that Wagtail brings into its admin the table has the main ones; that none of them shows anything to
people outside is tested for all.

``login`` is a redirect to the login page, ``admin`` one to the admin, ``302`` any other. Requests are made one after
the other by one client each, every one in a transaction that is rolled back; a role signs in once, and what a request does
to the session is rolled back too.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone
from django.utils.regex_helper import normalize
from wagtail.models import Site

from accounts.models import Message, User
from catalogue.api.tokens import issue_token
from catalogue.models import Instrument, Job
from figures.services import open_year
from files.models import PrivateFile
from institutions.bans import ban_consumer
from institutions.suspension import suspend_provider
from orders.models import DocumentKind
from orders.services import calendar
from orders.services.documents import upload_document
from policy.models import Faq, Topic
from programme.selectors import current_parameters
from redemptions.services.clawbacks import propose_claw_back
from redemptions.services.objections import object_to
from tests import factories, order_factories, payout_factories
from tests.consumer_factories import ConsumerFactory
from tests.factories import (
    AttributeFactory,
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    PrivateFileFactory,
    ProviderFactory,
    QualificationFactory,
    TestingServiceFactory,
    UserFactory,
    auditor,
    editor,
    reviewer,
    seen,
)
from tests.permission_table import ROLES, TABLE
from tests.redemption_factories import a_claim
from tests.supervision.warnings import a_warning
from tests.voucher_factories import ApplicationFactory, a_voucher, parameters_with
from vouchers.models import LedgerEntry
from workflow.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.long]

OUR_PACKAGES = {
    "accounts",
    "catalogue",
    "figures",
    "files",
    "home",
    "institutions",
    "orders",
    "policy",
    "programme",
    "redemptions",
    "supervision",
    "voucher_site",
    "vouchers",
    "workflow",
}
EXTERNAL = ["anonymous", "provider", "other", "consumer"]


@dataclass(frozen=True)
class Row:
    pattern: str
    method: str
    address: str
    body: str
    expected: dict[str, str]

    @property
    def request(self) -> str:
        return f"{self.method} {self.address} {self.body}"


def rows() -> Iterator[Row]:
    for line in TABLE.strip().splitlines():
        if line.startswith("#"):
            continue
        pattern, request, answers = (part.strip() for part in line.split(" | "))
        method, address, body = [*request.split(), ""][:3]
        yield Row(pattern, method, address, body, dict(zip(ROLES, answers.split(), strict=True)))


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, list[URLPattern]]]:
    """Every address of the site as it is written, with the patterns that lead to it."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            for below, chain in patterns(entry, route):
                yield below, [entry, *chain]
        else:
            yield route, [entry]


def is_admin(pattern: str) -> bool:
    return pattern.startswith("admin/")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """Made once for this module, and rolled back after it."""
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(factories, "approve", factories.reviewed_at_once)
        yield a_world()
        transaction.set_rollback(True)


def a_world() -> SimpleNamespace:
    """A provider with records of every kind, and an account for every role."""
    owner = UserFactory()
    provider = ProviderFactory(account=owner, approved=True)
    instrument = InstrumentFactory(provider=provider, approved=True)
    draft = InstrumentFactory(provider=provider, name="原子吸收光谱仪")
    pending = InstrumentFactory(provider=provider, pending=True, name="透射电子显微镜")
    kept = {
        "qualification": QualificationFactory,
        "capability": CapabilityFactory,
        "testing": TestingServiceFactory,
        "lab": LabServiceFactory,
    }
    suspended = ProviderFactory(approved=True)
    suspend_provider(provider=suspended, actor=UserFactory(admin=True), reason="核查")
    banned = ConsumerFactory(approved=True)
    ban_consumer(consumer=banned, actor=UserFactory(admin=True), reason="核查")
    Message.objects.create(recipient=owner, subject="通知")
    faq = Faq.objects.create(question="怎样申领？", answer="<p>见指南。</p>", topic=Topic.objects.first())
    job = {"provider": provider, "actor": owner, "kind": "import", "subject": "instruments"}
    consumer = ConsumerFactory(approved=True)
    voucher = a_voucher(consumer=consumer)
    application = ApplicationFactory(consumer=consumer)
    service = TestingServiceFactory(provider=provider, approved=True)
    booking = order_factories.a_booking(offer=service, consumer=consumer)
    closure = calendar.close_instrument(
        instrument=instrument, span=order_factories.a_slot(), reason="检修", actor=owner
    )
    completed = order_factories.an_order("completed", offer=service, consumer=consumer)
    report = upload_document(
        order=completed, kind=DocumentKind.REPORT, file=PrivateFileFactory(owner=owner), actor=owner
    )
    public = payout_factories.a_batch("published", claims=1)
    paid = payout_factories.a_batch("exported", claims=1)
    payout_factories.import_csv(paid, payout_factories.result_csv(paid))
    payout, paid_line = public.payouts.get(), paid.payouts.get()
    last_year = timezone.localdate().year - 1
    provider_year = open_year(provider=provider, year=last_year, actor=None)
    return SimpleNamespace(
        users={
            "anonymous": None,
            "provider": owner,
            "other": ProviderFactory(approved=True).account,
            "consumer": UserFactory(consumer=True),
            "reviewer": reviewer(),
            "editor": editor(),
            "auditor": auditor(),
            "admin": UserFactory(admin=True),
        },
        names={
            "account": owner.pk,
            "attribute": AttributeFactory().pk,
            "retired_attribute": AttributeFactory(retired_at=datetime(2026, 1, 5, tzinfo=UTC)).pk,
            "job": Job.objects.create(**job, state="ready").pk,
            "silent": Job.objects.create(
                **job, state="checking", heartbeat_at=datetime(2026, 1, 1, tzinfo=UTC)
            ).pk,
            **{name: factory(provider=provider, approved=True).pk for name, factory in kept.items()},
            **{f"{name}_draft": factory(provider=provider).pk for name, factory in kept.items()},
            "photo": instrument.photos.get().image_id,
            "home": Site.objects.get(is_default_site=True).root_page_id,
            "draft_photo": draft.photos.get().image_id,
            "token": issue_token(actor=owner, name="实验室系统")[0].pk,
            "faq": faq.pk,
            "faq_revision": faq.save_revision().pk,
            "provider": provider.pk,
            "consumer": consumer.pk,
            "parameters": current_parameters().pk,
            "future_parameters": parameters_with(effective_from=datetime(2099, 1, 1, tzinfo=UTC)).pk,
            "pool": voucher.pool_id,
            "voucher": voucher.pk,
            "booking": booking.pk,
            "completed": completed.pk,
            "report": report.pk,
            "invoice": order_factories.an_invoice(completed).pk,
            "closure": closure.pk,
            "disputed": order_factories.an_order("disputed", offer=service, consumer=consumer).pk,
            "batch": public.pk,
            "batch_number": public.number,
            "exported": paid.pk,
            "payout": payout.pk,
            "objection": object_to(line=payout, name="李某", contact="138", text="有关联。").pk,
            "result": paid.results.get().pk,
            "paid": paid_line.redemption_id,
            "claw_back": propose_claw_back(
                redemption=paid_line.redemption,
                amount=Decimal(1),
                actor=payout_factories.the_payer(),
                reason="核查",
            ).pk,
            "evaluation": order_factories.an_evaluation().pk,
            "claim": a_claim().pk,
            "feed": calendar.renew_feed(provider=provider, actor=owner),
            "application": application.pk,
            "provider_year": provider_year.pk,
            "past_year": last_year,
            "this_year": last_year + 1,
            "entry": LedgerEntry.objects.get(voucher=voucher).pk,
            "suspended": suspended.pk,
            "banned": banned.pk,
            "alert": a_warning(record=provider).pk,
            "audit": AuditEntry.objects.of(instrument)[0].pk,
            "instrument": instrument.pk,
            "draft": draft.pk,
            "pending": pending.pk,
            **seen(pending),
            "file": PrivateFile.objects.filter(owner=owner).earliest("pk").uuid,
            "message": Message.objects.filter(recipient=owner).latest("pk").pk,
            "type": ContentType.objects.get_for_model(Instrument).pk,
        },
    )


def client_for(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


def send(client: Client, row: Row, names: dict[str, object]) -> HttpResponse:
    address, body = row.address.format(**names), row.body.format(**names)
    return client.generic(row.method, address, body, "application/x-www-form-urlencoded")


def answer(response: HttpResponse) -> str:
    if response.status_code != 302:
        return str(response.status_code)
    target = response["Location"].partition("?")[0]
    if target in {reverse("account_login"), reverse("wagtailadmin_login")}:
        return "login"
    return "admin" if target == reverse("wagtailadmin_home") else "302"


def test_every_address_is_in_the_table():
    found = {
        pattern
        for pattern, chain in patterns(get_resolver())
        if not is_admin(pattern) or chain[-1].callback.__module__.partition(".")[0] in OUR_PACKAGES
    }
    listed = {row.pattern for row in rows()}
    assert found - listed == set()
    assert {pattern for pattern in listed if not is_admin(pattern)} - found == set()


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_each_role_as_the_table_says(world, role):
    answers, expected = {}, {}
    session = {key: morsel.value for key, morsel in client_for(world.users[role]).cookies.items()}
    for row in rows():
        client = Client(raise_request_exception=False)
        client.cookies.load(session)
        with transaction.atomic():
            response = send(client, row, world.names)
            transaction.set_rollback(True)
        answers[row.request], expected[row.request] = answer(response), row.expected[role]
    assert answers == expected


# What the admin gives to anybody: its icons, and the translations of its scripts.
OPEN_IN_ADMIN = {"admin/sprite/", "admin/jsi18n/"}


def admin_addresses() -> Iterator[tuple[str, str]]:
    values = {"int": "1", "string": "x", "slug": "x", "path": "x", "uuid": str(uuid.UUID(int=1))}
    for pattern, chain in patterns(get_resolver()):
        if not is_admin(pattern):
            continue
        converters: dict[str, object] = {}
        expression = ""
        for entry in chain:
            converters |= entry.pattern.converters
            expression += entry.pattern.regex.pattern.removeprefix("^").removesuffix("\\Z")
        template, names = normalize(expression)[0]
        filled = {
            name: values[type(converters[name]).__name__.removesuffix("Converter").lower()]
            if name in converters
            else "1"
            for name in names
        }
        yield pattern, "/" + template % filled


@pytest.mark.parametrize("role", EXTERNAL)
def test_the_admin_shows_nothing_to_anybody_outside(world, role):
    client, shown = client_for(world.users[role]), set()
    addresses = dict(admin_addresses())
    assert len(addresses) > 200
    for pattern, address in addresses.items():
        assert resolve(address)
        client.cookies.pop("messages", None)  # or each refusal adds one, and every request reads them all
        if pattern != "admin/login/" and answer(client.get(address)) not in {"login", "404"}:
            shown.add(pattern)
    assert shown == OPEN_IN_ADMIN
