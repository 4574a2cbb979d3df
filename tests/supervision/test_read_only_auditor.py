"""监督 reads everything and changes nothing: every address of the admin is tried, with GET and with POST."""

import hashlib
import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse

from tests.test_permission_matrix import (
    admin_addresses,
    answer,
    client_for,
    is_admin,
    rows,
    world,  # noqa: F401 - a fixture
)

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

# An auditor's own session and view of the admin; and pictures made smaller for a page that shows them.
OWN_TABLES = {"django_session", "wagtailusers_userprofile", "files_siterendition", "usersessions_usersession"}
# They end the session that asks.
NOT_ASKED = {"/admin/logout/", "/admin/login/"}
# A refusal, or a page that takes no POST.
REFUSED = {"admin", "login", "403", "404", "405"}
# What answers a POST otherwise, by the end of its address. None of it writes, as the digest of the tables proves.
ANSWERED = [
    r"\?export=xlsx",  # a ledger answers as to GET
    r"/workflow/(action|collect_action_data)/\w+/\w+/\d+/",  # leads to the review page
    r"/workflow/confirm_cancellation/\d+/",  # says that it cannot be
    r"/admin/review/\d+/\d+/decide/|/admin/review/bulk/|/admin/redemptions/redemption/inspect/\d+/",  # say that one only reads
    r"/admin/account/",  # one's own password and language
    r"/admin/(choose-\w+-link|embeds/chooser|embeds/chooser/upload|tag-autocomplete|sprite)/",
    r"/admin/searchpicks/queries/chooser/(results/)?",
    r"/admin/editing-sessions/release/\d+/",
    r"/admin/pages/\d+/revisions/|/admin/workflows/task_chooser/create/",
]
# Wagtail's own, which break for everybody where the address names nothing.
BREAK = [r"/chooser?/([\w/]+/)?chosen/x/", r"/admin/(failwhale|choose-external-link|pages/1/set_position)/"]
# Pages with a form that is sent: one's own account, what an editor's text field asks for, and Wagtail's question about moving
# the root page, whose answer it refuses.
FORMS = [r"/admin/account/", r"/admin/(choose-\w+-link|embeds/chooser(/upload)?|pages/1/move/1/confirm)/"]
FORM = re.compile(rb"<form[^>]*method=[\\\\]?\"post", re.IGNORECASE)
FILLED = "confirmed=1&reason=x&text=x&action=save&decision=approve&status=closed&seen_notes=0&name=x&title=x&chosen=1"


def stored() -> dict[str, str]:
    """A digest of every table, but for what is one's own."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table in OWN_TABLES or model._meta.proxy or not model._meta.managed:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")  # noqa: S608 - names of our own
            found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found


def requests(names: dict[str, object]) -> Iterator[tuple[str, str, str]]:
    """Method, address and body: those of the permission table with real records, and every address there is."""
    for row in rows():
        if is_admin(row.pattern):
            yield row.method, row.address.format(**names), row.body.format(**names)
            yield "POST", row.address.format(**names), FILLED
    for _pattern, address in admin_addresses():
        yield "GET", address, ""
        yield "POST", address, FILLED


def besides(ends: list[str], addresses: set[str]) -> list[str]:
    known = re.compile(f"({'|'.join(ends)})$")
    return sorted(address for address in addresses if not known.search(address))


def test_nothing_changes_and_nothing_that_writes_opens(world: SimpleNamespace) -> None:  # noqa: F811 - the fixture of the matrix
    client = client_for(world.users["auditor"])
    client.get("/admin/")
    before = stored()
    asked, answered, broken, forms = 0, set(), set(), set()
    for method, address, body in requests(world.names):
        if address in NOT_ASKED:
            continue
        with transaction.atomic():
            response: HttpResponse = client.generic(
                method, address, body, "application/x-www-form-urlencoded"
            )
            content = b"".join(response) if response.streaming else response.content
        client.cookies.pop("messages", None)
        asked += 1
        said = answer(response)
        if said == "500":
            broken.add(address)
        elif method == "POST" and said not in REFUSED:
            answered.add(address)
        elif said == "200" and FORM.search(content):
            forms.add(address)
    changed = {table for table, digest in stored().items() if digest != before[table]}
    assert asked > 600
    assert changed == set()
    assert besides(BREAK, broken) == []
    assert besides(ANSWERED, answered) == []
    assert besides(FORMS, forms) == []


def test_the_menu_offers_what_is_supervised(world: SimpleNamespace) -> None:  # noqa: F811 - the fixture of the matrix
    page = client_for(world.users["auditor"]).get("/admin/").content.decode()
    for address in (
        "/admin/alerts/",
        "/admin/audit/",
        "/admin/file-access/",
        "/admin/institutions/consumerban/",
    ):
        assert address in page
