"""Downloads 下载中心: forms and texts, with type and size."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from policy.models.base import ColumnPage
from policy.models.topics import Topic


class DownloadsPage(ColumnPage):
    """All files on offer, in the editor's order."""

    template = "policy/downloads_page.html"
    parent_page_types = ["policy.PolicyIndexPage"]
    subpage_types: list[str] = []
    content_panels = [*ColumnPage.content_panels, InlinePanel("downloads", heading=_("文件"), label=_("文件"))]

    class Meta:
        verbose_name = _("下载中心")


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
