"""Notices, policy documents and interpretations for tests, published as they are made."""

import json

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model

from policy.models import (
    InterpretationIndexPage,
    InterpretationPage,
    NoticeIndexPage,
    NoticePage,
    PolicyIndexPage,
    PolicyPage,
    Topic,
)


def add_notice(title, **fields):
    return NoticeIndexPage.objects.get().add_child(instance=NoticePage(title=title, **fields))


def add_policy(title, **fields):
    return PolicyIndexPage.objects.get().add_child(instance=PolicyPage(title=title, **fields))


def add_interpretation(title, **fields):
    return InterpretationIndexPage.objects.get().add_child(instance=InterpretationPage(title=title, **fields))


def topic(slug):
    return Topic.objects.get(slug=slug)


def text(words):
    return json.dumps([{"type": "text", "value": f"<p>{words}</p>"}])


def add_document(title, name="form.pdf", content=b"%PDF-1.4"):
    file = ContentFile(content, name=name)
    return get_document_model().objects.create(title=title, file=file, file_size=len(content))


def attached(*documents):
    return json.dumps([{"type": "document", "value": document.pk} for document in documents])


def titles(response):
    return [article.title for article in response.context["page_obj"]]
