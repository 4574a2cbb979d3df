"""What the pages of the column share."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from policy.blocks import ArticleBody, AttachmentBlock
from policy.querysets import ArticleManager


class ColumnPage(Page):
    """A page that lists others, once on the site."""

    introduction = models.CharField(_("栏目说明"), max_length=200, blank=True)

    max_count = 1
    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        abstract = True


class ArticlePage(Page):
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

    subpage_types: ClassVar[list[str]] = []

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        parent = self.get_parent()
        trail = [
            {"label": parent.title, "url": parent.get_url(request)},
            {"label": self.title, "url": ""},
        ]
        return {**super().get_context(request, *args, **kwargs), "index": parent, "breadcrumbs": trail}
