"""机构信息 of a consumer: the three steps, their buttons, and what they do with bad input."""

import datetime
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from stdnum import luhn

from institutions.models import Consumer
from tests.consumer_factories import ACCOUNT_NUMBER, ConsumerFactory
from tests.factories import png_bytes
from tests.institutions.consumer_steps import (
    BASICS,
    CONTACTS,
    FINANCE,
    LIKE_A_CARD,
    NAME,
    OVERVIEW,
    SIZE,
    SUBMIT,
    basics,
    contacts,
    errors_of,
    finance,
    number_of,
)
from workflow.statuses import SubmissionStatus

pytestmark = pytest.mark.django_db


def test_an_account_without_institution_is_invited_to_fill_it_in(client, account):
    response = client.get(OVERVIEW)
    assert "分三步" in response.content.decode()
    assert f'href="{BASICS}"' in response.content.decode()
    assert not Consumer.objects.exists()


def test_the_three_steps_from_nothing_to_the_queue(client, account):
    scan = SimpleUploadedFile("营业执照.png", png_bytes("teal"), "image/png")
    response = client.post(BASICS, basics(action="next", certificate=scan))
    assert (response.status_code, response.url) == (302, FINANCE)
    consumer = Consumer.objects.get()
    assert (consumer.account, consumer.status, consumer.live) == (account, SubmissionStatus.DRAFT, False)
    assert (consumer.contact_name, consumer.contact_mobile) == (account.contact_name, account.mobile)

    response = client.post(FINANCE, finance(action="next"))
    assert (response.status_code, response.url) == (302, CONTACTS)
    response = client.post(CONTACTS, contacts(action="finish", version="2"))
    assert (response.status_code, response.url) == (302, SUBMIT)
    page = client.get(SUBMIT).content.decode()
    assert BeautifulSoup(page, "html.parser").select_one("dialog [autofocus]").get_text() == "确定"
    assert "请等待运营部门在线审核，一般 2 个工作日内完成" in page
    assert Consumer.objects.get().status == SubmissionStatus.DRAFT

    response = client.post(SUBMIT, {"confirmed": "1", "version": "3"}, follow=True)
    assert response.redirect_chain == [(OVERVIEW, 302)]
    consumer = Consumer.objects.get()
    assert consumer.status == SubmissionStatus.PENDING
    assert (consumer.revenue_amount, consumer.assets_amount) == (Decimal("8200000.00"), Decimal("5600000.00"))
    assert number_of(consumer) == ACCOUNT_NUMBER


def test_an_incomplete_draft_is_saved_and_stays_on_its_step(client, account):
    response = client.post(BASICS, {"version": "1", "action": "save", "name": NAME}, follow=True)
    assert response.redirect_chain == [(BASICS, 302)]
    assert "已保存，尚未提交审核" in response.content.decode()
    response = client.post(FINANCE, {"version": "1", "action": "save", "staff_count": "46"}, follow=True)
    assert response.redirect_chain == [(FINANCE, 302)]
    assert (Consumer.objects.get().staff_count, Consumer.objects.get().industry) == (46, "")
    assert f'href="{BASICS}">' in response.content.decode()  # 上一步


def test_what_is_missing_is_listed_with_its_step(client, consumer):
    Consumer.objects.update(
        code="",
        district="",
        registered_on=None,
        industry="",
        assets_amount=None,
        bank_account_number="",
        contact_mobile="",
    )
    response = client.post(
        CONTACTS, contacts(action="finish", contact_email="", contact_mobile=""), follow=True
    )
    assert response.redirect_chain == [(f"{CONTACTS}?check=1", 302)]
    problems = [(problem.sentence, problem.url) for problem in response.context["problems"]]
    assert problems == [
        ("请填写“统一社会信用代码”。", f"{BASICS}?check=1#id_code"),
        ("请填写“注册日期”。", f"{BASICS}?check=1#id_registered_on"),
        ("请选择“所在区县”。", f"{BASICS}?check=1#id_district"),
        ("请选择“所属行业”。", f"{FINANCE}?check=1#id_industry"),
        ("请填写“资产总额”。", f"{FINANCE}?check=1#id_assets_amount"),
        ("请填写“对公银行账号”。", f"{FINANCE}?check=1#id_bank_account_number"),
        ("请填写“手机号码”。", f"{CONTACTS}?check=1#id_contact_mobile"),
        ("请填写“联系邮箱”。", f"{CONTACTS}?check=1#id_contact_email"),
    ]
    assert Consumer.objects.get().status == SubmissionStatus.DRAFT


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("code", "911100006000373410", "校验位"),
        ("code", "9111000060003734", "现在是 16 位"),
        ("consumer_type", "bank", "“bank”不在可选范围内"),
        ("registered_on", "2019-02-30", "日期格式不对"),
        ("city", "3101", "“3101”不在可选范围内"),
        ("district", "王益区", "不属于所在城市"),
        ("name", "长" * 101, "最多 100 个字，现在有 101 个"),
        ("introduction", "长" * 2001, "最多 2000 个字"),
        ("address", "a\x00b", "空字符"),
    ],
)
def test_malformed_basics_are_named_and_nothing_typed_is_lost(client, account, field, value, sentence):
    response = client.post(BASICS, basics(**{field: value}))
    (said,) = errors_of(response)[field]
    assert sentence in said
    assert set(errors_of(response)) == {field}
    assert not Consumer.objects.exists()
    assert response.context["form"]["legal_representative"].value() == "周晓明"


