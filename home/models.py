"""The public home page."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Page

from home.blocks import HomeBody
from home.selectors import Live
from policy.permissions import FixedPageMixin


class HomePage(FixedPageMixin, Page):
    """The site's front page: sections that editors arrange, some written by them, some read live."""

    body = StreamField(HomeBody(), verbose_name=_("首页内容"), blank=True)

    max_count = 1
    template = "home/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["policy.NoticeIndexPage", "policy.PolicyIndexPage"]
    api_fields = (APIField("body"),)
    content_panels = [*Page.content_panels, FixedPageMixin.fixed_page_panel, FieldPanel("body")]

    class Meta:
        verbose_name = _("首页")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), "live": Live()}

    @cached_property
    def sections(self) -> list[Any]:
        """The blocks to show today."""
        return [block for block in self.body if block.block.is_shown(block.value)]

    @cached_property
    def hero(self) -> Any:
        """The words of the first screen, if it is shown."""
        return next((block.value for block in self.sections if block.block_type == "hero"), None)

    @property
    def description(self) -> str:
        """What search engines print below the site's name."""
        return self.search_description or (self.hero and (self.hero["lead"] or self.hero["title"])) or ""
