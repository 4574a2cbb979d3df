"""Definitions of attributes in the Wagtail admin: listed, written, retired and restored, never deleted."""

from typing import Any, ClassVar, cast

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView, InspectView, SnippetViewSet

from accounts.exceptions import DomainError
from accounts.models import User
from catalogue import permissions
from catalogue.attributes import services
from catalogue.attributes.forms_admin import AttributeForm, node_choices, node_path
from catalogue.models import AttributeDefinition, AttributeKind, ancestor_codes

NAMESPACE = "wagtailsnippets_catalogue_attributedefinition"


class NoDeletePolicy(ModelPermissionPolicy):
    """Values outlive their definitions, so these are retired and never deleted."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)


class AttributeFilterSet(WagtailFilterSet):
    node = django_filters.ChoiceFilter(
        label=gettext_lazy("适用于（含从上级继承的）"),
        choices=node_choices,
        method="filter_node",
        empty_label=None,
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"),
        choices=[("in_force", gettext_lazy("启用")), ("retired", gettext_lazy("已停用"))],
        method="filter_state",
    )
    kind = django_filters.ChoiceFilter(label=gettext_lazy("类型"), choices=AttributeKind.choices)

    class Meta:
        model = AttributeDefinition
        fields = ["is_required", "is_facet"]

    def filter_node(
        self, queryset: QuerySet[AttributeDefinition], name: str, value: str
    ) -> QuerySet[AttributeDefinition]:
        """Everything that holds for a record at the node."""
        place, _colon, code = value.partition(":")
        return queryset.filter(**{f"{place}__in": ancestor_codes(code)})

    def filter_state(
        self, queryset: QuerySet[AttributeDefinition], name: str, value: str
    ) -> QuerySet[AttributeDefinition]:
        return queryset.filter(retired_at__isnull=value == "in_force")


class NodeColumn(Column):
    def get_value(self, instance: AttributeDefinition) -> str:
        return node_path(instance.node)


class MarksColumn(Column):
    """What the definition is good for, in words."""

    MARKS: ClassVar[tuple[tuple[str, Any], ...]] = (
        ("is_required", gettext_lazy("必填")),
        ("is_searchable", gettext_lazy("可搜索")),
        ("is_facet", gettext_lazy("可筛选")),
    )

    def get_value(self, instance: AttributeDefinition) -> str:
        marks = [str(label) for name, label in self.MARKS if getattr(instance, name)]
        return "、".join(marks if instance.is_public else [*marks, _("不公开")])


class StateColumn(Column):
    cell_template_name = "catalogue/admin/attribute_state_cell.html"

    def get_value(self, instance: AttributeDefinition) -> str:
        return _("启用") if instance.retired_at is None else _("已停用")


def switch_url(definition: AttributeDefinition) -> str:
    """Where the definition is retired or, if it is, restored."""
    name = "retire" if definition.retired_at is None else "restore"
    return reverse(f"{NAMESPACE}:{name}", args=[definition.pk])


def switch_label(definition: AttributeDefinition) -> str:
    return _("停用") if definition.retired_at is None else _("恢复启用")


class AttributeIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[AttributeDefinition]:
        above = [f"{place}__parent__parent" for place in ("instrument_class", "testing_field")]
        return AttributeDefinition.objects.select_related(*above)

    def order_queryset(self, queryset: QuerySet[AttributeDefinition]) -> QuerySet[AttributeDefinition]:
        """As providers read them: by node, the highest first, unless a column was chosen."""
        if self.ordering:
            return super().order_queryset(queryset)
        instruments_first = F("instrument_class_id").asc(nulls_last=True)
        return queryset.order_by(instruments_first, "testing_field_id", "sort_order", "pk")

    @cached_property
    def columns(self) -> list[Any]:
        """Without boxes to tick: nothing is done to many at once."""
        return super().columns[1:]

    def get_list_more_buttons(self, instance: AttributeDefinition) -> list[Any]:
        buttons = super().get_list_more_buttons(instance)
        if permissions.may_define(self.request.user, instance):
            buttons.append(
                Button(switch_label(instance), url=switch_url(instance), icon_name="stop", priority=30)
            )
        return buttons


class SavedByServiceMixin:
    """The form's definition is stored by our service, which audits it and has the index follow."""

    request: HttpRequest
    form: AttributeForm

    def save_instance(self) -> AttributeDefinition:
        definition = self.form.save(commit=False)
        action = "wagtail.create" if definition.pk is None else "wagtail.edit"
        definition = services.save_definition(definition=definition, actor=cast(User, self.request.user))
        log(
            instance=definition,
            action=action,
            user=self.request.user,
            content_changed=self.form.has_changed(),
        )
        return definition