def test_a_registration_in_the_future_is_refused(client, account):
    today = timezone.localdate()
    assert client.post(BASICS, basics(registered_on=str(today))).status_code == 302
    response = client.post(BASICS, basics(registered_on=str(today + datetime.timedelta(days=1))))
    assert errors_of(response) == {"registered_on": ["注册日期不能晚于今天，请对照证照核对。"]}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("industry", "magic", "“magic”不在可选范围内"),
        ("staff_count", "-1", "不能小于 0"),
        ("staff_count", "四十六", "请填写整数，如 86。"),
        ("staff_count", "4,6", "请填写整数，如 86。"),
        ("revenue_amount", "1,2,3.456", "单位万元"),
        ("revenue_amount", "-1", "营业收入不能小于 0"),
        ("revenue_amount", "NaN", "单位万元"),
        ("revenue_amount", "一千", "单位万元"),
        ("revenue_amount", "0.0000001", "最多保留六位小数"),
        ("assets_amount", "99999999999", "金额太大"),
        ("bank_account_number", "3700O218092", "只含数字"),
        ("bank_account_number", "123", "现在是 3 位"),
        ("bank_account_number", "6222021202041234560", "银行卡号"),
        ("bank_account_name", "周晓明", "像是个人姓名"),
        ("bank_account_name", "渭河软件有限公司", "不一致"),
        ("bank_branch", "长" * 101, "最多 100 个字"),
    ],
)
def test_malformed_finance_is_named_and_nothing_changes(client, consumer, field, value, sentence):
    if field == "bank_account_number" and value.startswith("62"):
        value = value[:-1] + luhn.calc_check_digit(value[:-1])
    response = client.post(FINANCE, finance(**{field: value}))
    assert response.status_code == 200
    (said,) = errors_of(response)[field]
    assert sentence in said
    stored = Consumer.objects.get()
    assert (stored.version, number_of(stored), stored.bank_account_name) == (1, ACCOUNT_NUMBER, NAME)


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("820", "8200000.00"),
        ("１,２００．５", "12005000.00"),
        (" 1 200 万元", "12000000.00"),
        ("0.000001", "0.01"),
        ("0", "0.00"),
    ],
)
def test_amounts_are_typed_in_units_of_ten_thousand_and_kept_in_yuan(client, consumer, typed, yuan):
    assert client.post(FINANCE, finance(revenue_amount=typed)).status_code == 302
    assert Consumer.objects.get().revenue_amount == Decimal(yuan)


def test_an_amount_is_shown_as_it_was_typed(client, consumer):
    client.post(FINANCE, finance(revenue_amount="1200.5", assets_amount="0"))
    form = client.get(FINANCE).context["form"]
    assert (form["revenue_amount"].value(), form["assets_amount"].value()) == ("1,200.5", "0")
    page = client.get(OVERVIEW).content.decode()
    assert "1,200.5 万元" in page


def test_the_account_number_is_tidied_and_never_shown_again(client, consumer):
    typed = "３７００ 0218-0920-0005 432"
    assert client.post(FINANCE, finance(bank_account_number=typed)).status_code == 302
    assert number_of(Consumer.objects.get()) == "3700021809200005432"
    page = client.get(FINANCE).content.decode()
    assert "已保存：•••• 5432" in page
    assert client.get(FINANCE).context["form"]["bank_account_number"].value() == ""


def test_an_empty_box_keeps_the_account_number_that_is_stored(client, consumer):
    assert (
        client.post(FINANCE, finance(bank_account_number="", bank_branch="西安钟楼支行")).status_code == 302
    )
    stored = Consumer.objects.get()
    assert (number_of(stored), stored.bank_branch) == (ACCOUNT_NUMBER, "西安钟楼支行")


