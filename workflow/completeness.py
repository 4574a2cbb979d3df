"""What a draft still lacks before it can be submitted."""

from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from files.models import PrivateFile, SiteImage
from workflow.differences import field_label

if TYPE_CHECKING:
    from workflow.models import Submission


def missing_fields(record: "Submission") -> dict[str, list[str]]:
    """Required fields left empty and fields that do not validate, each with its sentence. Asks no query, but for a ``settled_label``."""
    problems: dict[str, list[str]] = {}
    fields = {field.name: field for field in record._meta.concrete_fields}
    for name in record.required_to_submit:
        field = fields[name]
        value = getattr(record, field.attname)
        if value is None or value == "" or value is False:
            is_chosen = bool(field.choices) or name in record.chosen_fields
            problems[name] = [_what_to_do(field, is_chosen) % field_label(type(record), name)]
    # What a stored row refers to and holds alone, the database sees to: to ask it again for each of many rows
    # would take more time than everything else.
    relations = [name for name, field in fields.items() if field.is_relation]
    for check in (partial(record.clean_fields, exclude={*problems, *relations}), record.clean):
        try:
            check()
        except ValidationError as error:
            for name, sentences in error.update_error_dict({}).items():
                problems.setdefault(name, []).extend(ValidationError(sentences).messages)
    return problems


def _what_to_do(field: "models.Field[Any, Any]", is_chosen: bool) -> str:
    """The sentence with the verb of the field's control: one ticks, uploads, chooses or types."""
    if isinstance(field, models.BooleanField):
        return _("请确认“%s”。")
    if isinstance(field, models.ForeignKey):
        is_upload = issubclass(field.related_model, PrivateFile | SiteImage)
        return _("请上传“%s”。") if is_upload else _("请选择“%s”。")
    return _("请选择“%s”。") if is_chosen else _("请填写“%s”。")
