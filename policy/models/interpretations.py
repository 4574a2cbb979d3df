"""Interpretations 政策解读 of policy documents."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from policy.models.base import ArticlePage, ColumnPage


class InterpretationPage(ArticlePage):
    """Explains a policy document 政策解读; each leads to the other."""

    policy = models.ForeignKey(
        "policy.PolicyPage",
        verbose_name=_("解读的政策文件"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="interpretations",
    )

    template = "policy/interpretation_page.html"
    parent_page_types = ["policy.InterpretationIndexPage"]
    content_panels = [
        *ArticlePage.content_panels,
        MultiFieldPanel([FieldPanel("issuer"), FieldPanel("issued_on"), FieldPanel("policy")], _("发布信息")),
        FieldPanel("summary"),
        FieldPanel("topics"),
        FieldPanel("body"),
        FieldPanel("attachments"),
    ]

    class Meta:
        verbose_name = _("政策解读")
        verbose_name_plural = _("政策解读")


class InterpretationIndexPage(ColumnPage):
    """All interpretations, newest first."""

    template = "policy/interpretation_index_page.html"
    parent_page_types = ["policy.PolicyIndexPage"]
    subpage_types = ["policy.InterpretationPage"]

    class Meta:
        verbose_name = _("政策解读栏目")
