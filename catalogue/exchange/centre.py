"""What the pages of export, photos and batch submission share: the kind of record, and whose."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.centre import ProviderRequiredMixin
from catalogue.centre.kinds import KINDS, RecordKind
from catalogue.exceptions import CatalogueError
from catalogue.exchange.subjects import Subject, subject_or_404
from institutions.models import Provider

KIND_OF = {kind.key: kind for kind in KINDS}


class SubjectMixin(ProviderRequiredMixin):
    """A page about all records of one kind, which the address names."""

    kwargs: dict[str, Any]
    subject_slug: str = ""  # where the address does not name it

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        self.subject: Subject = subject_or_404(self.subject_slug or kwargs["subject"])
        self.menu_key = self.subject.slug

    @property
    def kind(self) -> RecordKind:
        return KIND_OF[self.subject.slug]

    @cached_property
    def provider(self) -> Provider:
        """The account's institution. Raises CatalogueError while there is none."""
        provider = Provider.objects.visible_to(self.actor).select_related("account").first()
        if provider is None:
            raise CatalogueError(_("请先填写并保存机构信息。"))
        return provider

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # the address has named the subject already
        return super().get_context_data(**{**kwargs, "subject": self.subject.slug, "kind": self.kind})
