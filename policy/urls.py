"""Feeds of the editors' pages, which otherwise have their addresses from Wagtail."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import path
from django.views.decorators.http import conditional_page, require_safe

from policy import feeds

app_name = "policy"


def served(feed: feeds.ArticleFeed) -> Callable[..., HttpResponseBase]:
    """Not sent again to a reader that has it already."""
    return require_safe(conditional_page(feed))


urlpatterns = [
    path("notices/feed/", served(feeds.notices), name="notice_feed"),
    path("notices/feed/atom/", served(feeds.notices.in_atom()), name="notice_feed_atom"),
    path("policy/feed/", served(feeds.policies), name="policy_feed"),
    path("policy/feed/atom/", served(feeds.policies.in_atom()), name="policy_feed_atom"),
    path("feed/", served(feeds.news), name="feed"),
    path("feed/atom/", served(feeds.news.in_atom()), name="feed_atom"),
]
