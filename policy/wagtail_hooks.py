"""The policy column's questions and topics in the Wagtail admin, and what links in its texts lead to."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.documents.rich_text import DocumentLinkHandler
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from policy.editor_hooks import EditorsUnpublishView, EditorsUnscheduleView
from policy.models import Faq, Topic
from policy.querysets import offered
from workflow.admin_snippets import ListedViewSet


class FaqViewSet(ListedViewSet):
    model = Faq
    unpublish_view_class = EditorsUnpublishView
    revisions_unschedule_view_class = EditorsUnscheduleView
    icon = "help"
    menu_label = _("常见问题")
    menu_name = "faqs"
    list_display = ["question", "topic", "sort_order", BooleanColumn("live", label=_("已发布"))]
    list_filter = ["topic", "live"]
    list_per_page = 50
    search_fields = ["question", "answer"]
    search_backend_name = None


class TopicViewSet(ListedViewSet):
    model = Topic
    icon = "tag"
    menu_label = _("主题")
    menu_name = "topics"
    list_display = ["name", "slug", "sort_order"]
    search_fields = ["name", "slug"]
    search_backend_name = None


class ColumnViewSetGroup(SnippetViewSetGroup):
    items = (FaqViewSet, TopicViewSet)
    menu_label = _("政策栏目")
    menu_icon = "doc-full"
    menu_name = "policy_column"
    menu_order = 220


register_snippet(ColumnViewSetGroup)


class PublicDocumentLinkHandler(DocumentLinkHandler):
    """A document that not anybody may open is no link, as one that was deleted is none."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        documents = cls.get_many(attrs_list)
        public = {document.pk for document in offered(documents)}
        return [
            format_html('<a href="{}">', document.url) if document and document.pk in public else "<a>"
            for document in documents
        ]


@hooks.register("register_rich_text_features", order=100)  # after Wagtail's own
def link_to_public_documents(features: Any) -> None:
    features.register_link_type(PublicDocumentLinkHandler)
