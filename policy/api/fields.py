"""What of the pages the API gives beyond plain columns. Knows no model, so that the models may name it."""

from typing import Any

from rest_framework import serializers
from wagtail.images.shortcuts import get_rendition_or_not_found

from accounts.addresses import absolute
from policy.querysets import offered

PICTURE = "max-1200x1200|format-webp"  # as templates/policy/blocks/image.html has it made


def document_data(document: Any) -> dict[str, Any]:
    """A document of the library as a reader downloads it."""
    return {
        "title": document.title,
        "url": absolute(document.url),
        "extension": document.file_extension,
        "size_bytes": document.file_size,
    }


def picture_data(image: Any) -> dict[str, Any] | None:
    """A picture of an article, no larger than a page shows it; None where it, or its file, is gone."""
    rendition = get_rendition_or_not_found(image, PICTURE) if image else None
    if rendition is None or not rendition.width:
        return None
    return {"url": absolute(rendition.url), "width": rendition.width, "height": rendition.height}


class AttachmentsField(serializers.Field):
    """The files below an article."""

    def to_representation(self, attachments: Any) -> list[dict[str, Any]]:
        return [document_data(document) for document in offered(block.value for block in attachments)]


class TopicsField(serializers.Field):
    def to_representation(self, topics: Any) -> list[dict[str, str]]:
        return [{"slug": topic.slug, "name": topic.name} for topic in topics.all()]


class PublishedPageField(serializers.Field):
    """Another page this one refers to; None while the public cannot read that one."""

    def to_representation(self, page: Any) -> dict[str, Any] | None:
        if not self.context["base_queryset"].filter(pk=page.pk).exists():
            return None
        return {"id": page.pk, "title": page.title, "html_url": absolute(page.get_url())}


class DownloadsField(serializers.Field):
    """The files of the download page, in the editor's order."""

    def to_representation(self, downloads: Any) -> list[dict[str, Any]]:
        listed = list(downloads.select_related("document", "topic"))
        public = {document.pk for document in offered(one.document for one in listed)}
        return [
            {
                **document_data(one.document),
                "title": str(one),
                "note": one.note,
                "topic": one.topic.slug if one.topic else None,
            }
            for one in listed
            if one.document_id in public
        ]


class QuestionsField(serializers.Field):
    """The questions and answers of the page, by topic."""

    def to_representation(self, page: Any) -> list[dict[str, Any]]:
        from policy.models.faq import Faq, expanded

        faqs = list(Faq.objects.published().with_topics())
        return [
            {"question": faq.question, "answer": str(answer), "topic": faq.topic.slug}
            for faq, answer in zip(faqs, expanded(faqs), strict=True)
        ]
