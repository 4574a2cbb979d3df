"""The editors' pages in the words of schema.org."""

from collections.abc import Iterable
from typing import Any

from django.utils.html import strip_tags

from accounts.addresses import absolute
from accounts.structured import Data, filled
from policy.models import ArticlePage, Faq, GuidePage, InterpretationPage, NoticePage, PolicyPage


def article_data(page: ArticlePage) -> Data:
    """A notice is news, a policy document a legal text with its number and force, an interpretation an article about one."""
    url = absolute(page.get_url())
    common = filled(
        id_=f"{url}#article",
        url=url,
        description=page.search_description or page.summary,
        datePublished=page.issued_on.isoformat(),
        dateModified=page.last_published_at.isoformat() if page.last_published_at else None,
        publisher=filled(type_="GovernmentOrganization", name=page.issuer) if page.issuer else None,
        inLanguage="zh-Hans",
    )
    match page:
        case PolicyPage():
            return filled(
                type_="Legislation",
                **common,
                name=page.title,
                legislationIdentifier=page.document_number,
                legislationDate=page.issued_on.isoformat(),
                legislationDateOfApplicability=page.effective_on.isoformat() if page.effective_on else None,
                legislationLegalForce="NotInForce" if page.is_repealed or page.is_upcoming else "InForce",
            )
        case InterpretationPage():
            policy = page.explained
            about = (
                filled(type_="Legislation", name=policy.title, url=absolute(policy.get_url()))
                if policy
                else None
            )
            return filled(type_="Article", **common, headline=page.title, about=about)
        case NoticePage():
            return filled(type_="NewsArticle", **common, headline=page.title)
    return filled(type_="Article", **common, headline=page.title)


def guide_data(page: GuidePage) -> Data:
    """A guide with its flow is a way to do something, step by step; without one it is an article."""
    url = absolute(page.get_url())
    steps = [
        filled(type_="HowToStep", position=number, name=step.value["title"], text=step.value["text"])
        for number, step in enumerate(page.flow, start=1)
    ]
    return filled(
        type_="HowTo" if steps else "Article",
        id_=f"{url}#guide",
        url=url,
        name=page.title,
        description=page.search_description or page.summary,
        step=steps,
        inLanguage="zh-Hans",
    )


def faq_data(url: str, questions: Iterable[tuple[Faq, Any]]) -> Data:
    """Questions, each with its answer as shown."""
    return filled(
        type_="FAQPage",
        id_=f"{absolute(url)}#questions",
        url=absolute(url),
        mainEntity=[
            filled(
                type_="Question",
                name=faq.question,
                acceptedAnswer=filled(type_="Answer", text=" ".join(strip_tags(str(answer)).split())),
            )
            for faq, answer in questions
        ],
        inLanguage="zh-Hans",
    )
