"""Notices and policy documents as Wagtail pages."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from accounts.paging import clamped_page
from policy.blocks import ArticleBody, AttachmentBlock
from policy.querysets import ArticleManager

NOTICES_PER_PAGE = 20
POLICIES_PER_PAGE = 20


class ArticlePage(Page):
    """What notices and policy documents share."""

    issuer = models.CharField(_("发布单位"), max_length=100, blank=True)
    issued_on = models.DateField(_("发布日期"), default=timezone.localdate, db_index=True)
    summary = models.CharField(_("摘要"), max_length=200, blank=True, help_text=_("一两句话，显示在列表里。"))
    body = StreamField(ArticleBody(), verbose_name=_("正文"), blank=True)

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


class NoticePage(ArticlePage):
    """A notice 通知公告. A pinned one stays on top of the list until it is unpinned."""

    pinned = models.BooleanField(_("置顶"), default=False)

    template = "policy/notice_page.html"
    parent_page_types = ["policy.NoticeIndexPage"]
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("issuer"), FieldPanel("issued_on"), FieldPanel("pinned")], _("发布信息")),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("通知公告")
        verbose_name_plural = _("通知公告")


class NoticeIndexPage(Page):
    """All notices, newest first, to be narrowed to one year."""

    introduction = models.CharField(_("栏目说明"), max_length=200, blank=True)

    max_count = 1
    template = "policy/notice_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["policy.NoticePage"]
    content_panels = [*Page.content_panels, FieldPanel("introduction")]

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
    attachments = StreamField(
        [("document", AttachmentBlock(label=_("附件")))], verbose_name=_("附件"), blank=True
    )

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


class PolicyIndexPage(Page):
    """All policy documents, newest first, to be narrowed to those in force or repealed."""

    introduction = models.CharField(_("栏目说明"), max_length=200, blank=True)

    max_count = 1
    template = "policy/policy_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["policy.PolicyPage"]
    content_panels = [*Page.content_panels, FieldPanel("introduction")]

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
