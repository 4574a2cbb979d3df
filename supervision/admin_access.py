"""Who looked at whose private files, in the Wagtail admin."""

import ipaddress
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column

from supervision import permissions
from supervision.listings import LongListView, containing, people_named
from supervision.models import FileAccess
from workflow.admin_ledgers import minute


class FileAccessFilterSet(WagtailFilterSet):
    actor = django_filters.CharFilter(
        label=_("查看人（姓名或登录名）"), method="filter_people", max_length=150
    )
    owner = django_filters.CharFilter(
        label=_("文件所属账户（联系人或登录名）"), method="filter_people", max_length=150
    )
    is_download = django_filters.ChoiceFilter(
        label=_("方式"), choices=[("False", _("查看")), ("True", _("下载"))]
    )
    ip_address = django_filters.CharFilter(label=_("IP 地址"), method="filter_ip", max_length=45)
    at = django_filters.DateFromToRangeFilter(label=_("日期"), widget=DateRangePickerWidget)

    class Meta:
        model = FileAccess
        fields: list[str] = []

    def filter_people(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(**{f"{name}__in": people_named(value)})

    def filter_ip(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """PostgreSQL compares addresses with nothing else."""
        try:
            address = ipaddress.ip_address(value.strip())
        except ValueError:
            return queryset.none()
        return queryset.filter(ip_address=str(address))


class FileAccessListView(LongListView):
    model = FileAccess
    page_title = _("文件查看记录")
    header_icon = "view"
    index_url_name = "supervision_file_access"
    index_results_url_name = "supervision_file_access_results"
    filterset_class = FileAccessFilterSet
    verbose_name_plural = _("文件查看记录")
    row_relations = ("actor",)
    empty_message = _("还没有人查看过别人的文件。证照、发票、合同等被本单位以外的人打开时，这里记一条。")
    columns: list[BaseColumn] = [
        Column("file_name", label=_("文件"), width="30%"),
        Column("owner_name", label=_("所属账户")),
        Column("way", label=_("方式"), classname="review-nowrap"),
        Column(
            "actor_name",
            label=_("查看人"),
            accessor=lambda access: f"{access.actor_name}（{access.actor.username}）",
        ),
        Column("at", label=_("时间"), accessor=lambda access: minute(access.at), classname="review-nowrap"),
        Column("ip_address", label=_("IP 地址")),
    ]
    export_headings = {
        "at": _("时间"),
        "actor_name": _("查看人"),
        "actor.username": _("登录名"),
        "way": _("方式"),
        "file_name": _("文件"),
        "owner_name": _("所属账户"),
        "ip_address": _("IP 地址"),
    }
    list_export = list(export_headings)

    def is_allowed(self) -> bool:
        return permissions.may_view_file_access(self.actor)

    def found_by(self, text: str) -> Q:
        return containing("file_name", text) | containing("owner_name", text)
