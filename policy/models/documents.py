"""Policy documents 政策文件."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from accounts.paging import clamped_page
from policy.models.base import ArticlePage, ColumnPage

POLICIES_PER_PAGE = 20


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
        FieldPanel("topics"),
        FieldPanel("body"),
        FieldPanel("attachments"),
    ]

    class Meta:
        verbose_name = _("政策文件")
        verbose_name_plural = _("政策文件")

    @property
    def is_repealed(self) -> bool:
        return self.status == PolicyStatus.REPEALED

    @property
    def is_upcoming(self) -> bool:
        """Issued, but not yet in force."""
        return bool(not self.is_repealed and self.effective_on and self.effective_on > timezone.localdate())


class PolicyIndexPage(ColumnPage):
    """All policy documents, newest first, to be narrowed to those in force or repealed."""

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

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        policies = PolicyPage.objects.child_of(self).published()
        status = request.GET.get("status", "")
        if status in PolicyStatus.values:
            policies = policies.filter(status=status)
        return {
            **super().get_context(request, *args, **kwargs),
            "page_obj": clamped_page(policies.newest_first(), request.GET.get("page"), POLICIES_PER_PAGE),
            "tabs": [
                {"label": _("全部"), "url": "?", "active": status not in PolicyStatus.values},
                *(
                    {"label": label, "url": f"?status={value}", "active": value == status}
                    for value, label in PolicyStatus.choices
                ),
            ],
        }
