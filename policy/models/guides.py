"""Guides 办事指南: who may do what, what to prepare, and the way through it as a drawing."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from accounts.templatetags.ui import translated
from policy.api.fields import AttachmentsField
from policy.blocks import ACTORS, ArticleBody, AttachmentBlock, FlowStepBlock
from policy.models.base import HOME_DEPTH, ColumnPage
from policy.permissions import EditorialPageMixin
from policy.querysets import ArticleManager


class Audience(models.TextChoices):
    PROVIDER = "provider", _("接券机构")
    CONSUMER = "consumer", _("用券机构")
    EVERYONE = "everyone", _("所有用户")


@dataclass(frozen=True)
class DrawnStep:
    """A step with its place in the drawing: the lane of its actor, and where the arrow leads from it."""

    actor: str
    label: str
    title: str
    text: str
    duration: str
    lane: int
    turn: str


@dataclass(frozen=True)
class DrawnFlow:
    """What templates/policy/flow.html draws: one lane for each actor that appears, one row for each step."""

    lanes: list[tuple[str, str]]
    steps: list[DrawnStep]

    @classmethod
    def of(cls, flow: Any) -> "DrawnFlow":
        values = [block.value for block in flow]
        lanes = [(actor, str(label)) for actor, label in ACTORS if actor in {v["actor"] for v in values}]
        places = {actor: number for number, (actor, _label) in enumerate(lanes, start=1)}
        # The choice was checked when it was stored; a row written past the form is drawn in the first lane.
        taken = [places.get(value["actor"], 1) for value in values]
        return cls(
            lanes,
            [
                DrawnStep(
                    actor=value["actor"],
                    label=dict(lanes).get(value["actor"], ""),
                    title=value["title"],
                    text=value["text"],
                    duration=value["duration"],
                    lane=lane,
                    turn=_turn(lane, following),
                )
                for value, lane, following in zip(values, taken, [*taken[1:], None], strict=False)
            ],
        )


def _turn(lane: int, following: int | None) -> str:
    if following is None:
        return "end"
    distance = following - lane
    return f"{'right' if distance > 0 else 'left'}{abs(distance)}" if distance else "down"


class GuidePage(EditorialPageMixin, Page):
    """One thing to get done. ``flow`` is drawn above the text; the order is that of the page tree."""

    audience = models.CharField(_("适用对象"), max_length=10, choices=Audience, default=Audience.EVERYONE)
    reviewed_on = models.DateField(_("核对日期"), default=timezone.localdate)
    summary = models.CharField(_("摘要"), max_length=200, blank=True, help_text=_("一两句话，显示在列表里。"))
    flow = StreamField([("step", FlowStepBlock())], verbose_name=_("流程图"), blank=True)
    body = StreamField(ArticleBody(), verbose_name=_("正文"), blank=True)
    attachments = StreamField(
        [("document", AttachmentBlock(label=_("附件")))], verbose_name=_("附件"), blank=True
    )

    objects = ArticleManager()

    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("flow"),
        index.SearchField("body"),
    ]
    template = "policy/guide_page.html"
    parent_page_types = ["policy.GuideIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    api_fields = (
        APIField("audience"),
        APIField("reviewed_on"),
        APIField("summary"),
        APIField("flow"),
        APIField("body"),
        APIField("attachments", serializer=AttachmentsField()),
    )
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("audience"), FieldPanel("reviewed_on")], _("基本信息")),
        FieldPanel("summary"),
        FieldPanel("flow"),
        FieldPanel("body"),
        FieldPanel("attachments"),
    ]

    class Meta:
        verbose_name = _("办事指南")
        verbose_name_plural = _("办事指南")

    @property
    def drawn_flow(self) -> DrawnFlow:
        return DrawnFlow.of(self.flow)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        above = list(self.get_ancestors().filter(depth__gt=HOME_DEPTH))
        others = GuidePage.objects.child_of(above[-1]).published().filter(audience=self.audience)
        return {
            **super().get_context(request, *args, **kwargs),
            "index": above[-1],
            "breadcrumbs": [
                *({"label": translated(page.title), "url": page.get_url(request)} for page in above),
                {"label": self.title, "url": ""},
            ],
            "others": others.exclude(pk=self.pk).defer("flow", "body", "attachments").order_by("path"),
        }


class GuideIndexPage(ColumnPage):
    """All guides, for providers and for consumers."""

    template = "policy/guide_index_page.html"
    parent_page_types = ["policy.PolicyIndexPage"]
    subpage_types = ["policy.GuidePage"]

    class Meta:
        verbose_name = _("办事指南栏目")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        guides = list(
            GuidePage.objects.child_of(self).published().defer("body", "attachments").order_by("path")
        )
        groups = [
            {"audience": audience, "guides": [guide for guide in guides if guide.audience == audience]}
            for audience in Audience
        ]
        return {
            **super().get_context(request, *args, **kwargs),
            "groups": [group for group in groups if group["guides"]],
        }
