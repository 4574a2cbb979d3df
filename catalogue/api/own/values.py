"""From a JSON body to what the forms of the pages read: the same words, so the same rules judge them."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from catalogue.models import Instrument, ProviderRecord, Qualification, TreeNode
from institutions.models import Provider
from institutions.regions import cities

# What a client may write for true and false besides themselves.
TRUE, FALSE = frozenset({"true", "1", "是"}), frozenset({"false", "0", "否"})
MOST_INSTRUMENTS = 200
# Characters of a name or number that is looked up; nothing has a longer one.
LONGEST_NAME = 200


def posted(value: Any) -> list[str]:
    """A value as a browser would send it: nothing, one text, or several."""
    if value is None:
        return []
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, models.Model):
        return [str(value.pk)]
    if isinstance(value, list | tuple | set | models.QuerySet):
        return [text for one in value for text in posted(one)]
    return [value.isoformat() if isinstance(value, datetime.date) else str(value)]


class BodyReader:
    """Reads the fields of one kind of record, of one provider, from a JSON body."""

    def __init__(self, model: type[ProviderRecord], provider: Provider) -> None:
        self.model = model
        self.provider = provider

    def read(self, name: str, value: Any) -> list[str]:
        """What the form field of that name is given. Raises ValidationError with a sentence."""
        if value is None or value == "":
            return []
        if name == "instruments":
            return self._instruments(value)
        field: Any = self.model._meta.get_field(name)
        if isinstance(field, models.ForeignKey):
            if issubclass(field.related_model, TreeNode):
                return [self._node(field.related_model, value)]
            if issubclass(field.related_model, Qualification):
                return [self._qualification(value)]
        if isinstance(field, models.BooleanField):
            return [self._truth(value)]
        if name == "city":
            return [self._city(value)]
        text = _text(value)
        return [_code_of(text, field.flatchoices) if field.choices else text]

    def _truth(self, value: Any) -> str:
        word = ("true" if value else "false") if isinstance(value, bool) else _text(value).lower()
        if word not in TRUE | FALSE:
            raise ValidationError(_("请填写 true 或 false。"))
        return "true" if word in TRUE else "false"

    def _city(self, value: Any) -> str:
        return _code_of(_text(_part(value, "code")), ((city.code, city.name) for city in cities()))

    def _node(self, model: type[TreeNode], value: Any) -> str:
        """A code, one that has lost its leading zero, a name, or a path of names."""
        text = _text(_part(value, "code"))
        if text.isdecimal():
            return text.zfill(6)
        *above, name = (part.strip() for part in text.replace("›", "/").split("/"))
        nodes: Any = model._default_manager
        found = nodes.filter(name=text[:LONGEST_NAME])
        if above and not found:
            found = nodes.filter(name=name[:LONGEST_NAME], parent__name=above[-1][:LONGEST_NAME])
        codes = [node.code for node in found[:6]]
        if len(codes) > 1:
            raise ValidationError(
                _("叫“%(name)s”的不止一个，请改填代码：%(codes)s。")
                % {"name": text[:40], "codes": "、".join(codes)}
            )
        return codes[0] if codes else text

    def _qualification(self, value: Any) -> str:
        """One of the provider's own, by its internal number or else that of the certificate."""
        own = Qualification.objects.filter(provider=self.provider)
        if isinstance(value, Mapping) and _number(value.get("id")):
            found = own.filter(pk=_number(value["id"])).first()
        else:
            number = "".join(_text(_part(value, "internal_number")).split())[:LONGEST_NAME]
            found = (
                own.filter(internal_number=number).first()
                or own.filter(certificate_number=number).order_by("-pk").first()
            )  # fmt: skip
        if found is None:
            raise ValidationError(_("本机构没有这个编号的检测资质，请填写它的内部编号或证书编号。"))
        return str(found.pk)

    def _instruments(self, value: Any) -> list[str]:
        """Some of the provider's own, by their internal numbers, or by ``id`` as they were read."""
        if not isinstance(value, list) or len(value) > MOST_INSTRUMENTS:
            raise ValidationError(_("请填写仪器内部编号的列表，最多 %d 个。") % MOST_INSTRUMENTS)
        keys = {_number(one.get("id")) for one in value if isinstance(one, Mapping)} - {None}
        numbers = {
            "".join(_text(_part(one, "internal_number")).split())[:LONGEST_NAME]
            for one in value
            if not (isinstance(one, Mapping) and _number(one.get("id")))
        }
        found = dict(
            Instrument.objects.filter(provider=self.provider)
            .filter(models.Q(pk__in=keys) | models.Q(internal_number__in=numbers - {""}))
            .values_list("pk", "internal_number")
        )
        missing = sorted(numbers - set(found.values())) + [f"id {key}" for key in keys - found.keys()]
        if missing:
            raise ValidationError(
                _("本机构没有内部编号为“%s”的仪器，请核对编号或先建立仪器。") % "”“".join(missing[:5])
            )
        return [str(pk) for pk in found]


def _part(value: Any, key: str) -> Any:
    """What stands for a thing that was read as an object: its code, its number."""
    return value.get(key, "") if isinstance(value, Mapping) else value


def _number(value: Any) -> int | None:
    """A record's number; JSON numbers come as text."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValidationError(_("请填写文字或数字。"))
    text = str(value)
    if "\0" in text:
        raise ValidationError(_("含有看不见的空字符，请删除后重新输入。"))
    return text.strip()


def _code_of(text: str, choices: Iterable[tuple[Any, Any]]) -> str:
    """The code of a choice, given by itself or as it is shown; what is neither is the form's to refuse."""
    for code, label in choices:
        if text in {str(code), str(label)}:
            return str(code)
    return text
