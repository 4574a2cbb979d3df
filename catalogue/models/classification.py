"""The two trees everything in the catalogue is sorted by: instrument classes and testing fields."""

from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class TreeNode(models.Model):
    """A node of a classification: six digits, two for each of three levels."""

    code = models.CharField(_("代码"), max_length=6, primary_key=True)
    name = models.CharField(_("名称"), max_length=50)
    parent: Any
    parent_id: Any

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self) -> str:
        return gettext(self.name)  # English pages have the names of the upper levels in English

    @property
    def lineage(self) -> list[str]:
        """The names of the nodes above it and its own, the highest first. Reads the parents one by one."""
        above: list[str] = self.parent.lineage if self.parent_id else []
        return [*above, self.name]

    @property
    def prefix(self) -> str:
        """The digits this node and all its descendants begin with."""
        if self.parent_id is None:
            return self.code[:2]
        return self.code[:4] if self.code.endswith("00") else self.code


class InstrumentClass(TreeNode):
    """A node of the national instrument classification.

    The first two levels come with the migrations; ``manage.py load_instrument_classes`` adds more.
    """

    parent = models.ForeignKey(
        "self",
        verbose_name=_("上级"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )

    class Meta(TreeNode.Meta):
        verbose_name = _("仪器分类")
        verbose_name_plural = _("仪器分类")


class TestingField(TreeNode):
    """A field 检测领域 of testing and laboratory work. Two levels come with the migrations; staff add more."""

    __test__ = False  # not a test, whatever pytest reads into the name

    parent = models.ForeignKey(
        "self",
        verbose_name=_("上级"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )

    class Meta(TreeNode.Meta):
        verbose_name = _("检测领域")
        verbose_name_plural = _("检测领域")


def ancestor_codes(code: str | None) -> list[str]:
    """The codes of a node and of all above it, the highest first: 010000, 010200, 010201."""
    if not code:
        return []
    return list(dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code)))
