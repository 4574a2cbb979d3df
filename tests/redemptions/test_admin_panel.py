"""The dashboard tells those who inspect, decide and pay what waits for them."""

from decimal import Decimal

import pytest

from redemptions.admin_panel import counted, payout_work
from redemptions.services import clawbacks, objections
from tests.conftest import signed_in
from tests.consumer_factories import payer
from tests.factories import UserFactory, auditor, editor
from tests.payout_factories import a_batch, an_inspector, import_csv, result_csv, the_payer
from tests.redemption_factories import a_claim, the_checker, the_decider

pytestmark = pytest.mark.django_db
READY, BANK, BACK = "可编入批次", "待导入银行结果的批次", "待确认的追回"
DRAWN, OBJECTED, FAILED = "待抽查", "待处理的公示异议", "拨付失败，待更正账户"


def counts(user):
    work = payout_work(user)
    return dict(
        zip(
            [label for label, _rows, _url in work],
            counted(*(rows for _label, rows, _url in work)),
            strict=True,
        )
    )


def test_each_sees_the_work_that_is_theirs(django_assert_num_queries):
    admin = UserFactory(admin=True)
    assert counts(admin) == dict.fromkeys((DRAWN, OBJECTED, FAILED, READY, BANK, BACK), 0)
    assert (counts(auditor()), counts(editor())) == ({}, {})
    a_batch(claims=2, percent=50, inspected=False)
    a_claim("approved")
    assert counts(an_inspector()) == {DRAWN: 1}
    # who has reviewed a claim does not inspect it
    assert counts(the_checker()) == {DRAWN: 0}
    assert counts(the_decider()) == {DRAWN: 0, OBJECTED: 0, FAILED: 0}
    assert counts(the_payer()) == {READY: 1, BANK: 0, BACK: 0}
    with django_assert_num_queries(1):
        assert counts(admin) == {DRAWN: 1, OBJECTED: 0, FAILED: 0, READY: 1, BANK: 0, BACK: 0}


def test_objections_failures_and_claw_backs_are_waited_for_until_they_are_settled():
    line = a_batch("published", claims=1).payouts.get()
    objection = objections.object_to(line=line, name="张三", contact="13800000000", text="同一份报告。")
    assert counts(the_decider())[OBJECTED] == 1
    other = UserFactory(admin=True)
    objections.answer_objection(objection=objection, actor=other, upheld=False, answer="已核实。")
    assert counts(the_decider())[OBJECTED] == 0

    batch = a_batch("exported", claims=2)
    assert counts(the_payer())[BANK] == 1
    import_csv(batch, result_csv(batch, failed=[1]))
    assert (counts(the_payer())[BANK], counts(the_decider())[FAILED]) == (0, 1)
    checker = the_checker()
    checker.groups.add(*the_decider().groups.all())
    assert counts(type(checker).objects.get(pk=checker.pk))[FAILED] == 0

    paid = batch.payouts.get(status="paid").redemption
    claw_back = clawbacks.propose_claw_back(redemption=paid, amount=Decimal(1), actor=the_payer(), reason="x")
    second = payer()
    assert (counts(the_payer())[BACK], counts(second)[BACK]) == (0, 1)
    clawbacks.drop_claw_back(claw_back=claw_back, actor=second)
    assert counts(second)[BACK] == 0


def test_of_many_batches_a_tile_shows_those_with_the_work():
    quiet, objected, paid = (
        a_batch("published", claims=1),
        a_batch("published", claims=1),
        a_batch("exported", claims=1),
    )
    objections.object_to(line=objected.payouts.get(), name="张三", contact="13800000000", text="同一份报告。")
    import_csv(paid, result_csv(paid))
    taken = paid.payouts.get().redemption
    clawbacks.propose_claw_back(redemption=taken, amount=Decimal(1), actor=the_payer(), reason="多付")
    admin = UserFactory(admin=True)
    urls = {label: url for label, _rows, url in payout_work(admin)}
    for label, wanted in ((OBJECTED, objected), (BACK, paid)):
        shown = signed_in(admin).get(urls[label]).context["object_list"]
        assert [batch.pk for batch in shown] == [wanted.pk]
    everything = signed_in(admin).get(urls[OBJECTED].partition("?")[0]).context["object_list"]
    assert {batch.pk for batch in everything} == {quiet.pk, objected.pk, paid.pk}


def test_the_tiles_lead_to_where_the_work_is_done():
    a_batch("exported", claims=1)
    client = signed_in(UserFactory(admin=True))
    home = client.get("/admin/").text
    assert "待我办理的拨付事项" in home
    assert "<strong>1</strong>待导入银行结果的批次" in home
    for _label, _rows, url in payout_work(UserFactory(admin=True)):
        assert f'href="{url}"' in home
        assert client.get(url).status_code == 200
    assert "待我办理的拨付事项" not in signed_in(editor()).get("/admin/").text
