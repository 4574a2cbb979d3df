"""The public lists to download as workbooks, as filtered."""

from http import HTTPStatus
from typing import Any

from allauth.core.internal import ratelimit
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from catalogue.exchange.listings import provider_sheet, public_sheet
from catalogue.filters import ProviderFilterSet
from catalogue.listing import LISTINGS
from catalogue.search import CatalogueSearch, Kind
from catalogue.selectors import public_providers
from files.spreadsheets import spreadsheet_response
from institutions.models import Provider

# (what the index searches, name of the file) by the part of the address
SEARCHED: dict[str, tuple[Kind, Any]] = {
    "instruments": (Kind.INSTRUMENT, _("共享仪器")),
    "testing": (Kind.TESTING, _("检测服务")),
    "labs": (Kind.LAB, _("实验服务")),
    "capabilities": (Kind.CAPABILITY, _("检测能力")),
}
PROVIDERS = "providers"
# A large export keeps a worker busy for seconds.
RATES = {"visitor": "6/10m/ip", "account": "20/10m/user"}


class ExportView(View):
    """What a list has found, up to where it can be paged to. Robots and the impatient are told to wait."""

    http_method_names = ["get", "options"]

    def get(self, request: HttpRequest, subject: str) -> HttpResponseBase:
        if subject not in SEARCHED and subject != PROVIDERS:
            raise Http404
        action = "account" if request.user.is_authenticated else "visitor"
        if not ratelimit.consume(request, app="catalogue", action=action, config=RATES, limit_get=True):
            response = render(request, "catalogue/export_limited.html", status=HTTPStatus.TOO_MANY_REQUESTS)
            response["X-Robots-Tag"] = "noindex, nofollow"
            return response
        if subject == PROVIDERS:
            found = ProviderFilterSet(request.GET, queryset=public_providers()).qs
            sheet = provider_sheet(found, request.user)
            return spreadsheet_response(name=str(Provider._meta.verbose_name), sheets=[sheet])
        kind, name = SEARCHED[subject]
        object_ids = CatalogueSearch().object_ids(LISTINGS[kind].read(request.GET).query)
        return spreadsheet_response(name=str(name), sheets=[public_sheet(kind, object_ids, request.user)])
