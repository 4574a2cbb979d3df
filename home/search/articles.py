"""Pages, questions and downloads that the public may read, and what is found among them."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Q, QuerySet
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from policy.models import (
    Download,
    DownloadsPage,
    Faq,
    FaqIndexPage,
    GuidePage,
    InterpretationPage,
    NoticePage,
    PolicyPage,
)
from policy.querysets import private_collections

NOTICES: tuple[type[Page], ...] = (NoticePage,)
POLICIES: tuple[type[Page], ...] = (PolicyPage, InterpretationPage, GuidePage)
MOST_WORDS = 8


class PublicContent:
    """Searches what anybody may read: published, and not kept behind a password or a login."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pages = Page.objects.live().public()

    def articles(self, models: Iterable[type[Page]]) -> Any:
        """Pages of these types, those with the words in the title first; newest first within."""
        return get_search_backend().search(self.text, self.pages.type(*models))

    def count_articles(self) -> tuple[int, int]:
        """How many notices, and how many policies, interpretations and guides: one query."""
        found = self.articles((*NOTICES, *POLICIES)).facet("content_type_id")
        types = ContentType.objects.get_for_models(*NOTICES, *POLICIES)
        notices, policies = (
            sum(found.get(types[model].pk, 0) for model in models) for models in (NOTICES, POLICIES)
        )
        return notices, policies

    def questions(self) -> Any:
        return get_search_backend().search(self.text, self.public_questions().select_related("topic"))

    def titled(self, models: Iterable[type[Page]]) -> QuerySet[Page]:
        """Pages of these types with the words in the title, in no order."""
        return _unordered(get_search_backend().autocomplete(self.text, self.pages.type(*models)))

    def asked(self) -> QuerySet[Faq]:
        """Questions with the words in them, in no order."""
        return _unordered(get_search_backend().autocomplete(self.text, self.public_questions()))

    def newest_titles(self, number: int) -> list[str]:
        newest = self.pages.type(*NOTICES, *POLICIES).order_by("-pk")
        return list(newest.values_list("title", flat=True)[:number])

    def downloads(self) -> QuerySet[Download]:
        """They are few: no index, a comparison of what stands in the list."""
        downloads = Download.objects.filter(page__in=self.pages.type(DownloadsPage)).exclude(
            document__collection__in=private_collections()
        )
        for word in self.text.split()[:MOST_WORDS]:
            downloads = downloads.filter(
                Q(title__icontains=word) | Q(note__icontains=word) | Q(document__title__icontains=word)
            )
        return downloads.select_related("document", "topic").order_by("sort_order", "pk")

    def public_questions(self) -> QuerySet[Faq]:
        """Published, on a page that is."""
        return Faq.objects.filter(Exists(self.pages.type(FaqIndexPage)), live=True)

    def questions_page(self) -> Page | None:
        return self.pages.type(FaqIndexPage).first()


def _unordered(results: Any) -> QuerySet[Any]:
    found: QuerySet[Any] = results.get_queryset()
    return found.order_by()


def in_full(pages: Iterable[Page]) -> list[Any]:
    """The pages as what they are, in their order: one query for each type among them."""
    pages = list(pages)
    by_type: dict[int, list[int]] = {}
    for page in pages:
        by_type.setdefault(page.content_type_id, []).append(page.pk)
    read: dict[int, Page] = {}
    for content_type, ids in by_type.items():
        model = ContentType.objects.get_for_id(content_type).model_class()
        if model is not None:
            read |= model._default_manager.in_bulk(ids)
    return [read[page.pk] for page in pages if page.pk in read]
