"""What the pages of the column share."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail.url_routing import RouteResult

from accounts.paging import clamped_page
from accounts.templatetags.ui import translated
from policy.api.fields import AttachmentsField, TopicsField
from policy.blocks import ArticleBody, AttachmentBlock
from policy.filters import ArticleFilterForm
from policy.permissions import EditorialPageMixin, FixedPageMixin
from policy.querysets import ArticleManager, ArticleQuerySet

ARTICLES_PER_PAGE = 20
# Of the site's front page in the tree; the columns are right below it.
HOME_DEPTH = 2


class ColumnPage(FixedPageMixin, Page):
    """A page that lists others, once on the site."""

    introduction = models.CharField(_("栏目说明"), max_length=200, blank=True)

    max_count = 1
    content_panels = [*Page.content_panels, FixedPageMixin.fixed_page_panel, FieldPanel("introduction")]
    api_fields: tuple[Any, ...] = (APIField("introduction"),)

    class Meta:
        abstract = True

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Notes the columns passed on the way to an article, which saves its breadcrumbs a query."""
        request.columns = [*getattr(request, "columns", []), self]  # type: ignore[attr-defined]
        return super().route(request, path_components)


class ArticlePage(EditorialPageMixin, Page):
    """What notices, policy documents and their interpretations share."""

    issuer = models.CharField(_("发布单位"), max_length=100, blank=True)
    issued_on = models.DateField(_("发布日期"), default=timezone.localdate, db_index=True)
    summary = models.CharField(_("摘要"), max_length=200, blank=True, help_text=_("一两句话，显示在列表里。"))
    body = StreamField(ArticleBody(), verbose_name=_("正文"), blank=True)
    attachments = StreamField(
        [("document", AttachmentBlock(label=_("附件")))], verbose_name=_("附件"), blank=True
    )
    topics = ParentalManyToManyField("policy.Topic", verbose_name=_("主题"), blank=True, related_name="+")

    objects = ArticleManager()

    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.SearchField("issuer"),
    ]
    subpage_types: ClassVar[list[str]] = []
    api_fields: tuple[Any, ...] = (
        APIField("issuer"),
        APIField("issued_on"),
        APIField("summary"),
        APIField("body"),
        APIField("attachments", serializer=AttachmentsField()),
        APIField("topics", serializer=TopicsField()),
    )

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        above = getattr(request, "columns", None) or list(self._columns())
        return {
            **super().get_context(request, *args, **kwargs),
            **self._neighbours(),
            "index": above[-1],
            "breadcrumbs": [
                *({"label": translated(page.title), "url": page.get_url(request)} for page in above),
                {"label": self.title, "url": ""},
            ],
        }

    def _columns(self) -> PageQuerySet:
        return self.get_ancestors().filter(depth__gt=HOME_DEPTH)

    def _neighbours(self) -> dict[str, Any]:
        """The articles before and after this one in its list, which begins with the newest."""
        if not self.pk:  # the preview of one that is not saved yet
            return {}
        others = type(self).objects.sibling_of(self, inclusive=False).published().without_text()
        place = (self.issued_on, self.pk)
        return {
            "newer" if (other.issued_on, other.pk) > place else "older": other
            for other in others.beside(self)
        }


class ArticleIndexPage(ColumnPage):
    """A list of the articles below it, to be searched and narrowed."""

    filter_form: ClassVar[type[ArticleFilterForm]] = ArticleFilterForm

    class Meta:
        abstract = True

    def articles(self) -> ArticleQuerySet:
        """All that may be listed, in the list's order. Each column has its own."""
        raise NotImplementedError

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        articles = self.articles()
        form = self.filter_form(request.GET, articles)
        shown = form.narrowed(articles.without_text())
        return {
            **super().get_context(request, *args, **kwargs),
            "filter": form,
            "page_obj": clamped_page(shown, request.GET.get("page"), ARTICLES_PER_PAGE),
        }
