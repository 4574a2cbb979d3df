"""By what the lists of articles can be searched and narrowed, all of it in the address.

A value that is unknown or malformed is left out, never an error page.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.searching import QueryField
from policy.querysets import ArticleQuerySet

# A name of the form, and the lookup it stands for.
LOOKUPS = {"year": "issued_on__year", "topic": "topics__slug", "status": "status"}


class ArticleFilterForm(forms.Form):
    """Narrows ``articles``; offers the years and topics that some of them have."""

    q = QueryField(label=_("关键词"), required=False, widget=forms.SearchInput)
    year = forms.ChoiceField(label=_("年份"), required=False)
    topic = forms.ChoiceField(label=_("主题"), required=False)

    def __init__(self, asked: Mapping[str, Any], articles: ArticleQuerySet) -> None:
        super().__init__(asked, auto_id="filter-%s")
        facts = ("issued_on__year", "topics__sort_order", "topics__pk", "topics__slug", "topics__name")
        years, topics = set(), set()
        for year, *topic in articles.order_by().values_list(*facts).distinct():
            years.add(year)
            if topic[-1]:
                topics.add(tuple(topic))
        self.offer(
            "year", _("全部年份"), [(str(year), _("%d 年") % year) for year in sorted(years, reverse=True)]
        )
        self.offer("topic", _("全部主题"), [(slug, gettext(name)) for *_order, slug, name in sorted(topics)])

    def offer(self, name: str, everything: Any, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for mypy
        field.choices = [("", everything), *choices]

    @cached_property
    def given(self) -> dict[str, str]:
        """The parameters that were understood and say something."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrowed(self, articles: ArticleQuerySet) -> Any:
        """The articles asked for, in the order they were in."""
        articles = articles.filter(
            **{LOOKUPS[name]: value for name, value in self.given.items() if name != "q"}
        )
        return articles.search(self.given["q"], order_by_relevance=False) if "q" in self.given else articles

    @property
    def chips(self) -> list[dict[str, Any]]:
        """What the list is narrowed to, each with the address without it."""
        return [
            {
                "label": f"“{value}”" if name == "q" else dict(self.fields[name].choices)[value],  # type: ignore[attr-defined]
                "url": f"?{urlencode({other: it for other, it in self.given.items() if other != name})}",
            }
            for name, value in self.given.items()
        ]


class PolicyFilterForm(ArticleFilterForm):
    """Policy documents also by whether they are in force."""

    status = forms.ChoiceField(label=_("效力"), required=False)

    def __init__(self, asked: Mapping[str, Any], articles: ArticleQuerySet) -> None:
        super().__init__(asked, articles)
        self.offer("status", _("全部效力"), articles.model._meta.get_field("status").choices)
