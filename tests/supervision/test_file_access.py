"""Who looked at whose private file: what is kept, what is not, how it is read, and that it stays."""

import io
import uuid

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from openpyxl import load_workbook

from supervision.models import FileAccess
from tests.conftest import signed_in
from tests.factories import PrivateFileFactory, UserFactory, auditor, editor, reviewer
from tests.supervision.warnings import a_warning

pytestmark = pytest.mark.django_db

LIST = "/admin/file-access/"


@pytest.fixture
def scan():
    return PrivateFileFactory(owner=UserFactory(username="关中理工大学"), name="营业执照.png")


@pytest.fixture
def staff():
    return reviewer(username="heyi", contact_name="何静怡")


def test_a_look_at_somebody_elses_file_is_kept(scan, staff):
    response = signed_in(staff).get(scan.get_absolute_url(), REMOTE_ADDR="10.1.2.3")
    assert response.status_code == 200
    assert list(FileAccess.objects.values_list("actor", "actor_name", "file_uuid", "file_name", "owner")) == [
        (staff.pk, "何静怡", scan.uuid, "营业执照.png", scan.owner.pk)
    ]
    access = FileAccess.objects.get()
    assert (access.owner_name, access.ip_address, access.way) == ("关中理工大学", "10.1.2.3", "查看")


def test_ones_own_is_not(scan):
    assert signed_in(scan.owner).get(scan.get_absolute_url()).status_code == 200
    assert not FileAccess.objects.exists()


@pytest.mark.parametrize("method", ["head", "post"])
def test_nothing_is_kept_where_nothing_is_sent(scan, staff, method):
    getattr(signed_in(staff), method)(scan.get_absolute_url())
    assert not FileAccess.objects.exists()


def test_nor_of_a_refusal(scan, staff):
    stranger = signed_in(UserFactory())
    assert stranger.get(scan.get_absolute_url()).status_code == 404
    assert Client().get(scan.get_absolute_url()).status_code == 302
    assert signed_in(staff).get(f"/files/{uuid.uuid4()}/").status_code == 404
    assert not FileAccess.objects.exists()


def test_nor_of_a_file_that_is_gone_from_the_store(scan, staff):
    scan.file.storage.delete(scan.file.name)
    assert signed_in(staff).get(scan.get_absolute_url()).status_code == 404
    assert not FileAccess.objects.exists()


def test_the_same_look_within_five_minutes_is_one(scan, staff):
    client, other = signed_in(staff), PrivateFileFactory(owner=scan.owner)
    for minute, rows in ((0, 1), (4, 1), (6, 2), (7, 2)):
        with time_machine.travel(f"2026-03-01T02:{minute:02d}:00+00:00", tick=False):
            client = signed_in(staff)
            client.get(scan.get_absolute_url())
        assert FileAccess.objects.count() == rows
    with time_machine.travel("2026-03-01T02:08:00+00:00", tick=False):
        signed_in(staff).get(other.get_absolute_url())
        signed_in(auditor()).get(scan.get_absolute_url())
        # what has left the platform is kept besides
        signed_in(staff).get(f"{scan.get_absolute_url()}?download")
        signed_in(staff).get(f"{scan.get_absolute_url()}?download")
    assert FileAccess.objects.count() == 5
    assert FileAccess.objects.filter(is_download=True).count() == 1


def test_serving_takes_a_look_and_one_row_more(scan, staff, django_assert_num_queries):
    client = signed_in(staff)
    with django_assert_num_queries(7):  # session, account, permissions (2), file with its owner; look, row
        client.get(scan.get_absolute_url())
    own = signed_in(scan.owner)
    with django_assert_num_queries(3):
        own.get(scan.get_absolute_url())


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["supervision_fileaccess", "supervision_alertnote"])
def test_the_database_lets_nothing_of_it_be_changed(scan, staff, table, statement):
    signed_in(staff).get(scan.get_absolute_url())
    alert = a_warning()
    alert.notes.create(author=staff, author_name="何静怡", text="核查", status="open")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    assert (FileAccess.objects.count(), alert.notes.count()) == (1, 1)


@pytest.fixture
def looks(scan, staff):
    other = PrivateFileFactory(owner=UserFactory(username="hanjiang"), name="Report-XRD.pdf")
    with time_machine.travel("2026-03-01T02:00:00+00:00", tick=False):
        signed_in(staff).get(scan.get_absolute_url(), REMOTE_ADDR="10.1.2.3")
    with time_machine.travel("2026-03-02T02:00:00+00:00", tick=False):
        signed_in(auditor(username="audit", contact_name="马会来")).get(
            f"{other.get_absolute_url()}?download", REMOTE_ADDR="10.9.9.9"
        )


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Report-XRD.pdf", "营业执照.png"]),
        ({"q": "执照"}, ["营业执照.png"]),
        ({"q": "xrd"}, ["Report-XRD.pdf"]),
        ({"q": "关中"}, ["营业执照.png"]),
        ({"actor": "何静怡"}, ["营业执照.png"]),
        ({"actor": "audit"}, ["Report-XRD.pdf"]),
        ({"owner": "hanjiang"}, ["Report-XRD.pdf"]),
        ({"is_download": "True"}, ["Report-XRD.pdf"]),
        ({"is_download": "False"}, ["营业执照.png"]),
        ({"ip_address": "10.1.2.3"}, ["营业执照.png"]),
        ({"ip_address": "不是地址"}, []),
        ({"at_from": "2026-03-02"}, ["Report-XRD.pdf"]),
        ({"at_to": "2026-02-28"}, []),
    ],
)
def test_filters_find_who_looked_at_what(looks, asked, names):
    response = signed_in(auditor()).get(LIST, asked)
    assert [access.file_name for access in response.context["object_list"]] == names


def test_the_workbook_holds_what_is_filtered(looks):
    response = signed_in(auditor()).get(LIST, {"actor": "何静怡", "export": "xlsx"})
    rows = list(load_workbook(io.BytesIO(b"".join(response))).active.values)
    assert rows[0] == ("时间", "查看人", "登录名", "方式", "文件", "所属账户", "IP 地址")
    assert [row[1:] for row in rows[1:]] == [
        ("何静怡", "heyi", "查看", "营业执照.png", "关中理工大学", "10.1.2.3")
    ]


@pytest.mark.parametrize("who", [reviewer, editor])
def test_only_auditors_and_administrators_read_it(looks, who):
    client = signed_in(who())
    for address in (LIST, f"{LIST}results/", f"{LIST}?export=xlsx"):
        assert client.get(address)["Location"].startswith("/admin/")
    assert signed_in(UserFactory(admin=True)).get(LIST).status_code == 200


def test_the_list_takes_the_same_queries_whatever_its_length(looks, django_assert_max_num_queries):
    client = signed_in(auditor())
    with django_assert_max_num_queries(11):
        client.get(LIST, {"actor": "何静怡"})
