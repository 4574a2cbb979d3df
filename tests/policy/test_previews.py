"""An editor sees a draft of every kind of page as its readers will."""

import pytest
from django.apps import apps
from django.urls import reverse
from wagtail.models import Page

from home.models import HomePage
from policy.models import Faq, Topic
from tests.conftest import signed_in
from tests.factories import editor

pytestmark = pytest.mark.django_db

PAGE_MODELS = [model for model in apps.get_models() if issubclass(model, Page) and model is not Page]


def draft_of(model, author):
    """The one page of its kind that exists, changed; or a new one under the first page that takes it."""
    page = model.objects.first()
    if page is None:
        parent = model.allowed_parent_page_models()[0].objects.get()
        page = model(title="草稿的标题", live=False, owner=author)
        parent.add_child(instance=page)
    if isinstance(page, HomePage):
        page.body = [("hero", {"title": "草稿的标题", "lead": ""})]  # its own title is not printed
    page.title = "草稿的标题"
    page.save_revision(user=author)
    return page


@pytest.mark.parametrize("model", PAGE_MODELS, ids=lambda model: model.__name__)
def test_a_draft_of_every_page_is_previewed(model):
    author = editor()
    page = draft_of(model, author)
    response = signed_in(author).get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert response.status_code == 200
    assert "草稿的标题" in response.content.decode()


def test_a_question_is_previewed_while_it_is_written():
    client = signed_in(editor())
    faq = Faq.objects.create(question="旧的问题？", answer="", topic=Topic.objects.first(), live=False)
    address = f"/admin/snippets/policy/faq/preview/{faq.pk}/"
    fields = {"question": "草稿的问题？", "answer": "null", "topic": faq.topic_id, "sort_order": 0}
    assert client.post(address, fields).json() == {"is_valid": True, "is_available": True}
    response = client.get(address)
    assert response.status_code == 200
    assert "草稿的问题？" in response.content.decode()


def test_there_is_no_kind_of_page_without_a_preview():
    assert len(PAGE_MODELS) == 11
    assert all(model().is_previewable() for model in PAGE_MODELS)
