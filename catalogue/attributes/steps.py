"""The step 专业参数 on a provider's way through a record."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from catalogue.attributes.forms import attributes_form
from catalogue.models import ProviderRecord
from workflow.centre import Step

SLUG = "attributes"


def with_attributes_step(steps: Sequence[Step], record: ProviderRecord) -> list[Step]:
    """The steps with 专业参数 after the first one, where staff have defined attributes for the record's node.

    A record that is not stored yet has no node that counts: its first step may still change it.
    """
    if record.pk is None or not record.category_code:
        return list(steps)
    definitions = record.attribute_book.in_force(record.category_code)
    if not definitions:
        return list(steps)
    form = attributes_form(type(record), definitions)
    first, *others = steps
    return [first, Step(SLUG, _("专业参数"), form, "catalogue/centre/step_attributes.html"), *others]
