"""What is new, for feed readers: RSS 2.0 and Atom of notices, of policy documents, and of both."""

import re
from datetime import datetime, time
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model

from accounts.addresses import absolute
from policy.models import ArticlePage, NoticePage, PolicyPage
from policy.querysets import offered

NEWEST = 30
# XML cannot hold them, not even escaped; the generator raises.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def writable(text: str) -> str:
    return CONTROL.sub("", text)


class ArticleFeed(Feed):
    """The newest published articles of ``models``. Full addresses are those of ``SITE_URL``, whatever name was asked."""

    feed_type: type[SyndicationFeed] = Rss201rev2Feed
    language = "zh-CN"

    def __init__(self, title: Any, path: str, *models: type[ArticlePage]) -> None:
        self.title, self.path, self.models = title, path, models

    def in_atom(self) -> "ArticleFeed":
        twin = type(self)(self.title, self.path, *self.models)
        twin.feed_type = Atom1Feed
        return twin

    def __call__(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        # It is the newest article's, and does not move when another is withdrawn: readers go by the ETag alone.
        del response["Last-Modified"]
        return response

    def get_object(self, request: Any, *args: Any, **kwargs: Any) -> str:
        return request.path

    def link(self, path: str) -> str:
        return absolute(self.path)

    def feed_url(self, path: str) -> str:
        return absolute(path)

    def items(self, path: str) -> list[ArticlePage]:
        newest = [page for model in self.models for page in model.objects.published().newest_first()[:NEWEST]]
        newest.sort(key=lambda page: (page.issued_on, page.pk), reverse=True)
        shown = newest[:NEWEST]
        # Read once for all: each page by itself would ask for its own.
        numbers = {page.pk: [block["value"] for block in page.attachments.raw_data] for page in shown}
        attached = {number for some in numbers.values() for number in some}
        documents = {
            document.pk: document
            for document in offered(get_document_model().objects.filter(pk__in=attached))
        }
        for page in shown:
            page.files = [documents[number] for number in numbers[page.pk] if number in documents]
        return shown

    def item_title(self, item: ArticlePage) -> str:
        return writable(item.title)

    def item_description(self, item: ArticlePage) -> str:
        return writable(item.summary)

    def item_link(self, item: ArticlePage) -> str:
        return absolute(item.get_url() or "/")

    item_guid_is_permalink = False

    def item_guid(self, item: ArticlePage) -> str:
        """Stays when the page gets another address."""
        return f"urn:uuid:{item.translation_key}"

    def item_author_name(self, item: ArticlePage) -> str:
        return writable(item.issuer)

    def item_pubdate(self, item: ArticlePage) -> datetime:
        return timezone.make_aware(datetime.combine(item.issued_on, time.min))

    def item_updateddate(self, item: ArticlePage) -> datetime:
        changed = item.last_published_at and item.last_published_at.replace(microsecond=0)
        return (
            max(timezone.localtime(changed), self.item_pubdate(item)) if changed else self.item_pubdate(item)
        )

    def item_enclosures(self, item: ArticlePage) -> list[Enclosure]:
        """The attachments; of several, RSS may have only the first."""
        attached = [
            Enclosure(absolute(file.url), str(file.get_file_size() or 0), file.content_type)
            for file in item.files
        ]
        return attached if self.feed_type is Atom1Feed else attached[:1]


notices = ArticleFeed(_("通知公告"), "/notices/", NoticePage)
policies = ArticleFeed(_("创新券政策"), "/policy/", PolicyPage)
news = ArticleFeed(_("通知公告和创新券政策"), "/", NoticePage, PolicyPage)
