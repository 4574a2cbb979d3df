"""What editors write is read by another editor before the public sees it."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry

from home.models import HomePage
from policy.models import (
    EditorialTask,
    FaqIndexPage,
    NoticeIndexPage,
    NoticePage,
    PolicyIndexPage,
)
from tests.conftest import signed_in
from tests.factories import UserFactory, editor
from tests.policy.moderation import (
    APPROVED,
    CANCELLED,
    WAITING,
    add_address,
    chief,
    decide,
    edit_address,
    form,
    refused,
    submitted,
)

pytestmark = pytest.mark.django_db


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
