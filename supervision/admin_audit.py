"""The audit trail in the Wagtail admin: who did what to which record, when, with before and after, and why."""

from typing import Any

import django_filters
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from supervision import permissions
from supervision.listings import LongListView, PermittedView, containing, people_named
from supervision.records import record_url, standing_record
from workflow.admin_ledgers import minute
from workflow.differences import change_text
from workflow.models import AuditEntry
from workflow.statuses import Action

SYSTEM = "系统"  # who acts where nobody does (workflow.audit)


def kind_choices() -> list[tuple[int, str]]:
    """The kinds of records that have entries: each is looked up in the index, the entries are not gone through."""
    entries = AuditEntry.objects.filter(record_type=OuterRef("pk")).order_by()
    types = ContentType.objects.filter(Exists(entries))
    return sorted(((kind.pk, kind.name) for kind in types), key=lambda choice: choice[1])


class AuditFilterSet(WagtailFilterSet):
    actor = django_filters.CharFilter(
        label=_("操作人（姓名或登录名）"), method="filter_actor", max_length=150
    )
    action = django_filters.MultipleChoiceFilter(
        label=_("操作"), choices=Action.choices, widget=forms.CheckboxSelectMultiple, distinct=False
    )
    record_type = django_filters.ChoiceFilter(label=_("记录类型"))
    record_id = django_filters.NumberFilter(
        label=_("记录编号"), min_value=1, max_value=2**63 - 1, decimal_places=0
    )
    at = django_filters.DateFromToRangeFilter(label=_("日期"), widget=DateRangePickerWidget)
    reason = django_filters.CharFilter(label=_("说明中的文字"), method="filter_reason", max_length=200)

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # once: a form asks choices that are a function each time it looks at them
        self.filters["record_type"].extra["choices"] = kind_choices()

    def filter_actor(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        by_people = Q(actor__in=people_named(value))
        return queryset.filter(by_people | Q(actor=None) if value.strip() in SYSTEM else by_people)

    def filter_reason(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(containing("reason", value))


class AuditListView(LongListView):
    model = AuditEntry
    page_title = _("审计记录")
    header_icon = "history"
    index_url_name = "supervision_audit"
    index_results_url_name = "supervision_audit_results"
    filterset_class = AuditFilterSet
    verbose_name_plural = _("审计记录")
    row_relations = ("record_type", "actor")
    empty_message = _("还没有审计记录。机构、审核人员和系统每办一步，这里记一条。")
    columns: list[BaseColumn] = [
        TitleColumn(
            "record_title",
            label=_("记录"),
            get_url=lambda entry: reverse("supervision_audit_entry", args=[entry.pk]),
            width="24%",
        ),
        Column("record_type", label=_("类型"), accessor="get_record_type_display", classname="review-nowrap"),
        Column("record_id", label=_("编号")),
        Column("action", label=_("操作"), accessor="get_action_display", classname="review-nowrap"),
        Column("actor_name", label=_("操作人"), accessor=lambda entry: actor_text(entry)),
        Column("at", label=_("时间"), accessor=lambda entry: minute(entry.at), classname="review-nowrap"),
        Column("what", label=_("变更和说明"), accessor=lambda entry: summary(entry), width="28%"),
    ]
    export_headings = {
        "at": _("时间"),
        "actor_name": _("操作人"),
        "actor_login": _("登录名"),
        "get_action_display": _("操作"),
        "get_record_type_display": _("类型"),
        "record_id": _("编号"),
        "record_title": _("记录"),
        "get_changes_display": _("变更"),
        "reason": _("说明"),
    }
    list_export = list(export_headings)
    exported = {"actor_login": lambda entry: entry.actor.username if entry.actor else ""}

    def is_allowed(self) -> bool:
        return permissions.may_search_audit(self.actor)

    def found_by(self, text: str) -> Q:
        """In the record's name or number; an order's number is part of its name."""
        found = containing("record_title", text)
        return found | Q(record_id=int(text)) if text.isdecimal() and len(text) < 19 else found


class AuditEntryView(PermittedView, WagtailAdminTemplateMixin, TemplateView):
    """One entry: every change with before and after, and the way to the record."""

    template_name = "supervision/admin/audit_entry.html"
    header_icon = "history"
    page_title = _("审计记录")

    def is_allowed(self) -> bool:
        return permissions.may_search_audit(self.actor)

    @cached_property
    def entry(self) -> AuditEntry:
        return get_object_or_404(
            AuditEntry.objects.select_related("record_type", "actor"), pk=self.kwargs["pk"]
        )

    def get_page_title(self) -> str:
        return f"{self.entry.get_action_display()}：{self.entry.record_title}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("supervision_audit"), "label": self.page_title},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entry = self.entry
        model = entry.record_type.model_class()
        record = standing_record(entry.record_type, entry.record_id)
        asked = {"record_type": entry.record_type_id, "record_id": entry.record_id}
        return super().get_context_data(
            entry=entry,
            actor=actor_text(entry),
            changes=[
                change_text(model, name, pair) if model else f"{name}：{pair}"
                for name, pair in entry.changes.items()
            ],
            is_gone=record is None,
            record_url=record_url(entry.record_type, entry.record_id, self.actor) if record else "",
            same_url=f"{reverse('supervision_audit')}?{urlencode(asked)}",
            **kwargs,
        )


def actor_text(entry: AuditEntry) -> str:
    """王小明（qinling）: the name as it was then, and the login name as it is."""
    return f"{entry.actor_name}（{entry.actor.username}）" if entry.actor else entry.actor_name


def summary(entry: AuditEntry) -> str:
    text = "；".join(part for part in (entry.get_changes_display(), entry.reason) if part)
    return text if len(text) <= 120 else f"{text[:120]}…"
