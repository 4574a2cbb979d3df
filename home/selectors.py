"""What the home page says about the catalogue, read live."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Value
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from accounts.public_version import remembered
from catalogue.models import (
    Instrument,
    InstrumentClass,
    LabService,
    SearchDoc,
    ServiceRecord,
    TestingField,
    TestingService,
)
from catalogue.search import Kind
from institutions.models import Provider
from orders.models import Booking
from policy.models import (
    DownloadsPage,
    FaqIndexPage,
    GuideIndexPage,
    InterpretationIndexPage,
    InterpretationPage,
    NoticeIndexPage,
    NoticePage,
    PolicyIndexPage,
    PolicyPage,
)
from policy.querysets import is_private

POLICY_COLUMNS = (
    NoticeIndexPage,
    PolicyIndexPage,
    InterpretationIndexPage,
    GuideIndexPage,
    FaqIndexPage,
    DownloadsPage,
)


@dataclass(frozen=True)
class Entry:
    """A top-level class of instruments or field of testing, and how many records are public under it."""

    code: str
    name: str
    count: int


@dataclass(frozen=True)
class Figures:
    """Counts of what is public. ``accepting_vouchers`` is of instruments, ``fields`` of testing services,
    ``cities`` of those where a provider is."""

    instruments: int
    accepting_vouchers: int
    testing: int
    labs: int
    capabilities: int
    providers: int
    cities: int
    classes: tuple[Entry, ...]
    fields: tuple[Entry, ...]


def catalogue_figures() -> Figures:
    """All but the providers from one pass over the search index, which mirrors what is public."""
    groups = SearchDoc.objects.order_by().values_list("kind", "category", "vouchers").annotate(Count("pk"))
    by_kind: Counter[str] = Counter()
    by_node: Counter[tuple[str, str]] = Counter()
    accepting = 0
    for kind, code, vouchers, number in groups:
        by_kind[kind] += number
        by_node[kind, code[:2]] += number
        if kind == Kind.INSTRUMENT and vouchers:
            accepting += number

    entries: dict[str, list[Entry]] = {Kind.INSTRUMENT: [], Kind.TESTING: []}
    for kind, code, name in sorted(
        _highest(InstrumentClass, Kind.INSTRUMENT).union(_highest(TestingField, Kind.TESTING))
    ):
        entries[kind].append(Entry(code, name, by_node[kind, code[:2]]))

    providers = Provider.objects.public().aggregate(
        number=Count("pk"), cities=Count("city", distinct=True, filter=~Q(city=""))
    )
    return Figures(
        instruments=by_kind[Kind.INSTRUMENT],
        accepting_vouchers=accepting,
        testing=by_kind[Kind.TESTING],
        labs=by_kind[Kind.LAB],
        capabilities=by_kind[Kind.CAPABILITY],
        providers=providers["number"],
        cities=providers["cities"],
        classes=tuple(entries[Kind.INSTRUMENT]),
        fields=tuple(entries[Kind.TESTING]),
    )


def _highest(nodes: type[InstrumentClass] | type[TestingField], kind: Kind) -> QuerySet[Any, Any]:
    """Kind, code and name of a classification's highest nodes."""
    return nodes.objects.filter(parent=None).order_by().values_list(Value(kind.value), "code", "name")


class Live:
    """What several sections of one page say: read once, and only if one of them is there."""

    @cached_property
    def figures(self) -> Figures:
        return catalogue_figures()


def class_choices() -> list[tuple[str, str]]:
    """The top-level classes of instruments, to choose from."""
    return [(node.pk, str(node)) for node in InstrumentClass.objects.filter(parent=None).order_by("code")]


def newest_instruments(number: int, *, category: str = "", vouchers: bool = False) -> list[Instrument]:
    """The instruments that became public last, with what their cards print; of a top-level class only, if given."""
    instruments = Instrument.objects.public().for_cards().order_by("-first_published_at", "-pk")
    if category:
        instruments = instruments.filter(instrument_class__code__startswith=category[:2])
    if vouchers:
        instruments = instruments.filter(accepts_vouchers=True)
    return list(instruments[:number])


BOOKED_WITHIN_DAYS = 365
# More than a section shows: some may have been withdrawn since.
MOST_BOOKED = 50


def most_booked_instruments(number: int) -> list[Instrument]:
    """The public instruments with most bookings within a year, the most booked first, with what their cards print."""
    keys = remembered("most booked", _most_booked)
    found = (
        {one.pk: one for one in Instrument.objects.public().for_cards().filter(pk__in=keys)} if keys else {}
    )
    return [found[key] for key in keys if key in found][:number]


def _most_booked() -> list[int]:
    """Their keys. Counted when something public has changed, or the page cache's time is over: it is in no hurry."""
    since = timezone.now() - timedelta(days=BOOKED_WITHIN_DAYS)
    booked = Booking.objects.filter(instrument__isnull=False, created_at__gte=since).order_by()
    counted = booked.values_list("instrument").annotate(times=Count("pk")).order_by("-times", "-instrument")
    return [key for key, _times in counted[:MOST_BOOKED]]


def newest_services(model: type[TestingService] | type[LabService], number: int) -> list[ServiceRecord]:
    """The services of a kind that became public last, with what their cards print."""
    return list(model.objects.public().for_cards().order_by("-first_published_at", "-pk")[:number])


@dataclass(frozen=True)
class ArticleSource:
    """A column of articles: how it is called, its page, its articles, and what stands where there are none."""

    label: str | Promise
    index: type[Page]
    articles: type[Page]
    none: str | Promise


ARTICLE_SOURCES = {
    "notices": ArticleSource(_("通知公告"), NoticeIndexPage, NoticePage, _("还没有通知公告。")),
    "policies": ArticleSource(_("创新券政策"), PolicyIndexPage, PolicyPage, _("还没有政策文件。")),
    "interpretations": ArticleSource(
        _("政策解读"), InterpretationIndexPage, InterpretationPage, _("还没有政策解读。")
    ),
}


def newest_articles(source: ArticleSource, number: int) -> list[Any]:
    """What anybody may read of a column; of notices, the pinned ones first."""
    articles: Any = source.articles._default_manager.all().published()
    ordered = articles.pinned_first() if source.articles is NoticePage else articles.newest_first()
    return list(ordered.without_text()[:number])


def policy_columns() -> dict[type[Page], Page]:
    """The published pages that list notices, policies and all that explains them, in the order of the tree."""
    pages = Page.objects.type(*POLICY_COLUMNS).live().filter(~is_private()).order_by("path")
    return {page.specific_class: page for page in pages}
