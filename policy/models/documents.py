"""Policy documents 政策文件."""

from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.models import Page
from wagtail.search import index

from policy.api.fields import PublishedPageField
from policy.filters import PolicyFilterForm
from policy.models.base import ArticleIndexPage, ArticlePage
from policy.querysets import ArticleQuerySet


class PolicyStatus(models.TextChoices):
    IN_FORCE = "in_force", _("现行有效")
    REPEALED = "repealed", _("已废止")


class PolicyPage(ArticlePage):
    """A policy document 政策文件, with the number and dates by which it is cited.

    A repealed one may name its successor; each leads to the other.
    """

    document_number = models.CharField(
        _("文号"), max_length=60, blank=True, help_text=_("如：陕科办发〔2026〕12号。")
    )
    effective_on = models.DateField(_("施行日期"), null=True, blank=True)
    status = models.CharField(_("效力"), max_length=10, choices=PolicyStatus, default=PolicyStatus.IN_FORCE)
    replaced_by = models.ForeignKey(
        "self",
        verbose_name=_("替代它的文件"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("已废止的文件可以指明由哪份文件替代，两边会互相链接。"),
    )

    api_fields = (
        *ArticlePage.api_fields,
        APIField("document_number"),
        APIField("effective_on"),
        APIField("status"),
        APIField("replaced_by", serializer=PublishedPageField()),
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
                FieldPanel("replaced_by"),
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
        explained_by = apps.get_model("policy.InterpretationPage").objects.filter(policy__pk=self.pk or 0)
        replaces = PolicyPage.objects.filter(replaced_by__pk=self.pk or 0, status=PolicyStatus.REPEALED)
        return {
            **super().get_context(request, *args, **kwargs),
            "interpretations": explained_by.published().newest_first().without_text(),
            "replaces": replaces.published().newest_first().without_text(),
        }

    def clean(self) -> None:
        """Refuses a successor of a document in force, and one that this document replaces itself, through others too."""
        super().clean()
        if self.replaced_by_id is None:
            return
        if not self.is_repealed:
            raise ValidationError(
                {"replaced_by": _("现行有效的文件没有替代它的文件：请把“效力”改为“已废止”，或清空这一项。")}
            )
        passed, following = {self.pk}, self.replaced_by_id
        while following is not None:
            if following in passed:
                raise ValidationError(
                    {"replaced_by": _("文件不能由自己替代，也不能由它所替代的文件替代，请另选一份。")}
                )
            passed.add(following)
            following = PolicyPage.objects.filter(pk=following).values_list("replaced_by", flat=True).first()

    @cached_property
    def successor(self) -> "PolicyPage | None":
        """The document that replaced this one, where the public may read it."""
        if not self.is_repealed or self.replaced_by_id is None:
            return None
        return PolicyPage.objects.filter(pk=self.replaced_by_id).published().without_text().first()

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
