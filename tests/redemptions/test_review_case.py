"""The page of one claim in the Wagtail admin: what stands there, and who decides what."""

from decimal import Decimal

import pytest
from django.utils import timezone

from redemptions.models import Redemption
from redemptions.services import review
from redemptions.services.checking import run_checks
from tests.conftest import signed_in
from tests.consumer_factories import payer
from tests.factories import UserFactory, auditor, editor, reviewer
from tests.redemption_factories import a_claim, the_checker, the_decider
from tests.redemptions.review_pages import QUEUE, case, decide, unchanged
from tests.voucher_factories import checker
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db


# one case


def test_a_case_has_all_that_belongs_to_it(claim, django_assert_max_num_queries):
    client = signed_in(the_checker())
    client.get(case(claim))
    with django_assert_max_num_queries(33):
        html = client.get(case(claim)).text
    invoice, voucher = claim.order.invoices.get(), claim.shares.get().voucher
    for shown in (
        claim.number,
        claim.order.number,
        "灞桥精密仪器",
        claim.consumer.code,
        claim.provider.host_code,
        claim.order.offer_name,
        "计入 900 元 × 补助比例 50%",
        voucher.number,
        invoice.number,
        invoice.file.get_absolute_url(),
        f'name="paper-invoice-{invoice.pk}"',
        "日期在有效期内",
        "不适用",
        "报告清楚",
        "提交兑付申请",
        "•••• 4321",
        "初审通过",
        "退回",
    ):
        assert shown in html, shown
    assert "3700021809200004321" not in html
    for hidden in ("复审通过</button>", "不予兑付</button>", "查看完整账号"):
        assert hidden not in html, hidden


def test_only_those_who_pay_are_led_to_the_whole_account_number(claim):
    assert f"/admin/consumers/{claim.consumer_id}/bank" in signed_in(payer()).get(case(claim)).text
    for who in (auditor(), reviewer(), the_decider()):
        assert "查看完整账号" not in signed_in(who).get(case(claim)).text


def test_who_only_reads_is_offered_nothing(claim):
    for who, why in (
        (auditor(), "等待初审，您没有初审权限"),
        (payer(), "等待初审，您没有初审权限"),
        (the_decider(), "等待初审，您没有初审权限"),
    ):
        client, before = signed_in(who), unchanged(claim)
        html = client.get(case(claim)).text
        assert why in html
        assert 'name="decision"' not in html
        assert client.post(case(claim), {"decision": "check_claim"}).status_code == 302
        assert unchanged(claim) == before


def test_checked_the_next_of_the_queue_follows(claim):
    following = a_claim()
    response = decide(signed_in(the_checker()), claim, "check_claim", comment="发票已查验。")
    assert (response.status_code, response["Location"]) == (302, case(following))
    claim.refresh_from_db()
    assert (claim.status, claim.checked_by) == ("checked", the_checker())
    assert AuditEntry.objects.of(claim)[0].reason == "发票已查验。"
    response = decide(signed_in(the_checker()), following, "check_claim")
    assert response["Location"] == QUEUE


def test_sent_back_with_a_reason_for_a_paper(claim):
    invoice = claim.order.invoices.get()
    decide(
        signed_in(the_checker()), claim, "return_claim", **{f"paper-invoice-{invoice.pk}": "发票缺少盖章。"}
    )
    claim.refresh_from_db()
    assert (claim.status, claim.document_reasons) == (
        "returned",
        {f"invoice-{invoice.pk}": "发票缺少盖章。"},
    )
    assert "上次退回的原因：发票缺少盖章。" in signed_in(the_checker()).get(case(claim)).text


def test_sending_back_without_a_reason_is_refused(claim):
    before = unchanged(claim)
    response = decide(signed_in(the_checker()), claim, "return_claim")
    assert response.status_code == 422
    assert "请填写原因，用券机构会看到。" in response.text
    assert unchanged(claim) == before


def test_approved_for_less_with_a_reason():
    claim = a_claim("checked")
    client = signed_in(the_decider())
    before = unchanged(claim)
    for amount, sentence in (
        ("400", "核减金额须说明原因"),
        ("450.01", "不超过申请的 450 元"),
        ("abc", "核定金额请填数字"),
    ):
        response = decide(client, claim, "approve_claim", amount=amount)
        assert response.status_code == 422
        assert sentence in response.text
        assert unchanged(claim) == before
    decide(client, claim, "approve_claim", amount="400", reason="运输费不在支持范围。")
    claim.refresh_from_db()
    assert (claim.status, claim.amount, claim.decided_by) == ("approved", Decimal(400), the_decider())
    assert "（已核减）" in client.get(case(claim)).text


def test_refusing_is_asked_for_once_more():
    claim = a_claim("checked")
    client, before = signed_in(the_decider()), unchanged(claim)
    response = decide(client, claim, "refuse_claim")
    assert (response.status_code, "请填写不予兑付的原因" in response.text) == (422, True)
    response = decide(client, claim, "refuse_claim", reason="不属于支持范围。")
    assert (response.status_code, "确定对" in response.text) == (200, True)
    assert unchanged(claim) == before
    decide(client, claim, "refuse_claim", reason="不属于支持范围。", confirmed="1")
    claim.refresh_from_db()
    assert (claim.status, claim.reason) == ("refused", "不属于支持范围。")


