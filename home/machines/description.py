"""What a page says of itself in its head: description, address, picture, and structured data.

Everything is taken from what the page's view has given the template anyhow, without a query.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page as PaginatorPage
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from accounts.addresses import absolute
from accounts.structured import Data, filled
from catalogue.models import Instrument, ServiceRecord
from catalogue.structured import (
    instrument_data,
    instrument_picture,
    picture,
    provider_data,
    province,
    service_data,
)
from home.models import HomePage
from institutions.models import Provider
from policy.models import ArticlePage, ColumnPage, FaqIndexPage, GuidePage
from policy.structured import article_data, faq_data, guide_data

DESCRIPTION_LENGTH = 150

# Pages that are about no one record, by the name of their address: title, and what they say of themselves.
LISTS = {
    "catalogue:instrument_list": (
        gettext_lazy("仪器共享"),
        gettext_lazy("面向社会开放的大型科学仪器，可按分类、城市、价格和机构查找，可用创新券。"),
    ),
    "catalogue:testing_list": (
        gettext_lazy("检测服务"),
        gettext_lazy("接券机构提供的检验检测服务，可按领域、城市、价格和机构查找。"),
    ),
    "catalogue:lab_list": (
        gettext_lazy("实验服务"),
        gettext_lazy("接券机构提供的实验与研发服务，可按领域、城市、价格和机构查找。"),
    ),
    "catalogue:capability_list": (
        gettext_lazy("检测能力"),
        gettext_lazy("接券机构的检测能力：检测对象、参数、依据的标准和限制范围。"),
    ),
    "catalogue:provider_list": (
        gettext_lazy("接券机构"),
        gettext_lazy("通过审核、可以用创新券结算的服务机构，可按城市和单位类型查找。"),
    ),
    "api:docs": (
        gettext_lazy("开放接口文档"),
        gettext_lazy("读取公开目录和维护本机构资源的开放接口，附 OpenAPI 描述。"),
    ),
}
# What narrows the editors' lists.
NARROWING = ("q", "year", "topic", "status", "audience")


@dataclass(frozen=True)
class Description:
    """``path`` is the page's one address, empty where it should not be kept; ``kind`` is Open Graph's type."""

    path: str = ""
    title: str = ""
    text: str = ""
    kind: str = "website"
    image: Data | None = None
    data: list[Data] = field(default_factory=list)
    published: Any = None
    modified: Any = None

    @property
    def is_indexed(self) -> bool:
        return bool(self.path)

    @property
    def url(self) -> str:
        return absolute(self.path)


def describe(context: Mapping[str, Any]) -> Description:
    """The description of the page that is being rendered.

    A list keeps the number of its page in its address, and loses what nobody asked for (marks of campaigns, values that
    mean nothing). Narrowed or searched it is one of endlessly many, and not to be kept; the same holds of pages that
    belong to somebody, and of errors.
    """
    request: HttpRequest | None = context.get("request")
    if request is None or getattr(request, "is_preview", False):
        return Description()
    match = request.resolver_match
    subject = context.get("object") or context.get("page")
    if match and match.namespace and match.namespace != "catalogue":
        subject = None  # a record on its owner's page in the centre
    for kind, describer in DESCRIBERS:
        if isinstance(subject, kind):
            return describer(subject, context)
    name = match.view_name if match else ""
    if name in LISTS:
        title, text = map(str, LISTS[name])
        filtering = context.get("filtering")
        if filtering is not None and filtering.params:
            return Description(text=text)
        return Description(path=_paged(reverse(name), context), title=title, text=text)
    return Description()


def _instrument(instrument: Instrument, context: Mapping[str, Any]) -> Description:
    name = " ".join(filter(None, [instrument.name, instrument.model]))
    return Description(
        path=instrument.get_absolute_url(),
        title=name,
        text=_short(
            _("%(name)s，%(provider)s。") % {"name": name, "provider": instrument.provider},
            instrument.functions,
        ),
        image=instrument_picture(instrument),
        data=[instrument_data(instrument), *_trail(context)],
    )


def _service(service: ServiceRecord, context: Mapping[str, Any]) -> Description:
    sentence = _("%(name)s，%(provider)s。") % {"name": service.name, "provider": service.provider}
    return Description(
        path=service.get_absolute_url(),
        title=service.name,
        text=_short(sentence, service.content),
        data=[service_data(service), *_trail(context)],
    )


def _provider(provider: Provider, context: Mapping[str, Any]) -> Description:
    sentence = _("%(name)s（%(kind)s，%(place)s）。") % {
        "name": provider,
        "kind": provider.get_host_type_display(),
        "place": provider.place,
    }
    qualifications = context["offers"].qualifications if "offers" in context else ()
    return Description(
        path=provider.get_absolute_url(),
        title=str(provider),
        text=_short(sentence, provider.body_introduction or provider.introduction),
        image=picture(provider.logo, "fill-320x320"),
        data=[provider_data(provider, qualifications), *_trail(context)],
    )


def _article(page: ArticlePage, context: Mapping[str, Any]) -> Description:
    return Description(
        path=page.get_url(),
        title=page.title,
        text=_short(page.search_description or page.summary or page.title),
        kind="article",
        data=[article_data(page), *_trail(context)],
        published=page.issued_on,
        modified=page.last_published_at,
    )


def _guide(page: GuidePage, context: Mapping[str, Any]) -> Description:
    return Description(
        path=page.get_url(),
        title=page.title,
        text=_short(page.search_description or page.summary or page.title),
        kind="article",
        data=[guide_data(page), *_trail(context)],
    )


def _column(page: ColumnPage, context: Mapping[str, Any]) -> Description:
    text = _short(page.search_description or page.introduction or page.title)
    if any(context["request"].GET.get(name) for name in NARROWING):
        return Description(text=text)
    data = _trail(context)
    if isinstance(page, FaqIndexPage):
        entries = [entry for group in context.get("groups", ()) for entry in group["entries"]]
        data = [faq_data(page.get_url(), [(entry["faq"], entry["answer"]) for entry in entries]), *data]
    return Description(path=_paged(page.get_url(), context), title=page.title, text=text, data=data)


def _home(page: HomePage, context: Mapping[str, Any]) -> Description:
    """The site itself: who it is, that it can be searched, and the service it stands for."""
    home, name = absolute("/"), str(context.get("site_title") or page.title)
    office = filled(
        type_="Organization",
        id_=f"{home}#office",
        name=name,
        url=home,
        areaServed=province(),
    )
    return Description(
        path="/",
        title=name,
        text=_short(page.description),
        data=[
            filled(
                type_="WebSite",
                id_=f"{home}#site",
                name=name,
                url=home,
                inLanguage="zh-Hans",
                publisher={"@id": office["@id"]},
                potentialAction={
                    "@type": "SearchAction",
                    "target": {
                        "@type": "EntryPoint",
                        "urlTemplate": f"{absolute(reverse('search:results'))}?q={{q}}",
                    },
                    "query-input": "required name=q",
                },
            ),
            office,
            filled(
                type_="GovernmentService",
                id_=f"{home}#service",
                name=name,
                url=home,
                serviceType=_("科技创新券"),
                areaServed=province(),
                provider={"@id": office["@id"]},
            ),
        ],
    )


def _page(page: Page, context: Mapping[str, Any]) -> Description:
    return Description(
        path=page.get_url(),
        title=page.title,
        text=_short(page.search_description or page.title),
        data=_trail(context),
    )


DESCRIBERS: tuple[tuple[type, Callable[[Any, Mapping[str, Any]], Description]], ...] = (
    (Instrument, _instrument),
    (ServiceRecord, _service),
    (Provider, _provider),
    (ArticlePage, _article),
    (GuidePage, _guide),
    (ColumnPage, _column),
    (HomePage, _home),
    (Page, _page),
)


def _paged(path: str, context: Mapping[str, Any]) -> str:
    page = context.get("page_obj")
    return (
        f"{path}?{urlencode({'page': page.number})}"
        if isinstance(page, PaginatorPage) and page.number > 1
        else path
    )


def _trail(context: Mapping[str, Any]) -> list[Data]:
    """The breadcrumbs; the last has no address of its own in them, being the page."""
    items = [{"label": _("首页"), "url": "/"}, *(context.get("breadcrumbs") or ())]
    if len(items) == 1:
        return []
    steps = [
        filled(
            type_="ListItem",
            position=number,
            name=str(item["label"]),
            item=absolute(item["url"]) if item["url"] else None,
        )
        for number, item in enumerate(items, start=1)
    ]
    return [{"@type": "BreadcrumbList", "itemListElement": steps}]


def _short(*sentences: str) -> str:
    return Truncator(" ".join("".join(sentences).split())).chars(DESCRIPTION_LENGTH)
