"""Guides 办事指南: who may do what, what to prepare, and the way through it as a drawing."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from policy.blocks import ArticleBody, AttachmentBlock, FlowStepBlock
from policy.models.base import ColumnPage
from policy.querysets import ArticleManager


class Audience(models.TextChoices):
    PROVIDER = "provider", _("接券机构")
    CONSUMER = "consumer", _("用券机构")
    EVERYONE = "everyone", _("所有用户")


class GuidePage(Page):
    """One thing to get done. ``flow`` is drawn above the text; the order is that of the page tree."""

    audience = models.CharField(_("适用对象"), max_length=10, choices=Audience, default=Audience.EVERYONE)
    reviewed_on = models.DateField(_("核对日期"), default=timezone.localdate)
    summary = models.CharField(_("摘要"), max_length=200, blank=True, help_text=_("一两句话，显示在列表里。"))
    flow = StreamField([("step", FlowStepBlock())], verbose_name=_("流程图"), blank=True)
    body = StreamField(ArticleBody(), verbose_name=_("正文"), blank=True)
    attachments = StreamField(
        [("document", AttachmentBlock(label=_("附件")))], verbose_name=_("附件"), blank=True
    )

    objects = ArticleManager()

    template = "policy/guide_page.html"
    parent_page_types = ["policy.GuideIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("audience"), FieldPanel("reviewed_on")], _("基本信息")),
        FieldPanel("summary"),
        FieldPanel("flow"),
        FieldPanel("body"),
        FieldPanel("attachments"),
    ]

    class Meta:
        verbose_name = _("办事指南")
        verbose_name_plural = _("办事指南")


class GuideIndexPage(ColumnPage):
    """All guides, for providers and for consumers."""

    template = "policy/guide_index_page.html"
    parent_page_types = ["policy.PolicyIndexPage"]
    subpage_types = ["policy.GuidePage"]

    class Meta:
        verbose_name = _("办事指南栏目")
