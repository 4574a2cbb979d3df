"""The vocabulary for reading notices and policy documents."""

from typing import Self

from wagtail.models import PageManager
from wagtail.query import PageQuerySet


class ArticleQuerySet(PageQuerySet):
    def published(self) -> Self:
        """What anybody may read: published and not kept behind a password or a login."""
        return self.live().public()

    def newest_first(self) -> Self:
        return self.order_by("-issued_on", "-pk")

    def pinned_first(self) -> Self:
        """The order of notices: pinned ones stay on top, then by date."""
        return self.order_by("-pinned", "-issued_on", "-pk")


ArticleManager = PageManager.from_queryset(ArticleQuerySet)
