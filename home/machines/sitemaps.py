"""The sitemap: an index, and files of addresses for each kind of what is public."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.sitemaps import Sitemap, views
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from wagtail.models import Page, Site

from catalogue.models import Instrument, LabService, TestingService
from institutions.models import Provider

# Addresses in one file. The protocol allows 50,000, but each file is made while a robot waits.
PER_FILE = 5000
CACHE_SECONDS = 3600
LISTS = (
    "catalogue:instrument_list",
    "catalogue:testing_list",
    "catalogue:lab_list",
    "catalogue:capability_list",
    "catalogue:provider_list",
    "figures:statistics",
    "api:docs",
)

Row = tuple[int, datetime | None]


class PageSitemap(Sitemap):
    """The editors' pages that anybody may read."""

    limit = PER_FILE

    def items(self) -> QuerySet[Page]:
        root = Site.objects.select_related("root_page").get(is_default_site=True).root_page
        return root.get_descendants(inclusive=True).live().public().order_by("path")

    def location(self, page: Page) -> str:
        return str(page.get_url())

    def lastmod(self, page: Page) -> datetime | None:
        published: datetime | None = page.last_published_at
        return published

    def get_latest_lastmod(self) -> datetime | None:
        return _latest(self.items())


class ListSitemap(Sitemap):
    """The lists of the catalogue, the statistics, and the documentation of the API."""

    def items(self) -> tuple[str, ...]:
        return LISTS

    def location(self, name: str) -> str:
        return reverse(name)


class RecordSitemap(Sitemap):
    """The pages of what is public of one kind. ``path`` is the list they are under."""

    limit = PER_FILE
    model: ClassVar[Any]
    path: ClassVar[str]

    def items(self) -> QuerySet[Any, Row]:
        return self.model.objects.public().order_by("pk").values_list("pk", "last_published_at")

    def location(self, row: Row) -> str:
        return f"{reverse(self.path)}{row[0]}/"

    def lastmod(self, row: Row) -> datetime | None:
        return row[1]

    def get_latest_lastmod(self) -> datetime | None:
        return _latest(self.model.objects.public())


class InstrumentSitemap(RecordSitemap):
    model = Instrument
    path = "catalogue:instrument_list"


class TestingSitemap(RecordSitemap):
    __test__ = False

    model = TestingService
    path = "catalogue:testing_list"


class LabSitemap(RecordSitemap):
    model = LabService
    path = "catalogue:lab_list"


class ProviderSitemap(RecordSitemap):
    model = Provider
    path = "catalogue:provider_list"


SECTIONS: dict[str, type[Sitemap] | Sitemap] = {
    "pages": PageSitemap,
    "lists": ListSitemap,
    "instruments": InstrumentSitemap,
    "testing": TestingSitemap,
    "labs": LabSitemap,
    "providers": ProviderSitemap,
}


@cache_control(public=True, max_age=CACHE_SECONDS)
def sitemap_index(request: HttpRequest) -> TemplateResponse:
    return views.index(request, SECTIONS, sitemap_url_name="sitemap_section")


@cache_control(public=True, max_age=CACHE_SECONDS)
def sitemap_section(request: HttpRequest, section: str) -> TemplateResponse:
    return views.sitemap(request, SECTIONS, section)


def _latest(records: QuerySet[Any]) -> datetime | None:
    """When the newest of them was published; the framework would read all of them to find out."""
    latest: datetime | None = records.order_by().aggregate(latest=Max("last_published_at"))["latest"]
    return latest
