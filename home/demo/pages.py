"""The notices and policy documents of ``articles`` as pages."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from html import escape
from typing import Any

from django.utils import timezone

from accounts.models import User
from home.demo.articles import NOTICES, POLICIES, Article, Table
from home.demo.clock import at
from policy.models import NoticeIndexPage, NoticePage, PolicyIndexPage, PolicyPage, PolicyStatus


def load_pages(*, editor: User) -> int:
    """Publish what is missing; says how many pages that were."""
    today = timezone.localdate()
    made = 0
    for articles, index, page_model in (
        (NOTICES, NoticeIndexPage.objects.first(), NoticePage),
        (POLICIES, PolicyIndexPage.objects.first(), PolicyPage),
    ):
        if index is None:
            continue
        known = set(index.get_children().values_list("slug", flat=True))
        for article in sorted(articles, key=lambda article: -article.days_ago):
            if article.slug not in known:
                _publish(article, index, page_model, editor, today)
                made += 1
    return made


def _publish(
    article: Article, index: Any, page_model: type[NoticePage] | type[PolicyPage], editor: User, today: date
) -> None:
    issued = today - timedelta(days=article.days_ago)
    years = {"year": issued.year, "last_year": issued.year - 1}
    page = page_model(
        slug=article.slug,
        title=article.title.format(**years),
        issuer=article.issuer,
        issued_on=issued,
        summary=article.summary.format(**years),
        body=list(_blocks(article.body.format(**years), article.tables)),
        owner=editor,
    )
    if isinstance(page, NoticePage):
        page.pinned = article.pinned
    else:
        page.document_number = article.number.format(**years)
        if article.number:
            page.effective_on = issued + timedelta(days=article.effective_after_days)
        page.status = PolicyStatus.REPEALED if article.repealed else PolicyStatus.IN_FORCE
    with at(timezone.make_aware(datetime.combine(issued, time(9, 30)))):
        index.add_child(instance=page)
        page.save_revision(user=editor, clean=False).publish(user=editor)


def _blocks(text: str, tables: dict[str, Table]) -> Iterator[tuple[str, Any]]:
    """``articles``' plain text as the blocks of policy.blocks.ArticleBody."""
    for paragraph in text.split("\n\n"):
        head, _newline, rest = paragraph.strip().partition("\n")
        if head.startswith("# "):
            yield "heading", head[2:]
            if rest:
                yield "text", _rich_text(rest)
        elif head.startswith("! "):
            yield "notice", {"tone": "wait", "title": "", "text": head[2:]}
        elif head.startswith("@"):
            columns, *rows = tables[head[1:]]
            yield (
                "table",
                {
                    "caption": "",
                    "columns": [{"type": "text", "heading": heading} for heading in columns],
                    "rows": [{"values": list(row)} for row in rows],
                },
            )
        else:
            yield "text", _rich_text(paragraph)


def _rich_text(text: str) -> str:
    html, items = "", ""
    for line in [*text.strip().splitlines(), ""]:
        if line.startswith("- "):
            items += f"<li>{escape(line[2:])}</li>"
            continue
        html += f"<ul>{items}</ul>" if items else ""
        items = ""
        html += f"<p>{escape(line)}</p>" if line else ""
    return html
