"""No English is left on the screens of the admin that our staff use."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.models import Workflow

from policy.models import NoticeIndexPage, Topic
from tests.conftest import signed_in
from tests.factories import (
    InstrumentFactory,
    SiteImageFactory,
    UserFactory,
    auditor,
    editor,
    png_bytes,
    reviewer,
)
from tests.home.test_admin_dashboard import add_notice, add_question
from tests.redemption_factories import a_claim

pytestmark = pytest.mark.django_db

# Proper names, file formats, keys, and words that Wagtail has only for machines or hides from everybody.
ALLOWED = {
    "Wagtail",
    "Page",
    "JavaScript",
    "API",
    "URL",
    "CSV",
    "Excel",
    "XLSX",
    "TSV",
    "PDF",
    "JPG",
    "JPEG",
    "PNG",
    "WEBP",
    "DOC",
    "DOCX",
    "XLS",
    "PPT",
    "PPTX",
    "OFD",
    "WPS",
    "DPS",
    "TXT",
    "ZIP",
    "RAR",
    "Ctrl",
    "Alt",
    "Shift",
    "Esc",
    "Cmd",
    "None",
    "True",
    "False",
    "Actions",
    "Search",
    "Content",
    "types",
    "CMA",
    "CNAS",
    "CAL",
    "CATL",
    "png",
    "pdf",
    "redeem",
    "html",
    "http",
    "https",
    "com",
    "example",
    "www",
}
ATTRIBUTES = ("placeholder", "title", "aria-label", "alt", "data-w-tooltip-content-value", "label")
# Files, a help text's example, numbers of orders and claims, and of vouchers.
NAMES = r"\S+\.png|http://domain\S+|(?:DD|DF|YY)\d{8}-\w+|\d{4}(?:-\w{4}){3}-\w"
MACHINE = {"script", "style", "code", "pre", "template"}


class Reader(HTMLParser):
    """What a person can read or have read out."""

    def __init__(self):
        super().__init__()
        self.texts = []
        self.machine = 0

    def handle_starttag(self, tag, attrs):
        self.machine += tag in MACHINE
        values = dict(attrs)
        self.texts += [values[name] for name in ATTRIBUTES if values.get(name)]
        if tag == "input" and values.get("type") in {"submit", "button"}:
            self.texts.append(values.get("value") or "")

    def handle_endtag(self, tag):
        self.machine -= tag in MACHINE

    def handle_data(self, data):
        if not self.machine:
            self.texts.append(data)


def english(response):
    body = response.content.decode()
    if response.headers["Content-Type"].startswith("application/json"):
        body = json.loads(body).get("html") or ""
    reader = Reader()
    reader.feed(body)
    return {
        " ".join(text.split())
        for text in reader.texts
        if set(re.findall(r"[A-Za-z]{3,}", re.sub(NAMES, "", text))) - ALLOWED
    }


@pytest.fixture
def records(settings):
    author = editor(username="沈雅琴")
    notice = add_notice(author, "关于申领的通知", submit=True)
    live = add_notice(author, "已发布的通知")
    live.latest_revision.publish()
    live.title = "改过的通知"
    live.save_revision(user=author)
    faq = add_question(author, "怎样申领？")
    document = get_document_model().objects.create(title="申请表", file="documents/申请表.pdf")
    InstrumentFactory(pending=True)
    return {
        "index": NoticeIndexPage.objects.get().pk,
        "notice": notice.pk,
        "state": notice.current_workflow_task_state.pk,
        "live": live.pk,
        "faq": faq.pk,
        "topic": Topic.objects.first().pk,
        "image": SiteImageFactory(file=ContentFile(png_bytes(), name="照片.png")).pk,
        "document": document.pk,
        "group": Group.objects.get(name="编辑").pk,
        "user": author.pk,
        "claim": a_claim().pk,
        "workflow": Workflow.objects.get(name="编辑审核").pk,
    }


EVERYBODY = ["/admin/", "/admin/account/"]
EDITOR = [
    "/admin/pages/",
    "/admin/pages/{index}/",
    "/admin/pages/search/?q=通知",
    "/admin/pages/add/policy/noticepage/{index}/",
    "/admin/pages/{notice}/edit/",
    "/admin/pages/{live}/edit/",
    "/admin/pages/{live}/history/",
    "/admin/pages/{live}/revisions/compare/live...latest/",
    "/admin/pages/{live}/unpublish/",
    "/admin/pages/{live}/copy/",
    "/admin/pages/{live}/usage/",
    "/admin/pages/{notice}/delete/",
    "/admin/pages/workflow/action/{notice}/reject/{state}/",
    "/admin/choose-page/",
    "/admin/choose-external-link/",
    "/admin/choose-email-link/",
    "/admin/choose-phone-link/",
    "/admin/choose-anchor-link/",
    "/admin/images/",
    "/admin/images/add/",
    "/admin/images/multiple/add/",
    "/admin/images/{image}/",
    "/admin/images/chooser/",
    "/admin/documents/",
    "/admin/documents/add/",
    "/admin/documents/multiple/add/",
    "/admin/documents/edit/{document}/",
    "/admin/documents/chooser/",
    "/admin/snippets/policy/faq/",
    "/admin/snippets/policy/faq/add/",
    "/admin/snippets/policy/faq/edit/{faq}/",
    "/admin/snippets/policy/faq/history/{faq}/",
    "/admin/snippets/policy/topic/edit/{topic}/",
    "/admin/redirects/",
    "/admin/redirects/add/",
    "/admin/redirects/import/",
    "/admin/searchpicks/",
    "/admin/searchpicks/add/",
    "/admin/reports/workflow/",
    "/admin/reports/workflow_tasks/",
    "/admin/reports/site-history/",
    "/admin/reports/aging-pages/",
]
REVIEWER = [
    "/admin/review/",
    "/admin/snippets/catalogue/instrument/",
    "/admin/snippets/institutions/provider/",
    "/admin/redemptions/redemption/",
    "/admin/redemptions/redemption/inspect/{claim}/",
    "/admin/redemptions/payoutbatch/",
]
AUDITOR = [
    *REVIEWER,
    "/admin/audit/",
    "/admin/alerts/",
    "/admin/file-access/",
    "/admin/institutions/consumerban/",
    "/admin/snippets/policy/faq/",
    "/admin/reports/programme/",
    "/admin/figures/provideryear/",
]
ADMIN = [
    "/admin/batches/make/",
    "/admin/reports/programme/",
    "/admin/provider-years/open/",
    "/admin/reports/locked/",
    "/admin/users/",
    "/admin/users/edit/{user}/",
    "/admin/groups/",
    "/admin/groups/new/",
    "/admin/groups/edit/{group}/",
    "/admin/collections/",
    "/admin/collections/add/",
    "/admin/workflows/list/",
    "/admin/workflows/edit/{workflow}/",
    "/admin/workflows/tasks/index/",
    "/admin/workflows/tasks/select_type/",
    "/admin/pages/{live}/move/",
    "/admin/pages/{live}/privacy/",
]


def admin():
    return UserFactory(admin=True, username="管理员")


@pytest.mark.parametrize(
    ("who", "pages"),
    [(editor, EDITOR), (reviewer, REVIEWER), (auditor, AUDITOR), (admin, [*EDITOR, *REVIEWER, *ADMIN])],
    ids=["editor", "reviewer", "auditor", "admin"],
)
def test_the_admin_speaks_chinese(records, who, pages):
    client = signed_in(who())
    found = {}
    for page in [*EVERYBODY, *pages]:
        address = page.format(**records)
        response = client.get(address)
        assert response.status_code == 200, address
        if words := english(response):
            found[address] = words
    assert found == {}


def test_the_login_page_speaks_chinese(client):
    assert english(client.get("/admin/login/")) == set()


def test_the_reader_finds_english_where_there_is_some(client):
    from django.http import HttpResponse

    page = HttpResponse('<p title="Save draft">保存</p><script>var word;</script><b>Publish</b> <i>API</i>')
    assert english(page) == {"Save draft", "Publish"}
