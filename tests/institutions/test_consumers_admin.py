"""Consumers as staff see them: evidence, the review, the listing and its export, and who begins with what."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType

from institutions.models import Consumer, IncubatedMember
from tests.conftest import signed_in
from tests.consumer_factories import ACCOUNT_NUMBER, ConsumerFactory, payer
from tests.factories import ProviderFactory, UserFactory, auditor, make_credit_code, reviewer, seen
from tests.workflow.test_admin_exports import exported
from workflow import services
from workflow.setup import AUDITORS, PAYERS, REVIEWERS
from workflow.statuses import SubmissionStatus

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]
LISTING = "/admin/snippets/institutions/consumer/"


def evidence_of(consumer):
    return {item.condition: (item.finding, item.holds) for item in consumer.review_evidence()}


def test_a_consumer_with_nothing_to_object_to():
    consumer = ConsumerFactory(name="渭河软件科技有限公司", code=make_credit_code(7))
    assert evidence_of(consumer) == {
        "注册地址在省内": (f"统一社会信用代码 {consumer.code}，登记地区代码属于本省", True),
        "企业规模为中型、小型或微型": (consumer.size.sentence, True),
        "账户名称与机构名称一致": ("渭河软件科技有限公司，开户银行：中国工商银行 西安高新支行", True),
        "未重复登记": ("没有其他机构使用同一代码", True),
        "不是接券机构": ("没有接券机构使用同一代码", True),
    }
    assert consumer.size.sentence.startswith("小型：")


def test_everything_that_can_be_objected_to():
    provider = ProviderFactory(host_code=make_credit_code(9, region="440300"), name="分析测试中心")
    twin = ConsumerFactory(code=provider.host_code, name="渭河软件")
    consumer = ConsumerFactory(code=provider.host_code, large=True, bank_account_name="周晓明")
    found = evidence_of(consumer)
    assert found["注册地址在省内"][1] is False
    assert found["企业规模为中型、小型或微型"] == (consumer.size.sentence, False)
    assert consumer.size.sentence.startswith("大型：")
    assert found["账户名称与机构名称一致"] == (consumer.account_problem, False)
    assert "像是个人姓名" in consumer.account_problem
    assert found["未重复登记"] == (f"同一代码另有机构登记：{twin}，请核对是否重复", None)
    assert found["不是接券机构"] == (
        "同一代码已登记为接券机构：分析测试中心，不得向本机构或关联机构购买服务",
        None,
    )


def test_what_the_table_does_not_cover_is_for_the_reviewer():
    found = evidence_of(ConsumerFactory(industry="not_covered", code="123456788"))
    assert found["企业规模为中型、小型或微型"] == ("划型标准未列这个行业，由审核人员人工核定。", None)
    assert found["注册地址在省内"] == ("组织机构代码 123456788，登记地区代码无法判断", None)


def test_other_types_are_of_any_size():
    found = evidence_of(ConsumerFactory(large=True, consumer_type="network"))
    assert found["企业规模（本类型不限）"][1] is True


def test_an_incubated_enterprise_that_applies_by_itself_is_named():
    other = ConsumerFactory(name="西安微纳科技有限公司")
    incubator = ConsumerFactory(incubated=["电池团队"])
    assert evidence_of(incubator)["在孵企业未另行登记"] == (
        "共 1 家，其中 0 家填写了代码，均未另行登记",
        True,
    )
    IncubatedMember.objects.create(consumer=incubator, name="微纳科技", code=other.code)
    assert evidence_of(incubator)["在孵企业未另行登记"] == (
        "另行登记为用券机构：西安微纳科技有限公司，请核对是否重复申请",
        None,
    )


def test_records_without_a_code_are_no_twins():
    ProviderFactory(host_code="")
    first, _second = ConsumerFactory(code=""), ConsumerFactory(code="")
    assert evidence_of(first)["未重复登记"][1] is True
    assert evidence_of(first)["不是接券机构"][1] is True


def review_address(consumer):
    return f"/admin/review/{ContentType.objects.get_for_model(Consumer).pk}/{consumer.pk}/"


def test_the_review_from_the_queue_to_the_decision():
    consumer = ConsumerFactory(pending=True, incubated=["电池团队"])
    client = signed_in(reviewer())
    assert consumer.name in client.get("/admin/review/").content.decode()
    page = client.get(review_address(consumer)).content.decode()
    for text in ("条件核对", "企业规模（本类型不限）", "820 万元", "电池团队", "•••• 4321"):
        assert text in page
    assert ACCOUNT_NUMBER not in page
    assert "查看银行账号" not in page
    decision = {"decision": "approve", "reason": "", **seen(consumer)}
    assert client.post(f"{review_address(consumer)}decide/", decision).status_code == 302
    consumer = Consumer.objects.get()
    assert (consumer.status, consumer.live, consumer.is_public) == (SubmissionStatus.APPROVED, True, False)
    assert "用券机构的信息不对外公开。" in client.get(review_address(consumer)).content.decode()


def test_an_approved_consumer_leaves_by_withdrawing_and_comes_back():
    consumer = ConsumerFactory(approved=True)
    assert list(Consumer.objects.approved()) == [consumer]
    consumer = services.withdraw(record=consumer, actor=consumer.account)
    assert list(Consumer.objects.approved()) == []
    consumer = services.submit(record=consumer, actor=consumer.account)
    services.approve(record=consumer, actor=reviewer())
    assert list(Consumer.objects.approved()) == [consumer]


def test_a_note_at_the_rows_of_an_incubator_reaches_it():
    consumer = ConsumerFactory(pending=True, incubated=["电池团队"])
    notes = {
        "decision": "return",
        "note-incubated": "请写明团队负责人。",
        **seen(consumer),
    }
    signed_in(reviewer()).post(f"{review_address(consumer)}decide/", notes)
    assert Consumer.objects.get().return_notes == {"incubated": "请写明团队负责人。"}


def test_staff_find_consumers_by_name_code_type_and_industry():
    ConsumerFactory(name="渭河软件", approved=True)
    ConsumerFactory(
        name="长安谷孵化器", incubated=["甲"], industry="leasing", code=make_credit_code(31_000_002)
    )
    client = signed_in(auditor())
    page = client.get(LISTING).content.decode()
    assert "渭河软件" in page
    assert "小型" in page
    for query, found in {
        "q=谷孵化": "长安谷孵化器",
        f"q={make_credit_code(31_000_002)}": "长安谷孵化器",
        "consumer_type=incubator": "长安谷孵化器",
        "industry=software": "渭河软件",
        "status=approved": "渭河软件",
    }.items():
        listed = [str(one) for one in client.get(f"{LISTING}?{query}").context["object_list"]]
        assert listed == [found], query


def test_an_export_has_amounts_in_yuan_and_the_number_masked():
    consumer = ConsumerFactory(approved=True, name="=1+1", bank_account_name="=1+1")
    [row] = exported(f"{LISTING}?export=xlsx", auditor())
    assert (row["机构名称"], row["机构类型"], row["所属行业"]) == (
        "=1+1",
        "中小微企业",
        "软件和信息技术服务业",
    )
    assert (row["营业收入（元）"], row["资产总额（元）"], row["企业规模"]) == (8_200_000, 5_600_000, "小型")
    assert (row["对公银行账号"], row["统一社会信用代码"]) == ("•••• 4321", consumer.code)
    assert {"证照扫描件", "在孵企业和团队"}.isdisjoint(row)


def test_those_who_pay_find_their_way_from_the_listing_to_the_account():
    consumer = ConsumerFactory(approved=True)
    client = signed_in(payer())
    assert f'href="/admin/consumers/{consumer.pk}/bank-account/"' in client.get(LISTING).content.decode()
    assert client.get(review_address(consumer)).status_code == 302  # reviewing is not theirs
    assert f'href="{review_address(consumer)}"' in signed_in(reviewer()).get(LISTING).content.decode()


def test_the_way_to_the_account_stands_beside_the_review_for_who_may_both():
    consumer = ConsumerFactory(pending=True)
    page = signed_in(UserFactory(admin=True)).get(review_address(consumer)).content.decode()
    assert f'href="/admin/consumers/{consumer.pk}/bank-account/"' in page


def test_the_groups_begin_with_what_they_need():
    held = {
        name: set(
            Group.objects.get(name=name)
            .permissions.filter(content_type__model="consumer")
            .values_list("codename", flat=True)
        )
        for name in (REVIEWERS, AUDITORS, PAYERS)
    }
    assert held == {
        REVIEWERS: {"view_consumer", "publish_consumer"},
        AUDITORS: {"view_consumer"},
        PAYERS: {"view_consumer", "view_bank_account"},
    }
    consumer = UserFactory(consumer=True)
    consumer.groups.add(Group.objects.get(name=PAYERS))
    assert not consumer.has_perm("institutions.view_bank_account")


@pytest.mark.parametrize(
    "address", ["add/", "edit/{pk}/", "delete/{pk}/", "unpublish/{pk}/", "history/{pk}/"]
)
def test_nobody_writes_past_the_services(address):
    consumer = ConsumerFactory(approved=True)
    client = signed_in(UserFactory(admin=True))
    target = LISTING + address.format(pk=consumer.pk)
    for response in (client.get(target), client.post(target)):
        assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert Consumer.objects.get().status == SubmissionStatus.APPROVED


def test_the_listing_and_the_review_cost_the_same_for_many(django_assert_max_num_queries):
    ConsumerFactory.create_batch(12, approved=True)
    incubator = ConsumerFactory(pending=True, incubated=[f"企业{n}" for n in range(30)])
    client = signed_in(reviewer())
    for address, most in ((LISTING, 12), (review_address(incubator), 28)):
        client.get(address)
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200
