"""From what was found to what the page prints."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalogue.models import Capability, Instrument, ProviderRecord
from catalogue.search import Kind, highlight
from catalogue.selectors import cards_in_order
from catalogue.templatetags.catalogue import excerpt, hit, shown_name
from home.search.records import MODELS
from institutions.models import Provider
from policy.models import Download, Faq, NoticePage, PolicyPage
from policy.search.base import searched_text

# An excerpt is looked for in so much of a text.
TEXT_LENGTH = 20_000


@dataclass(frozen=True)
class Row:
    """One hit: ``title`` and ``text`` are marked; ``facts`` stand in small below."""

    title: Any
    url: str
    text: Any = ""
    facts: tuple[Any, ...] = ()
    label: Any = ""
    rel: str = ""


@dataclass(frozen=True)
class Tab:
    key: str
    label: Any
    total: int = 0
    capped: bool = False

    @property
    def count(self) -> str:
        return f"{self.total:,}+" if self.capped else f"{self.total:,}"


def record_rows(kind: Kind, ids: list[int], words: str) -> list[Row]:
    """Records as plain rows, without the photos that a list of their own shows: one query."""
    return [_record_row(record, words) for record in _records(kind, ids)]


def _records(kind: Kind, ids: list[int]) -> list[ProviderRecord]:
    if kind != Kind.INSTRUMENT:
        return cards_in_order(MODELS[kind], ids) if ids else []
    found = Instrument.objects.public().for_cards().prefetch_related(None).in_bulk(ids) if ids else {}
    return [found[pk] for pk in ids if pk in found]


def _record_row(record: Any, words: str) -> Row:
    institution = (str(record.provider), record.city_name)
    if isinstance(record, Capability):
        standard = highlight(f"{record.standard_number} {record.standard_name}", words)
        title = highlight(f"{record.object_name} {record.parameter}", words)
        return Row(title, record.get_absolute_url(), standard, institution)
    if isinstance(record, Instrument):
        about = (highlight(record.model, words), record.manufacturer)
        return Row(
            highlight(shown_name(record), words),
            record.get_absolute_url(),
            hit(record, words),
            (*about, *institution),
        )
    text = hit(record, words) or record.content[:90]
    return Row(highlight(record.name, words), record.get_absolute_url(), text, institution)


def provider_row(provider: Provider, words: str) -> Row:
    facts = (provider.get_host_type_display(), provider.place)
    return Row(highlight(str(provider), words), provider.get_absolute_url(), "", facts)


def article_rows(pages: Iterable[Any], words: str) -> list[Row]:
    return [_article_row(page, words) for page in pages]


def _article_row(page: Any, words: str) -> Row:
    text = excerpt(searched_text(page)[:TEXT_LENGTH], words) or page.summary
    issued = getattr(page, "issued_on", None) or page.reviewed_on
    facts = (
        getattr(page, "issuer", ""),
        highlight(getattr(page, "document_number", ""), words),
        f"{issued:%Y-%m-%d}",
    )
    label = "" if isinstance(page, NoticePage) else page._meta.verbose_name
    if isinstance(page, PolicyPage) and page.is_repealed:
        label = _("已废止")
    return Row(highlight(page.title, words), page.get_url() or "", text, facts, label)


def question_row(question: Faq, words: str, page_url: str) -> Row:
    answer = searched_text(question)[:TEXT_LENGTH]
    text = excerpt(answer, words) or answer[:90]
    return Row(
        highlight(question.question, words), f"{page_url}#{question.anchor}", text, (str(question.topic),)
    )


def download_row(download: Download, words: str) -> Row:
    document = download.document
    kind = document.file_extension.upper()
    return Row(highlight(str(download), words), document.url, highlight(download.note, words), (kind,))
