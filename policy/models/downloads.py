"""Downloads 下载中心: forms and texts, with type and size."""

from itertools import groupby
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.api import APIField
from wagtail.models import Orderable

from policy.api.fields import DownloadsField
from policy.models.base import ColumnPage
from policy.models.topics import Topic
from policy.querysets import offered


class DownloadsPage(ColumnPage):
    """All files on offer, in the editor's order; none that only some may open."""

    template = "policy/downloads_page.html"
    parent_page_types = ["policy.PolicyIndexPage"]
    subpage_types: list[str] = []
    api_fields = (*ColumnPage.api_fields, APIField("downloads", serializer=DownloadsField()))
    content_panels = [
        *ColumnPage.content_panels,
        InlinePanel("downloads", heading=_("文件"), label=_("文件")),
    ]

    class Meta:
        verbose_name = _("下载中心")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # Sorted here and not by the database: in a preview the rows are not stored yet.
        listed = list(self.downloads.select_related("document", "topic"))
        public = {document.pk for document in offered(one.document for one in listed)}
        downloads = sorted(
            (one for one in listed if one.document_id in public),
            key=lambda one: (one.topic is None, one.topic and (one.topic.sort_order, one.topic.pk)),
        )
        return {
            **super().get_context(request, *args, **kwargs),
            "groups": [
                {"topic": topic, "downloads": list(group)}
                for topic, group in groupby(downloads, key=lambda one: one.topic)
            ],
        }


class Download(Orderable):
    """One file on offer."""

    page = ParentalKey(DownloadsPage, on_delete=models.CASCADE, related_name="downloads")
    document = models.ForeignKey(
        "wagtaildocs.Document", verbose_name=_("文件"), on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(_("名称"), max_length=100, blank=True, help_text=_("不填则用文件的标题。"))
    note = models.CharField(_("说明"), max_length=120, blank=True)
    topic = models.ForeignKey(
        Topic, verbose_name=_("主题"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    panels = [FieldPanel("document"), FieldPanel("title"), FieldPanel("note"), FieldPanel("topic")]

    class Meta(Orderable.Meta):
        verbose_name = _("下载文件")
        verbose_name_plural = _("下载文件")

    def __str__(self) -> str:
        return self.title or self.document.title
