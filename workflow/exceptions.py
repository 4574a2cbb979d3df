"""Refusals of the review process."""

from django.utils.translation import gettext as _

from accounts.exceptions import DomainError


class WorkflowError(DomainError):
    """A submission could not be moved; the message says why and what to do."""


class StaleFormError(WorkflowError):
    """The record was changed after the form had been opened (another tab, another person)."""

    def __init__(self) -> None:
        super().__init__(_("这条记录已在别的页面被修改。请核对下面您填写的内容，再保存一次即可覆盖。"))


class IncompleteError(WorkflowError):
    """The record is not complete enough to submit. ``problems`` maps field names to sentences."""

    def __init__(self, problems: dict[str, list[str]]) -> None:
        self.problems = problems
        super().__init__(" ".join(sentence for sentences in problems.values() for sentence in sentences))