class AttributeCreateView(SavedByServiceMixin, CreateView):
    pass


class AttributeEditView(SavedByServiceMixin, EditView):
    @cached_property
    def header_more_buttons(self) -> list[Any]:
        button = Button(switch_label(self.object), url=switch_url(self.object), icon_name="stop", priority=30)
        return [*super().header_more_buttons, button]


class AttributeInspectView(InspectView):
    """The definition to read, for those who may not change it."""

    def get_field_label(self, field_name: str, field: Any) -> Any:
        return _("适用范围") if field_name == "node" else super().get_field_label(field_name, field)

    def get_node_display_value(self) -> str:
        return node_path(self.object.node)

    def get_choices_display_value(self) -> str:
        return "、".join(self.object.options)

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = super().get_field_display_value(field_name, field)
        if isinstance(value, bool):
            return _("是") if value else _("否")
        return "—" if value in (None, "") else value


class SwitchView(WagtailAdminTemplateMixin, TemplateView):
    """Asks before a definition is retired or restored, then does it."""

    template_name = "catalogue/admin/attribute_switch.html"
    header_icon = "tag"
    retiring: ClassVar[bool]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("catalogue.change_attributedefinition"):
            raise PermissionDenied
        if (self.definition.retired_at is None) is not self.retiring:
            messages.error(request, _("“%s”的状态刚被改变，请刷新页面查看。") % self.definition.name)
            return redirect(f"{NAMESPACE}:list")
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def definition(self) -> AttributeDefinition:
        return get_object_or_404(AttributeDefinition, pk=self.kwargs["pk"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        switch = services.retire_definition if self.retiring else services.restore_definition
        try:
            switch(definition=self.definition, actor=cast(User, request.user))
        except DomainError as error:
            messages.error(request, str(error))
        else:
            sentence = _("已停用：%s。") if self.retiring else _("已恢复启用：%s。")
            messages.success(request, sentence % self.definition)
        return redirect(f"{NAMESPACE}:list")

    def get_page_subtitle(self) -> str:
        return str(self.definition)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(f"{NAMESPACE}:list"), "label": _("专业参数")},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            definition=self.definition,
            retiring=self.retiring,
            cancel_url=reverse(f"{NAMESPACE}:list"),
            **kwargs,
        )


class RetireView(SwitchView):
    page_title = gettext_lazy("停用专业参数")
    retiring = True


class RestoreView(SwitchView):
    page_title = gettext_lazy("恢复启用专业参数")
    retiring = False


class AttributeViewSet(SnippetViewSet):
    model = AttributeDefinition
    icon = "tag"
    menu_label = gettext_lazy("专业参数")
    menu_name = "attribute_definitions"
    menu_order = 36
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = [
        "name",
        "unit",
        "node",
        "kind",
        "choices",
        "help_text",
        "is_required",
        "is_searchable",
        "is_facet",
        "is_public",
        "sort_order",
        "retired_at",
    ]
    index_view_class = AttributeIndexView
    add_view_class = AttributeCreateView
    edit_view_class = AttributeEditView
    inspect_view_class = AttributeInspectView
    list_display = [
        "name",
        "unit",
        NodeColumn("node", label=gettext_lazy("适用范围")),
        Column("get_kind_display", label=gettext_lazy("类型")),
        MarksColumn("marks", label=gettext_lazy("用途")),
        Column("sort_order", label=gettext_lazy("顺序")),
        StateColumn("state", label=gettext_lazy("状态")),
    ]
    filterset_class = AttributeFilterSet
    search_fields = ["name", "unit", "choices"]
    search_backend_name = None
    list_per_page = 100
    edit_handler = ObjectList(
        [
            FieldPanel("node"),
            FieldRowPanel([FieldPanel("name"), FieldPanel("unit"), FieldPanel("kind")]),
            FieldPanel("choices"),
            FieldPanel("help_text"),
            MultiFieldPanel(
                [
                    FieldPanel("is_required"),
                    FieldPanel("is_public"),
                    FieldPanel("is_searchable"),
                    FieldPanel("is_facet"),
                ],
                heading=gettext_lazy("用途"),
            ),
            FieldPanel("sort_order"),
        ],
        base_form_class=AttributeForm,
    )

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("retire/<int:pk>/", RetireView.as_view(), name="retire"),
            path("restore/<int:pk>/", RestoreView.as_view(), name="restore"),
        ]
