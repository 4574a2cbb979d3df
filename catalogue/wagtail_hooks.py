"""The catalogue in the Wagtail admin."""

from collections.abc import Iterable, MutableSequence
from typing import Any

from django.contrib import messages
from django.db import router
from django.db.models import Model, ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from catalogue.admin_panels import ValidityPanel
from catalogue.attributes.admin_views import AttributeViewSet, NoDeletePolicy
from catalogue.filters_admin import QualificationFilterSet, TermColumn
from catalogue.models import (
    AttributeDefinition,
    Capability,
    Instrument,
    InstrumentClass,
    LabService,
    Qualification,
    TestingField,
    TestingService,
    TreeNode,
)
from workflow.admin_snippets import ListedViewSet, ReadOnlyPolicy, SubmissionViewSet

RECORDS = (Instrument, Qualification, Capability, TestingService, LabService)
for record in RECORDS:
    register_permission_policy(record, ReadOnlyPolicy(record))
register_permission_policy(AttributeDefinition, NoDeletePolicy(AttributeDefinition))


@hooks.register("before_delete_snippet")
def keep_nodes_in_use(request: HttpRequest, instances: Iterable[Model]) -> HttpResponse | None:
    """A class or field that something is sorted under stays, whether it is deleted alone or among others."""
    nodes = [one for one in instances if isinstance(one, TreeNode)]
    if not nodes:
        return None
    model = type(nodes[0])
    try:
        Collector(using=router.db_for_write(model), origin=nodes[0]).collect(nodes)
    except (ProtectedError, RestrictedError):
        messages.error(request, _("所选项目之下还有下级或已有资源，不能删除。请先把它们改到别的类别之下。"))
        return redirect(f"wagtailsnippets_catalogue_{model._meta.model_name}:list")
    return None


@hooks.register("construct_homepage_panels")
def add_validity_panel(request: HttpRequest, panels: MutableSequence[Any]) -> None:
    if request.user.has_perm("catalogue.view_qualification"):
        panels.append(ValidityPanel())


class InstrumentViewSet(SubmissionViewSet):
    model = Instrument
    icon = "cogs"
    menu_label = _("仪器")
    menu_name = "instruments"
    menu_order = 30
    add_to_admin_menu = True
    list_display = ["__str__", "model", "provider", "instrument_class", "status", "submitted_at"]
    list_filter = ["status", "city", "accepts_vouchers"]
    search_fields = ["name", "model", "internal_number", "provider__name"]


class ProviderRecordViewSet(SubmissionViewSet):
    """Records that stand where their provider does."""

    add_to_admin_menu = True
    list_filter = ["status", "provider__city"]


class QualificationViewSet(ProviderRecordViewSet):
    model = Qualification
    icon = "key"
    menu_label = _("检测资质")
    menu_name = "qualifications"
    menu_order = 31
    list_display = [
        "__str__",
        "kind",
        "provider",
        TermColumn("valid_to", label=_("有效期至"), sort_key="valid_to"),
        "status",
        "submitted_at",
    ]
    filterset_class = QualificationFilterSet
    search_fields = ["name", "certificate_number", "provider__name"]


class CapabilityViewSet(ProviderRecordViewSet):
    model = Capability
    icon = "list-ul"
    menu_label = _("检测能力")
    menu_name = "capabilities"
    menu_order = 32
    list_display = ["__str__", "standard_number", "provider", "field", "status", "submitted_at"]
    search_fields = ["object_name", "parameter", "standard_number", "provider__name"]


class TestingServiceViewSet(ProviderRecordViewSet):
    model = TestingService
    icon = "clipboard-list"
    menu_label = _("检测服务")
    menu_name = "testing_services"
    menu_order = 33
    list_display = ["__str__", "provider", "field", "price_label", "status", "submitted_at"]
    search_fields = ["name", "internal_number", "provider__name"]


class LabServiceViewSet(ProviderRecordViewSet):
    model = LabService
    icon = "snippet"
    menu_label = _("实验服务")
    menu_name = "lab_services"
    menu_order = 34
    list_display = ["__str__", "provider", "field", "price_label", "status", "submitted_at"]
    search_fields = ["name", "internal_number", "provider__name"]


class TreeNodeViewSet(ListedViewSet):
    list_display = ["code", "name", "parent"]
    search_fields = ["code", "name"]
    search_backend_name = None
    list_per_page = 100
    ordering = ["code"]


class InstrumentClassViewSet(TreeNodeViewSet):
    model = InstrumentClass
    icon = "list-ul"
    menu_label = _("仪器分类")


class TestingFieldViewSet(TreeNodeViewSet):
    model = TestingField
    icon = "list-ul"
    menu_label = _("检测领域")


for viewset in (
    InstrumentViewSet,
    QualificationViewSet,
    CapabilityViewSet,
    TestingServiceViewSet,
    LabServiceViewSet,
    AttributeViewSet,
    InstrumentClassViewSet,
    TestingFieldViewSet,
):
    register_snippet(viewset)
