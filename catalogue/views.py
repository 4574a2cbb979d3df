"""Public pages of the catalogue. Read only; nothing but what is approved."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, TemplateView

from accounts.paging import clamped_page, page_number
from catalogue.filters import InstrumentFilterSet, ProviderFilterSet
from catalogue.listing import (
    Filtering,
    instrument_chips,
    instrument_facets,
    instrument_sorts,
    provider_chips,
    provider_facets,
    search_instruments,
)
from catalogue.models import Instrument
from catalogue.permissions import may_see_contacts
from catalogue.selectors import cards_in_order, public_providers, related_instruments
from catalogue.templatetags.catalogue import masked_phone
from institutions.models import Provider

PROVIDERS_PER_PAGE = 20
PROVIDER_INSTRUMENTS_PER_PAGE = 12

# (field, title) of the texts of an instrument, in reading order
INSTRUMENT_TEXTS = (
    ("specifications", _("主要技术指标")),
    ("functions", _("主要功能及应用范围")),
    ("sample_requirements", _("样品要求")),
    ("service_content", _("服务内容")),
    ("price_list", _("收费标准")),
    ("user_notice", _("用户须知")),
)


def contact_context(user: Any, record: Instrument | Provider, provider: Provider) -> dict[str, Any]:
    """Telephone and e-mail of the person to ask: in full, or masked."""
    visible = may_see_contacts(user, provider)
    return {
        "contacts_visible": visible,
        "phone": record.contact_phone if visible else masked_phone(record.contact_phone),
        "email": record.contact_email if visible else "",
    }


class InstrumentListView(TemplateView):
    template_name = "catalogue/instrument_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filterset = InstrumentFilterSet(self.request.GET, queryset=Instrument.objects.none())
        filtering = Filtering(filterset.params)
        found, page_obj = search_instruments(filterset.cleaned, page_number(self.request.GET.get("page")))
        return super().get_context_data(
            **kwargs,
            filtering=filtering,
            found=found,
            page_obj=page_obj,
            instruments=cards_in_order(found.object_ids),
            search_hidden=filtering.hidden("q"),
            price_form=filterset.form,
            price_hidden=filtering.hidden("price_min", "price_max"),
            facets=instrument_facets(filtering, filterset.cleaned, found),
            chips=instrument_chips(filtering, filterset.cleaned),
            sorts=instrument_sorts(filtering),
            **_nothing_found(filtering),
        )


class InstrumentDetailView(DetailView):
    template_name = "catalogue/instrument_detail.html"
    context_object_name = "instrument"

    def get_queryset(self) -> QuerySet[Instrument]:
        return Instrument.objects.public().select_related("provider__logo", "instrument_class__parent")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        instrument = self.object
        return super().get_context_data(
            **kwargs,
            **contact_context(self.request.user, instrument, instrument.provider),
            related=related_instruments(instrument),
            sections=[
                {"title": title, "text": getattr(instrument, name)}
                for name, title in INSTRUMENT_TEXTS
                if getattr(instrument, name)
            ],
            breadcrumbs=_trail(_("仪器共享"), "catalogue:instrument_list", instrument),
        )


class ProviderListView(TemplateView):
    template_name = "catalogue/provider_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filterset = ProviderFilterSet(self.request.GET, queryset=public_providers())
        filtering = Filtering(filterset.params)
        providers = filterset.qs.select_related("logo").prefetch_related("logo__renditions")
        return super().get_context_data(
            **kwargs,
            page_obj=clamped_page(providers, self.request.GET.get("page"), PROVIDERS_PER_PAGE),
            filtering=filtering,
            search_hidden=filtering.hidden("q"),
            facets=provider_facets(filtering),
            chips=provider_chips(filtering, filterset.cleaned),
        )


class ProviderDetailView(DetailView):
    template_name = "catalogue/provider_detail.html"
    context_object_name = "provider"

    def get_queryset(self) -> QuerySet[Provider]:
        return Provider.objects.public().select_related("logo")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        provider = self.object
        instruments = (
            Instrument.objects.public()
            .filter(provider=provider)
            .for_cards()
            .order_by("-first_published_at", "-pk")
        )
        return super().get_context_data(
            **kwargs,
            **contact_context(self.request.user, provider, provider),
            page_obj=clamped_page(instruments, self.request.GET.get("page"), PROVIDER_INSTRUMENTS_PER_PAGE),
            breadcrumbs=_trail(_("接券机构"), "catalogue:provider_list", provider),
        )


def _nothing_found(filtering: Filtering) -> dict[str, Any]:
    """What to do next when the list is empty: fewer filters first, then other words."""
    words = filtering.params.get("q")
    if words and set(filtering.params) - {"q", "sort"}:
        return {
            "empty_text": _("可以只保留搜索词，去掉其他筛选条件再试。"),
            "empty_url": Filtering({"q": words}).url(),
            "empty_label": _("只按“%s”搜索") % words,
        }
    return {
        "empty_text": _(
            "可以换个说法，如仪器的通用名称、英文缩写或型号，也可以用拼音首字母；或者按分类浏览全部仪器。"
        ),
        "empty_url": "?",
        "empty_label": _("查看全部仪器"),
    }


def _trail(section: Any, url_name: str, record: Instrument | Provider) -> list[dict[str, Any]]:
    return [{"label": section, "url": reverse(url_name)}, {"label": str(record), "url": ""}]
