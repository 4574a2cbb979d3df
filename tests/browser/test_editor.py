"""An editor writes, another approves, time passes, and a visitor finds it."""

import datetime

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect
from wagtail.documents import get_document_model

from policy.models import NoticeIndexPage, NoticePage
from tests.factories import editor

pytestmark = pytest.mark.browser

TITLE = "关于组织申领2026年度创新券的通知"


@pytest.fixture
def form(live_server):
    return get_document_model().objects.create(
        title="创新券申领表", file=ContentFile(b"%PDF-1.4\n%%EOF\n", name="form.pdf")
    )


@pytest.mark.long
def test_a_scheduled_notice_from_the_first_word_to_the_reader(
    live_server, new_page, sign_in, form, assert_accessible
):
    author, other = editor(contact_name="沈雅琴"), editor(contact_name="卢秋彤")
    desk = new_page()
    sign_in(desk, author.username)
    desk.goto(f"/admin/pages/add/policy/noticepage/{NoticeIndexPage.objects.get().pk}/")
    desk.get_by_placeholder("页面标题").fill(TITLE)
    desk.locator("#id_summary").fill("申领系统三月二日开放。")

    attachments = desk.locator("section[id$=attachments-section]")
    attachments.get_by_title("插入内容块").click()
    attachments.get_by_role("button", name="选择一个文档").click()
    desk.get_by_role("link", name="创新券申领表").click()
    expect(attachments.get_by_text("创新券申领表")).to_be_visible()

    later = timezone.localtime() + datetime.timedelta(days=2)
    desk.get_by_role("button", name="状态开关").click()
    desk.get_by_role("button", name="设置计划").click()
    desk.get_by_label("上线日期/时间").fill(later.strftime("%Y-%m-%d %H:%M"))
    desk.get_by_text("设置这个页面的发布时间和下线时间").click()  # closes the calendar
    desk.get_by_role("button", name="保存计划").press("Enter")  # by key: the calendar is slow to go

    desk.get_by_role("button", name="更多动作").last.click()
    desk.get_by_role("button", name="提交到“编辑审核”").click()
    expect(desk.get_by_text("已经提交进行审核")).to_be_visible()
    desk.goto("/admin/")
    expect(desk.get_by_text("等待另一位编辑")).to_be_visible()

    second = new_page()
    sign_in(second, other.username)
    second.goto("/admin/")
    second.get_by_role("link", name="去审核").click()
    expect(second.get_by_text("正在等待另一位编辑审核")).to_be_visible()
    second.get_by_role("button", name="通过", exact=True).click()
    expect(second.get_by_text("已锁定，将于")).to_be_visible()

    notice = NoticePage.objects.get()
    assert (notice.live, notice.approved_schedule) == (False, True)
    reader = new_page()
    reader.goto("/notices/?q=申领")
    assert reader.get_by_role("link", name=TITLE).count() == 0

    with time_machine.travel(later + datetime.timedelta(minutes=1), tick=True):
        call_command("publish_scheduled")
    reader.goto("/notices/?q=申领")
    reader.get_by_role("link", name=TITLE).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(reader.get_by_text("创新券申领表").first).to_be_visible()
    assert_accessible(reader)
    reader.goto("/search/?q=申领")
    expect(reader.get_by_role("link", name=TITLE)).to_be_visible()
    assert TITLE in reader.request.get("/notices/feed/").text()
