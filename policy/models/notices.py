"""Notices 通知公告."""

from django.db import models
from django.forms import CheckboxSelectMultiple
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from policy.models.base import ArticleIndexPage, ArticlePage
from policy.querysets import ArticleQuerySet


class NoticePage(ArticlePage):
    """A notice 通知公告. A pinned one stays on top of the list, until its day has passed where it has one."""

    pinned = models.BooleanField(_("置顶"), default=False)
    pinned_until = models.DateField(
        _("置顶至"), null=True, blank=True, help_text=_("过了这一天不再置顶；不填则一直置顶。")
    )

    template = "policy/notice_page.html"
    parent_page_types = ["policy.NoticeIndexPage"]
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("issuer"), FieldPanel("issued_on"), FieldPanel("pinned"), FieldPanel("pinned_until")],
            _("发布信息"),
        ),
        FieldPanel("summary"),
        FieldPanel("topics", widget=CheckboxSelectMultiple),
        FieldPanel("body"),
        FieldPanel("attachments"),
    ]

    class Meta:
        verbose_name = _("通知公告")
        verbose_name_plural = _("通知公告")

    @property
    def is_pinned(self) -> bool:
        """Whether it stands on top today, the site's today: see ``ArticleQuerySet.pinned_first``."""
        return self.pinned and (self.pinned_until is None or self.pinned_until >= timezone.localdate())


class NoticeIndexPage(ArticleIndexPage):
    """All notices, pinned ones first, then the newest."""

    template = "policy/notice_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["policy.NoticePage"]

    class Meta:
        verbose_name = _("通知公告栏目")

    def articles(self) -> ArticleQuerySet:
        return NoticePage.objects.child_of(self).published().pinned_first()
