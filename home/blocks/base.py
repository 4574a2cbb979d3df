"""What the sections of the home page share."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BlockGroup, BooleanBlock, CharBlock, IntegerBlock, RegexBlock, StructBlock

from home.selectors import Live

# A page of this site, or a web address: nothing that a browser would run.
ADDRESS = r"\A(?:/(?![/\\])|https?://)\S*\Z"

READ_LIVE = _("自动更新")
WRITTEN = _("自己填写")


def address_block(*, label: Any, required: bool = True) -> RegexBlock:
    return RegexBlock(
        ADDRESS,
        label=label,
        required=required,
        max_length=200,
        error_messages={"invalid": _("请填写以 / 开头的站内地址，或以 http://、https:// 开头的网址。")},
    )


def number_block(*, default: int, low: int, high: int) -> IntegerBlock:
    return IntegerBlock(label=_("显示几条"), default=default, min_value=low, max_value=high)


class SectionBlock(StructBlock):
    """A section of the home page. Hidden, behind the settings button, it keeps its words."""

    default_title: str | Promise = ""

    hidden = BooleanBlock(
        label=_("暂不显示"), required=False, help_text=_("首页上看不到这一块，填写的内容仍然保留。")
    )

    def get_form_layout(self) -> BlockGroup:
        return BlockGroup([name for name in self.child_blocks if name != "hidden"], settings=["hidden"])

    def is_shown(self, value: Any) -> bool:
        return not value["hidden"]

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        if "live" not in context:  # drawn alone, outside the page
            context["live"] = Live()
        # an editor's own words are in Chinese; those of the interface follow the visitor's language
        written = value.get("title")
        context["title"] = written or self.default_title
        context["title_language"] = context.get("in_chinese", "") if written else ""
        return context


class TitledBlock(SectionBlock):
    """A section with a heading."""

    title = CharBlock(
        label=_("标题"), max_length=20, required=False, help_text=_("不填则用这一块的通用标题。")
    )