def test_who_has_checked_does_not_decide():
    both = UserFactory(admin=True)
    claim = review.check_claim(redemption=a_claim(), actor=both)
    client, before = signed_in(both), unchanged(claim)
    assert "是您初审的，须由另一位审核人员复审" in client.get(case(claim)).text
    for decision in ("approve_claim", "return_claim", "refuse_claim"):
        client.post(case(claim), {"decision": decision, "reason": "理由", "confirmed": "1"})
        assert unchanged(claim) == before


def test_what_has_changed_since_is_not_decided(claim):
    client = signed_in(the_checker())
    version = client.get(case(claim)).context["form"]["version"].value()
    Redemption.objects.filter(pk=claim.pk).update(submitted_at=timezone.now())
    before = unchanged(claim)
    response = client.post(case(claim), {"decision": "check_claim", "version": version})
    assert (response.status_code, "这份申请有了变化" in response.text) == (422, True)
    assert unchanged(claim) == before


@pytest.mark.parametrize("decision", ["", "junk", "approve_claim", "pay"])
def test_another_decision_is_none(claim, decision):
    before = unchanged(claim)
    assert decide(signed_in(the_checker()), claim, decision).status_code == 422
    assert unchanged(claim) == before


# checks


@pytest.fixture
def related(claim):
    """Claimed by a consumer that has the provider's legal representative."""
    consumer = claim.consumer
    consumer.legal_representative = claim.provider.legal_representative
    consumer.save()
    run_checks(redemption=claim)
    return claim


def test_a_check_that_failed_must_be_answered(related):
    client, before = signed_in(the_checker()), unchanged(related)
    html = client.get(case(related)).text
    assert "1 项核查未通过" in html
    assert "双方相同的登记信息：法定代表人 李建国。" in html
    response = decide(client, related, "check_claim")
    assert response.status_code == 422
    assert "以下核查没有通过，请逐项说明核实情况：双方没有关联。" in response.text
    assert unchanged(related) == before
    decide(client, related, "check_claim", **{"answer-relation": "同名，身份证号不同。"})
    entry = AuditEntry.objects.of(related)[0]
    assert entry.changes["checks"] == ["双方没有关联：未通过", "双方没有关联：同名，身份证号不同。"]
    assert (
        "自动核查：双方没有关联：未通过 → 双方没有关联：同名，身份证号不同。"
        in client.get(case(related)).text
    )
    # and again by the decider
    second = signed_in(the_decider())
    assert decide(second, related, "approve_claim").status_code == 422
    decide(second, related, "approve_claim", **{"answer-relation": "已核对证照。"})
    related.refresh_from_db()
    assert related.status == "approved"


def test_what_a_check_finds_only_now_is_asked_for_on_the_page_that_comes_back(claim):
    client = signed_in(the_checker())
    consumer = claim.consumer
    consumer.legal_representative = claim.provider.legal_representative
    consumer.save()
    response = decide(client, claim, "check_claim", comment="看过了")
    assert response.status_code == 422
    assert 'name="answer-relation"' in response.text
    assert "看过了" in response.text
    claim.refresh_from_db()
    assert (claim.status, claim.failed_checks) == ("submitted", 1)


def test_the_consumer_reads_nothing_of_the_answers(related):
    from redemptions.history import history

    review.check_claim(
        redemption=related, actor=the_checker(), answers={"relation": "同名。"}, comment="内部意见"
    )
    review.approve_claim(redemption=related, actor=the_decider(), answers={"relation": "同名。"})
    said = " ".join(line.text for line in history(related))
    assert "同名" not in said
    assert "内部意见" not in said


def test_checks_are_run_anew_on_request(claim):
    client = signed_in(the_checker())
    Redemption.objects.filter(pk=claim.pk).update(checks=[], failed_checks=0)
    assert "还没有核查" in client.get(case(claim)).text
    response = client.post(f"/admin/redemptions/{claim.pk}/recheck/")
    assert (response.status_code, response["Location"]) == (302, f"{case(claim)}#checks")
    claim.refresh_from_db()
    assert len(claim.checks) == 10


def test_checks_are_run_by_who_reviews_while_it_is_in_review(claim):
    Redemption.objects.filter(pk=claim.pk).update(checks=[])
    for who in (auditor(), payer(), editor(), claim.consumer.account):
        signed_in(who).post(f"/admin/redemptions/{claim.pk}/recheck/")
    claim.refresh_from_db()
    assert claim.checks == []
    decided = a_claim("approved")
    before = decided.checks_at
    signed_in(the_decider()).post(f"/admin/redemptions/{decided.pk}/recheck/")
    decided.refresh_from_db()
    assert decided.checks_at == before
    assert signed_in(checker()).post("/admin/redemptions/999999/recheck/").status_code == 404
    assert signed_in(checker()).get(f"/admin/redemptions/{claim.pk}/recheck/").status_code == 405
