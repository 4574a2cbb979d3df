"""Form fields of catalogue records, and what their forms have in common."""

import re
from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db.models import F, Q, QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Instrument, InstrumentClass, Qualification, TestingField, TreeNode, Validity
from catalogue.models.instruments import HOURS
from workflow.forms import HalfWidthField, StepForm, WholeNumberField, half_width
from workflow.statuses import SubmissionStatus

# As many instruments as a page can offer to tick; the rest are found by exchange of records, not by scrolling.
MOST_OFFERED = 1000
HOURS_IN_A_YEAR = 8784
DASHES = re.compile("[‐‑‒–—―−－]+")


def option_label(node: TreeNode, parent: TreeNode) -> str:
    """The node's name, which must say something in a closed select too: 其他 of what."""
    if node.name != "其他":
        return node.name
    return parent.name if parent.name.startswith("其他") else f"其他{parent.name}"


class TreeIterator(ModelChoiceIterator):
    """Second-level nodes under their first-level one; those divided further are a group of their own."""

    field: "TreeField"

    def __iter__(self) -> Iterator[Any]:
        yield "", self.field.empty_label
        children: dict[str | None, list[TreeNode]] = {}
        for node in self.field.tree._default_manager.order_by("code"):
            children.setdefault(node.parent_id, []).append(node)
        for top in children.get(None, []):
            if top.pk not in children:
                yield top.pk, top.name
            plain = [node for node in children.get(top.pk, []) if node.pk not in children]
            if plain:
                yield top.name, [(node.pk, option_label(node, top)) for node in plain]
            for node in children.get(top.pk, []):
                if node.pk in children:
                    yield (
                        f"{top.name} › {node.name}",
                        [
                            (node.pk, _("%s（不细分）") % option_label(node, top)),
                            *((leaf.pk, option_label(leaf, node)) for leaf in children[node.pk]),
                        ],
                    )


class TreeField(forms.ModelChoiceField):
    """A classification as one select; a first-level node that is divided is too coarse to choose."""

    iterator = TreeIterator
    tree: type[TreeNode]
    filter_hint: Any = ""

    def __init__(self, **kwargs: Any) -> None:
        nodes = self.tree._default_manager
        has_parent = ~Q(parent=None)
        divided = nodes.filter(has_parent).values_list(F("parent"))
        kwargs |= {
            "queryset": nodes.filter(has_parent | ~Q(pk__in=divided)),
            "empty_label": gettext_lazy("请选择"),
        }
        super().__init__(**kwargs)
        self.widget.attrs["data-filter-options"] = self.filter_hint

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and "\0" in value:  # PostgreSQL refuses it in a query
            raise ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": value.replace("\0", "")},
            )
        return super().to_python(value)


class InstrumentClassField(TreeField):
    """The national classification of instruments."""

    tree = InstrumentClass
    filter_hint = gettext_lazy("输入名称筛选分类，如“色谱”")
    default_error_messages = {
        "invalid_choice": gettext_lazy("仪器分类代码“%(value)s”不存在，请从列表中选择。")
    }


class TestingFieldField(TreeField):
    """The fields of testing and laboratory work: 选择相关的检测领域."""

    __test__ = False

    tree = TestingField
    filter_hint = gettext_lazy("输入名称筛选领域，如“金属”")
    default_error_messages = {
        "invalid_choice": gettext_lazy("检测领域代码“%(value)s”不存在，请从列表中选择。")
    }


class HoursField(WholeNumberField):
    """Hours in a year."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(MaxValueValidator(HOURS_IN_A_YEAR, message=HOURS))


class StandardNumberField(forms.CharField):
    """The number of a standard: GB/T 228.1-2021, with the plain hyphen that people type when they search."""

    def to_python(self, value: Any) -> Any:
        text = half_width(value)
        return super().to_python(DASHES.sub("-", " ".join(text.split())) if isinstance(text, str) else value)


class DisciplinesField(HalfWidthField):
    """One to four codes of disciplines, between commas of whatever kind."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return re.sub(r"[,、;]+", ",", text).strip(",") if isinstance(text, str) else text


class QualificationField(forms.ModelChoiceField):
    """One of the provider's own qualifications; the form narrows the queryset to them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs |= {"queryset": Qualification.objects.all(), "empty_label": gettext_lazy("请选择")}
        super().__init__(**kwargs)
        self.error_messages["invalid_choice"] = gettext_lazy("所选资质不存在或不属于本单位，请重新选择。")

    def label_from_instance(self, obj: Any) -> str:
        parts = [str(obj) or _("未命名检测资质"), obj.certificate_number]
        if obj.validity in {Validity.EXPIRED, Validity.EXPIRING}:
            parts.append(str(obj.validity.label))
        return " · ".join(filter(None, parts))


class InstrumentsIterator(ModelChoiceIterator):
    """Those chosen first, then the latest: nobody ticks boxes in a list of thousands."""

    field: "InstrumentsField"

    def __iter__(self) -> Iterator[Any]:
        chosen = self.field.chosen
        offered = self.queryset.order_by("-updated_at", "-pk")[:MOST_OFFERED]
        found = [*self.queryset.filter(pk__in=chosen), *(one for one in offered if one.pk not in chosen)]
        for instrument in found:
            yield self.choice(instrument)


class InstrumentsField(forms.ModelMultipleChoiceField):
    """Some of the provider's own instruments, as boxes; the form narrows the queryset to them."""

    iterator = InstrumentsIterator
    most = MOST_OFFERED
    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "invalid_choice": gettext_lazy("所选仪器不存在或不属于本单位，请重新选择。"),
        "invalid_pk_value": gettext_lazy("所选仪器不存在或不属于本单位，请重新选择。"),
        "list": gettext_lazy("所选仪器不存在或不属于本单位，请重新选择。"),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs["queryset"] = Instrument.objects.all()
        super().__init__(**kwargs)
        self.chosen: frozenset[int] = frozenset()

    @property
    def is_cut(self) -> bool:
        """Whether there are more instruments than are offered."""
        return cast(QuerySet[Any], self.queryset).count() > MOST_OFFERED

    def label_from_instance(self, obj: Any) -> str:
        parts = [str(obj) or _("未命名仪器"), obj.model, obj.internal_number]
        if obj.status != SubmissionStatus.APPROVED:
            parts.append(str(SubmissionStatus(obj.status).label))
        return " · ".join(filter(None, parts))

    def _check_values(self, value: Any) -> Any:
        # a number that no column holds is nobody's instrument; SQLite cannot even be asked
        if any(not str(pk).isdecimal() or len(str(pk)) > 18 for pk in value):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super()._check_values(value)  # type: ignore[misc]


class RecordForm(StepForm):
    """A step of a record that a provider keeps."""

    def own(self, records: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the record's own provider."""
        return records.filter(provider=self.instance.provider)

    def clean_internal_number(self) -> str:
        number = self.cleaned_data["internal_number"]
        records = type(self.instance)._default_manager
        twins = self.own(records.filter(internal_number=number)).exclude(pk=self.instance.pk)
        if number and (twin := twins.first()) is not None:
            raise forms.ValidationError(
                _("内部编号“%(number)s”已用于本单位的“%(twin)s”，请核对编号。")
                % {"number": number, "twin": str(twin) or _("未命名记录")}
            )
        return number
