"""Warnings in the Wagtail admin: the list, and one with its follow-up."""

from typing import Any, cast

import django_filters
from django import forms
from django.contrib import messages
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.exceptions import DomainError
from accounts.models import AccountKind, User
from supervision import permissions, services
from supervision.kinds import kinds
from supervision.listings import LongListView, PermittedView
from supervision.models import Alert
from supervision.querysets import AlertQuerySet
from supervision.records import record_url, standing_record
from supervision.statuses import MOVES, AlertStatus, Severity
from workflow.admin_ledgers import minute

WEIGHTS = {Severity.SERIOUS: 2, Severity.NORMAL: 1, Severity.INFO: 0}


def kind_choices() -> list[tuple[str, Any]]:
    return [(kind.code, kind.label) for kind in kinds()]


class AlertFilterSet(WagtailFilterSet):
    status = django_filters.ChoiceFilter(
        label=gettext_lazy("处理状态"),
        method="filter_status",
        choices=[*AlertStatus.choices, ("all", gettext_lazy("全部"))],
        empty_label=gettext_lazy("待处理和跟进中"),
    )
    code = django_filters.ChoiceFilter(label=gettext_lazy("预警类型"), choices=kind_choices)
    severity = django_filters.ChoiceFilter(label=gettext_lazy("严重程度"), choices=Severity.choices)
    institution = django_filters.CharFilter(
        label=gettext_lazy("涉及机构"),
        field_name="institution_names",
        lookup_expr="icontains",
        max_length=100,
    )
    mine = django_filters.ChoiceFilter(
        label=gettext_lazy("跟进人"),
        method="filter_mine",
        choices=[("me", gettext_lazy("我")), ("nobody", gettext_lazy("尚未指定"))],
    )
    found_at = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("发现日期"), widget=DateRangePickerWidget
    )

    class Meta:
        model = Alert
        fields: list[str] = []

    def filter_status(self, queryset: AlertQuerySet, name: str, value: str) -> AlertQuerySet:
        return queryset if value == "all" else queryset.filter(status=value)

    def filter_mine(self, queryset: AlertQuerySet, name: str, value: str) -> AlertQuerySet:
        return queryset.filter(assigned_to=self.request.user if value == "me" else None)


class SeverityColumn(Column):
    cell_template_name = "supervision/admin/severity_cell.html"


class AlertListView(LongListView):
    """What is unsettled, the gravest first; the rest by the filter."""

    model = Alert
    page_title = gettext_lazy("预警")
    header_icon = "warning"
    index_url_name = "supervision_alerts"
    index_results_url_name = "supervision_alerts_results"
    filterset_class = AlertFilterSet
    verbose_name_plural = gettext_lazy("预警")
    default_ordering = ("-weight", "-found_at", "-pk")
    row_relations = ("assigned_to",)
    empty_message = gettext_lazy("没有需要处理的预警。已处理的和误报，可用“处理状态”筛选查看。")
    columns: list[BaseColumn] = [
        TitleColumn(
            "title", label=gettext_lazy("预警"), get_url=lambda alert: alert.get_admin_url(), width="30%"
        ),
        Column("kind_label", label=gettext_lazy("类型"), classname="review-nowrap"),
        SeverityColumn("severity", label=gettext_lazy("严重程度"), accessor="get_severity_display"),
        Column("institution_names", label=gettext_lazy("涉及机构"), width="20%"),
        Column(
            "found_at",
            label=gettext_lazy("发现时间"),
            accessor=lambda alert: minute(alert.found_at),
            classname="review-nowrap",
        ),
        Column(
            "status",
            label=gettext_lazy("处理状态"),
            accessor="get_status_display",
            classname="review-nowrap",
        ),
        Column(
            "assigned_to",
            label=gettext_lazy("跟进人"),
            accessor=lambda alert: assignee(alert),
        ),
    ]
    export_headings = {
        "title": gettext_lazy("预警"),
        "kind_label": gettext_lazy("类型"),
        "get_severity_display": gettext_lazy("严重程度"),
        "detail": gettext_lazy("详情"),
        "record_title": gettext_lazy("涉及记录"),
        "institution_names": gettext_lazy("涉及机构"),
        "found_at": gettext_lazy("发现时间"),
        "last_seen_at": gettext_lazy("最近一次发现"),
        "get_status_display": gettext_lazy("处理状态"),
        "assigned_to": gettext_lazy("跟进人"),
    }
    list_export = list(export_headings)
    exported = {"assigned_to": lambda alert: assignee(alert)}

    def is_allowed(self) -> bool:
        return permissions.may_view_alerts(self.actor)

    def get_base_queryset(self) -> QuerySet[Any]:
        weight = Case(
            *(When(severity=severity, then=Value(weight)) for severity, weight in WEIGHTS.items()), default=0
        )
        alerts = Alert.objects.annotate(weight=weight)
        return alerts if self.request.GET.get("status") else alerts.unsettled()

    def found_by(self, text: str) -> Q:
        return (
            Q(title__icontains=text)
            | Q(record_title__icontains=text)
            | Q(detail__icontains=text)
            | Q(institution_names__icontains=text)
        )


