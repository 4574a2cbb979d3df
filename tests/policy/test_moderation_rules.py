"""Moderation beside pages: questions, schedules, the workflow itself, redirects and revisions."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import GroupPagePermission, Page, Workflow, WorkflowState
from wagtail.test.utils.form_data import rich_text, streamfield

from policy.models import (
    EditorialTask,
    Faq,
    FaqIndexPage,
    NoticeIndexPage,
    NoticePage,
    PolicyIndexPage,
    Topic,
)
from policy.moderation import ensure_editorial_setup
from tests.conftest import signed_in
from tests.factories import editor
from tests.policy.moderation import (
    APPROVED,
    decide,
    edit_address,
    faq_form,
    form,
    refused,
    submitted,
    submitted_faq,
)
from workflow.setup import CHIEF_EDITORS, EDITORS, ensure_review_setup

pytestmark = pytest.mark.django_db


# Time


@pytest.fixture
def monday():
    with time_machine.travel(
        datetime.datetime(2026, 3, 2, 9, 0, tzinfo=timezone.get_current_timezone())
    ) as t:
        yield t


def test_a_question_takes_the_same_way():
    author, other = editor(), editor()
    faq = submitted_faq(author)
    assert (faq.live, faq.workflow_in_progress) == (False, True)
    assert refused(decide(author, faq))
    signed_in(author).post(
        f"/admin/snippets/policy/faq/edit/{faq.pk}/", faq_form(question="改") | {"action-publish": "1"}
    )
    faq.refresh_from_db()
    assert (faq.question, faq.live) == ("怎样申领？", False)
    decide(other, faq)
    faq.refresh_from_db()
    assert faq.live is True
    assert signed_in(author).post(f"/admin/snippets/policy/faq/unpublish/{faq.pk}/").status_code == 302
    faq.refresh_from_db()
    assert faq.live is False


def test_a_question_is_not_published_past_the_workflow():
    client = signed_in(editor())
    client.post("/admin/snippets/policy/faq/add/", faq_form() | {"action-publish": "1"})
    assert Faq.objects.get().live is False


def test_what_is_approved_for_a_time_is_public_from_then_until_it_expires(monday):
    author, other = editor(), editor()
    notice = submitted(author, go_live_at="2026-03-03 08:00", expire_at="2026-03-10 18:00")
    decide(other, notice)
    call_command("publish_scheduled")
    notice.refresh_from_db()
    assert (notice.live, notice.approved_schedule) == (False, True)
    assert Client().get("/notices/apply-2026/").status_code == 404
    monday.move_to(datetime.datetime(2026, 3, 3, 8, 1, tzinfo=timezone.get_current_timezone()))
    call_command("publish_scheduled")
    assert Client().get("/notices/apply-2026/").status_code == 200
    monday.move_to(datetime.datetime(2026, 3, 10, 18, 1, tzinfo=timezone.get_current_timezone()))
    call_command("publish_scheduled")
    notice.refresh_from_db()
    assert (notice.live, notice.expired) == (False, True)
    assert Client().get("/notices/apply-2026/").status_code == 404


def test_what_waits_for_approval_is_not_published_by_its_time(monday):
    notice = submitted(editor(), go_live_at="2026-03-03 08:00")
    monday.move_to(datetime.datetime(2026, 3, 4, tzinfo=timezone.get_current_timezone()))
    call_command("publish_scheduled")
    notice.refresh_from_db()
    assert notice.live is False


def test_an_editor_cancels_a_schedule(monday):
    notice = submitted(editor(), go_live_at="2026-03-03 08:00")
    decide(editor(), notice)
    notice.refresh_from_db()
    address = reverse(
        "wagtailadmin_pages:revisions_unschedule", args=[notice.pk, notice.scheduled_revision.pk]
    )
    assert signed_in(editor()).post(address).status_code == 302
    monday.move_to(datetime.datetime(2026, 3, 4, tzinfo=timezone.get_current_timezone()))
    call_command("publish_scheduled")
    assert NoticePage.objects.get().live is False


# Setup


def test_the_workflow_is_set_up_once_and_changes_by_staff_stay():
    root = Page.get_first_root_node()
    workflow = Workflow.objects.get(name="编辑审核")
    assert root.workflowpage.workflow == workflow
    assert not Workflow.objects.filter(name="Moderators approval").exists()
    assert not GroupPagePermission.objects.filter(permission__codename="publish_page").exists()
    task = EditorialTask.objects.get()
    assert set(task.groups.values_list("name", flat=True)) == {EDITORS, CHIEF_EDITORS}
    task.groups.set(Group.objects.filter(name=CHIEF_EDITORS))
    root.workflowpage.delete()
    known = set(Workflow.objects.values_list("name", flat=True))
    ensure_review_setup()
    assert task.groups.get().name == CHIEF_EDITORS
    assert not hasattr(Page.get_first_root_node(), "workflowpage")
    assert set(Workflow.objects.values_list("name", flat=True)) == known


def test_wagtails_own_workflow_with_a_history_is_kept_but_no_longer_used():
    Workflow.objects.filter(name="编辑审核").delete()
    old = Workflow.objects.create(name="Moderators approval")
    index = NoticeIndexPage.objects.get()
    content_type = ContentType.objects.get_for_model(index)
    WorkflowState.objects.create(
        content_type=content_type,
        base_content_type=index.get_base_content_type(),
        object_id=str(index.pk),
        workflow=old,
        status=APPROVED,
    )
    ensure_editorial_setup()
    old.refresh_from_db()
    assert old.active is False
    assert index.get_workflow().name == "编辑审核"


# Redirects, comparison, preview


def test_a_renamed_page_redirects_from_its_old_address(django_capture_on_commit_callbacks):
    author, other = editor(), editor()
    notice = submitted(author)
    decide(other, notice)
    signed_in(author).post(edit_address(notice), form(slug="renamed") | {"action-submit": "1"})
    assert Client().get("/notices/renamed/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        decide(other, NoticePage.objects.get())
    response = Client().get("/notices/apply-2026/")
    assert (response.status_code, response["Location"]) == (301, "/notices/renamed/")


def test_a_moved_page_redirects_from_its_old_address():
    faqs = FaqIndexPage.objects.get()
    address = faqs.get_url()
    faqs.move(PolicyIndexPage.objects.get().get_parent(), pos="last-child")
    response = Client().get(address)
    assert (response.status_code, response["Location"]) == (301, FaqIndexPage.objects.get().get_url())


def test_editors_keep_redirects():
    client = signed_in(editor())
    assert client.get("/admin/redirects/").status_code == 200
    client.post(
        "/admin/redirects/add/",
        {"old_path": "/old/", "site": "", "is_permanent": "on", "redirect_link": "https://example.com/"},
    )
    assert Redirect.objects.get().old_path == "/old"


def test_two_revisions_are_compared_field_by_field():
    author = editor()
    notice = submitted(author)
    first = notice.latest_revision_id
    decide(editor(), notice)
    topic = Topic.objects.get(slug="redeem")
    changed = form(title="新标题", body=streamfield([("text", rich_text("<p>请于四月底前申领。</p>"))])) | {
        "topics": [topic.pk]
    }
    client = signed_in(author)
    client.post(edit_address(notice), changed | {"action-submit": "1"})
    notice.refresh_from_db()
    page = client.get(
        reverse("wagtailadmin_pages:revisions_compare", args=[notice.pk, first, notice.latest_revision_id])
    )
    shown = page.content.decode()
    assert page.status_code == 200
    assert 'object deletion">请于三月底前申领。<' in shown
    assert 'object addition">请于四月底前申领。<' in shown
    assert '<span class="addition">新标题</span>' in shown
    assert topic.name in shown
