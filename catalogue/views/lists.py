"""The lists that are searched and narrowed: one for each kind of record, and one of providers."""

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from accounts.paging import clamped_page, page_number
from catalogue.filters import ProviderFilterSet
from catalogue.listing import (
    LISTINGS,
    Asked,
    Filtering,
    provider_chips,
    provider_facets,
    search,
    search_chips,
    search_facets,
    search_sorts,
)
from catalogue.search import Kind
from catalogue.selectors import (
    cards_in_order,
    public_attributes,
    public_counts,
    public_providers,
    public_providers_by,
)
from institutions.maps import city_map

PROVIDERS_PER_PAGE = 20

# Which lists there are, beside each other; a search is carried from one to the next.
TABS = (
    (Kind.INSTRUMENT, _("仪器共享"), "catalogue:instrument_list"),
    (Kind.TESTING, _("检测服务"), "catalogue:testing_list"),
    (Kind.LAB, _("实验服务"), "catalogue:lab_list"),
    (Kind.CAPABILITY, _("检测能力"), "catalogue:capability_list"),
)
CARRIED = ("q", "city", "institution")


class SearchListView(TemplateView):
    """A list that the search index answers. A subclass has words of its own for when nothing is found."""

    kind: ClassVar[Kind]
    advice: ClassVar[Any]
    all_label: ClassVar[Any]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = LISTINGS[self.kind].read(self.request.GET)
        found, page_obj = search(asked, page_number(self.request.GET.get("page")))
        filtering = asked.filtering
        return super().get_context_data(
            **kwargs,
            filtering=filtering,
            found=found,
            page_obj=page_obj,
            records=cards_in_order(asked.listing.model, found.object_ids),
            search_hidden=filtering.hidden("q"),
            price_form=asked.form if "price_min" in asked.form.fields else None,
            price_hidden=filtering.hidden("price_min", "price_max"),
            facets=search_facets(asked, found),
            ranges=asked.attributes.ranges(filtering, found.attributes, found.capped),
            ranges_wrong=bool(asked.attributes.wrong),
            chips=search_chips(asked),
            sorts=search_sorts(asked),
            tabs=self.tabs(asked),
            **self.nothing_found(filtering),
        )

    def tabs(self, asked: Asked) -> list[dict[str, Any]]:
        """The lists of the other kinds with the same words, city and institution; none while nothing is asked."""
        carried = {name: asked.filtering.params[name] for name in CARRIED if name in asked.filtering.params}
        if not carried:
            return []
        return [
            {"label": label, "url": reverse(url_name) + Filtering(carried).url(), "active": kind == self.kind}
            for kind, label, url_name in TABS
        ]

    def nothing_found(self, filtering: Filtering) -> dict[str, Any]:
        """What to do next when the list is empty: fewer filters first, then other words."""
        words = filtering.params.get("q")
        if words and set(filtering.params) - {"q", "sort"}:
            return {
                "empty_text": gettext("可以只保留搜索词，去掉其他筛选条件再试。"),
                "empty_url": Filtering({"q": words}).url(),
                "empty_label": gettext("只按“%s”搜索") % words,
            }
        return {"empty_text": self.advice, "empty_url": "?", "empty_label": self.all_label}


class InstrumentListView(SearchListView):
    kind = Kind.INSTRUMENT
    template_name = "catalogue/instrument_list.html"
    advice = _("可以换个说法，如仪器的通用名称、英文缩写或型号，也可以用拼音首字母；或者按分类浏览全部仪器。")
    all_label = _("查看全部仪器")


class TestingListView(SearchListView):
    kind = Kind.TESTING
    template_name = "catalogue/testing_list.html"
    advice = _(
        "可以换个说法，如检测对象、检测项目或标准编号，也可以到“检测能力”中查找；或者浏览全部检测服务。"
    )
    all_label = _("查看全部检测服务")


class LabListView(SearchListView):
    kind = Kind.LAB
    template_name = "catalogue/lab_list.html"
    advice = _("可以换个说法，如研究对象、工艺或方法的名称；或者浏览全部实验服务。")
    all_label = _("查看全部实验服务")


class CapabilityListView(SearchListView):
    kind = Kind.CAPABILITY
    template_name = "catalogue/capability_list.html"
    advice = _("可以只输入标准编号的数字部分（如 228.1），或检测对象、检测参数的名称；或者浏览全部检测能力。")
    all_label = _("查看全部检测能力")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "attributes": public_attributes(context["records"])}


class ProviderListView(TemplateView):
    template_name = "catalogue/provider_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filterset = ProviderFilterSet(self.request.GET, queryset=public_providers())
        filtering = Filtering(filterset.params)
        providers = filterset.qs.select_related("logo").prefetch_related("logo__renditions")
        page_obj = clamped_page(providers, self.request.GET.get("page"), PROVIDERS_PER_PAGE)
        by_city = public_providers_by("city")
        city = filtering.params.get("city", "")
        return super().get_context_data(
            **kwargs,
            page_obj=page_obj,
            counts=public_counts(provider.pk for provider in page_obj),
            filtering=filtering,
            search_hidden=filtering.hidden("q"),
            facets=provider_facets(filtering, by_city),
            # as the facet: the chosen city takes itself away
            city_map=city_map(by_city, lambda code: filtering.url(city=None if code == city else code), city),
            chips=provider_chips(filtering, filterset.cleaned),
        )
