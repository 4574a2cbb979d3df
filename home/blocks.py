"""What editors compose the home page of."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ChoiceBlock, ListBlock, RegexBlock, StructBlock

ICONS = [("building-2", _("楼宇")), ("ticket", _("创新券")), ("microscope", _("仪器")), ("users", _("人员"))]

# A page of this site, or a web address: nothing that a browser would run.
ADDRESS = r"\A(?:/(?![/\\])|https?://)\S*\Z"


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
    link_url = RegexBlock(
        ADDRESS,
        label=_("按钮地址"),
        required=False,
        max_length=200,
        error_messages={"invalid": _("请填写以 / 开头的站内地址，或以 http://、https:// 开头的网址。")},
    )

    class Meta:
        icon = "list-ol"
        label = _("办事步骤")
        template = "home/blocks/guide.html"
