"""Frequently asked questions 常见问题: snippets by topic, all shown on one page."""

from typing import Any, ClassVar, Self

from django.db import models
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin
from wagtail.rich_text import expand_db_html
from wagtail.search import index

from accounts.searching import QUERY_LENGTH
from policy.api.fields import QuestionsField
from policy.blocks import TEXT_FEATURES
from policy.models.base import ColumnPage
from policy.models.topics import Topic
from workflow.setup import AUDITORS, CHIEF_EDITORS, EDITORS

# So many answers found are shown open; of more, the questions are read first.
OPEN_AT_MOST = 3
# No editor can type it, so it parts answers that are rewritten together.
SEPARATOR = "\x1e"


class FaqQuerySet(models.QuerySet["Faq"]):
    def published(self) -> Self:
        return self.filter(live=True)

    def with_topics(self) -> Self:
        return self.select_related("topic")


class Faq(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    models.Model,
):
    """A question and its answer."""

    question = models.CharField(_("问题"), max_length=120)
    answer = RichTextField(_("回答"), features=TEXT_FEATURES)
    topic = models.ForeignKey(Topic, verbose_name=_("主题"), on_delete=models.PROTECT, related_name="faqs")
    sort_order = models.PositiveSmallIntegerField(_("排序"), default=0, help_text=_("小的在前。"))

    objects = FaqQuerySet.as_manager()

    staff_permissions: ClassVar[dict[str, tuple[str, ...]]] = {
        EDITORS: ("view", "add", "change", "delete"),
        CHIEF_EDITORS: ("view", "add", "change", "delete"),
        AUDITORS: ("view",),
    }
    panels = [FieldPanel("question"), FieldPanel("answer"), FieldPanel("topic"), FieldPanel("sort_order")]
    search_fields = [
        index.SearchField("question", boost=2),
        index.SearchField("answer"),
        index.AutocompleteField("question"),
        index.FilterField("live"),
        index.FilterField("topic_id"),
    ]

    class Meta:
        verbose_name = _("常见问题")
        verbose_name_plural = _("常见问题")
        ordering = ["topic__sort_order", "sort_order", "pk"]

    def __str__(self) -> str:
        return self.question

    @property
    def anchor(self) -> str:
        """What leads to this question on the page of all; mails and notices may quote it."""
        return f"faq-{self.pk}"

    def says(self, words: list[str]) -> bool:
        """Whether question and answer, as read and not as marked up, have all the words."""
        text = f"{self.question} {strip_tags(self.answer)}".casefold()
        return all(word in text for word in words)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "policy/faq_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {
            **super().get_preview_context(request, mode_name),
            "entry": {"faq": self, "answer": expanded([self])[0]},
        }


def expanded(faqs: list[Faq]) -> list[SafeString]:
    """The answers with their links to pages and documents as addresses, looked up once for all of them."""
    if not faqs:
        return []
    html = expand_db_html(SEPARATOR.join(faq.answer.replace(SEPARATOR, "") for faq in faqs))
    # Stored rich text passed the editor's allow-list of tags, as in Wagtail's own |richtext.
    return [mark_safe(answer) for answer in html.split(SEPARATOR)]  # noqa: S308


class FaqIndexPage(ColumnPage):
    """All questions by topic, each to be opened."""

    template = "policy/faq_index_page.html"
    parent_page_types = ["policy.PolicyIndexPage"]
    subpage_types: list[str] = []
    api_fields = (*ColumnPage.api_fields, APIField("questions", serializer=QuestionsField(source="*")))

    class Meta:
        verbose_name = _("常见问题栏目")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        asked = request.GET.get("topic", "")
        q = " ".join(request.GET.get("q", "").replace("\x00", "")[:QUERY_LENGTH].split())
        words = q.casefold().split()
        faqs = list(Faq.objects.published().with_topics())
        found = [faq for faq in faqs if faq.says(words)] if words else faqs
        topics = list(dict.fromkeys(faq.topic for faq in faqs))
        topic = next((topic for topic in topics if topic.slug == asked), None)
        shown = [faq for faq in found if topic in (None, faq.topic)]
        entries: list[dict[str, Any]] = [
            {"faq": faq, "answer": answer} for faq, answer in zip(shown, expanded(shown), strict=True)
        ]
        return {
            **super().get_context(request, *args, **kwargs),
            "q": q,
            "topic": topic,
            "groups": [
                {"topic": one, "entries": [entry for entry in entries if entry["faq"].topic == one]}
                for one in dict.fromkeys(faq.topic for faq in shown)
            ],
            "open": bool(q) and len(shown) <= OPEN_AT_MOST,
            "count": len(shown),
            "topics": [
                {"label": _("全部"), "url": _query(q), "active": topic is None, "count": len(found)},
                *(
                    {
                        "label": str(one),
                        "url": _query(q, one.slug),
                        "active": one == topic,
                        "count": sum(faq.topic == one for faq in found),
                    }
                    for one in topics
                ),
            ],
        }


def _query(q: str, slug: str = "") -> str:
    given = {name: value for name, value in (("q", q), ("topic", slug)) if value}
    return f"?{urlencode(given)}"
