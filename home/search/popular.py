"""What is searched for most: words and a number a day, nothing of who searched.

Only a search that found something counts, and of one visitor once a day, so nobody can put words of their own on the page;
and nothing that looks like a person's number or address is ever stored.
"""

import datetime
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.crypto import salted_hmac
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits
from wagtail.search.utils import normalise_query_string

from catalogue.search.tokens import normalise

LONGEST = 20
DAYS = 30
# Of fewer searches one cannot say that they were several people's.
FEWEST_HITS = 3
CACHE_KEY, CACHE_SECONDS = "search:popular", 300
VISIT_SECONDS = 24 * 3600
# Seven digits running are a telephone number, an identity card, a credit code. A mobile number may be written in groups.
PERSONAL = re.compile(r"[0-9]{7}|@|(?<![0-9])1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9])")
ROBOT = re.compile(
    r"bot|crawl|spider|slurp|curl|wget|python|java/|okhttp|scrapy|http-?client|preview", re.IGNORECASE
)

CODE_SIGN = re.compile(r"[0-9/-]")

logger = logging.getLogger(__name__)


def as_term(text: str) -> str:
    """The words as they are counted, and as promotions are looked up: width, case and spaces do not matter."""
    return str(normalise_query_string(normalise(text)))


def may_be_kept(term: str) -> bool:
    return 2 <= len(term) <= LONGEST and not PERSONAL.search(term)


def is_robot(user_agent: str) -> bool:
    """Whether the program says so, or does not say what it is."""
    return not user_agent or ROBOT.search(user_agent) is not None


def count_search(text: str, visitor: str) -> None:
    """One more visitor of today who searches for these words. Rather than wait for another's write, or fail, it is not counted.

    ``visitor`` (an address) is kept nowhere: only for a day that somebody's search was counted, under a hash that is
    another one tomorrow and for other words, and that tells nothing without the site's key.
    """
    term = as_term(text)
    if not may_be_kept(term):
        return
    today = timezone.localdate()
    visit = salted_hmac("home.search.popular", f"{today} {visitor} {term}").hexdigest()
    if not cache.add(f"search:counted:{visit}", 1, VISIT_SECONDS):
        return
    try:
        with _without_waiting(), transaction.atomic():
            known = QueryDailyHits.objects.filter(query__query_string=term, date=today)
            if not known.update(hits=F("hits") + 1):
                query, _created = Query.objects.get_or_create(query_string=term)
                QueryDailyHits.objects.create(query=query, date=today, hits=1)
    except DatabaseError as error:
        logger.info("A search was not counted: %s", error)


@contextmanager
def _without_waiting() -> Iterator[None]:
    """SQLite has one writer at a time, and would make the reader of a page wait for it."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual:d}")


def popular_terms(number: int = 10) -> list[str]:
    """The words searched for most in the last month, the most frequent first."""
    terms: list[str] | None = cache.get(CACHE_KEY)
    if terms is None:
        since = timezone.localdate() - datetime.timedelta(days=DAYS)
        counted = Query.objects.filter(daily_hits__date__gte=since).annotate(times=Sum("daily_hits__hits"))
        often = counted.filter(times__gte=FEWEST_HITS).order_by("-times", "query_string")
        terms = [_printed(term) for term in often.values_list("query_string", flat=True)[:50]]
        cache.set(CACHE_KEY, terms, CACHE_SECONDS)
    return terms[:number]


def _printed(term: str) -> str:
    """They are kept in small letters: a code gets its capitals back, GB/T 228.1."""
    return term.upper() if CODE_SIGN.search(term) else term
