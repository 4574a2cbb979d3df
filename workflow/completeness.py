"""What a draft still lacks before it can be submitted."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from workflow.models import Submission


def missing_fields(record: "Submission") -> dict[str, list[str]]:
    """Required fields left empty and fields that do not validate, each with its sentence."""
    problems: dict[str, list[str]] = {}
    fields = {field.name: field for field in record._meta.concrete_fields}
    for name in record.required_to_submit:
        field = fields[name]
        value = getattr(record, field.attname)
        if value is None or value == "" or value is False:
            label = str(field.verbose_name)
            sentence = _("请确认“%s”。") if value is False else _("请填写“%s”。")
            problems[name] = [sentence % label]
    try:
        record.full_clean(exclude=list(problems))
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            problems.setdefault(name, []).extend(sentences)
    return problems