def assignee(alert: Alert) -> str:
    return alert.assigned_to.get_full_name() if alert.assigned_to else ""


def assignees() -> QuerySet[User]:
    """Staff who may follow up."""
    permission = Permission.objects.filter(
        content_type__app_label="supervision", codename="change_alert"
    ).values("pk")
    able = Q(is_superuser=True) | Q(groups__permissions__in=permission) | Q(user_permissions__in=permission)
    staff = User.objects.filter(kind=AccountKind.STAFF, is_active=True)
    return staff.filter(pk__in=User.objects.filter(able).values("pk")).order_by("contact_name", "pk")


class AssigneeField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_full_name()}（{obj.username}）"


class FollowUpForm(forms.Form):
    """What was found out, what becomes of the warning, and who goes on. ``seen_notes`` is what the page shows."""

    text = forms.CharField(
        label=gettext_lazy("跟进情况"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("核查了什么、结果如何。改为“已处理”或“误报”时必填。跟进记录不能修改或删除。"),
    )
    status = forms.ChoiceField(label=gettext_lazy("处理状态"))
    assigned_to = AssigneeField(
        label=gettext_lazy("跟进人"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("尚未指定"),
    )
    seen_notes = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, alert: Alert, seen: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = AlertStatus(alert.status)
        status = cast(forms.ChoiceField, self.fields["status"])
        status.choices = [(choice.value, choice.label) for choice in (now, *sorted(MOVES[now]))]
        status.initial = now.value
        assigned_to = cast(AssigneeField, self.fields["assigned_to"])
        assigned_to.queryset = assignees()
        assigned_to.initial = alert.assigned_to_id
        self.fields["seen_notes"].initial = seen


class AlertView(PermittedView, WagtailAdminTemplateMixin, FormView):
    """One warning: what was found, about whom, what was done; and for those who follow up, the next step."""

    form_class = FollowUpForm
    template_name = "supervision/admin/alert.html"
    header_icon = "warning"

    def is_allowed(self) -> bool:
        return permissions.may_view_alerts(self.actor)

    @cached_property
    def alert(self) -> Alert:
        return get_object_or_404(
            Alert.objects.select_related("record_type", "assigned_to"), pk=self.kwargs["pk"]
        )

    @cached_property
    def notes(self) -> list[Any]:
        return list(self.alert.notes.all())

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"alert": self.alert, "seen": len(self.notes)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not permissions.may_follow_up(self.actor):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: FollowUpForm) -> HttpResponse:
        try:
            services.follow_up(alert=self.alert, actor=self.actor, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("已记录这次跟进。"))
        return redirect(self.alert.get_admin_url())

    def form_invalid(self, form: FollowUpForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_page_title(self) -> str:
        return self.alert.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("supervision_alerts"), "label": _("预警")},
            {"url": "", "label": self.alert.title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        alert = self.alert
        is_there = standing_record(alert.record_type, alert.record_id) is not None
        return super().get_context_data(
            alert=alert,
            notes=self.notes,
            may_follow_up=permissions.may_follow_up(self.actor)
            and not permissions.is_about(alert, self.actor),
            record_url=record_url(alert.record_type, alert.record_id, self.actor) if is_there else "",
            institutions=[
                {
                    "name": one["name"],
                    "url": record_url(one["type"], one["id"], self.actor) if "type" in one else "",
                }
                for one in alert.institutions
            ],
            **kwargs,
        )
