"""The account that the money goes to: the consumer's, or the provider's, as the programme has it."""

import pytest

from institutions.models import Consumer
from redemptions.exceptions import RedemptionError
from redemptions.models import ProviderAccount, Redemption
from redemptions.services import review
from redemptions.services.claims import assess
from tests.conftest import signed_in
from tests.consumer_factories import ACCOUNT_NUMBER
from tests.factories import ProviderFactory
from tests.redemption_factories import a_claim, a_claimable_order, the_decider
from tests.voucher_factories import parameters_with
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db
ADDRESS = "/centre/redemptions/account/"
OTHER_NUMBER = "61001920900052503358"


def typed(provider, **fields):
    return {
        "account_name": provider.host_name,
        "bank_name": "中国建设银行",
        "bank_branch": "西安兴庆路支行",
        "account_number": OTHER_NUMBER,
    } | fields


def test_where_providers_are_paid_it_is_their_account_that_is_frozen():
    order = a_claimable_order()
    parameters_with(payee="provider")
    assert "还没有填写收款账户" in "".join(assess(order).problems)
    client = signed_in(order.provider.account)
    assert "还没有填写收款账户" in client.get("/centre/").content.decode()
    assert client.post(ADDRESS, typed(order.provider)).url == ADDRESS
    assert "还没有填写收款账户" not in client.get("/centre/").content.decode()
    claim = a_claim("approved", order=order)
    assert (claim.payee, claim.payee_name) == ("provider", order.provider.host_name)
    assert claim.account_number.reveal() == OTHER_NUMBER
    page = client.get(ADDRESS).content.decode()
    assert "已保存：•••• 3358" in page
    assert OTHER_NUMBER not in page
    stored = ProviderAccount.objects.get()
    assert AuditEntry.objects.of(stored).get().changes == {
        "account": ["", f"{order.provider.host_name} •••• 3358"]
    }


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"account_name": "王小明"}, "像是个人姓名"),
        ({"account_name": "秦岭仪器公司"}, "不一致"),
        ({"account_number": "6222020200112233446"}, "银行卡"),
        ({"account_number": "12345"}, "6 至 32 位数字"),
        ({"account_number": ""}, "请填写“对公银行账号”。"),
        ({"bank_name": ""}, "请填写“开户银行”。"),
    ],
)
def test_only_the_institutions_own_account_is_taken(fields, sentence):
    provider = ProviderFactory(approved=True)
    page = signed_in(provider.account).post(ADDRESS, typed(provider, **fields)).content.decode()
    assert sentence in page
    assert not ProviderAccount.objects.exists()


def test_left_empty_the_number_stays():
    provider = ProviderFactory(approved=True)
    client = signed_in(provider.account)
    client.post(ADDRESS, typed(provider))
    client.post(ADDRESS, typed(provider, account_number="", bank_branch="西安小寨支行"))
    stored = ProviderAccount.objects.get()
    assert (stored.bank_branch, stored.account_number.reveal()) == ("西安小寨支行", OTHER_NUMBER)


def test_consumers_have_no_such_page(consumer_client):
    assert consumer_client.get(ADDRESS).status_code == 404


def test_an_institution_that_is_being_changed_is_not_approved_for_payment():
    claim = a_claim("checked")
    Consumer.objects.filter(pk=claim.consumer_id).update(status="draft")
    with pytest.raises(
        RedemptionError, match="的机构信息现在是“未提交”，收款账户须等机构信息审核通过后才能使用"
    ):
        review.approve_claim(redemption=claim, actor=the_decider())
    assert Redemption.objects.get().status == "checked"


def test_a_corrected_account_is_taken_over_and_only_then():
    claim = a_claim("approved")
    with pytest.raises(RedemptionError, match="的收款账户没有变化"):
        review.renew_account(redemption=claim, actor=the_decider())
    consumer = Consumer.objects.get(pk=claim.consumer_id)
    consumer.bank_account_number = OTHER_NUMBER
    consumer.save()
    claim = review.renew_account(redemption=claim, actor=the_decider())
    claim.refresh_from_db()
    assert (claim.status, claim.account_number.reveal()) == ("approved", OTHER_NUMBER)
    step = AuditEntry.objects.of(claim).latest("pk")
    assert step.reason == f"{consumer.name}，中国工商银行，•••• 3358"
    assert ACCOUNT_NUMBER not in str(list(AuditEntry.objects.values()))
