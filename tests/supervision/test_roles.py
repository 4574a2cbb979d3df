"""Which groups begin with which permissions, and that they can be given to others."""

import pytest
from django.contrib.auth.models import Group, Permission

from tests.conftest import signed_in
from tests.factories import UserFactory
from workflow.setup import AUDITORS, EDITORS, MANAGERS, PAYERS, REVIEWERS

pytestmark = pytest.mark.django_db

OURS = Permission.objects.filter(content_type__app_label="supervision")
BANS = Permission.objects.filter(content_type__app_label="institutions", content_type__model="consumerban")


@pytest.mark.parametrize(
    ("group", "codenames", "bans"),
    [
        (AUDITORS, {"view_audittrail", "view_alert", "view_fileaccess"}, {"view_consumerban"}),
        (MANAGERS, {"view_audittrail", "view_alert", "change_alert"}, {"view_consumerban"}),
        (
            REVIEWERS,
            {"view_alert", "change_alert"},
            {"view_consumerban", "add_consumerban", "change_consumerban"},
        ),
        (PAYERS, set(), set()),
        (EDITORS, set(), set()),
    ],
)
def test_each_group_begins_with_its_part(group, codenames, bans):
    permissions = Group.objects.get(name=group).permissions
    assert set(permissions.filter(pk__in=OURS.values("pk")).values_list("codename", flat=True)) == codenames
    assert set(permissions.filter(pk__in=BANS.values("pk")).values_list("codename", flat=True)) == bans


def test_they_are_named_where_groups_are_put_together():
    group = Group.objects.get(name=AUDITORS)
    page = signed_in(UserFactory(admin=True)).get(f"/admin/groups/edit/{group.pk}/").content.decode()
    for name in ("全部审计记录", "预警", "文件查看记录", "用券资格暂停记录"):
        assert name in page
