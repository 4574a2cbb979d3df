"""The public home page."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from catalogue.models import LabService, TestingService
from home.blocks import GuideBlock
from home.selectors import catalogue_figures, newest_instruments, newest_services
from policy.models import NoticePage, PolicyPage

HERO_TITLE = "用好仪器、好服务，让创新更省钱"
NEWEST_INSTRUMENTS = 8
NEWEST_SERVICES = 5
NEWEST_ARTICLES = 6


class HomePage(Page):
    """The site's front page. Its text is edited in the admin; figures and newest items are read live."""

    hero_title = models.CharField(_("主标题"), max_length=40, default=HERO_TITLE)
    hero_lead = models.CharField(_("副标题"), max_length=120, blank=True)
    search_terms = models.CharField(
        _("常用搜索"), max_length=120, blank=True, help_text=_("用空格隔开，显示在搜索框下方。")
    )
    guides = StreamField([("guide", GuideBlock())], verbose_name=_("办事步骤"), blank=True)
    contact_phone = models.CharField(_("服务电话"), max_length=40, blank=True)
    contact_email = models.EmailField(_("服务邮箱"), blank=True)
    contact_address = models.CharField(_("办公地址"), max_length=120, blank=True)
    contact_hours = models.CharField(_("服务时间"), max_length=60, blank=True)

    max_count = 1
    template = "home/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["policy.NoticeIndexPage", "policy.PolicyIndexPage"]
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("hero_title"), FieldPanel("hero_lead"), FieldPanel("search_terms")], _("首屏")
        ),
        FieldPanel("guides"),
        MultiFieldPanel(
            [
                FieldPanel("contact_phone"),
                FieldPanel("contact_email"),
                FieldPanel("contact_address"),
                FieldPanel("contact_hours"),
            ],
            _("联系我们"),
        ),
    ]

    class Meta:
        verbose_name = _("首页")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context(request, *args, **kwargs),
            "figures": catalogue_figures(),
            "newest": newest_instruments(NEWEST_INSTRUMENTS),
            "newest_testing": newest_services(TestingService, NEWEST_SERVICES),
            "newest_labs": newest_services(LabService, NEWEST_SERVICES),
            "notices": NoticePage.objects.published().pinned_first()[:NEWEST_ARTICLES],
            "policies": PolicyPage.objects.published().newest_first()[:NEWEST_ARTICLES],
        }

    @property
    def search_term_list(self) -> list[str]:
        return self.search_terms.split()

    @property
    def has_contact(self) -> bool:
        return bool(self.contact_phone or self.contact_email or self.contact_address or self.contact_hours)
