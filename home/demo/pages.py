"""Everything editors would have written, published as they would: notices, the policy column, questions, downloads."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone
from wagtail.documents.models import AbstractDocument

from accounts.models import User
from home.demo.articles import NOTICES, POLICIES, Article
from home.demo.clock import at
from home.demo.forms import FORMS, load_forms
from home.demo.guides import GUIDES, TABLES, Guide
from home.demo.interpretations import INTERPRETATIONS
from home.demo.markup import blocks, rich_text
from home.demo.questions import QUESTIONS
from policy.models import (
    Download,
    DownloadsPage,
    Faq,
    GuideIndexPage,
    GuidePage,
    InterpretationIndexPage,
    InterpretationPage,
    NoticeIndexPage,
    NoticePage,
    PolicyIndexPage,
    PolicyPage,
    PolicyStatus,
    Topic,
)

SETTLED_DAYS_AGO = 60


def load_pages(*, editor: User) -> int:
    """Publish what is missing; says how many pages that were."""
    desk = Desk(editor)
    desk.articles(NOTICES, NoticeIndexPage.objects.first(), desk.notice)
    desk.articles(POLICIES, PolicyIndexPage.objects.first(), desk.policy)
    desk.articles(INTERPRETATIONS, InterpretationIndexPage.objects.first(), desk.interpretation)
    desk.guides(GUIDES, GuideIndexPage.objects.first())
    desk.questions()
    desk.downloads(DownloadsPage.objects.first())
    return desk.pages


class Desk:
    """Where one editor works."""

    def __init__(self, editor: User) -> None:
        self.editor = editor
        self.today = timezone.localdate()
        self.pages = 0

    @cached_property
    def topics(self) -> dict[str, Topic]:
        return {topic.slug: topic for topic in Topic.objects.all()}

    @cached_property
    def forms(self) -> dict[str, AbstractDocument]:
        with at(self.morning(self.today - timedelta(days=SETTLED_DAYS_AGO))):
            return load_forms(owner=self.editor)

    def morning(self, day: date) -> datetime:
        return timezone.make_aware(datetime.combine(day, time(9, 30)))

    def go_live(self, written: Any) -> None:
        """As when a second editor has approved it: editors may not publish what they write."""
        revision = written.save_revision(user=self.editor, clean=False)
        revision.publish(user=self.editor, skip_permission_checks=True)

    def publish(self, page: Any, index: Any, day: date) -> None:
        with at(self.morning(day)):
            index.add_child(instance=page)
            self.go_live(page)
        self.pages += 1

    def articles(self, articles: Iterable[Article], index: Any, write: Any) -> None:
        known = set(index.get_children().values_list("slug", flat=True)) if index else set()
        # who names a successor comes after it
        for article in sorted(articles, key=lambda article: (bool(article.replaced_by), -article.days_ago)):
            if index and article.slug not in known:
                issued = self.today - timedelta(days=article.days_ago)
                page = write(article, issued, self.common(article, issued))
                self.publish(page, index, issued)
                if article.expired_days_ago is not None:
                    page.refresh_from_db()
                    page.unpublish(set_expired=True, log_action=False)

    def common(self, article: Article, issued: date) -> dict[str, Any]:
        years = {"year": issued.year, "last_year": issued.year - 1}
        return {
            "slug": article.slug,
            "title": article.title.format(**years),
            "issuer": article.issuer,
            "issued_on": issued,
            "summary": article.summary.format(**years),
            "body": list(blocks(article.body.format(**years), article.tables)),
            "attachments": [("document", self.forms[key]) for key in article.attachments],
            "topics": [self.topics[slug] for slug in article.topics if slug in self.topics],
            "owner": self.editor,
        }

    def notice(self, article: Article, issued: date, common: dict[str, Any]) -> NoticePage:
        notice = NoticePage(**common, pinned=article.pinned)
        if article.pinned_for_days is not None:
            notice.pinned_until = self.today + timedelta(days=article.pinned_for_days)
        if article.opens_in_days is not None:
            notice.issued_on = self.today + timedelta(days=article.opens_in_days)
            notice.go_live_at, notice.live = self.morning(notice.issued_on), False
        if article.expired_days_ago is not None:
            notice.expire_at = self.morning(self.today - timedelta(days=article.expired_days_ago))
        return notice

    def policy(self, article: Article, issued: date, common: dict[str, Any]) -> PolicyPage:
        return PolicyPage(
            **common,
            document_number=article.number.format(year=issued.year),
            effective_on=issued + timedelta(days=article.effective_after_days),
            status=PolicyStatus.REPEALED if article.replaced_by else PolicyStatus.IN_FORCE,
            replaced_by=PolicyPage.objects.filter(slug=article.replaced_by).first(),
        )

    def interpretation(self, article: Article, issued: date, common: dict[str, Any]) -> InterpretationPage:
        return InterpretationPage(**common, policy=PolicyPage.objects.filter(slug=article.policy).first())

    def guides(self, guides: Iterable[Guide], index: Any) -> None:
        known = set(index.get_children().values_list("slug", flat=True)) if index else set()
        day = self.today - timedelta(days=SETTLED_DAYS_AGO)
        for guide in guides:
            if index and guide.slug not in known:
                page = GuidePage(
                    slug=guide.slug,
                    title=guide.title,
                    audience=guide.audience,
                    reviewed_on=day,
                    summary=guide.summary,
                    flow=[
                        ("step", dict(zip(("actor", "title", "text", "duration"), step, strict=True)))
                        for step in guide.flow
                    ],
                    body=list(blocks(guide.body, TABLES.get(guide.slug, {}))),
                    attachments=[("document", self.forms[key]) for key in guide.attachments],
                    owner=self.editor,
                )
                self.publish(page, index, day)

    def questions(self) -> None:
        known = set(Faq.objects.values_list("question", flat=True))
        with at(self.morning(self.today - timedelta(days=SETTLED_DAYS_AGO))):
            for slug, pairs in QUESTIONS.items():
                for number, (question, answer) in enumerate(pairs, start=1):
                    if question not in known and slug in self.topics:
                        faq = Faq(
                            question=question,
                            answer=rich_text(answer),
                            topic=self.topics[slug],
                            sort_order=number * 10,
                            live=False,
                        )
                        faq.save()
                        self.go_live(faq)

    def downloads(self, page: DownloadsPage | None) -> None:
        if page is None:
            return
        known = set(page.downloads.values_list("document_id", flat=True))
        missing = [form for form in FORMS if self.forms[form.key].pk not in known]
        page.downloads.add(
            *(
                Download(document=self.forms[form.key], note=form.note, topic=self.topics.get(form.topic))
                for form in missing
            )
        )
        if missing:
            self.go_live(page)
