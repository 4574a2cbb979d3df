"""The page of results, and the list of suggestions under a search box."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail.contrib.search_promotions.models import SearchPromotion

from accounts.adapter import client_address
from accounts.paging import clamped_page, page_number
from accounts.searching import QueryField
from catalogue.filters import ProviderFilterSet
from catalogue.search import CatalogueSearch, Kind, SearchQuery
from catalogue.selectors import cards_in_order, public_attributes, public_counts, public_providers
from home.search.articles import NOTICES, POLICIES, PublicContent, in_full
from home.search.corrections import corrections
from home.search.popular import as_term, count_search, is_robot, popular_terms
from home.search.records import MODELS, Found, first_records
from home.search.results import (
    Row,
    Tab,
    article_rows,
    download_row,
    provider_row,
    question_row,
    record_rows,
)
from home.search.suggestions import suggestions

PER_PAGE = 20
FEW = 3
ALL = "all"
WORDS = QueryField(required=False)
LABELS: dict[str, Any] = {
    ALL: gettext_lazy("全部"),
    Kind.INSTRUMENT.value: gettext_lazy("仪器"),
    Kind.TESTING.value: gettext_lazy("检测服务"),
    Kind.LAB.value: gettext_lazy("实验服务"),
    Kind.CAPABILITY.value: gettext_lazy("检测能力"),
    "provider": gettext_lazy("接券机构"),
    "policy": gettext_lazy("政策"),
    "notice": gettext_lazy("通知公告"),
    "faq": gettext_lazy("常见问题"),
    "download": gettext_lazy("下载"),
}


class SearchView(TemplateView):
    """Everything public under tabs: a few of each kind under 全部, all of a kind under its own."""

    template_name = "search/search.html"
    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        self.words = WORDS.clean(self.request.GET.get("q"))
        tab = self.request.GET.get("tab", ALL)
        context |= {"words": self.words, "popular": []}
        if not self.words:
            return {**context, "popular": popular_terms()}
        self.tab = tab if tab in LABELS else ALL
        self.content = PublicContent(self.words)
        self.providers = ProviderFilterSet({"q": self.words}, queryset=public_providers()).qs
        self.records = first_records(self.words, FEW if self.tab == ALL else 0)
        tabs = self.count()
        total = sum(tab.total for tab in tabs)
        context |= {
            "tab": self.tab,
            "tab_label": LABELS[self.tab],
            "total": total,
            "capped": any(tab.capped for tab in tabs),
            "tabs": [
                self.link(tab) for tab in (self.whole(tabs), *tabs) if tab.total or tab.key in (ALL, self.tab)
            ],
        }
        if not total:
            context |= {"corrections": corrections(self.words), "popular": popular_terms()}
        elif self.tab == ALL:
            context["sections"] = self.sections(tabs)
        else:
            context |= self.results()
        if self.tab == ALL:
            context["promotions"] = self.promotions()
            self.remember(total)
        return context

    def count(self) -> list[Tab]:
        records = {kind.value: self.records.get(kind, Found()) for kind in Kind}
        counted = {key: (found.total, found.capped) for key, found in records.items()}
        notices, policies = self.content.count_articles()
        counted |= {
            "provider": (self.providers.count(), False),
            "policy": (policies, False),
            "notice": (notices, False),
            "faq": (self.content.questions().count(), False),
            "download": (self.content.downloads().count(), False),
        }
        return [Tab(key, LABELS[key], *counted[key]) for key in LABELS if key != ALL]

    def whole(self, tabs: list[Tab]) -> Tab:
        return Tab(ALL, LABELS[ALL], sum(tab.total for tab in tabs), any(tab.capped for tab in tabs))

    def link(self, tab: Tab) -> dict[str, Any]:
        return {
            "key": tab.key,
            "label": tab.label,
            "count": tab.count,
            "url": self.url(tab.key),
            "active": tab.key == self.tab,
        }

    def url(self, key: str) -> str:
        return "?" + urlencode({"q": self.words} if key == ALL else {"q": self.words, "tab": key})

    def sections(self, tabs: list[Tab]) -> list[dict[str, Any]]:
        """The first of each kind that has any."""
        return [
            {
                "key": tab.key,
                "label": tab.label,
                "rows": self.first(tab.key),
                "more": _("查看全部 %s 项") % tab.count if tab.total > FEW else "",
                "url": self.url(tab.key),
            }
            for tab in tabs
            if tab.total
        ]

    def first(self, key: str) -> list[Row]:
        if key in MODELS:
            kind = Kind(key)
            return record_rows(kind, self.records[kind].object_ids, self.words)
        return self.rows(key, self.found(key)[:FEW])

    def found(self, key: str) -> Any:
        """All of a kind that is no record of the catalogue, to be counted and sliced."""
        if key == "provider":
            return self.providers
        if key == "faq":
            return self.content.questions()
        if key == "download":
            return self.content.downloads()
        return self.content.articles(NOTICES if key == "notice" else POLICIES)

    def rows(self, key: str, found: Any) -> list[Row]:
        if key == "provider":
            return [provider_row(provider, self.words) for provider in found]
        if key == "faq":
            page = self.content.questions_page()
            url = (page.get_url() if page else "") or ""
            return [question_row(question, self.words, url) for question in found]
        if key == "download":
            return [download_row(download, self.words) for download in found]
        return article_rows(in_full(found), self.words)

    def results(self) -> dict[str, Any]:
        """One page of one kind."""
        number = self.request.GET.get("page")
        if self.tab in MODELS:
            kind = Kind(self.tab)
            found = CatalogueSearch().search(SearchQuery(self.words, kind), page_number(number), PER_PAGE)
            reachable = min(found.total, found.num_pages * PER_PAGE)
            records = cards_in_order(MODELS[kind], found.object_ids)
            return {
                "page_obj": Paginator(range(reachable), PER_PAGE).get_page(found.number),
                "records": records,
                "attributes": public_attributes(records) if kind == Kind.CAPABILITY else {},
            }
        if self.tab == "provider":
            providers: QuerySet[Any] = self.providers.select_related("logo").prefetch_related(
                "logo__renditions"
            )
            page_obj = clamped_page(providers, number, PER_PAGE)
            return {
                "page_obj": page_obj,
                "records": page_obj,
                "counts": public_counts(one.pk for one in page_obj),
            }
        page_obj = clamped_page(self.found(self.tab), number, PER_PAGE)
        return {"page_obj": page_obj, "rows": self.rows(self.tab, page_obj.object_list)}

    def promotions(self) -> list[Row]:
        """What editors recommend for these words, as far as the public may read it."""
        chosen = SearchPromotion.objects.filter(query__query_string=as_term(self.words)).select_related(
            "page"
        )
        public = (
            set(self.content.pages.filter(searchpromotion__in=chosen).values_list("pk", flat=True))
            if chosen
            else ()
        )
        rows = []
        for promotion in chosen:
            if promotion.page_id in public:
                rows.append(Row(promotion.page.title, promotion.page.get_url() or "", promotion.description))
            elif promotion.external_link_url:
                title = promotion.external_link_text or promotion.external_link_url
                rows.append(Row(title, promotion.external_link_url, promotion.description, rel="noopener"))
        return rows

    def remember(self, total: int) -> None:
        if (
            total
            and self.request.method == "GET"
            and not is_robot(self.request.headers.get("user-agent", ""))
        ):
            count_search(self.words, client_address(self.request))


@require_safe
@cache_control(no_cache=True)
def suggest(request: HttpRequest) -> HttpResponse:
    """A list for the search box, empty for what is too short to tell. Never kept: what is withdrawn is gone at once."""
    groups = suggestions(WORDS.clean(request.GET.get("q")))
    return render(request, "search/suggest.html", {"groups": groups})
