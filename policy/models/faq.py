"""Frequently asked questions 常见问题: snippets by topic, all shown on one page."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin, WorkflowMixin
from wagtail.search import index

from policy.blocks import TEXT_FEATURES
from policy.models.base import ColumnPage
from policy.models.topics import Topic


class Faq(WorkflowMixin, DraftStateMixin, RevisionMixin, PreviewableMixin, index.Indexed, models.Model):
    """A question and its answer."""

    question = models.CharField(_("问题"), max_length=120)
    answer = RichTextField(_("回答"), features=TEXT_FEATURES)
    topic = models.ForeignKey(Topic, verbose_name=_("主题"), on_delete=models.PROTECT, related_name="faqs")
    sort_order = models.PositiveSmallIntegerField(_("排序"), default=0, help_text=_("小的在前。"))

    panels = [FieldPanel("question"), FieldPanel("answer"), FieldPanel("topic"), FieldPanel("sort_order")]
    search_fields = [
        index.SearchField("question", boost=2),
        index.SearchField("answer"),
        index.FilterField("live"),
        index.FilterField("topic_id"),
    ]

    class Meta:
        verbose_name = _("常见问题")
        verbose_name_plural = _("常见问题")
        ordering = ["topic__sort_order", "sort_order", "pk"]

    def __str__(self) -> str:
        return self.question


class FaqIndexPage(ColumnPage):
    """All questions by topic, each to be opened."""

    template = "policy/faq_index_page.html"
    parent_page_types = ["policy.PolicyIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("常见问题栏目")
