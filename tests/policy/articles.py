"""Notices, policy documents and interpretations for tests, published as they are made."""

import json

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

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


def add_private_document(title, **fields):
    """In a collection below one that asks for a login."""
    above = Collection.get_first_root_node().add_child(name="内部")
    below = above.add_child(name="更内部")
    CollectionViewRestriction.objects.create(collection=above, restriction_type="login")
    document = add_document(title, **fields)
    document.collection = below
    document.save()
    return document


def attached(*documents):
    return json.dumps([{"type": "document", "value": document.pk} for document in documents])


def titles(response):
    return [article.title for article in response.context["page_obj"]]
