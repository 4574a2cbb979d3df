"""The pages of one record each."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView

from accounts.paging import clamped_page
from catalogue.known import known_nodes, known_provider
from catalogue.models import Instrument, InstrumentClass, LabService, ServiceRecord, TestingService
from catalogue.permissions import may_ask_for_contacts, may_see_contacts
from catalogue.selectors import (
    offers_of,
    public_attributes,
    public_providers_by,
    related_instruments,
    service_surroundings,
    services_using,
)
from catalogue.templatetags.catalogue import masked_phone, shown_name
from institutions.maps import city_map
from institutions.models import Provider

PROVIDER_INSTRUMENTS_PER_PAGE = 12
PROVIDER_CAPABILITIES = 20
PROVIDER_SERVICES = 6

# (field, title) of the texts of a record, in reading order
INSTRUMENT_TEXTS = (
    ("specifications", _("主要技术指标")),
    ("functions", _("主要功能及应用范围")),
    ("sample_requirements", _("样品要求")),
    ("service_content", _("服务内容")),
    ("price_list", _("收费标准")),
    ("user_notice", _("用户须知")),
)
SERVICE_TEXTS = (
    ("content", _("服务内容")),
    ("deliverables", _("交付成果")),
    ("methods", _("标准或方法")),
    ("sample_requirements", _("样品要求")),
    ("price_list", _("收费说明")),
    ("user_notice", _("用户须知")),
)


def contact_context(
    request: HttpRequest, record: Instrument | ServiceRecord | Provider, provider: Provider
) -> dict[str, Any]:
    """Telephone and e-mail of the person to ask: in full, or masked. A consumer asks with ``?contact=1``."""
    visible = may_see_contacts(request.user, provider, asked="contact" in request.GET)
    return {
        "contacts_visible": visible,
        "may_ask_for_contacts": may_ask_for_contacts(request.user),
        "phone": record.contact_phone if visible else masked_phone(record.contact_phone),
        "email": record.contact_email if visible else "",
    }


class ContactsMixin:
    """A page with a person to ask: what is shown on asking is kept nowhere on the way."""

    request: HttpRequest

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().render_to_response(context, **kwargs)  # type: ignore[misc]  # of the view it is mixed into
        if "contact" in self.request.GET:
            add_never_cache_headers(response)
        return response


class InstrumentDetailView(ContactsMixin, DetailView):
    template_name = "catalogue/instrument_detail.html"
    context_object_name = "instrument"

    def get_object(self, queryset: QuerySet[Instrument] | None = None) -> Instrument:
        instrument: Instrument = super().get_object(Instrument.objects.approved())
        provider = known_provider(instrument.provider_id)
        if provider is None:
            raise Http404
        instrument.provider = provider
        instrument.instrument_class = known_nodes(InstrumentClass).get(instrument.instrument_class_id or "")
        return instrument

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        instrument = self.object
        return super().get_context_data(
            **kwargs,
            **contact_context(self.request, instrument, instrument.provider),
            related=related_instruments(instrument),
            services=services_using(instrument),
            attributes=public_attributes([instrument]).get(instrument.pk),
            sections=_texts(instrument, INSTRUMENT_TEXTS),
            breadcrumbs=_trail(_("仪器共享"), "catalogue:instrument_list", instrument),
        )


class ServiceDetailView(ContactsMixin, DetailView):
    """A service of either kind."""

    template_name = "catalogue/service_detail.html"
    context_object_name = "service"
    list_label: ClassVar[Any]
    list_url_name: ClassVar[str]

    def get_queryset(self) -> QuerySet[Any]:
        return self.model.objects.public().select_related("provider__logo", "field__parent")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        service = self.object
        return super().get_context_data(
            **kwargs,
            **contact_context(self.request, service, service.provider),
            around=service_surroundings(service),
            attributes=public_attributes([service]).get(service.pk),
            sections=_texts(service, SERVICE_TEXTS),
            list_label=self.list_label,
            list_url=reverse(self.list_url_name),
            breadcrumbs=_trail(self.list_label, self.list_url_name, service),
        )


class TestingDetailView(ServiceDetailView):
    __test__ = False

    model = TestingService
    list_label = _("检测服务")
    list_url_name = "catalogue:testing_list"


class LabDetailView(ServiceDetailView):
    model = LabService
    list_label = _("实验服务")
    list_url_name = "catalogue:lab_list"


class ProviderDetailView(ContactsMixin, DetailView):
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
        offers = offers_of(provider, capabilities=PROVIDER_CAPABILITIES, services=PROVIDER_SERVICES)
        return super().get_context_data(
            **kwargs,
            **contact_context(self.request, provider, provider),
            offers=offers,
            attributes=public_attributes(offers.capabilities),
            page_obj=clamped_page(instruments, self.request.GET.get("page"), PROVIDER_INSTRUMENTS_PER_PAGE),
            city_map=city_map(public_providers_by("city"), _providers_of, provider.city),
            breadcrumbs=_trail(_("接券机构"), "catalogue:provider_list", provider),
        )


def _providers_of(city: str) -> str:
    return f"{reverse('catalogue:provider_list')}?city={city}"


def _texts(record: Instrument | ServiceRecord, texts: tuple[tuple[str, Any], ...]) -> list[dict[str, Any]]:
    return [{"title": title, "text": getattr(record, name)} for name, title in texts if getattr(record, name)]


def _trail(
    section: Any, url_name: str, record: Instrument | ServiceRecord | Provider
) -> list[dict[str, Any]]:
    return [{"label": section, "url": reverse(url_name)}, {"label": shown_name(record), "url": ""}]
