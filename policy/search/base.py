"""What both databases share: tokens of the catalogue's kind as what is indexed, and queries as conditions on them.

An entry's ``body`` holds the tokens of everything that is searched, and those of the names again under a prefix, so that one
index finds and ranks. ``autocomplete`` holds the tokens of what Wagtail completes while one types; ``title`` stays empty.
"""

import operator
from collections.abc import Iterable, Iterator
from functools import reduce
from typing import Any, ClassVar

from django.db import connection
from django.db.models import Case, F, FloatField, Model, Q, QuerySet, Value, When
from django.db.models.functions import Cast
from modelsearch.backends.base import BaseSearchQueryCompiler
from modelsearch.conf import get_app_config
from modelsearch.index import AutocompleteField, RelatedFields, SearchField
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText
from modelsearch.utils import get_content_type_pk, get_descendants_content_types_pks

from catalogue.search.tokens import (
    Match,
    document_tokens,
    name_match,
    query_words,
    text_match,
)

# Characters of one field. PostgreSQL refuses a vector beyond a megabyte; no notice comes near.
LONGEST_TEXT = 100_000
FOUND = "found_in_name"


def index_entries() -> QuerySet[Any]:
    return get_app_config().get_model("IndexEntry")._default_manager.all()


class TokenIndex:
    """Stores tokens. Wagtail's own reads every entry after each save to weigh titles, which nothing here asks for."""

    def add_items(self, model: type[Model], items: Iterable[Any]) -> None:
        content_type = get_content_type_pk(model)
        entry = index_entries().model
        entries = [
            entry(content_type_id=content_type, object_id=str(item.pk), **_columns(item)) for item in items
        ]
        index_entries().bulk_create(
            entries,
            update_conflicts=True,
            unique_fields=["content_type", "object_id"],
            update_fields=["title", "body", "autocomplete"],
        )

    def _refresh_title_norms(self, full: bool = False) -> None:
        """What Wagtail calls after each save, and ``full`` once everything is indexed anew.

        Without statistics PostgreSQL tests every vector instead of asking its index: 16 ms for 4 at 5,000 entries.
        """
        if full:
            with connection.cursor() as cursor:
                cursor.execute(f"ANALYZE {index_entries().model._meta.db_table}")


def _columns(item: Any) -> dict[str, str]:
    names: list[str] = []
    texts: list[str] = []
    completed: list[str] = []
    for field, text in _values(item, item.get_search_fields()):
        if isinstance(field, AutocompleteField):
            completed.append(text)
        else:
            (names if _is_name(field) else texts).append(text)
    return {
        "title": "",
        "body": " ".join(document_tokens(" ".join(names), texts)),
        "autocomplete": " ".join(document_tokens("", completed)),
    }


def searched_text(item: Any) -> str:
    """What the index has of an object besides its names, as plain text: to show where words were found."""
    fields = _values(item, item.get_search_fields())
    return "\n".join(text for field, text in fields if isinstance(field, SearchField) and not _is_name(field))


def _is_name(field: Any) -> bool:
    """Whether the model says that a hit in this field counts more."""
    return bool(field.boost and field.boost > 1)


def _values(item: Any, fields: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    for field in fields:
        if isinstance(field, SearchField | AutocompleteField):
            yield field, _text(field.get_value(item))[:LONGEST_TEXT]
        elif isinstance(field, RelatedFields):
            related = field.get_value(item)
            if callable(related) and not hasattr(related, "all"):
                related = related()
            for one in related.all() if hasattr(related, "all") else filter(None, [related]):
                yield from _values(one, field.fields)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return "\n".join(map(_text, value))
    return "" if value is None else str(value)


class TokenCompiler(BaseSearchQueryCompiler):
    """A search as conditions on the queryset: hits in the name first, then by number, newest first.

    What was typed is plain text, whatever it looks like: no operators, no quotes.
    """

    DEFAULT_OPERATOR = "and"
    HANDLES_ORDER_BY_EXPRESSIONS = True
    column: ClassVar[str] = "body"

    def hits(self, match: Match) -> Any:
        """A sub-query: the numbers of the entries that match. Each database has its own."""
        raise NotImplementedError

    def get_config(self, _backend: Any) -> None:
        return None

    def check(self) -> None:
        """Filters are conditions of the queryset as they stand: none needs to be declared."""

    def search(
        self,
        _config: Any,
        start: int | None,
        stop: int | None,
        score_field: str | None = None,
        backend: Any = None,
    ) -> QuerySet[Any]:
        if isinstance(self.query, MatchAll):
            return self.queryset[start:stop]
        found = self.queryset.filter(self._condition(self.query))
        in_name = Case(
            When(self._condition(self.query, in_name=True), then=Value(1.0)),
            default=Value(0.0),
            output_field=FloatField(),
        )
        if score_field:
            found = found.annotate(**{score_field: in_name})
        if self.order_by_relevance:
            found = found.order_by(F(score_field).desc() if score_field else in_name.desc(), "-pk")
        elif not found.query.order_by:
            found = found.order_by("-pk")
        return found[start:stop]

    def _condition(self, query: Any, *, in_name: bool = False) -> Q:
        if isinstance(query, PlainText | Phrase | Fuzzy):
            return self._plain(query.query_string, getattr(query, "operator", "and"), in_name)
        if isinstance(query, MatchAll):
            return Q(pk__isnull=False)
        if isinstance(query, Not):
            return ~self._condition(query.subquery, in_name=in_name)
        if isinstance(query, Boost):
            return self._condition(query.subquery, in_name=in_name)
        if isinstance(query, And | Or):
            parts = [self._condition(part, in_name=in_name) for part in query.subqueries]
            return reduce(operator.and_ if isinstance(query, And) else operator.or_, parts)
        # what modelsearch raises too: a kind of query it gains must not be answered with everything
        raise NotImplementedError(f"{type(query).__name__} is no query of this backend.")

    def _plain(self, text: str, joined_by: str, in_name: bool) -> Q:
        words = query_words(text)
        groups = [[word] for word in words] if joined_by == "or" else [words] if words else []
        to_match = name_match if self.column == "body" and (in_name or self._asks_for_names()) else text_match
        conditions = [Q(pk__in=self._objects(to_match(group))) for group in groups]
        return reduce(operator.or_, conditions) if conditions else Q(pk__in=[])

    def _asks_for_names(self) -> bool:
        fields = self.queryset.model.get_searchable_search_fields()
        names = {field.field_name for field in fields if _is_name(field)}
        return bool(self.fields) and names.issuperset(self.fields)

    def _objects(self, match: Match) -> QuerySet[Any]:
        """The keys, as the model has them, of the objects whose entries match."""
        key = self.queryset.model._meta.pk
        while key.remote_field:  # a page's key is that of the page it extends
            key = key.target_field
        entries = index_entries().filter(
            content_type__in=get_descendants_content_types_pks(self.queryset.model), pk__in=self.hits(match)
        )
        return entries.values_list(Cast("object_id", type(key)()), flat=True)
