"""Interpretations 政策解读 of policy documents."""

from django.db import models
from django.forms import CheckboxSelectMultiple
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField

from policy.api.fields import PublishedPageField
from policy.models.base import ArticleIndexPage, ArticlePage
from policy.models.documents import PolicyPage
from policy.querysets import ArticleQuerySet


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
    api_fields = (*ArticlePage.api_fields, APIField("policy", serializer=PublishedPageField()))
    content_panels = [
        *ArticlePage.content_panels,
        MultiFieldPanel([FieldPanel("issuer"), FieldPanel("issued_on"), FieldPanel("policy")], _("发布信息")),
        FieldPanel("summary"),
        FieldPanel("topics", widget=CheckboxSelectMultiple),
        FieldPanel("body"),
        FieldPanel("attachments"),
    ]

    class Meta:
        verbose_name = _("政策解读")
        verbose_name_plural = _("政策解读")

    @cached_property
    def explained(self) -> PolicyPage | None:
        """The document explained, where the public may read it."""
        return PolicyPage.objects.filter(pk=self.policy_id).published().without_text().first()


class InterpretationIndexPage(ArticleIndexPage):
    """All interpretations, newest first."""

    template = "policy/interpretation_index_page.html"
    parent_page_types = ["policy.PolicyIndexPage"]
    subpage_types = ["policy.InterpretationPage"]

    class Meta:
        verbose_name = _("政策解读栏目")

    def articles(self) -> ArticleQuerySet:
        return InterpretationPage.objects.child_of(self).published().newest_first()
