"""The download centre."""

import pytest
import time_machine
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model

from policy.models import Download, DownloadsPage, Topic
from policy.templatetags.policy_files import KINDS, file_icon, file_kind
from tests.policy.articles import add_private_document

pytestmark = pytest.mark.django_db


def offer(document_title, name="a.pdf", topic=None, **fields):
    document = get_document_model().objects.create(
        title=document_title,
        file=ContentFile(b"%PDF-1.4", name=name),
        file_size=fields.pop("file_size", 2048),
    )
    page = DownloadsPage.objects.get()
    number = page.downloads.count()
    return Download.objects.create(
        page=page,
        document=document,
        topic=topic and Topic.objects.get(slug=topic),
        sort_order=number,
        **fields,
    )


def test_files_stand_by_topic_and_the_rest_comes_last(client):
    offer("其他文件")
    offer("兑付表", topic="redeem")
    offer("申请表", topic="apply")
    offer("核对要点", topic="redeem")
    response = client.get("/policy/downloads/")
    assert [
        (group["topic"] and group["topic"].slug, [str(one) for one in group["downloads"]])
        for group in response.context["groups"]
    ] == [("apply", ["申请表"]), ("redeem", ["兑付表", "核对要点"]), (None, ["其他文件"])]
    assert "其他" in response.content.decode()


@time_machine.travel("2026-03-01 23:30 +0000")
def test_a_file_says_what_it_is(client):
    download = offer("说明表", "form.xlsx", "apply", title="项目说明表", note="一个项目一张", file_size=5300)
    page = client.get("/policy/downloads/").content.decode()
    assert "项目说明表" in page
    assert ">说明表<" not in page
    assert "一个项目一张" in page
    assert "<span>Excel 表格</span>" in page
    assert "5.2" in page
    assert "2026-03-02" in page
    assert page.count(download.document.url) == 2
    served = client.get(download.document.url)
    assert served.status_code == 200
    assert served["Content-Disposition"].startswith("attachment; filename")


def test_names_and_notes_are_escaped(client):
    offer("<script>x", note="<b>y")
    page = client.get("/policy/downloads/").content.decode()
    assert "&lt;script&gt;x" in page
    assert "<b>y" not in page


def test_a_centre_without_files_says_what_next(client):
    assert "还没有可以下载的文件" in client.get("/policy/downloads/").content.decode()


def test_a_draft_of_the_page_is_previewed_with_its_unsaved_rows(rf):
    download = offer("已有", topic="apply")
    page = DownloadsPage.objects.get()
    page.downloads.add(Download(document=download.document, title="未保存"))
    groups = page.get_context(rf.get("/"))["groups"]
    assert [[str(one) for one in group["downloads"]] for group in groups] == [["已有"], ["未保存"]]


def test_every_allowed_format_has_a_name(settings):
    assert set(settings.WAGTAILDOCS_EXTENSIONS) == set(KINDS)


@pytest.mark.parametrize(
    ("name", "kind", "icon"),
    [
        ("a.PDF", "PDF", "file-text"),
        ("a.docx", "Word 文档", "file-text"),
        ("a.xls", "Excel 表格", "file-spreadsheet"),
        ("a.zip", "压缩包", "files"),
        ("a.odt", "ODT", "paperclip"),
        ("a", "", "paperclip"),
    ],
)
def test_a_format_in_words(name, kind, icon):
    document = get_document_model()(title="文件", file=name)
    assert (file_kind(document), file_icon(document)) == (kind, icon)


def test_the_page_stays_cheap_with_thirty_files(client, django_assert_max_num_queries):
    for number in range(30):
        offer(f"文件 {number}", topic="apply" if number % 2 else "redeem")
    client.get("/policy/downloads/")
    with django_assert_max_num_queries(11):
        assert client.get("/policy/downloads/").status_code == 200


def test_a_file_of_a_private_collection_is_offered_nowhere(client):
    offer("公开文件")
    Download.objects.create(page=DownloadsPage.objects.get(), document=add_private_document("内部文件"))
    for address in (
        "/policy/downloads/",
        "/search/?q=文件&tab=download",
        f"/api/v2/pages/{DownloadsPage.objects.get().pk}/",
    ):
        text = client.get(address).content.decode().replace("<mark>", "").replace("</mark>", "")
        assert "公开文件" in text, address
        assert "内部文件" not in text, address
