"""Topics 主题, by which notices, policy documents, questions and downloads are narrowed."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from workflow.setup import AUDITORS, CHIEF_EDITORS, EDITORS


class Topic(models.Model):
    """One vocabulary for the whole column, kept by editors: 申领, 兑付, 机构入库 …"""

    name = models.CharField(_("主题"), max_length=20, unique=True)
    slug = models.SlugField(
        _("网址代号"), max_length=40, unique=True, help_text=_("小写字母、数字和连字符，如 redeem。")
    )
    sort_order = models.PositiveSmallIntegerField(_("排序"), default=0, help_text=_("小的在前。"))

    staff_permissions: ClassVar[dict[str, tuple[str, ...]]] = {
        EDITORS: ("view", "add", "change", "delete"),
        CHIEF_EDITORS: ("view", "add", "change", "delete"),
        AUDITORS: ("view",),
    }
    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("sort_order")]

    class Meta:
        verbose_name = _("主题")
        verbose_name_plural = _("主题")
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return gettext(self.name)  # English pages have the first topics in English
