"""Attributes 专业参数 that staff define for a class of instruments or a field of testing, without code."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalogue.models.classification import InstrumentClass, TestingField, TreeNode, ancestor_codes
from catalogue.querysets import AttributeQuerySet
from workflow.setup import AUDITORS, DATA_MANAGERS, REVIEWERS

FIELD_PREFIX = "attribute-"
LONGEST_OPTION = 50


class AttributeKind(models.TextChoices):
    NUMBER = "number", _("数值")
    RANGE = "range", _("数值范围")
    CHOICE = "choice", _("单选")
    BOOLEAN = "boolean", _("是/否")
    TEXT = "text", _("文字")


class AttributeDefinition(models.Model):
    """One attribute of the records below a node: 分辨率（nm）of 电子光学仪器.

    It holds for the node and all below it. A value lives in the record's ``attributes`` under the definition's number
    and outlives every change here: a definition is retired, never deleted, and keeps its kind.
    """

    instrument_class = models.ForeignKey(
        InstrumentClass,
        verbose_name=_("仪器分类"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="attribute_definitions",
        help_text=_("对这一分类及其下级的仪器有效。仪器分类和检测领域二选一。"),
    )
    testing_field = models.ForeignKey(
        TestingField,
        verbose_name=_("检测领域"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="attribute_definitions",
        help_text=_("对这一领域及其下级的检测能力、检测服务和实验服务有效。"),
    )
    name = models.CharField(_("名称"), max_length=30)
    unit = models.CharField(
        _("单位"), max_length=20, blank=True, help_text=_("如 nm、°、μm/m·℃；没有可不填。")
    )
    kind = models.CharField(_("类型"), max_length=10, choices=AttributeKind)
    choices = models.TextField(
        _("选项"), max_length=1000, blank=True, help_text=_("“单选”的选项，一行一个。")
    )
    help_text = models.CharField(_("填写说明"), max_length=100, blank=True)
    is_required = models.BooleanField(_("提交时必填"), default=False)
    is_searchable = models.BooleanField(_("可搜索"), default=False, help_text=_("搜索词能搜到它的值。"))
    is_facet = models.BooleanField(
        _("可筛选"), default=False, help_text=_("选定分类后列为筛选条件；数值按范围筛选。文字不能筛选。")
    )
    is_public = models.BooleanField(_("公开"), default=True, help_text=_("在详情页、公开导出和接口中显示。"))
    sort_order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True, editable=False)

    objects = AttributeQuerySet.as_manager()

    staff_permissions: ClassVar[dict[str, tuple[str, ...]]] = {
        DATA_MANAGERS: ("view", "add", "change"),
        REVIEWERS: ("view",),
        AUDITORS: ("view",),
    }

    class Meta:
        verbose_name = _("专业参数定义")
        verbose_name_plural = _("专业参数定义")
        ordering = ["sort_order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="attribute_one_place",
                condition=Q(instrument_class=None, testing_field__isnull=False)
                | Q(instrument_class__isnull=False, testing_field=None),
                violation_error_message=_("请在仪器分类和检测领域中选择一个，且只选一个。"),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name with its unit: 分辨率（nm）."""
        return f"{self.name}（{self.unit}）" if self.unit else self.name

    @property
    def key(self) -> str:
        """Under which a record's ``attributes`` hold the value."""
        return str(self.pk)

    @property
    def field_name(self) -> str:
        """As forms, problems and a reviewer's notes name the value of a record."""
        return f"{FIELD_PREFIX}{self.pk}"

    @property
    def missing_sentence(self) -> str:
        """What its owner has to do where the value is missing."""
        is_chosen = self.kind in {AttributeKind.CHOICE, AttributeKind.BOOLEAN}
        return (gettext("请选择“%s”。") if is_chosen else gettext("请填写“%s”。")) % self.label

    @property
    def options(self) -> list[str]:
        """The choices on offer, in their order."""
        lines = (" ".join(line.split()) for line in self.choices.splitlines())
        return list(dict.fromkeys(filter(None, lines)))

    @property
    def node_code(self) -> str:
        return self.instrument_class_id or self.testing_field_id or ""

    @property
    def place(self) -> str:
        """The field that names the node."""
        return "instrument_class" if self.instrument_class_id else "testing_field"

    @property
    def node(self) -> TreeNode | None:
        return self.instrument_class or self.testing_field

    @property
    def index_face(self) -> tuple[Any, ...] | None:
        """What the search index depends on; None where the index has nothing of it."""
        if self.retired_at is not None or not self.is_public or not (self.is_searchable or self.is_facet):
            return None
        return self.is_facet, (self.name, self.unit) if self.is_searchable else None

    def namesake(self) -> "AttributeDefinition | None":
        """Another one in force of the same name, of which some record would have both."""
        if self.retired_at is not None or self.node is None:
            return None
        here = Q(**{f"{self.place}__in": ancestor_codes(self.node_code)})
        below = Q(**{f"{self.place}__code__startswith": self.node.prefix})
        others = type(self).objects.in_force().filter(here | below, name=self.name).exclude(pk=self.pk)
        return others.select_related("instrument_class", "testing_field").first()

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        self.name = " ".join(self.name.split())
        if twin := self.namesake():
            errors["name"] = gettext("“%(node)s”已有启用的“%(name)s”，请换一个名称。") % {
                "node": twin.node,
                "name": twin.name,
            }
        if self.kind == AttributeKind.CHOICE:
            if len(self.options) < 2:
                errors["choices"] = _("单选至少要有两个选项，一行一个。")
            elif any(len(option) > LONGEST_OPTION for option in self.options):
                errors["choices"] = gettext("每个选项最多 %d 个字。") % LONGEST_OPTION
        elif self.options:
            errors["choices"] = _("只有“单选”才有选项；请清空，或把类型改为“单选”。")
        if not self.is_public and (self.is_searchable or self.is_facet):
            errors["is_public"] = _(
                "不公开的参数不能搜索，也不能筛选。请勾选“公开”，或取消“可搜索”和“可筛选”。"
            )
        if self.is_facet and self.kind == AttributeKind.TEXT:
            errors["is_facet"] = _("文字不能作为筛选条件；可改为“可搜索”。")
        if errors:
            raise ValidationError(errors)
