"""Sections that editors write themselves."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    DateBlock,
    EmailBlock,
    ListBlock,
    RichTextBlock,
    StructBlock,
    StructBlockValidationError,
)

from home.blocks.base import WRITTEN, SectionBlock, TitledBlock, address_block
from policy.blocks import TONES

ICONS = [("building-2", _("楼宇")), ("ticket", _("创新券")), ("microscope", _("仪器")), ("users", _("人员"))]


class HeroBlock(SectionBlock):
    """The first screen: what the site is for, and the search over everything."""

    default_title = _("用好仪器、好服务，让创新更省钱")

    title = CharBlock(label=_("主标题"), max_length=40, required=False)
    lead = CharBlock(label=_("副标题"), max_length=120, required=False)
    placeholder = CharBlock(label=_("搜索框里的示例"), max_length=30, required=False)
    terms = CharBlock(
        label=_("常用搜索"),
        max_length=120,
        required=False,
        help_text=_("用空格隔开，显示在搜索框下方。"),
    )

    class Meta:
        icon = "search"
        label = _("首屏和搜索框")
        group = WRITTEN
        template = "home/blocks/hero.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        return {**super().get_context(value, parent_context), "terms": (value["terms"] or "").split()}


class BannerBlock(SectionBlock):
    """A line that matters now, with the day after which it is gone by itself."""

    tone = ChoiceBlock(label=_("类别"), choices=TONES, default="info")
    text = RichTextBlock(label=_("内容"), features=["bold", "link", "document-link"], max_length=300)
    until = DateBlock(label=_("显示至"), required=False, help_text=_("过了这一天自动消失；不填则一直显示。"))

    class Meta:
        icon = "info-circle"
        label = _("提示横幅")
        group = WRITTEN
        template = "home/blocks/banner.html"

    def is_shown(self, value: Any) -> bool:
        return super().is_shown(value) and (value["until"] is None or value["until"] >= timezone.localdate())


class GuideBlock(StructBlock):
    """The steps one kind of user goes through, with a button to begin."""

    icon = ChoiceBlock(label=_("图标"), choices=ICONS, default="building-2")
    title = CharBlock(label=_("标题"), max_length=20)
    lead = CharBlock(label=_("一句话说明"), max_length=80, required=False)
    steps = ListBlock(
        StructBlock(
            [
                ("title", CharBlock(label=_("步骤"), max_length=20)),
                ("text", CharBlock(label=_("说明"), max_length=60, required=False)),
            ]
        ),
        label=_("步骤"),
        min_num=1,
        max_num=8,
    )
    link_label = CharBlock(label=_("按钮文字"), max_length=12, required=False)
    link_url = address_block(label=_("按钮地址"), required=False)

    class Meta:
        icon = "list-ol"
        label = _("办事步骤")
        template = "home/blocks/guide.html"


class GuidesBlock(TitledBlock):
    """The ways of providers and of consumers through the platform, side by side."""

    default_title = _("怎样使用平台")

    guides = ListBlock(GuideBlock(), label=_("办事步骤"), min_num=1, max_num=4)

    class Meta:
        icon = "list-ol"
        label = _("办事步骤")
        group = WRITTEN
        template = "home/blocks/guides.html"


class ContactBlock(TitledBlock):
    """How to reach the office; at least one of the ways."""

    default_title = _("联系我们")
    ways = ("phone", "email", "address", "hours")

    phone = CharBlock(label=_("服务电话"), max_length=40, required=False)
    email = EmailBlock(label=_("服务邮箱"), max_length=254, required=False)
    address = CharBlock(label=_("办公地址"), max_length=120, required=False)
    hours = CharBlock(label=_("服务时间"), max_length=60, required=False)

    class Meta:
        icon = "mail"
        label = _("联系方式")
        group = WRITTEN
        template = "home/blocks/contact.html"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not any(cleaned.get(way) for way in self.ways):
            raise StructBlockValidationError(
                {"phone": ValidationError(_("请至少填写电话、邮箱、地址和时间中的一项。"))}
            )
        return cleaned


class LinksBlock(TitledBlock):
    """Other offices' sites."""

    default_title = _("友情链接")

    links = ListBlock(
        StructBlock(
            [
                ("label", CharBlock(label=_("名称"), max_length=30)),
                ("url", address_block(label=_("网址"))),
            ]
        ),
        label=_("链接"),
        min_num=1,
        max_num=30,
    )

    class Meta:
        icon = "link"
        label = _("友情链接")
        group = WRITTEN
        template = "home/blocks/links.html"
