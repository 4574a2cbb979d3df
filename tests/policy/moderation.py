"""What editors post: pages, questions and decisions."""

from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from policy.models import (
    Faq,
    NoticeIndexPage,
    NoticePage,
    Topic,
)
from tests.conftest import signed_in
from tests.factories import UserFactory
from workflow.setup import CHIEF_EDITORS

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


# Questions


def faq_form(**fields):
    topic = Topic.objects.get(slug="apply")
    answer = rich_text("<p>登录后在应用中心申领。</p>")
    return {"question": "怎样申领？", "answer": answer, "topic": topic.pk, "sort_order": 0, **fields}


def submitted_faq(by):
    response = signed_in(by).post("/admin/snippets/policy/faq/add/", faq_form() | {"action-submit": "1"})
    assert response.status_code == 302
    return Faq.objects.get()
