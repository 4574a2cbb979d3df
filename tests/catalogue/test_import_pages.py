"""导入模板下载, 导入, 确认导入: the pages, as a provider meets them."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Message
from catalogue.exchange.subjects import SUBJECTS
from catalogue.models import AttributeDefinition, Instrument, Job, JobState
from institutions.models import Provider
from tests.catalogue.workbooks import checked, filled, instrument_row, title, upload
from tests.conftest import signed_in
from tests.factories import InstrumentFactory, ProviderFactory, QualificationFactory


@pytest.fixture
def provider(db: None) -> Provider:
    return ProviderFactory(approved=True)


@pytest.fixture
def client(provider: Provider) -> Client:
    return signed_in(provider.account)


def download(client: Client, slug: str) -> Any:
    response = client.get(reverse("batches:template", args=[slug]))
    assert response.status_code == 200
    return load_workbook(io.BytesIO(b"".join(response.streaming_content)))


def test_template_can_be_filled_in_without_a_manual(client: Client) -> None:
    # given
    AttributeDefinition.objects.create(
        instrument_class_id="010200",
        name="质量分析器",
        kind="choice",
        choices="四极杆\n离子阱",
        is_required=True,
    )
    # when
    book = download(client, "instruments")
    # then
    assert book.sheetnames == ["仪器", "填写说明", "代码表"]
    sheet = book["仪器"]
    assert sheet.freeze_panes == "C2"
    heads = {title(cell.value): cell for cell in sheet[1]}
    assert heads["仪器名称"].value == "仪器名称*"
    assert heads["英文名称"].value == "英文名称"
    assert heads["原值（元）"].comment.text == "单台（套）购置时的价格，单位是元，不是万元。"
    assert heads["质量分析器"].comment.text == (
        "专业参数，只适用于“分析仪器 / 质谱仪器”，其他分类的行请留空。从下拉列表选择。提交审核时必填。"
    )
    assert [cell.value for cell in sheet[2]][:3] == ["示例，导入时跳过", "示例-001", "气相色谱质谱联用仪"]
    number, price, day = (
        sheet.column_dimensions[heads[name].column_letter].number_format
        for name in ("单位内部编号", "原值（元）", "启用日期")
    )
    assert (number, price, day) == ("@", "#,##0.00", "yyyy-mm-dd")


def test_template_s_drop_downs_are_the_tables_as_they_are(client: Client, provider: Provider) -> None:
    QualificationFactory(provider=provider, internal_number="ZZ-7")
    InstrumentFactory(provider=provider, internal_number="YQ-7")
    book = download(client, "instruments")
    sheet, codes = book["仪器"], book["代码表"]
    heads = {title(cell.value): cell.column_letter for cell in sheet[1]}
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}

    def offered(book: Any, name: str, letter: str) -> list[str]:
        rules = {str(rule.sqref): rule for rule in book.worksheets[0].data_validations.dataValidation}
        area = book.defined_names[rules[f"{letter}2:{letter}20001"].formula1].attr_text
        cells = book["代码表"][area.partition("!")[2].replace("$", "")]
        return [cell.value for (cell,) in cells]

    assert "010200 质谱仪器" in offered(book, "仪器分类", heads["仪器分类"])
    assert "010000 分析仪器" not in offered(book, "仪器分类", heads["仪器分类"])
    assert offered(book, "来源", heads["来源"]) == ["购置", "研制", "赠送", "其他"]
    assert (
        rules[f"{heads['安放区县']}2:{heads['安放区县']}20001"].formula1 == f"INDIRECT(${heads['安放城市']}2)"
    )
    places = {cell.value: cell.column for cell in codes[1]}
    assert book.defined_names["西安市"].attr_text.startswith("'代码表'!")
    assert codes.cell(2, places["西安市的区县"]).value == "新城区"

    capabilities = download(client, "capabilities")
    letters = {title(cell.value): cell.column_letter for cell in capabilities.worksheets[0][1]}
    assert offered(capabilities, "依据的资质", letters["依据的资质"]) == ["ZZ-7"]
    services = download(client, "testing")["代码表"]
    numbers = {cell.value: cell.column for cell in services[1]}
    assert services.cell(2, numbers["本单位仪器的内部编号"]).value == "YQ-7"


@pytest.mark.parametrize("slug", list(SUBJECTS))
def test_template_takes_few_queries(client: Client, slug: str, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(9):
        response = client.get(reverse("batches:template", args=[slug]))
    assert f"{SUBJECTS[slug].title}导入模板.xlsx" in response.headers["Content-Disposition"] or (
        "filename*=utf-8''" in response.headers["Content-Disposition"]
    )


def test_upload_check_confirm_and_result(
    client: Client,
    provider: Provider,
    django_capture_on_commit_callbacks: Any,
    django_assert_max_num_queries: Any,
) -> None:
    # given
    rows = [instrument_row(), instrument_row(单位内部编号="YQ-2", 仪器分类="没有的")]
    address = reverse("batches:import", args=["instruments"])
    assert "导入模板下载" in client.get(address).content.decode()
    # when it is sent
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(address, {"file": upload(filled("instruments", provider, rows))})
    job = Job.objects.get()
    assert response.url == reverse("batches:detail", args=[job.pk])
    # then the page says what would come of it, and nothing is imported yet
    with django_assert_max_num_queries(8):
        page = client.get(response.url).content.decode()
    for words in ("确认导入", "第 4 行", "仪器分类", "没有“没有的”这个分类", "下载有误的行"):
        assert words in page
    assert "撤回后更新" not in page  # nothing is under review
    assert not Instrument.objects.exists()
    refused = client.get(reverse("batches:refused", args=[job.pk]))
    assert refused.url == f"{job.refused_file.get_absolute_url()}?download"
    assert client.get(refused.url).headers["Content-Disposition"].startswith("attachment")
    # when it is confirmed
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("batches:confirm", args=[job.pk]), {"scope": "all"})
    # then
    page = client.get(response.url).content.decode()
    assert "导入完成" in page
    assert Instrument.objects.get().internal_number == "YQ-001"
    message = Message.objects.get(recipient=provider.account, subject=f"导入 #{job.pk}已完成")
    assert message.body == (
        "新建 1 条，更新 0 条，无变化 0 条，未导入 1 条。导入的仪器都是草稿，请检查、补充后提交审核。"
    )
    assert message.link == response.url


def test_file_that_is_none_is_refused_on_the_form(client: Client) -> None:
    address = reverse("batches:import", args=["instruments"])
    page = client.post(address, {"file": upload(b"a,b\n1,2\n")}).content.decode()
    assert "其实是文本（如 CSV）" in page
    assert "请先选择填写好的导入模板。" in client.post(address).content.decode()
    assert not Job.objects.exists()


def test_file_that_cannot_be_read_is_told_on_the_job(
    client: Client, provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    content = filled("instruments", provider, [])
    job = checked("instruments", provider, content, django_capture_on_commit_callbacks)
    page = client.get(reverse("batches:detail", args=[job.pk])).content.decode()
    assert "表里没有要导入的内容" in page
    assert "重新上传" in page
    assert "继续处理" not in page
    assert Message.objects.get(subject=f"导入 #{job.pk}未完成").body == job.error


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("", "请填写要导入的行号，如 2-200。"),
        ("从头到尾", "看不懂行号“从头到尾”。请按 Excel 左侧的行号填写，如 2-200, 305。"),
    ],
)
def test_rows_to_choose_must_be_rows(
    client: Client,
    provider: Provider,
    rows: str,
    sentence: str,
    django_capture_on_commit_callbacks: Any,
) -> None:
    content = filled("instruments", provider, [instrument_row()])
    job = checked("instruments", provider, content, django_capture_on_commit_callbacks)
    response = client.post(reverse("batches:confirm", args=[job.pk]), {"scope": "chosen", "rows": rows})
    assert sentence in response.content.decode()
    job.refresh_from_db()
    assert job.state == JobState.READY
    assert not Instrument.objects.exists()


def test_locked_records_are_announced_before_the_confirmation(
    client: Client, provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    InstrumentFactory(provider=provider, internal_number="YQ-001", name="原名", approved=True)
    content = filled("instruments", provider, [instrument_row()])
    job = checked("instruments", provider, content, django_capture_on_commit_callbacks)
    page = client.get(reverse("batches:detail", args=[job.pk])).content.decode()
    assert "有 1 行会改动待审核或已通过的记录。" in page
    assert "已通过或待审核的记录：撤回后更新" in page


def test_without_an_institution_one_is_told_to_fill_it_in(provider_client: Client) -> None:
    for name in ("template", "import"):
        response = provider_client.get(reverse(f"batches:{name}", args=["instruments"]), follow=True)
        assert "请先填写并保存机构信息。" in response.content.decode()


def test_what_is_no_subject_is_not_found(client: Client) -> None:
    for name in ("template", "import"):
        assert client.get(reverse(f"batches:{name}", args=["orders"])).status_code == 404


def test_list_names_every_job(client: Client, provider: Provider, django_assert_max_num_queries: Any) -> None:
    assert "还没有批量任务" in client.get(reverse("batches:list")).content.decode()
    for number in range(25):
        Job.objects.create(
            provider=provider,
            actor=provider.account,
            kind="import",
            subject="instruments",
            state=JobState.DONE,
            created_count=number,
        )
    with django_assert_max_num_queries(6):
        page = client.get(reverse("batches:list")).content.decode()
    assert page.count("导入仪器 #") == 20
