"""What editors write is read by another editor before the public sees it."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import GroupPagePermission, Page, PageLogEntry, Workflow, WorkflowState
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from home.models import HomePage
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
from tests.factories import UserFactory, editor
from workflow.setup import CHIEF_EDITORS, EDITORS, ensure_review_setup

pytestmark = pytest.mark.django_db

APPROVED, WAITING, CANCELLED = "approved", "in_progress", "cancelled"


def form(title="关于申领2026年创新券的通知", **fields):
    return nested_form_data(
        {
            "title": title,
            "slug": "apply-2026",
            "issued_on": "2026-03-02",
            "body": streamfield([("text", rich_text("<p>请于三月底前申领。</p>"))]),
            "attachments": streamfield([]),
            "comments": inline_formset([]),
            **fields,
        }
    )


def add_address():
    index = NoticeIndexPage.objects.get()
    return reverse("wagtailadmin_pages:add", args=("policy", "noticepage", index.pk))


def edit_address(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def submitted(by, **fields):
    """A notice that ``by`` has written and submitted in the admin."""
    response = signed_in(by).post(add_address(), form(**fields) | {"action-submit": "1"})
    assert response.status_code == 302
    return NoticePage.objects.get()


def decide(who, record, action="approve", comment=""):
    state = record.current_workflow_task_state
    name = (
        "wagtailsnippets_policy_faq:workflow_action"
        if isinstance(record, Faq)
        else "wagtailadmin_pages:workflow_action"
    )
    return signed_in(who).post(reverse(name, args=[record.pk, action, state.pk]), {"comment": comment})


def refused(response):
    """Wagtail's answer to what one may not do: a message on the admin's home."""
    return response.status_code == 302 and response["Location"] == "/admin/"


def chief(**fields):
    return UserFactory(staff=True, groups=[CHIEF_EDITORS], **fields)


def test_another_editor_approves_and_the_public_reads_it():
    author, other = editor(), editor()
    notice = submitted(author)
    assert (notice.live, notice.workflow_in_progress) == (False, True)
    assert Client().get("/notices/apply-2026/").status_code == 404
    assert decide(other, notice).status_code == 302
    notice.refresh_from_db()
    assert (notice.live, notice.workflow_in_progress) == (True, False)
    assert notice.workflow_states.get().status == APPROVED
    assert "请于三月底前申领" in Client().get("/notices/apply-2026/").content.decode()


def test_a_chief_editor_approves_too():
    notice = submitted(editor())
    decide(chief(), notice)
    assert NoticePage.objects.get().live is True


def test_who_submitted_cannot_approve():
    author = editor()
    notice = submitted(author)
    assert refused(decide(author, notice))
    notice.refresh_from_db()
    assert (notice.live, notice.current_workflow_task_state.status) == (False, WAITING)


def test_who_wrote_the_revision_cannot_approve_what_another_submitted():
    author, other, third = editor(), editor(), editor()
    notice = submitted(author)
    state = notice.current_workflow_state
    notice.latest_revision.user = other
    notice.latest_revision.save()
    for who in (author, other):
        assert refused(decide(who, notice))
    state.refresh_from_db()
    assert state.status == WAITING
    decide(third, notice)
    assert NoticePage.objects.get().live is True


def test_after_a_correction_by_another_editor_a_third_one_approves():
    author, other, third = editor(), editor(), editor()
    notice = submitted(author)
    decide(other, notice, "reject", comment="截止日期写错了")
    assert notice.current_workflow_state.status == "needs_changes"
    response = signed_in(other).post(
        edit_address(notice), form(title="关于申领的通知（更正）") | {"action-submit": "1"}
    )
    assert response.status_code == 302
    for who in (author, other):
        assert refused(decide(who, notice))
        assert NoticePage.objects.get().live is False
    decide(third, notice)
    notice.refresh_from_db()
    assert (notice.title, notice.live) == ("关于申领的通知（更正）", True)


def test_who_wrote_an_earlier_draft_cannot_approve_what_another_changed_and_submitted():
    author, other, third = (
        editor(email="a@example.com"),
        editor(email="b@example.com"),
        editor(email="c@example.com"),
    )
    signed_in(author).post(add_address(), form())
    notice = NoticePage.objects.get()
    signed_in(other).post(edit_address(notice), form(title="改过的通知") | {"action-submit": "1"})
    notice.refresh_from_db()
    task = EditorialTask.objects.get()
    assert task.barred(notice, notice.current_workflow_state) == {author.pk, other.pk}
    for who in (author, other):
        assert refused(decide(who, notice))
        assert "去审核" not in signed_in(who).get("/admin/").content.decode()
    assert NoticePage.objects.get().live is False
    assert "去审核" in signed_in(third).get("/admin/").content.decode()
    decide(third, notice)
    assert NoticePage.objects.get().live is True


def test_who_wrote_what_is_public_already_may_approve_the_next_change():
    author, other = editor(), editor()
    notice = submitted(author)
    decide(other, notice)
    signed_in(other).post(edit_address(notice), form(title="改了标题") | {"action-submit": "1"})
    decide(author, NoticePage.objects.get())
    assert NoticePage.objects.get().title == "改了标题"
    # taken down, what was public once is still no news
    signed_in(other).post(reverse("wagtailadmin_pages:unpublish", args=[notice.pk]))
    signed_in(other).post(edit_address(notice), form(title="再改标题") | {"action-submit": "1"})
    decide(author, NoticePage.objects.get())
    assert NoticePage.objects.get().live is True


def test_nothing_is_sent_back_without_a_reason():
    notice = submitted(editor())
    state = notice.current_workflow_task_state
    response = signed_in(editor()).post(
        reverse("wagtailadmin_pages:workflow_action", args=[notice.pk, "reject", state.pk]),
        {"comment": " "},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    assert "请写明要修改什么" in response.json()["html"]
    state.refresh_from_db()
    assert state.status == WAITING


def test_nothing_changes_while_it_is_read():
    author, other = editor(), editor()
    notice = submitted(author)
    revision = notice.latest_revision_id
    for who in (author, other, UserFactory(admin=True)):
        for action in ({}, {"action-publish": "1"}, {"action-submit": "1"}):
            response = signed_in(who).post(edit_address(notice), form(title="偷偷改掉") | action)
            assert response.status_code == 200
            assert "审核期间不能修改" not in response.content.decode()  # told on opening, not twice
    notice.refresh_from_db()
    assert (notice.latest_revision_id, notice.live) == (revision, False)
    opened = signed_in(other).get(edit_address(notice)).content.decode()
    assert "正在等待另一位编辑审核，审核期间不能修改" in opened


def test_the_submitter_takes_it_back_and_a_stale_decision_is_refused():
    author, other = editor(), editor()
    notice = submitted(author)
    stale = notice.current_workflow_task_state
    signed_in(author).post(edit_address(notice), form() | {"action-cancel-workflow": "1"})
    assert notice.workflow_states.get().status == CANCELLED
    signed_in(author).post(edit_address(notice), form(title="改过的通知") | {"action-submit": "1"})
    address = reverse("wagtailadmin_pages:workflow_action", args=[notice.pk, "approve", stale.pk])
    assert refused(signed_in(other).post(address))
    notice.refresh_from_db()
    assert (notice.live, notice.current_workflow_task_state.status) == (False, WAITING)


@pytest.mark.parametrize("who", [editor, chief])
def test_no_editor_publishes_past_the_workflow(who):
    client = signed_in(who())
    created = client.post(add_address(), form() | {"action-publish": "1"})
    assert created.status_code == 302
    notice = NoticePage.objects.get()
    assert notice.live is False
    client.post(edit_address(notice), form() | {"action-publish": "1"})
    bulk = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "publish"))
    client.post(f"{bulk}?id={notice.pk}", {"next": "/admin/"})
    notice.refresh_from_db()
    assert (notice.live, notice.first_published_at) == (False, None)
    for page in (client.get(edit_address(notice)), client.get(add_address())):
        assert page.status_code == 200
        assert 'name="action-publish"' not in page.content.decode()
        assert "提交到“编辑审核”" in page.content.decode()


def test_a_superuser_publishes_in_an_emergency_and_the_log_says_so():
    admin = UserFactory(admin=True)
    signed_in(admin).post(add_address(), form() | {"action-publish": "1"})
    notice = NoticePage.objects.get()
    assert notice.live is True
    assert PageLogEntry.objects.filter(page=notice, action="wagtail.publish", user=admin).count() == 1


def test_an_editor_takes_a_page_down_but_does_not_delete_what_is_public():
    notice = submitted(editor())
    decide(editor(), notice)
    client = signed_in(editor())
    assert "取消发布" in client.get(edit_address(notice)).content.decode()
    assert refused(client.post(reverse("wagtailadmin_pages:delete", args=[notice.pk])))
    assert NoticePage.objects.get().live is True
    assert client.post(reverse("wagtailadmin_pages:unpublish", args=[notice.pk])).status_code == 302
    assert NoticePage.objects.get().live is False
    assert Client().get("/notices/apply-2026/").status_code == 404


@pytest.mark.parametrize("model", [HomePage, NoticeIndexPage, PolicyIndexPage, FaqIndexPage])
def test_no_editor_takes_down_moves_or_deletes_the_front_page_or_a_column(model):
    page = model.objects.get()
    path = page.path
    for who in (editor(), chief()):
        client = signed_in(who)
        shown = client.get(edit_address(page)).content.decode()
        assert "首页和栏目只能由系统管理员取消发布、移动或删除" in shown
        assert reverse("wagtailadmin_pages:unpublish", args=[page.pk]) not in shown
        for action in ("unpublish", "delete"):
            assert refused(client.post(reverse(f"wagtailadmin_pages:{action}", args=[page.pk])))
        bulk = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "unpublish"))
        client.post(f"{bulk}?id={page.pk}", {"next": "/admin/"})
        assert model.objects.get().live is True
        model.objects.update(live=False)
        assert refused(client.get(reverse("wagtailadmin_pages:move", args=[page.pk])))
        assert refused(client.post(reverse("wagtailadmin_pages:delete", args=[page.pk])))
        model.objects.update(live=True)
    assert model.objects.get().path == path
    admin = signed_in(UserFactory(admin=True))
    assert admin.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk])).status_code == 302
    assert model.objects.get().live is False


def test_a_change_of_a_public_page_waits_while_the_old_text_stays():
    author, other = editor(), editor()
    notice = submitted(author)
    decide(other, notice)
    signed_in(other).post(edit_address(notice), form(title="改了标题") | {"action-submit": "1"})
    page = Client().get("/notices/apply-2026/").content.decode()
    assert "关于申领2026年创新券的通知" in page
    assert "改了标题" not in page
    assert refused(decide(other, NoticePage.objects.get()))
    decide(author, NoticePage.objects.get())
    assert "改了标题" in Client().get("/notices/apply-2026/").content.decode()


def test_the_others_are_mailed_once_and_the_author_hears_what_was_decided(django_capture_on_commit_callbacks):
    author, other = editor(email="author@example.com"), editor(email="other@example.com")
    with django_capture_on_commit_callbacks(execute=True):
        notice = submitted(author)
    assert [(m.to, m.subject) for m in mail.outbox] == [
        (["other@example.com"], "【科技创新券服务平台】有内容等待您审核：关于申领2026年创新券的通知")
    ]
    with django_capture_on_commit_callbacks(execute=True):
        decide(other, notice, "reject", comment="请补充联系电话")
    assert mail.outbox[1].to == ["author@example.com"]
    assert mail.outbox[1].subject == "【科技创新券服务平台】“关于申领2026年创新券的通知”需要修改"
    assert mail.outbox[1].body.startswith("请补充联系电话")
    assert len(mail.outbox) == 2


# Questions


def faq_form(**fields):
    topic = Topic.objects.get(slug="apply")
    answer = rich_text("<p>登录后在应用中心申领。</p>")
    return {"question": "怎样申领？", "answer": answer, "topic": topic.pk, "sort_order": 0, **fields}


def submitted_faq(by):
    response = signed_in(by).post("/admin/snippets/policy/faq/add/", faq_form() | {"action-submit": "1"})
    assert response.status_code == 302
    return Faq.objects.get()


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


# Time


@pytest.fixture
def monday():
    with time_machine.travel(
        datetime.datetime(2026, 3, 2, 9, 0, tzinfo=timezone.get_current_timezone())
    ) as t:
        yield t


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
