"""Policy documents 政策文件."""

from typing import Any

from django.apps import apps
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.models import Page
from wagtail.search import index

from policy.filters import PolicyFilterForm
from policy.models.base import ArticleIndexPage, ArticlePage
from policy.querysets import ArticleQuerySet


class PolicyStatus(models.TextChoices):
    IN_FORCE = "in_force", _("现行有效")
    REPEALED = "repealed", _("已废止")


class PolicyPage(ArticlePage):
    """A policy document 政策文件, with the number and dates by which it is cited."""

    document_number = models.CharField(
        _("文号"), max_length=60, blank=True, help_text=_("如：陕科办发〔2026〕12号。")
    )
    effective_on = models.DateField(_("施行日期"), null=True, blank=True)
    status = models.CharField(_("效力"), max_length=10, choices=PolicyStatus, default=PolicyStatus.IN_FORCE)

    api_fields = (
        *ArticlePage.api_fields,
        APIField("document_number"),
        APIField("effective_on"),
        APIField("status"),
    )
    search_fields = [*ArticlePage.search_fields, index.SearchField("document_number", boost=2)]
    template = "policy/policy_page.html"
    parent_page_types = ["policy.PolicyIndexPage"]
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("document_number"),
                FieldPanel("issuer", heading=_("发文机关")),
                FieldPanel("issued_on"),
                FieldPanel("effective_on"),
                FieldPanel("status"),
            ],
            _("文件信息"),
        ),
        FieldPanel("summary"),
        FieldPanel("topics", widget=CheckboxSelectMultiple),
        FieldPanel("body"),
        FieldPanel("attachments"),
    ]

    class Meta:
        verbose_name = _("政策文件")
        verbose_name_plural = _("政策文件")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # in a preview a relation would see only what is in the form, and unpublished ones never show
        explained_by = apps.get_model("policy.InterpretationPage").objects.filter(policy_id=self.pk)
        return {
            **super().get_context(request, *args, **kwargs),
            "interpretations": explained_by.published().newest_first().without_text(),
        }

    @property
    def is_repealed(self) -> bool:
        return self.status == PolicyStatus.REPEALED

    @property
    def is_upcoming(self) -> bool:
        """Issued, but not yet in force."""
        return bool(not self.is_repealed and self.effective_on and self.effective_on > timezone.localdate())


class PolicyIndexPage(ArticleIndexPage):
    """The entrance of the policy column: all documents, newest first, also by whether they are in force."""

    filter_form = PolicyFilterForm

    template = "policy/policy_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = [
        "policy.PolicyPage",
        "policy.InterpretationIndexPage",
        "policy.GuideIndexPage",
        "policy.FaqIndexPage",
        "policy.DownloadsPage",
    ]

    class Meta:
        verbose_name = _("创新券政策栏目")

    def articles(self) -> ArticleQuerySet:
        return PolicyPage.objects.child_of(self).published().newest_first()
