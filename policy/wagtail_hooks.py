"""The policy column's questions and topics in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from policy.editor_hooks import EditorsUnpublishView, EditorsUnscheduleView
from policy.models import Faq, Topic
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


class TopicViewSet(SnippetViewSet):
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
