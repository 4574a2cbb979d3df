"""What the body of an article or a guide is made of, and the steps of a drawn flow."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    ListBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
    TextBlock,
)
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from policy.api.fields import document_data, picture_data
from policy.querysets import offered

TEXT_FEATURES = ["h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link", "blockquote", "hr"]
# Inside a block that has a heading of its own.
SHORT_TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]

ACTORS = [("provider", _("接券机构")), ("consumer", _("用券机构")), ("office", _("管理部门"))]
TONES = [("info", _("提示")), ("wait", _("注意")), ("bad", _("警示")), ("good", _("好消息"))]


class AttachmentBlock(DocumentChooserBlock):
    """A document from the library, offered for download with its type and size; where anybody may open it."""

    class Meta:
        icon = "doc-full-inverse"
        label = _("附件")
        template = "policy/blocks/attachment.html"

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any] | None:
        return next((document_data(document) for document in offered([value])), None)


class FlowStepBlock(StructBlock):
    """One box of a drawn flow: what happens, who does it, and how long that takes."""

    actor = ChoiceBlock(label=_("谁来办"), choices=ACTORS, default="provider")
    title = CharBlock(label=_("步骤"), max_length=20)
    text = CharBlock(label=_("说明"), max_length=60, required=False)
    duration = CharBlock(label=_("时限"), max_length=20, required=False, help_text=_("如：2 个工作日。"))

    class Meta:
        icon = "arrow-right"
        label = _("步骤")


class TitledTextBlock(StructBlock):
    """A heading and what belongs to it: one step of many, one part of an accordion."""

    title = CharBlock(label=_("标题"), max_length=100)
    text = RichTextBlock(label=_("内容"), features=SHORT_TEXT_FEATURES, required=False)

    class Meta:
        icon = "list-ul"


class FigureBlock(StructBlock):
    """A picture with its caption."""

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any] | None:
        picture = picture_data(value["image"])
        alt = value["image"].contextual_alt_text if picture else ""
        return {**picture, "alt": alt, "caption": value["caption"]} if picture else None


class ArticleBody(StreamBlock):
    heading = CharBlock(
        label=_("小标题"), icon="title", max_length=100, template="policy/blocks/heading.html"
    )
    text = RichTextBlock(label=_("正文"), features=TEXT_FEATURES, template="policy/blocks/text.html")
    table = TypedTableBlock(
        [("text", CharBlock(label=_("文字"), required=False))],
        label=_("表格"),
        template="policy/blocks/table.html",
    )
    image = FigureBlock(
        [
            ("image", ImageBlock(label=_("图片"))),
            ("caption", CharBlock(label=_("图片说明"), required=False, max_length=100)),
        ],
        label=_("图片"),
        icon="image",
        template="policy/blocks/image.html",
    )
    attachment = AttachmentBlock()
    notice = StructBlock(
        [
            ("tone", ChoiceBlock(label=_("类别"), choices=TONES, default="info")),
            ("title", CharBlock(label=_("标题"), required=False, max_length=100)),
            ("text", TextBlock(label=_("内容"), max_length=500)),
        ],
        label=_("提示框"),
        icon="info-circle",
        template="policy/blocks/notice.html",
    )
    steps = ListBlock(
        TitledTextBlock(label=_("步骤")),
        label=_("分步说明"),
        icon="list-ol",
        min_num=1,
        template="policy/blocks/steps.html",
    )
    accordion = ListBlock(
        TitledTextBlock(label=_("折叠项")),
        label=_("折叠内容"),
        icon="collapse-down",
        min_num=1,
        template="policy/blocks/accordion.html",
    )
