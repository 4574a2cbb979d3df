"""Refusals of the catalogue app."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.exceptions import DomainError


class CatalogueError(DomainError):
    """An action on a catalogue record was refused."""


class NumberTakenError(CatalogueError):
    """Another record of the institution has taken the record's internal number since it was read."""

    def __init__(self, model: Any, number: str) -> None:
        super().__init__(
            _("内部编号“%(number)s”刚被本单位的另一条%(type)s记录使用，请核对后修改。")
            % {"number": number, "type": model._meta.verbose_name}
        )
