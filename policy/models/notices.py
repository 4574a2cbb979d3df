"""Notices 通知公告."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from accounts.paging import clamped_page
from policy.models.base import ArticlePage, ColumnPage

NOTICES_PER_PAGE = 20


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
        MultiFieldPanel([FieldPanel("issuer"), FieldPanel("issued_on"), FieldPanel("pinned"), FieldPanel("pinned_until")], _("发布信息")),
        FieldPanel("summary"),
        FieldPanel("topics"),
        FieldPanel("body"),
        FieldPanel("attachments"),
    ]

    class Meta:
        verbose_name = _("通知公告")
        verbose_name_plural = _("通知公告")


class NoticeIndexPage(ColumnPage):
    """All notices, newest first, to be narrowed to one year."""

    template = "policy/notice_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["policy.NoticePage"]

    class Meta:
        verbose_name = _("通知公告栏目")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        notices = NoticePage.objects.child_of(self).published()
        years = [day.year for day in notices.dates("issued_on", "year", order="DESC")]
        asked = request.GET.get("year", "")
        year = next((year for year in years if str(year) == asked), None)
        if year:
            notices = notices.filter(issued_on__year=year)
        return {
            **super().get_context(request, *args, **kwargs),
            "page_obj": clamped_page(notices.pinned_first(), request.GET.get("page"), NOTICES_PER_PAGE),
            "tabs": [
                {"label": _("全部"), "url": "?", "active": year is None},
                *({"label": _("%d 年") % one, "url": f"?year={one}", "active": one == year} for one in years),
            ],
        }
