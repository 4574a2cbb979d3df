"""What staff find on the admin's home page."""

import datetime
import re

import pytest
from django.utils import timezone
from wagtail.models import Workflow

from policy.models import Faq, NoticeIndexPage, NoticePage, Topic
from policy.moderation import WORKFLOW_NAME
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import QualificationFactory, UserFactory, auditor, editor, reviewer
from tests.voucher_factories import a_member
from workflow.setup import PAYERS

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


def add_notice(by, title="关于申领的通知", *, submit=False, **fields):
    page = NoticePage(title=title, live=False, has_unpublished_changes=True, owner=by, **fields)
    NoticeIndexPage.objects.get().add_child(instance=page)
    page.save_revision(user=by)
    if submit:
        Workflow.objects.get(name=WORKFLOW_NAME).start(page, by)
    return page


def add_question(by, question, *, submit=False):
    faq = Faq.objects.create(
        question=question, answer="<p>见指南。</p>", topic=Topic.objects.first(), live=False
    )
    faq.has_unpublished_changes = True
    faq.save_revision(user=by)
    if submit:
        Workflow.objects.get(name=WORKFLOW_NAME).start(faq, by)
    return faq


def home_of(user):
    response = signed_in(user).get("/admin/")
    assert response.status_code == 200
    return response.content.decode()


def test_an_editor_sees_what_waits_and_which_of_it_is_hers_to_decide():
    author, other = editor(contact_name="沈雅琴"), editor()
    notice = add_notice(author, "等待审核的通知", submit=True)
    faq = add_question(author, "等待审核的问题？", submit=True)
    shown = home_of(other)
    assert shown.count("去审核") == 2
    assert shown.count("沈雅琴") == 2
    assert f'href="/admin/pages/{notice.pk}/edit/"' in shown
    assert f'href="/admin/snippets/policy/faq/edit/{faq.pk}/"' in shown
    own = home_of(author)
    assert own.count("等待另一位编辑") == 2
    assert "去审核" not in own


def test_what_came_back_is_shown_to_its_author_with_the_reason():
    author, other = editor(), editor()
    notice = add_notice(author, "退回的通知", submit=True)
    state = notice.current_workflow_task_state
    state.task.specific.on_action(state, other, "reject", comment="请补充联系电话")
    assert "退回给我修改的" in home_of(author)
    assert "请补充联系电话" in home_of(author)
    assert "退回给我修改的" not in home_of(other)


def test_drafts_are_ones_own_and_not_what_has_been_handed_in():
    author, other = editor(), editor()
    add_notice(author, "我写的草稿")
    add_question(author, "我起草的问题？")
    assert "我的草稿" in home_of(author)
    assert home_of(author).count("我起草的问题？") == 1
    assert "我的草稿" not in home_of(other)
    add_notice(other, "已经提交的通知", submit=True)
    assert "我的草稿" not in home_of(other)


def test_what_is_approved_for_later_and_what_goes_soon_is_shown():
    author, other = editor(), editor()
    now = timezone.now()
    notice = add_notice(author, "下周发布的通知", submit=True, go_live_at=now + datetime.timedelta(days=7))
    state = notice.current_workflow_task_state
    state.task.specific.on_action(state, other, "approve")
    for days, title in ((59, "快要下线的通知"), (61, "还早的通知")):
        page = add_notice(author, title, expire_at=now + datetime.timedelta(days=days))
        page.latest_revision.publish()
    shown = home_of(other)
    assert "已通过审核，定时发布" in shown
    assert "下周发布的通知" in shown
    assert "快要下线的通知" in shown
    assert "还早的通知" not in shown
    assert "快要下线的通知" in home_of(reviewer())


def test_certificates_that_end_soon_are_counted_for_reviewers_and_auditors_only():
    certificate = QualificationFactory(approved=True)
    certificate.valid_to = timezone.localdate() + datetime.timedelta(days=60)
    certificate.save(update_fields=["valid_to"])
    for who in (reviewer(), auditor()):
        assert "validity=expiring" in home_of(who)
    assert "validity=expiring" not in home_of(editor())


def test_those_who_pay_are_led_to_the_institutions_and_nobody_else_is():
    consumer = ConsumerFactory(approved=True)
    (link,) = re.findall(r'<a class="button" href="([^"]+)">查看用券机构', home_of(a_member(PAYERS)))
    assert consumer.name in signed_in(a_member(PAYERS)).get(link).text
    for other in (editor(), reviewer(), auditor()):
        assert "查看用券机构" not in home_of(other)


@pytest.mark.parametrize("who", ["editor", "reviewer", "payer", "admin"])
def test_admin_home_costs_at_most_28_queries_however_much_waits(who, django_assert_max_num_queries):
    author = editor()
    for number in range(30):
        add_notice(author, f"等待审核的通知{number}", submit=True)
        add_notice(author, f"草稿{number}")
    for _number in range(10):
        QualificationFactory(approved=True)
    account = {
        "editor": lambda: author,
        "reviewer": reviewer,
        "payer": lambda: a_member(PAYERS),
        "admin": lambda: UserFactory(admin=True),
    }[who]()
    client = signed_in(account)
    client.get("/admin/")  # the first request fills content types and the like
    with django_assert_max_num_queries(28):
        shown = client.get("/admin/?waiting=2").content.decode()
    if who in {"editor", "admin"}:
        assert "等待审核的通知10" in shown
        assert "第 2 / 3 页，共 30 项" in shown
        assert "等待审核的通知0<" not in shown


@pytest.mark.parametrize("number", ["0", "-1", "99999", "x", "\x00"])
def test_an_odd_page_number_is_answered(number):
    assert signed_in(editor()).get("/admin/", {"waiting": number}).status_code == 200
