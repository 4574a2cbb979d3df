"""The answer of every address to every role. An address that is not in the table fails the test.

``login`` is a redirect to the login page, ``admin`` one to the admin, ``302`` any other. Requests are made one after
the other by one client each, every one in a transaction that is rolled back.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils.regex_helper import normalize

from accounts.models import Message, User
from catalogue.models import Instrument
from files.models import PrivateFile
from tests.factories import InstrumentFactory, ProviderFactory, UserFactory, auditor, editor, reviewer

ROLES = ["anonymous", "provider", "other", "consumer", "reviewer", "editor", "auditor", "admin"]
EXTERNAL = ["anonymous", "provider", "other", "consumer"]

# The pattern; the method and address to try it with; what each role gets, in the order of ROLES.
# `provider` owns the records in the addresses; `other` is another approved provider.
TABLE = """
healthz                               | GET  /healthz                                     | 200 200 200 200 200 200 200 200
"""


@dataclass(frozen=True)
class Row:
    pattern: str
    method: str
    address: str
    expected: dict[str, str]

    @property
    def request(self) -> str:
        return f"{self.method} {self.address}"


def rows() -> Iterator[Row]:
    for line in TABLE.strip().splitlines():
        if line.startswith("#"):
            continue
        pattern, request, answers = (part.strip() for part in line.split(" | "))
        method, address = request.split()
        yield Row(pattern, method, address, dict(zip(ROLES, answers.split(), strict=True)))


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


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    """A provider with records of every kind, and an account for every role."""
    owner = UserFactory()
    provider = ProviderFactory(account=owner, approved=True)
    instrument = InstrumentFactory(provider=provider, approved=True)
    draft = InstrumentFactory(provider=provider, name="原子吸收光谱仪")
    pending = InstrumentFactory(provider=provider, pending=True, name="透射电子显微镜")
    Message.objects.create(recipient=owner, subject="通知")
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
            "provider": provider.pk,
            "instrument": instrument.pk,
            "draft": draft.pk,
            "pending": pending.pk,
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


def answer(response: HttpResponse) -> str:
    if response.status_code != 302:
        return str(response.status_code)
    target = response["Location"].partition("?")[0]
    return {reverse("account_login"): "login", reverse("wagtailadmin_home"): "admin"}.get(target, "302")


def test_every_address_is_in_the_table():
    found = {pattern for pattern, _chain in patterns(get_resolver()) if not is_admin(pattern)}
    assert found == {row.pattern for row in rows() if not is_admin(row.pattern)}


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_each_role_as_the_table_says(world, role):
    answers, expected = {}, {}
    for row in rows():
        client = client_for(world.users[role])
        with transaction.atomic():
            response = client.generic(row.method, row.address.format(**world.names))
            transaction.set_rollback(True)
        answers[row.request], expected[row.request] = answer(response), row.expected[role]
    assert answers == expected


# What the admin shows to anybody: it leads to the login page, or is the script of its texts.
OPEN_IN_ADMIN = {
}


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
    shown = {}
    addresses = dict(admin_addresses())
    assert len(addresses) > 200
    for pattern, address in addresses.items():
        assert resolve(address)
        response = client_for(world.users[role]).get(address)
        print(pattern, address, response.status_code, response.get("Location"))
        if response.status_code not in {302, 403, 404}:
            shown[pattern] = response.status_code
    assert shown == OPEN_IN_ADMIN
