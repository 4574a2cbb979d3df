"""The ledger of claims and the queue in the Wagtail admin: who reads them, how they are narrowed, what comes next."""

import pytest
import time_machine
from django.utils import timezone

from redemptions.admin_queue import queue_of
from redemptions.models import Redemption
from redemptions.services import review
from tests.conftest import signed_in
from tests.consumer_factories import payer
from tests.factories import UserFactory, auditor, editor, reviewer
from tests.redemption_factories import a_claim, the_checker, the_decider
from tests.redemptions.review_pages import LEDGER, QUEUE, case, rows_at
from tests.workflow.test_admin_exports import exported

pytestmark = pytest.mark.django_db


# the ledger


def test_claims_are_filtered_and_found(claim):
    Redemption.objects.filter(pk=claim.pk).update(failed_checks=2)
    a_claim("approved")
    client = signed_in(auditor())
    for query, count in (
        ("", 2),
        ("status=submitted", 1),
        ("status=approved", 1),
        ("status=junk", 2),
        ("kind=testing", 2),
        ("kind=lab", 0),
        ("checks=failed", 1),
        ("checks=passed", 1),
        (f"year={timezone.localdate().year}", 2),
        (f"q={claim.number}", 1),
        (f"q={claim.order.number}", 1),
        ("q=灞桥", 1),
        ("q=浐河", 1),
        ("q=浐河 灞桥", 1),
        ("q=浐河 别处", 0),
        ("q=%00", 2),
        ("queue=1", 0),
        ("consumer__account__password__startswith=p", 2),
    ):
        assert rows_at(client, f"{LEDGER}?{query}") == count, query


@pytest.mark.parametrize("query", ["", "?q=灞桥", "?queue=1&status=submitted", "?checks=failed"])
def test_the_ledger_costs_at_most_13_queries_however_long(query, django_assert_max_num_queries):
    for _number in range(4):
        a_claim()
    client = signed_in(the_checker())
    client.get(LEDGER)
    with django_assert_max_num_queries(13):
        client.get(LEDGER + query)


def test_the_ledger_is_exported_as_filtered(claim):
    a_claim("approved")
    [row] = exported(f"{LEDGER}?export=xlsx&q=灞桥", auditor())
    assert (row["兑付编号"], row["订单编号"], row["状态"], row["申请金额（元）"]) == (
        claim.number,
        claim.order.number,
        "待初审",
        450,
    )
    assert (row["类型"], row["订单金额（元）"], row["已等待（工作日）"], row["初审人"]) == (
        "检验检测",
        900,
        0,
        None,
    )
    [row] = exported(f"{LEDGER}?export=xlsx&status=approved", auditor())
    assert (row["初审人"], row["复审人"]) == (
        the_checker().get_full_name(),
        the_decider().get_full_name(),
    )
    assert "收款账号" not in row


def test_the_ledger_and_the_case_are_for_those_who_may_read_them(claim):
    for who in (auditor(), reviewer(), the_checker(), the_decider(), payer()):
        for address in (LEDGER, case(claim)):
            assert signed_in(who).get(address).status_code == 200
    for who in (editor(), claim.consumer.account, claim.provider.account):
        for address in (LEDGER, case(claim)):
            assert signed_in(who).get(address).status_code == 302


@pytest.mark.parametrize("key", ["0", "junk", "99999999999999999999"])
def test_a_case_that_is_none_is_not_found(key):
    assert signed_in(auditor()).get(f"{LEDGER}inspect/{key}/").status_code == 404


# the queue


def test_each_reads_what_waits_for_them_oldest_first():
    first, second, third = a_claim(), a_claim("checked"), a_claim()
    assert list(queue_of(the_checker())) == [first, third]
    assert list(queue_of(the_decider())) == [second]
    both = UserFactory(admin=True)
    assert list(queue_of(both)) == [first, second, third]
    review.check_claim(redemption=third, actor=both)
    assert list(queue_of(both)) == [first, second]
    assert list(queue_of(auditor())) == []
    listed = signed_in(both).get(QUEUE).text
    assert listed.index(first.number) < listed.index(second.number)
    assert third.number not in listed


def test_waiting_is_counted_in_working_days(claim):
    with time_machine.travel(timezone.now() + timezone.timedelta(days=12)):
        assert "已逾期" in signed_in(the_checker()).get(QUEUE).text.partition("<tbody>")[2]
        assert "（已逾期）" in signed_in(the_checker()).get(case(claim)).text
    assert "已逾期" not in signed_in(the_checker()).get(QUEUE).text.partition("<tbody>")[2]


def test_a_case_leads_to_its_neighbours_in_the_queue():
    first, second, third = a_claim(), a_claim(), a_claim()
    html = signed_in(the_checker()).get(case(second)).text
    assert f"上一份 {first.number}" in html
    assert f"下一份 {third.number}" in html
    html = signed_in(the_checker()).get(case(third)).text
    assert f"上一份 {second.number}" in html
    assert "下一份" not in html


def test_the_dashboard_counts_what_waits(claim):
    a_claim("checked")
    html = signed_in(the_checker()).get("/admin/").text
    assert "<strong>1</strong>待初审" in html
    assert "待复审" not in html.partition("待我办理的兑付申请")[2]
    assert claim.number in html
    assert "待我办理的兑付申请" not in signed_in(editor()).get("/admin/").text
    assert "<strong>1</strong>待复审" in signed_in(the_decider()).get("/admin/").text
