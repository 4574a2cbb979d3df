"""The vocabulary for reading notices and policy documents."""

from collections.abc import Iterable
from typing import Any, Self

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, PageManager, PageViewRestriction
from wagtail.query import PageQuerySet

from accounts.public_version import remembered


def is_private() -> Exists:
    """A page kept behind a password or a login, itself or by a page above it. Wagtail's ``public()`` asks first for all
    restrictions there are, a query more each time; as a condition this is part of the one there is anyway."""
    above = PageViewRestriction.objects.alias(below=ExpressionWrapper(OuterRef("path"), CharField())).filter(
        below__startswith=F("page__path")
    )
    return Exists(above)


def private_collections() -> QuerySet[Collection]:
    """Collections of documents kept behind a password or a login, themselves or by a collection above them."""
    above = CollectionViewRestriction.objects.alias(
        below=ExpressionWrapper(OuterRef("path"), CharField())
    ).filter(below__startswith=F("collection__path"))
    return Collection.objects.filter(Exists(above))


def offered(documents: Iterable[Any]) -> list[Any]:
    """Those of the documents that anybody may open; None, of one that was deleted, is left out too."""
    documents = [document for document in documents if document]
    if not documents:
        return []
    private = remembered(
        "private collections", lambda: set(private_collections().values_list("pk", flat=True))
    )
    return [document for document in documents if document.collection_id not in private]


class ArticleQuerySet(PageQuerySet):
    def published(self) -> Self:
        """What anybody may read: published and not kept behind a password or a login."""
        return self.live().filter(~is_private())

    def newest_first(self) -> Self:
        return self.order_by("-issued_on", "-pk")

    def pinned_first(self) -> Self:
        """The order of notices: pinned ones stay on top through their last day, then by date."""
        is_on_top = Q(pinned=True) & (Q(pinned_until=None) | Q(pinned_until__gte=timezone.localdate()))
        return self.alias(on_top=is_on_top).order_by("-on_top", "-issued_on", "-pk")

    def without_text(self) -> Self:
        """For lists and links: leaves what only the article's own page prints in the database."""
        return self.defer("body", "attachments")

    def beside(self, article: Any) -> Self:
        """The next newer article and the next older one, as far as there are."""
        day = article.issued_on
        newer = self.filter(Q(issued_on__gt=day) | Q(issued_on=day, pk__gt=article.pk)).order_by(
            "issued_on", "pk"
        )
        older = self.filter(Q(issued_on__lt=day) | Q(issued_on=day, pk__lt=article.pk)).newest_first()
        nearest = [Q(pk=Subquery(some.values("pk")[:1])) for some in (newer, older)]
        return self.filter(nearest[0] | nearest[1])


ArticleManager = PageManager.from_queryset(ArticleQuerySet)
