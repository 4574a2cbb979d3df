"""创新券申请 in the application centre: its steps, its buttons, and what it does with bad input."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from institutions.models import Consumer
from tests.consumer_factories import ConsumerFactory
from tests.factories import PrivateFileFactory
from tests.voucher_factories import ApplicationFactory, parameters_with
from tests.vouchers.application_steps import (
    APPLY,
    LIST,
    basics,
    errors_of,
    problems_of,
    statements,
    step,
)
from vouchers.models.applications import VoucherApplication
from workflow.models import ReviewTaskState
from workflow.statuses import SubmissionStatus

pytestmark = pytest.mark.django_db


def test_a_consumer_applies_step_by_step_and_hands_in(client, consumer):
    page = client.get(LIST).content.decode()
    assert f'href="{APPLY}"' in page
    page = client.get(APPLY).content.decode()
    for shown in (consumer.name, consumer.code, "•••• 4321", "软件和信息技术服务业", "至少 20 个字"):
        assert shown in page
    assert "3700021809200004321" not in page

    response = client.post(APPLY, basics(has_projects="True"))
    application = VoucherApplication.objects.get()
    assert response.url == step(application, "projects")
    response = client.post(
        step(application, "projects"),
        {
            "version": "1",
            "action": "next",
            "projects-title": ["高强度紧固件研制", ""],
            "projects-starts_on": ["2026-01-01", ""],
            "projects-ends_on": ["2026年12月31日", ""],
            "projects-budget_amount": ["５００，０００", ""],
            "projects-funding_source": ["自筹", ""],
        },
    )
    assert response.url == step(application, "statements")
    project = application.projects.get()
    assert (project.starts_on, project.ends_on) == (datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    assert project.budget_amount == Decimal("500000.00")
    page = client.get(step(application, "projects")).content.decode()
    assert 'value="2026-01-01"' in page
    assert 'value="500,000"' in page

    response = client.post(step(application, "statements"), statements(2))
    assert response.url == reverse("vouchers:submit", args=[application.pk])
    page = client.get(response.url)
    assert "确定把" in page.content.decode()
    response = client.post(response.url, {"confirmed": "1", "version": "3"})
    application.refresh_from_db()
    assert response.url == application.get_centre_url()
    assert application.status == SubmissionStatus.PENDING
    assert application.applied_amount == Decimal("80000.00")
    assert application.last_year_revenue_amount == Decimal("8200000.00")
    assert ReviewTaskState.objects.waiting().get().task.name == "初审"
    assert application.institution["bank_account_number"] == "•••• 4321"
    assert "待审核" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0", "申请额度不能为 0，请填写大于 0 的金额。"),
        ("-1", "申请额度不能是负数，请填写大于 0 的金额。"),
        ("200000.01", "200,000.01 元超过了每家机构每年 200,000 元的上限，请减少金额。"),
        ("100.005", "金额最多保留两位小数（分）。"),
        ("1,20,000", "请填写数字金额，单位元，如 120000 或 120,000.00。"),
        ("八万", "请填写数字金额，单位元，如 120000 或 120,000.00。"),
    ],
)
def test_an_amount_that_cannot_be_is_refused_in_its_own_sentence_and_nothing_typed_is_lost(
    client, consumer, typed, sentence
):
    response = client.post(APPLY, basics(applied_amount=typed))
    assert errors_of(response) == {"applied_amount": [sentence]}
    assert "查明批量样件早期断裂的原因" in response.content.decode()
    assert not VoucherApplication.objects.exists()


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("８０，０００．５０", "80000.50"),
        ("200,000.00", "200000.00"),
        ("0.01", "0.01"),
        ("¥1200元", "1200.00"),
    ],
)
def test_an_amount_is_understood_as_people_type_it(client, consumer, typed, amount):
    client.post(APPLY, basics(applied_amount=typed))
    assert VoucherApplication.objects.get().applied_amount == Decimal(amount)


def test_whole_yuan_only_where_the_parameters_say_so(client, consumer):
    parameters_with(whole_yuan_only=True)
    response = client.post(APPLY, basics(applied_amount="100.50"))
    assert errors_of(response) == {"applied_amount": ["申请额度只取整元，不能带角、分，请修改金额。"]}
    assert client.post(APPLY, basics(applied_amount="100.00")).status_code == 302


def test_a_draft_may_be_incomplete_and_all_that_is_missing_is_listed_at_once(client, consumer):
    client.post(APPLY, {"version": "1", "action": "save", "reason": "太短", "has_projects": ""})
    application = VoucherApplication.objects.get()
    assert problems_of(application) == [
        "请填写“申请额度（元）”。",
        "请填写“上一年度营业收入”。",
        "请填写“拟解决的问题”。",
        "请选择“报表年度”。",
        "请上传“最近一年财务报表”。",
        "请选择是否具有创新项目。",
        "机构注册日期是 2019-03-12，已满两年，须提交近两年的财务报表，请上传上一年的。",
        "“申请理由”至少写 20 个字，现在有 2 个，请写具体。",
    ]
    response = client.post(step(application, "statements"), {"version": "1", "action": "finish"})
    assert response.url == f"{step(application, 'statements')}?check=1"
    page = client.get(response.url).content.decode()
    assert "还差 8 项才能提交" in page
    assert client.get(reverse("vouchers:submit", args=[application.pk])).status_code == 302
    application.refresh_from_db()
    assert application.status == SubmissionStatus.DRAFT


def test_a_project_lacks_what_it_lacks_by_name(consumer):
    application = ApplicationFactory(consumer=consumer)
    project = application.projects.all()[0]
    project.ends_on, project.funding_source = None, ""
    application.projects.add(project)
    assert problems_of(application) == ["创新项目“高强度紧固件研制”还缺少：结束日期、经费来源。"]


def test_a_revenue_unlike_the_institutions_is_pointed_out_on_every_page_and_keeps_nobody(client, consumer):
    warning = "申请填写的上一年度营业收入是 900 万元，机构信息中是 820 万元，请核对。"
    application = ApplicationFactory(consumer=consumer, last_year_revenue_amount=Decimal("9000000.00"))
    submit = reverse("vouchers:submit", args=[application.pk])
    pages = (step(application, "basics"), submit, application.get_centre_url())
    for address in pages:
        assert warning in client.get(address).content.decode()
    # also while another field is refused
    typed = basics(last_year_revenue_amount="900", applied_amount="0")
    assert warning in client.post(pages[0], typed).content.decode()
    assert client.post(submit, {"confirmed": "1", "version": "1"}).url == application.get_centre_url()
    assert warning not in client.get(application.get_centre_url()).content.decode()


def test_an_untouched_form_makes_no_application(client, consumer):
    blank = {
        "version": "0",
        "applied_amount": "",
        "last_year_revenue_amount": "820",
        "reason": "",
        "problem": "",
    }
    for action in ("save", "next"):
        response = client.post(APPLY, {**blank, "action": action})
        assert "还没有填写任何内容" in response.content.decode()
    assert not VoucherApplication.objects.exists()
    assert client.post(APPLY, {**blank, "action": "save", "has_projects": "False"}).status_code == 302
    assert VoucherApplication.objects.get().has_projects is False


def test_the_institution_is_folded_away_above_the_fields(client, consumer):
    page = BeautifulSoup(client.get(APPLY).content, "html.parser")
    fold = page.find("details", class_="form-fold")
    assert consumer.code in fold.get_text()
    assert not fold.has_attr("open")


def test_a_project_that_ends_before_it_begins_is_refused(client, consumer):
    application = ApplicationFactory(consumer=consumer)
    response = client.post(
        step(application, "projects"),
        {
            "version": "1",
            "action": "save",
            "projects-title": ["甲", ""],
            "projects-starts_on": ["2026-05-01", "2026-01-01"],
            "projects-ends_on": ["2026-04-30", ""],
            "projects-budget_amount": ["0", ""],
            "projects-funding_source": ["自筹", ""],
        },
    )
    assert errors_of(response)["projects"] == [
        "第 1 行结束日期：不能早于开始日期。",
        "第 1 行项目预算（元）：应大于 0 元。",
        "第 2 行项目名称：请填写；不需要这一行的，请移除。",
    ]
    assert application.projects.get().title == "高强度紧固件研制"
    page = BeautifulSoup(response.content, "html.parser")
    for name, sentence in (
        ("ends_on-0", "不能早于开始日期。"),
        ("budget_amount-0", "应大于 0 元。"),
        ("title-1", "请填写；不需要这一行的，请移除。"),
    ):
        box = page.find(id=f"id_projects-{name}")
        assert box["aria-invalid"] == "true"
        assert page.find(id=box["aria-describedby"]).get_text(strip=True) == sentence
    assert len(page.select("[aria-invalid=true][name^=projects-]")) == 3


def test_a_budget_in_words_is_refused_with_the_cure(client, consumer):
    application = ApplicationFactory(consumer=consumer)
    row = {"title": "甲", "starts_on": "", "ends_on": "", "budget_amount": "50万", "funding_source": ""}
    typed = {f"projects-{name}": value for name, value in row.items()}
    response = client.post(step(application, "projects"), {"version": "1", "action": "save", **typed})
    assert errors_of(response)["projects"] == ["第 1 行项目预算（元）：请填写数字金额，单位元，如 500,000。"]


def test_the_help_of_a_statement_names_what_is_taken(client, consumer):
    application = ApplicationFactory(consumer=consumer)
    page = client.get(step(application, "statements")).content.decode()
    assert page.count("支持 PDF、JPG、PNG，不超过 10 MB。") == 2


def test_projects_are_asked_only_of_those_who_have_any(client, consumer):
    application = ApplicationFactory(consumer=consumer, has_projects=False)
    assert client.get(step(application, "projects")).status_code == 404
    client.post(step(application, "basics"), basics(has_projects="True"))
    assert client.get(step(application, "projects")).status_code == 200
    application = VoucherApplication.objects.get()
    assert problems_of(application) == ["请至少填写一个创新项目；没有的，请在第 1 步改选“否”。"]


@pytest.mark.parametrize(
    ("founded", "today", "needed"),
    [
        (datetime.date(2024, 11, 28), datetime.date(2026, 11, 28), 2),
        (datetime.date(2024, 11, 29), datetime.date(2026, 11, 28), 1),
        (datetime.date(2024, 2, 29), datetime.date(2026, 2, 27), 1),
        (datetime.date(2024, 2, 29), datetime.date(2026, 2, 28), 2),
    ],
)
def test_a_company_one_day_short_of_two_years_hands_in_one_statement(founded, today, needed):
    with time_machine.travel(datetime.datetime.combine(today, datetime.time(12)), tick=False):
        consumer = ConsumerFactory(approved=True, registered_on=founded)
        application = ApplicationFactory(
            consumer=consumer, earlier_statement=None, earlier_statement_year=None
        )
        assert len(problems_of(application)) == needed - 1


def test_a_young_company_is_asked_for_one_statement(client, consumer):
    Consumer.objects.update(registered_on=timezone.localdate())
    application = ApplicationFactory(consumer=consumer, statement=None, earlier_statement=None)
    response = client.get(step(application, "statements"))
    page = response.content.decode()
    assert "不足两年" in page
    assert "earlier_statement" not in page
    data = {name: value for name, value in statements(1).items() if "earlier" not in name}
    response = client.post(step(application, "statements"), data)
    assert response.url == reverse("vouchers:submit", args=[application.pk])


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("报表.pdf", b"PK\x03\x04 an archive by another name", "压缩包"),
        ("报表.pdf", b"<html>not a pdf</html>", "网页（HTML 或 XML）"),
    ],
)
def test_a_statement_that_is_no_pdf_is_refused_by_its_content(client, consumer, name, content, sentence):
    application = ApplicationFactory(consumer=consumer, statement=None)
    response = client.post(
        step(application, "statements"),
        statements(1, statement=SimpleUploadedFile(name, content, "application/pdf")),
    )
    errors = errors_of(response)
    assert list(errors) == ["statement"]
    assert sentence in errors["statement"][0]
    application.refresh_from_db()
    assert application.statement is None
    # the other file is kept for the next attempt
    assert "earlier_statement-kept" in response.content.decode()


def test_two_statements_of_one_year_or_of_one_file_are_no_two(consumer):
    application = ApplicationFactory(consumer=consumer)
    last = application.statement_year
    for year in (last, last - 2, last + 1):
        application.earlier_statement_year = year
        assert problems_of(application) == [
            f"近两年的财务报表应是相邻的两年：最近一年是 {last} 年度，上一年应是 {last - 1} 年度，请核对。"
        ]
    application.earlier_statement_year = last - 1
    application.earlier_statement = PrivateFileFactory(
        owner=consumer.account, sha256=application.statement.sha256
    )
    assert problems_of(application) == ["两份财务报表是同一个文件，请分别上传两年的报表。"]
