"""What a search box proposes while one types: names, standards, classes, titles of pages and questions."""

from typing import Any, NamedTuple

from django.db.models import CharField, IntegerField, Value
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from catalogue.search import Kind, highlight
from catalogue.search.tokens import query_words
from home.search.articles import NOTICES, POLICIES, PublicContent
from home.search.records import Named, first_matching, name_or_pinyin_match, names_of
from home.search.vocabulary import classes_like

MOST = 8
# Names repeat: that many are read to find a few different ones.
READ = 15
MOST_TITLES = 300


class Suggestion(NamedTuple):
    label: SafeString
    url: str


class Group(NamedTuple):
    key: str
    label: Any
    suggestions: list[Suggestion]


def suggestions(text: str) -> list[Group]:
    """At most eight, by group; none for fewer than two letters (or one Chinese character)."""
    words = query_words(text)
    if not words or (len(text) < 2 and text.isascii()):
        return []
    names = names_of(first_matching(name_or_pinyin_match(words), READ))
    titles, questions = _titles(text)
    groups = [
        Group("instrument", _("仪器"), _by_name(names[Kind.INSTRUMENT], text, Kind.INSTRUMENT)[:3]),
        Group(
            "testing", _("检测服务"), _by_record(names[Kind.TESTING], text, "catalogue:testing_detail")[:2]
        ),
        Group("lab", _("实验服务"), _by_record(names[Kind.LAB], text, "catalogue:lab_detail")[:1]),
        Group("standard", _("标准"), _standards(names[Kind.CAPABILITY], text)[:2]),
        Group("class", _("分类"), _classes(text)),
        Group("article", _("政策与通知"), titles[:2]),
        Group("faq", _("常见问题"), questions[:1]),
    ]
    return _within(MOST, [group for group in groups if group.suggestions])


def _within(most: int, groups: list[Group]) -> list[Group]:
    """So many in all: the last of the longest group goes first."""
    while sum(len(group.suggestions) for group in groups) > most:
        max(reversed(groups), key=lambda group: len(group.suggestions)).suggestions.pop()
    return groups


def search_url(text: str, tab: str = "") -> str:
    return f"{reverse('search:results')}?{urlencode({'q': text, 'tab': tab} if tab else {'q': text})}"


def _by_name(found: list[Named], text: str, kind: Kind) -> list[Suggestion]:
    """A name stands for all records that have it."""
    names = dict.fromkeys(named.name for named in found)
    return [Suggestion(highlight(name, text), search_url(name, kind.value)) for name in names]


def _by_record(found: list[Named], text: str, url_name: str) -> list[Suggestion]:
    records = {named.name: named.pk for named in reversed(found)}
    return [
        Suggestion(highlight(name, text), reverse(url_name, args=[pk]))
        for name, pk in reversed(records.items())
    ]


def _standards(found: list[Named], text: str) -> list[Suggestion]:
    """Standards with the words in their number: what else a capability is called is no standard."""
    numbers = {named.name: named.more for named in found}
    return [
        Suggestion(format_html("{} {}", marked, name), search_url(number, Kind.CAPABILITY.value))
        for number, name in numbers.items()
        if "<mark>" in (marked := highlight(number, text))
    ]


def _classes(text: str) -> list[Suggestion]:
    return [
        Suggestion(highlight(gettext(entry.name), text), f"{reverse(entry.url_name)}?category={entry.code}")
        for entry in classes_like(text, 2)
    ]


def _titles(text: str) -> tuple[list[Suggestion], list[Suggestion]]:
    """Pages and questions with the words in their title, in one query."""
    content = PublicContent(text)
    pages = content.titled((*NOTICES, *POLICIES)).annotate(is_question=Value(0, IntegerField()))
    questions = content.asked().annotate(
        is_question=Value(1, IntegerField()), url_path=Value("", CharField())
    )
    found = pages.values_list("is_question", "pk", "title", "url_path")
    found = found.union(
        questions.values_list("is_question", "pk", "question", "url_path"), all=True
    ).order_by("-is_question", "-pk")[:MOST_TITLES]
    articles = [
        Suggestion(highlight(title, text), url)
        for is_question, pk, title, url_path in found
        if not is_question and (url := Page(pk=pk, url_path=url_path).get_url())
    ]
    asked = [Suggestion(highlight(row[2], text), search_url(row[2], "faq")) for row in found if row[0]]
    return articles, asked
