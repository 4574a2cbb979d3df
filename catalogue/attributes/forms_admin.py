"""The form in which staff define an attribute, and the nodes it may be defined for."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from catalogue.models import AttributeDefinition, AttributeKind, InstrumentClass, TestingField, TreeNode

TREES: tuple[tuple[str, type[TreeNode], Any], ...] = (
    ("instrument_class", InstrumentClass, gettext_lazy("仪器")),
    ("testing_field", TestingField, gettext_lazy("检测领域")),
)


def node_choices() -> Iterator[tuple[str, Any]]:
    """Every node of both classifications, grouped by the highest ones; the value names the tree and the code."""
    yield "", _("请选择")
    for place, tree, title in TREES:
        children: dict[str | None, list[TreeNode]] = {}
        for node in tree._default_manager.order_by("code"):
            children.setdefault(node.parent_id, []).append(node)
        for top in children.get(None, []):
            options = [(top, _("%s（全部）") % top.name)]
            for node in children.get(top.code, []):
                options.append((node, node.name))
                options += [(leaf, f"{node.name} › {leaf.name}") for leaf in children.get(node.code, [])]
            yield (
                _("%(tree)s：%(top)s") % {"tree": title, "top": top.name},
                [(f"{place}:{node.code}", label) for node, label in options],
            )


def node_path(node: TreeNode | None) -> str:
    """A node with those above it: 分析仪器 › 电子光学仪器."""
    if node is None:
        return ""
    return f"{node_path(node.parent)} › {node.name}" if node.parent_id else node.name


class AttributeForm(WagtailAdminModelForm):
    """A definition. Its kind and its node are chosen once."""

    node = forms.ChoiceField(
        label=gettext_lazy("适用范围"),
        choices=node_choices,
        error_messages={"required": gettext_lazy("请选择适用范围。")},
        help_text=gettext_lazy(
            "对所选分类及其全部下级有效：仪器分类用于仪器，检测领域用于检测能力、检测服务和实验服务。保存后不能修改。"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kind"]
        kinds.choices = [("", _("请选择")), *AttributeKind.choices]
        self.fields["kind"].help_text = _("保存后不能修改。要换类型，请停用这一项，再新增一项。")
        if self.instance.pk is not None:
            self.initial["node"] = f"{self.instance.place}:{self.instance.node_code}"
            for name in ("node", "kind"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("保存后不能修改。")

    def clean_node(self) -> str:
        """Put the node into the definition: what else is checked depends on where it stands."""
        chosen: str = self.cleaned_data["node"]
        place, _colon, code = chosen.partition(":")
        for name, tree, _title in TREES:
            setattr(self.instance, name, tree._default_manager.get(pk=code) if name == place else None)
        return chosen

    def clean_choices(self) -> str:
        """One a line, without blanks and repetitions."""
        return "\n".join(AttributeDefinition(choices=self.cleaned_data["choices"]).options)