def test_a_number_that_might_be_a_card_needs_a_declaration(client, consumer):
    response = client.post(FINANCE, finance(bank_account_number=LIKE_A_CARD))
    assert "请勾选“这是对公账户，不是银行卡”" in errors_of(response)["bank_account_number"][0]
    assert 'name="declares_no_card"' in response.content.decode()
    assert 'name="declares_no_card"' not in client.get(FINANCE).content.decode()
    assert number_of(Consumer.objects.get()) == ACCOUNT_NUMBER

    declared = finance(bank_account_number=LIKE_A_CARD, declares_no_card="on")
    assert client.post(FINANCE, declared).status_code == 302
    stored = Consumer.objects.get()
    assert (number_of(stored), stored.submission_problems()) == (LIKE_A_CARD, {})
    assert "请对照开户证明核对" in [item.finding for item in stored.review_evidence()][-1]
    # taking the declaration back is refused as well
    response = client.post(FINANCE, finance(bank_account_number="", version="2"))
    assert set(errors_of(response)) == {"bank_account_number"}


def test_a_person_is_no_account_also_while_the_institution_has_no_name(client, consumer):
    Consumer.objects.update(name="")
    response = client.post(FINANCE, finance(bank_account_name="周晓明"))
    assert errors_of(response) == {
        "bank_account_name": [
            "账户名称“周晓明”像是个人姓名。必须填写本机构的对公账户，名称与“机构名称”一致，个人账户不能兑付。"
        ]
    }
    assert client.post(FINANCE, finance()).status_code == 302


@pytest.mark.parametrize("address", [OVERVIEW, SUBMIT])
def test_the_size_and_its_rule_stand_after_the_figures(client, consumer, address):
    (section,) = [one for one in client.get(address).context["sections"] if one.title == "财务信息"]
    labels = [row.label for row in section.rows]
    assert labels[labels.index("资产总额") + 1] == "企业规模"
    assert "小型：从业人员 46 人、营业收入 820 万元" in client.get(address).content.decode()


def test_a_new_name_in_the_first_step_makes_the_account_anothers(client, consumer):
    assert client.post(BASICS, basics(name="渭河工业软件有限公司")).status_code == 302
    problems = Consumer.objects.get().submission_problems()
    assert set(problems) == {"bank_account_name"}
    assert "不一致" in problems["bank_account_name"][0]


@pytest.mark.parametrize(
    ("consumer_type", "problems"), [("sme", {"industry"}), ("network", set()), ("incubator", {"incubated"})]
)
def test_only_enterprises_are_held_to_a_size(client, consumer_type, problems):
    consumer = ConsumerFactory(large=True, consumer_type=consumer_type)
    assert set(consumer.submission_problems()) == problems


def test_a_large_enterprise_reads_which_figures_and_which_rule(client):
    consumer = ConsumerFactory(large=True)
    client.force_login(consumer.account)
    response = client.post(SUBMIT, {"confirmed": "1", "version": "1"})
    assert (response.status_code, response.url) == (302, f"{CONTACTS}?check=1")
    (problem,) = client.get(response.url).context["problems"]
    assert problem.sentence == (
        "大型企业不能以“中小微企业”申请。从业人员 300 人、营业收入 10,000 万元，全部达到软件和信息技术服务业的"
        "大型标准（从业人员 300 人及以上、营业收入 10,000 万元及以上）。"
        "请核对行业、人数和金额（单位是万元）；如属其他类型，请修改机构类型。"
    )
    assert problem.url == f"{FINANCE}?check=1#id_industry"
    assert Consumer.objects.get().status == SubmissionStatus.DRAFT


def test_the_size_is_told_while_the_figures_are_typed(client, consumer):
    figures = {"industry": "software", "staff_count": "100", "revenue_amount": "１,000", "assets_amount": ""}
    page = client.get(SIZE, figures).content.decode()
    assert "企业规模：中型" in page
    page = client.get(SIZE, figures | {"revenue_amount": "很多"}).content.decode()
    assert "请填写营业收入，即可算出企业规模。" in page
    large = client.get(SIZE, figures | {"staff_count": "300", "revenue_amount": "10000"}).content.decode()
    assert "大型企业不能以“中小微企业”申请" in large
    assert "请先选择所属行业" in client.get(SIZE, {"industry": "a\0b"}).content.decode()
    stored = Consumer.objects.get()
    assert (stored.staff_count, stored.version) == (46, 1)


def test_without_script_the_size_is_told_after_saving(client, consumer):
    client.post(FINANCE, finance(staff_count="100", revenue_amount="1000"))
    assert "企业规模：中型" in client.get(FINANCE).content.decode()
    # and with an error in the form, by what was typed
    response = client.post(FINANCE, finance(staff_count="5", bank_account_name="x", version="2"))
    assert "企业规模：微型" in response.content.decode()
