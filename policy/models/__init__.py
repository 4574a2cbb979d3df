"""The policy column and the notices as Wagtail pages and snippets."""

from policy.models.base import ArticlePage, ColumnPage
from policy.models.documents import PolicyIndexPage, PolicyPage, PolicyStatus
from policy.models.downloads import Download, DownloadsPage
from policy.models.faq import Faq, FaqIndexPage
from policy.models.guides import Audience, GuideIndexPage, GuidePage
from policy.models.interpretations import InterpretationIndexPage, InterpretationPage
from policy.models.moderation import EditorialTask
from policy.models.notices import NoticeIndexPage, NoticePage
from policy.models.topics import Topic

__all__ = [
    "ArticlePage",
    "Audience",
    "ColumnPage",
    "Download",
    "DownloadsPage",
    "EditorialTask",
    "Faq",
    "FaqIndexPage",
    "GuideIndexPage",
    "GuidePage",
    "InterpretationIndexPage",
    "InterpretationPage",
    "NoticeIndexPage",
    "NoticePage",
    "PolicyIndexPage",
    "PolicyPage",
    "PolicyStatus",
    "Topic",
]
